"""Writing what was changed on many stored records: the checks of one, made on sets, and one UPDATE for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from lamindb.errors import StaleRecord
from lamindb.records import (
    arrivals,
    construction,
    context,
    identity,
    renaming,
    saving,
    space_moves,
    staleness,
    type_rules,
)
from lamindb.records.renaming import Change
from lamindb.records.rows import lock_rows, update_rows

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord


def update_many(transaction: Transaction, database: Database, records: Sequence[BaseSQLRecord]) -> None:
    """Write the changed columns of stored records of one registry; nothing is sent for those without changes.

    Raises
    ------
    StaleRecord: a row is gone, or what is to be written was changed by someone else since it was loaded.
    LockedRecord: a row is locked and stays so.
    UniqueViolation: a new name is taken.
    """
    for record in records:
        saving.stored_in(record)
        record._saved_again(transaction)
        saving.settle_related(record, database)
    dirty = [record for record in records if saving.changed(record)]
    if len(dirty) < 2:  # one is written without a detour
        for record in dirty:
            saving.update(transaction, record)
        return
    changes = [(record, _checked(transaction, database, record)) for record in dirty]
    _check_copies(changes)
    check_names_are_free(transaction.connection, database, changes)
    type_rules.check_updates(transaction.connection, database, changes)
    arrivals.lock_families(database, changes)
    lock_rows(transaction.connection, type(dirty[0]).__table__, [record.id for record in dirty])
    renaming.note(transaction, database, changes)
    if "updated_at" in type(dirty[0]).__table__.c:
        for _, values in changes:
            values.setdefault("updated_at", saving.now())
    for alike in _alike(changes):
        _write(transaction.connection, alike)
    saving.check_links(transaction, database, changes)
    space_moves.follow(transaction.connection, changes, saving.now())
    settled = arrivals.settle(transaction, database, changes)
    for record, values in changes:
        for name, value in (values | settled.get(record.id, {})).items():
            set_committed_value(record, name, value)


def save_stored(database: Database, registry: type[BaseSQLRecord], records: Sequence[BaseSQLRecord]) -> None:
    """Write stored records of one registry, with the locks that a list takes. Raises as `update_many`."""
    with registry._made_ready(database, records), database.writing() as transaction:
        if registry._saved_in_groups:
            registry._save_group(transaction, database, records)
            return
        if names := lock_names(records):
            database.lock(*sorted(names))
        update_many(transaction, database, records)


def lock_names(records: Iterable[BaseSQLRecord]) -> set[str]:
    """Return the names of the locks that writing records in a list takes before those of rows."""
    names: set[str] = set()
    for record in records:
        table, is_new = type(record).__table__.name, record._database is None
        if is_new and table in names:
            continue
        values = saving.changed(record)
        if (is_new and record._saved_one_by_one) or values.keys() & {
            *(saving.key_with_type(record) or {}),
            "type_id",
            "is_type",
            "branch_id",
        }:
            names.add(table)
        if "type_id" in values and not is_new:
            names.add(f"{table}.type_id")
    return names


def _checked(transaction: Transaction, database: Database, record: BaseSQLRecord) -> dict[str, Any]:
    saving.keep(transaction, record)
    record._before_update(transaction)
    values = saving.changed(record)
    construction.check_changes(record, values)
    saving.check_unlocked(record, values)
    return values | arrivals.check(transaction, database, record, values)


def _check_copies(changes: Sequence[Change]) -> None:
    """Raise if two copies of one row want different things of it.

    Raises
    ------
    StaleRecord: naming the field.
    """
    wanted: dict[int, dict[str, Any]] = {}
    for record, values in changes:
        others = wanted.setdefault(record.id, {})
        for name, value in values.items():
            if others.setdefault(name, value) != value:
                raise StaleRecord(
                    f"the list has two copies of the {type(record).__name__} with id {record.id}, which set {name} to "
                    f"{others[name]!r} and to {value!r}; save one of them"
                )


def _alike(changes: Sequence[Change]) -> list[list[Change]]:
    """Group changes by the columns that they write and compare."""
    found: dict[tuple[Any, ...], list[Change]] = {}
    for record, values in changes:
        compared = staleness.before(record, values)
        found.setdefault((*sorted(values), None, *sorted(compared), values.get("is_locked") is False), []).append(
            (record, values)
        )
    return list(found.values())


def _write(connection: sa.Connection, changes: Sequence[Change]) -> None:
    first, values = changes[0]
    table = type(first).__table__
    before = {record.id: staleness.before(record, values) for record, values in changes}
    written = update_rows(
        connection, table, {record.id: values for record, values in changes}, before, *staleness.unlocked(table, values)
    )
    for record, _ in changes:
        if record.id not in written:
            raise staleness.error(connection, record, before[record.id])


def check_names_are_free(connection: sa.Connection, database: Database, changes: Sequence[Change]) -> None:
    """Raise if new names, or the places that records move to, would make twins, with other rows or with each other.

    Raises
    ------
    UniqueViolation: naming the row that is in the way.
    """
    moved: list[tuple[BaseSQLRecord, dict[str, Any], int | None]] = []
    for record, values in changes:
        key = saving.key_with_type(record)
        if key is not None and saving.may_meet_its_name(key, values):
            moved.append((record, key, values.get("branch_id", record.__dict__.get("branch_id"))))
    if not moved:
        return
    registry = type(moved[0][0])
    database.lock(registry.__table__.name)
    visible = context.visible_branches(database)
    branches = context.visible_branches(database, *(home for _, _, home in moved))
    rows = identity.rows_by_key(connection, database, registry, [key for _, key, _ in moved], branches)
    leaving = {record.id for record, _, _ in moved}
    taken: dict[tuple[Any, ...], list[tuple[BaseSQLRecord, int | None]]] = {}
    for record, key, home in moved:
        there = identity.match(rows, key, seen_from := {*visible, *([home] if home is not None else [])})
        uid = next((row["uid"] for row in there if row["id"] not in leaving), None)
        before = taken.setdefault(tuple(key.items()), [])
        twin = next((one for one, its_home in before if its_home in seen_from and one.id != record.id), None)
        before.append((record, home))
        if uid is not None or twin is not None:
            raise saving.name_is_taken(record, key, uid or (twin.__dict__.get("uid") if twin is not None else None))
