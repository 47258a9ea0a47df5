"""Which row a record is: found by uid-free identity such as a name in the context of a type, and only when first needed."""

from __future__ import annotations

import functools
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import lamindb_setup
import sqlalchemy as sa
from lamindb_setup.uids import base62, base62_many
from sqlalchemy.orm.attributes import instance_state

from lamindb import catalog
from lamindb.errors import CurrentInstanceNotConfigured
from lamindb.query.membership import within
from lamindb.query.usual import usual
from lamindb.records import construction, context, hinting, named

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

log = logging.getLogger("lamindb")
NEEDS_IDENTITY = frozenset({"id", "uid", "branch_id", "created_on_id", "space_id", "created_by_id"})
"""Columns that an unsaved record cannot answer for before it knows whether its row exists."""
NEVER_ADOPTED = frozenset({"uid", "branch_id", "created_on_id", "space_id", "created_by_id"})
"""Columns of a found row that the arguments of a constructor leave alone."""


def resolve(record: BaseSQLRecord) -> None:
    """Find out whether a row with the record's identity exists; the record becomes that row or gets a uid of its own."""
    if record._resolved or record._database is not None:
        return
    try:
        database = lamindb_setup.current()
    except CurrentInstanceNotConfigured:
        give_uid(record)  # nothing to look into: stays open until saved
        return
    named.settle([record], database)
    row = None
    if _can_be_looked_up(record) and not _is_of_new_type(record):
        with database.reading() as connection:
            row = find_row(connection, database, record, hint=True)
    if row is not None and given_uid(record) in (None, row.get("uid")):
        become(record, database, row)
    else:  # a row with the name and another uid than was given is what saving refuses
        give_uid(record)
    record._resolved = True


def _can_be_looked_up(record: BaseSQLRecord) -> bool:
    """Whether the values of a record's identity are such that a row can have them; what is wrong is said when it is saved."""
    columns = type(record).__table__.c
    return all(construction.check_value(columns[name], value) is None for name, value in (record._natural_key() or {}).items())


def _is_of_new_type(record: BaseSQLRecord) -> bool:
    """Whether a record is of a type that has no row, so that it has none either: names are unique within a type."""
    kind = (record._related or {}).get("type_id")
    if kind is None:
        return False
    if is_new(kind):
        resolve(kind)
        if is_new(kind):
            return True
        setattr(record, "type_id", kind.id)  # noqa: B010  # only registries with types have one
    return False


def is_new(record: BaseSQLRecord) -> bool:
    """Whether a record has no row, as far as is known."""
    return record._database is None


def give_uid(record: BaseSQLRecord) -> None:
    """Give a new record its uid, unless it has one or its registry has none."""
    length = catalog.entry(type(record).__qualified__)["uid_length"]
    if length is not None and "uid" not in record.__dict__:
        record.__dict__["uid"] = base62(length)  # not as a change: nobody chose it


def give_uids(registry: type[BaseSQLRecord], records: Iterable[BaseSQLRecord]) -> None:
    """Give many new records their uids, as `give_uid`."""
    length = catalog.entry(registry.__qualified__)["uid_length"]
    if length is not None:
        without = [record for record in records if "uid" not in record.__dict__]
        for record, uid in zip(without, base62_many(length, len(without)), strict=True):
            record.__dict__["uid"] = uid


def given_uid(record: BaseSQLRecord) -> str | None:
    """Return the uid that a new record was given, None if it was left to us."""
    uid = record.__dict__.get("uid")
    return uid if "uid" in instance_state(record).committed_state else None


def columns_in(database: Database, registry: type[BaseSQLRecord]) -> list[sa.Column[Any]]:
    """Return the columns of a registry that this database has."""
    table = registry.__table__
    return [column for column in table.columns if database.has_column(table.name, column.name)]


def find_row(
    connection: sa.Connection,
    database: Database,
    record: BaseSQLRecord,
    key: dict[str, Any] | None = None,
    branch_id: int | None = None,
    *,
    hint: bool = False,
) -> dict[str, Any] | None:
    """Return the oldest other row with a record's natural key, or with another key, where its name counts; one statement.

    Parameters
    ----------
    branch_id
        A branch on which the record will be.
    hint
        If there is none, tell which rows have similar names.
    """
    key = key or record._natural_key()
    if key is None:
        return None
    registry = type(record)
    own = record.__dict__.get("branch_id")
    branches = tuple(context.visible_branches(database, own, branch_id)) if "branch_id" in registry.__table__.c else ()
    is_stored = record._database is not None
    prefixes = hinting.prefixes(registry, key) if hint else ()
    named_columns = tuple((name, value is None) for name, value in key.items())
    columns = tuple(column.key for column in columns_in(database, registry))
    statement = _finding(registry, columns, named_columns, branches, database.dialect, bool(prefixes), is_stored)
    parameters = {f"key_{name}": value for name, value in key.items() if value is not None}
    if is_stored:
        parameters["own_id"] = record.id
    rows = connection.execute(statement, parameters | hinting.parameters(prefixes, database.dialect)).mappings().all()
    if not prefixes:
        return dict(rows[0]) if rows else None
    name_field, name = next(iter(key.items()))
    found = next((row for row in rows if row[name_field] == name), None)
    if found is None:
        hinting.tell(registry, name, {row[name_field] for row in rows})
    return dict(found) if found is not None else None


@functools.lru_cache(maxsize=256)
def _finding(
    registry: type[BaseSQLRecord],
    columns: tuple[str, ...],
    key: tuple[tuple[str, bool], ...],
    branches: tuple[int, ...],
    dialect: str,
    hint: bool,
    is_stored: bool,
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Return the statement that finds a row; made once, as making it takes longer than SQLite takes to run it.

    Parameters
    ----------
    key
        Names of the columns, and whether they must be empty.
    hint
        Whether it finds rows with similar names, too.
    is_stored
        Whether the row of the record itself does not count.
    """
    table = registry.__table__
    query = sa.select(*(table.c[name] for name in columns))
    if is_stored:
        query = query.where(table.c.id != sa.bindparam("own_id"))
    if branches:
        query = query.where(usual(table.c.branch_id, dialect).in_(branches))
    conditions = [table.c[name].is_(None) if is_none else table.c[name] == sa.bindparam(f"key_{name}") for name, is_none in key]
    exact = query.where(*conditions).order_by(table.c.id).limit(1)
    if not hint:
        return exact
    similar = query.where(hinting.similar(table.c[key[0][0]], dialect), sa.not_(conditions[0]), *conditions[1:])
    return sa.union_all(sa.select(exact.subquery()), sa.select(similar.limit(hinting.LISTED).subquery()))


def rows_by_key(
    connection: sa.Connection,
    database: Database,
    registry: type[BaseSQLRecord],
    keys: list[dict[str, Any]],
    branches: Sequence[int],
) -> dict[Any, list[dict[str, Any]]]:
    """Fetch all rows with one of the names on some branches, oldest first, by name."""
    if not keys:
        return {}
    table = registry.__table__
    name = next(iter(keys[0]))
    query = sa.select(*columns_in(database, registry)).order_by(table.c.id)
    query = query.where(within(table.c[name], [key[name] for key in keys], database.dialect))
    if "branch_id" in table.c:
        query = query.where(usual(table.c.branch_id, database.dialect).in_(branches))
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row[name], []).append(dict(row))
    return found


def match(rows: Mapping[Any, list[dict[str, Any]]], key: Mapping[str, Any], branches: Collection[int]) -> list[dict[str, Any]]:
    """Return those of some rows by name that have a key, on some branches."""
    return [
        row
        for row in rows.get(next(iter(key.values())), ())
        if all(row[name] == value for name, value in key.items()) and ("branch_id" not in row or row["branch_id"] in branches)
    ]


def become(record: BaseSQLRecord, database: Database, row: dict[str, Any]) -> None:
    """Make a new record the stored row, and say so."""
    adopt(record, database, row)
    key = record._natural_key() or {}
    log.info("%s %r exists already; it is used", type(record).__name__, next(iter(key.values()), record.id))


def adopt(record: BaseSQLRecord, database: Database, row: dict[str, Any]) -> None:
    """Make a new record the stored row; only what was explicitly passed and differs counts as changed."""
    record._check_match(row)
    state = instance_state(record)
    passed = {name: record.__dict__[name] for name in state.committed_state if name in record.__dict__}
    load(record, database, row)
    for name, value in passed.items():
        if name not in NEVER_ADOPTED and row.get(name) != value:
            setattr(record, name, value)


def load(record: BaseSQLRecord, database: Database, row: dict[str, Any]) -> None:
    """Fill a record with a row as stored, without history."""
    values, state = record.__dict__, instance_state(record)
    values.update(row)
    values["_database"] = database
    values["_resolved"] = True
    state.committed_state.clear()
    state.modified = False
