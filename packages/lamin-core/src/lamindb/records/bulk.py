"""Saving many records at once: grouped by registry, ordered by foreign key, one transaction, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import lamindb_setup
import sqlalchemy as sa
from lamindb_setup.uids import base62_many

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, InvalidArgument
from lamindb.query.membership import within
from lamindb.query.usual import usual
from lamindb.records import construction, context, identity, named, open_branches, saving, type_rules
from lamindb.records.inserting import insert_rows
from lamindb.records.record import BaseSQLRecord

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

Rows = dict[Any, list[dict[str, Any]]]
Twins = list[tuple[BaseSQLRecord, BaseSQLRecord]]


def save(records: Iterable[BaseSQLRecord]) -> None:
    """Save records of any registries in one transaction: all of them, or none.

    Parameters
    ----------
    records
        Records to save, in any order: those that others refer to are written first.

    Raises
    ------
    InvalidArgument: an element is not a record, or a single record was passed.
    DatabaseMismatch: the records live in several databases.

    Examples
    --------
    >>> ln.save([ln.ULabel(name=f"batch {number}") for number in range(3)])
    """
    unique = _records(records)
    if not unique:
        return
    database = _database_of(unique)
    context.check_writable(database)
    named.settle(unique, database)
    stored = [record for record in unique if record._database is not None]
    with ExitStack() as preparations:
        for together in _by_registry(unique):
            preparations.enter_context(type(together[0])._made_ready(database, together))
        transaction = preparations.enter_context(database.writing())
        open_branches.hold_for(transaction, database, unique)
        for group in in_order([record for record in unique if record._database is None]):
            _save_new(transaction, database, group)
        for record in unique:
            if not record._saved_in_groups:
                saving.update(transaction, record)
        for together in _by_registry(stored):
            if (registry := type(together[0]))._saved_in_groups:
                registry._save_group(transaction, database, together)


def _by_registry(records: Sequence[BaseSQLRecord]) -> list[list[BaseSQLRecord]]:
    found: dict[type[BaseSQLRecord], list[BaseSQLRecord]] = {}
    for record in records:
        found.setdefault(type(record), []).append(record)
    return list(found.values())


def _records(records: Iterable[BaseSQLRecord]) -> list[BaseSQLRecord]:
    if isinstance(records, BaseSQLRecord):
        raise InvalidArgument(f"ln.save takes a list; for one {type(records).__name__}, call its .save()")
    if not isinstance(records, Iterable):
        raise InvalidArgument(f"ln.save takes a list of records, got {records!r}")
    unique: dict[int, BaseSQLRecord] = {}
    for record in records:
        if not isinstance(record, BaseSQLRecord):
            raise InvalidArgument(f"ln.save takes records, got {record!r}")
        unique[id(record)] = record
    return list(unique.values())


def _database_of(records: Sequence[BaseSQLRecord]) -> Database:
    found = {record._database for record in records if record._database is not None}
    if len(found) > 1:
        names = ", ".join(sorted(database.slug for database in found))
        raise DatabaseMismatch(f"these records live in several databases ({names}); save those of each on their own")
    current = lamindb_setup.current() if len(found) == 0 or any(record._database is None for record in records) else None
    if found and current is not None and current not in found:
        raise DatabaseMismatch(
            f"new records go to the current database {current.slug}, but others in this list live in {found.pop().slug}; "
            "save them separately"
        )
    return found.pop() if found else lamindb_setup.current()


def in_order(records: Sequence[BaseSQLRecord]) -> list[list[BaseSQLRecord]]:
    """Group new records by registry and depth, so that every group refers only to earlier ones."""
    depth = {id(record): 0 for record in records}

    def depth_of(record: BaseSQLRecord, seen: tuple[int, ...] = ()) -> int:
        if id(record) in seen:
            raise InvalidArgument(f"this {type(record).__name__} refers to itself through other new records")
        related = [one for one in record._new_related() if id(one) in depth and one._database is None]
        return 1 + max((depth_of(one, (*seen, id(record))) for one in related), default=-1)

    groups: dict[tuple[int, str], list[BaseSQLRecord]] = {}
    for record in records:
        groups.setdefault((depth_of(record), type(record).__qualified__), []).append(record)
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


def _save_new(transaction: Transaction, database: Database, group: list[BaseSQLRecord]) -> None:
    registry = type(group[0])
    if registry._saved_in_groups:
        registry._save_group(transaction, database, group)
        return
    if registry._saved_one_by_one:
        for record in group:
            saving.save(record)
        return
    for record in group:
        saving.settle_related(record, database)
        saving.keep(transaction, record)
    connection = transaction.connection
    new = group
    twins: Twins = []
    if any(record._natural_key() for record in group):
        database.lock(registry.__table__.name)
        new, twins = _adopt_existing(connection, database, registry, group)
    if new:
        insert_many(connection, database, registry, new)
    for record, first in twins:
        stored = {name: value for name, value in first.__dict__.items() if name in registry.__table__.c}
        identity.adopt(record, database, stored)


def _adopt_existing(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], group: list[BaseSQLRecord]
) -> tuple[list[BaseSQLRecord], Twins]:
    """Turn records whose row exists into that row; return those to insert, and twins with the first of their kind."""
    keys = [record._natural_key() for record in group]
    current, visible = context.current_branch_id(database), context.visible_branches(database)
    homes = [record.__dict__.get("branch_id", current) for record in group]
    rows = _rows_by_key(connection, database, registry, [key for key in keys if key], context.visible_branches(database, *homes))
    new: list[BaseSQLRecord] = []
    twins: Twins = []
    seen: dict[tuple[Any, ...], list[tuple[BaseSQLRecord, int]]] = {}
    for record, key, home in zip(group, keys, homes, strict=True):
        if key is None:
            new.append(record)
            continue
        branches, before = {*visible, home}, seen.setdefault(tuple(key.items()), [])
        if (row := _match(rows, key, branches)) is not None:
            identity.adopt(record, database, row)
        elif (first := next((one for one, its_home in before if its_home in branches), None)) is not None:
            twins.append((record, first))
        else:
            before.append((record, home))
            new.append(record)
    return new, twins


def _rows_by_key(
    connection: sa.Connection,
    database: Database,
    registry: type[BaseSQLRecord],
    keys: list[dict[str, Any]],
    branches: Sequence[int],
) -> Rows:
    """Fetch all rows with one of the names on some branches, oldest first, by name."""
    table = registry.__table__
    name = next(iter(keys[0]))
    query = sa.select(*identity.columns_in(database, registry)).order_by(table.c.id)
    query = query.where(within(table.c[name], [key[name] for key in keys], database.dialect))
    if "branch_id" in table.c:
        query = query.where(usual(table.c.branch_id, database.dialect).in_(branches))
    found: Rows = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row[name], []).append(dict(row))
    return found


def _match(rows: Rows, key: dict[str, Any], branches: set[int]) -> dict[str, Any] | None:
    name = next(iter(key))
    for row in rows.get(key[name], ()):
        is_seen = "branch_id" not in row or row["branch_id"] in branches
        if is_seen and all(row[column] == value for column, value in key.items()):
            return row
    return None


def insert_many(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], records: Sequence[BaseSQLRecord]
) -> None:
    """Insert all records by one statement and take over what the database made."""
    _give_uids(registry, records)
    defaults = saving.defaults(database, registry)
    columns = [column for column in identity.columns_in(database, registry) if not saving.made_by_database(column)]
    values: list[dict[str, Any]] = []
    passed: list[dict[str, Any]] = []
    for record in records:
        construction.check_changes(record, saving.changed(record))
        record._complete(database)
        passed.append({name: value for name, value in record.__dict__.items() if name in registry.__table__.c})
        row = defaults | passed[-1]
        if "created_on_id" in row:
            row["created_on_id"] = row["branch_id"]
        values.append(row)
    if values and "created_on_id" in values[0]:
        open_branches.hold_in(database, {row["branch_id"] for row in values})
    type_rules.check_new(connection, database, registry, values, passed)
    made = [column for column in identity.columns_in(database, registry) if saving.made_by_database(column)]
    returned = [*made, registry.__table__.c.uid] if "uid" in registry.__table__.c else made
    rows = insert_rows(connection, registry.__table__, columns, values, returned)
    for record, row, made_row in zip(records, values, _aligned(rows, values), strict=True):
        identity.load(record, database, row | made_row)


def _give_uids(registry: type[BaseSQLRecord], records: Sequence[BaseSQLRecord]) -> None:
    length = catalog.entry(registry.__qualified__)["uid_length"]
    if length is not None:
        without = [record for record in records if "uid" not in record.__dict__]
        for record, uid in zip(without, base62_many(length, len(without)), strict=True):
            record.__dict__["uid"] = uid


def _aligned(rows: list[dict[str, Any]], values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bring the returned rows into the order of the inserted ones: by uid, else by id, which grows in that order."""
    if rows and "uid" in rows[0]:
        by_uid = {row["uid"]: row for row in rows}
        return [by_uid[row["uid"]] for row in values]
    return sorted(rows, key=lambda row: row["id"])
