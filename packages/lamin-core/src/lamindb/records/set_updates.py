"""Changing all rows of a query set: values are checked once, as on one record; where no rule compares rows, by one UPDATE.

Everything else takes the way of `ln.save`: the rows are read, changed and written as a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import FieldError, FieldValidationError, ForeignKeyViolation, InvalidArgument, LockedRecord, closest
from lamindb.query.membership import within
from lamindb.query.paths import fields
from lamindb.query.scope import EVERYTHING
from lamindb.records import construction, context, dangling, finding, moving, saving, staleness, updating

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.query.queryset import QuerySet
    from lamindb.records.record import BaseSQLRecord

PLACES = ("branch", "space")
ROW_RULES = frozenset({"type_id", "is_type", "is_locked", "branch_id", "space_id", "key", "hash", "root", "version_tag"})
"""Columns about which rules compare rows with each other, beside names and what is unique."""


def update(rows: QuerySet[Any], values: Mapping[str, Any], *, plain: bool) -> int:
    """Change all rows of a set; see `QuerySet.update`.

    Parameters
    ----------
    plain
        Whether the registry has no rules of its own about what is written.
    """
    registry, database = rows._registry, rows.database
    if not values:
        raise InvalidArgument("say what to change: pass fields with their new values, as update(description='x')")
    context.check_writable(database)
    _check_names(registry, values)
    places = {name: values[name] for name in PLACES if name in values}
    changed = _example(registry, database, {name: value for name, value in values.items() if name not in places})
    where = {name: _place(database, name, place) for name, place in places.items()}
    try:
        return _write(rows, changed, where, plain=plain)
    except ForeignKeyViolation as error:
        raise dangling.named(error, database, [changed] if changed is not None else []) from error


def _write(rows: QuerySet[Any], changed: BaseSQLRecord | None, where: Mapping[str, int], *, plain: bool) -> int:
    registry, database = rows._registry, rows.database
    with database.writing():
        if where:
            ids = rows._read_ids()
            rows = registry._query_set(registry, database, EVERYTHING)._where(
                within(registry.__table__.c.id, ids, database.dialect)
            )
        count = 0
        if changed is not None:
            columns = saving.changed(changed)
            plain = plain and not columns.keys() & _with_rules(registry)
            count = _at_once(rows, columns) if plain else _as_list(rows, changed, columns)
        if where:
            count = moving.move_set(database, registry, ids, branch_id=where.get("branch"), space_id=where.get("space"))
    return count


def _place(database: Database, name: str, asked: object) -> int:
    return int(finding.find(database, "Branch" if name == "branch" else "Space", asked)["id"])


def _check_names(registry: type[BaseSQLRecord], values: Mapping[str, Any]) -> None:
    """Raise unless every name stands for something that can be set.

    Raises
    ------
    FieldError: a field does not exist, holds many records, or is passed twice.
    FieldValidationError: it never changes.
    """
    kind, relations = registry.__name__, catalog.entry(registry.__qualified__)["relations"]
    for name in values:
        kept = name in construction.KEPT_BY_THE_SYSTEM and name in registry.__table__.c
        if kept or (name in registry.__table__.c and registry.__table__.c[name].info.get("immutable")):
            raise FieldValidationError(f"{kind}.{name} never changes, so update cannot set it")
        relation = relations.get(name)
        if relation is not None and relation[0] != "one":
            raise FieldError(f"{kind}.{name} holds many records of a row; change it row by row, as record.{name}.set([…])")
        if relation is not None and relation[2] in values:
            raise FieldError(f"pass {name} or {relation[2]}, not both")
        own = getattr(registry, name, None) if not name.startswith("_") else None
        settable = isinstance(own, property) and own.fset is not None
        if (
            relation is None
            and not settable
            and (name.startswith("_") or name not in registry.__table__.c)
            and name not in PLACES
        ):
            known = fields(registry.__qualified__)
            raise FieldError(f"{kind} has no field {name!r}{closest(name, known)}; its fields are {', '.join(known)}")


def _example(registry: type[BaseSQLRecord], database: Database, values: Mapping[str, Any]) -> BaseSQLRecord | None:
    """Return a record that has been changed as all rows will be, and whose changes passed the checks of one.

    Raises
    ------
    FieldValidationError: a value does not fit its column.
    InvalidArgument, UnsavedRecord, DatabaseMismatch: a related record is none that rows can point to.
    """
    if not values:
        return None
    (example,) = registry._load_rows(database, [{}])
    for name, value in values.items():
        setattr(example, name, value)
    saving.settle_related(example, database)
    construction.check_changes(example, saving.changed(example))
    return example


def _with_rules(registry: type[BaseSQLRecord]) -> frozenset[str]:
    table = registry.__table__
    unique = {column.name for index in table.indexes if index.unique for column in index.columns}
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            unique |= {column.name for column in constraint.columns}
    return ROW_RULES | unique | {catalog.entry(registry.__qualified__)["name_field"] or "id"}


def _at_once(rows: QuerySet[Any], columns: dict[str, Any]) -> int:
    """Change the rows by one UPDATE, after one look at how many there are and whether one is locked.

    Raises
    ------
    LockedRecord: one is.
    """
    registry, database, table = rows._registry, rows.database, rows._registry.__table__
    differs = sa.or_(
        *(
            table.c[name].is_distinct_from(value) if isinstance(table.c[name].type, staleness.COMPARED) else sa.true()
            for name, value in columns.items()
        )
    )
    chosen = table.c.id.in_(rows._ids(database))
    transaction = database.transaction()
    assert transaction is not None  # the caller opened it
    connection = transaction.connection
    locked = sa.case((sa.and_(table.c.is_locked, differs), table.c.id)) if "is_locked" in table.c else sa.null()
    count, first = connection.execute(sa.select(sa.func.count(), sa.func.min(locked)).select_from(table).where(chosen)).one()
    if first is not None:
        raise LockedRecord(
            f"{registry.__name__} rows of the set are locked (id {first}), so nothing was changed; unlock them first"
        )
    stamp = {"updated_at": saving.now()} if "updated_at" in table.c else {}
    connection.execute(sa.update(table).where(chosen, differs).values(columns | stamp))
    return int(count)


def _as_list(rows: QuerySet[Any], example: BaseSQLRecord, columns: dict[str, Any]) -> int:
    """Read, change and write the rows as `ln.save` writes a list."""
    registry, database = rows._registry, rows.database
    records = rows.all().to_list()
    for record in records:
        for name, value in columns.items():
            setattr(record, name, value)
        record._related = {name: one for name, one in (example._related or {}).items() if name in columns} or None
    updating.save_stored(database, registry, records)
    return len(records)
