"""Saving many records at once: grouped by registry, ordered by foreign key, one transaction, a fixed number of statements."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lamindb_setup
import sqlalchemy as sa

from lamindb.errors import DatabaseMismatch, ForeignKeyViolation, InvalidArgument, UniqueViolation
from lamindb.progress import Advance, progress
from lamindb.records import (
    construction,
    context,
    creating,
    dangling,
    identity,
    link_rules,
    named,
    open_branches,
    saving,
    type_rules,
    updating,
)
from lamindb.records.record import BaseSQLRecord
from lamindb.records.rows import insert_rows

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

log = logging.getLogger("lamindb")
Twins = list[tuple[BaseSQLRecord, BaseSQLRecord]]


BATCH = 10_000
"""Rows in one statement, if nothing else is said."""
WORTH_A_BAR = 5_000
"""Fewer records are written in less than two seconds."""


def save(records: Iterable[BaseSQLRecord], *, ignore_conflicts: bool = False, batch_size: int = BATCH) -> None:
    """Save records of any registries in one transaction: all of them, or none.

    Records whose names exist become those rows. A bar shows how far it has come if that takes more than two seconds.

    Parameters
    ----------
    records
        Records to save, in any order: those that others refer to are written first.
    ignore_conflicts
        Leave out new records that a rule of uniqueness forbids, as two links between the same records; they stay unsaved.
    batch_size
        Rows in one statement.

    Raises
    ------
    InvalidArgument: an element is not a record, or a single record was passed.
    DatabaseMismatch: the records live in several databases.

    Examples
    --------
    >>> ln.save([ln.ULabel(name=f"batch {number}") for number in range(3)])
    """
    if not is_whole(batch_size) or batch_size < 1:
        raise InvalidArgument(f"batch_size must be a whole number from 1, not {batch_size!r}")
    unique = _records(records)
    if not unique:
        return
    database = _database_of(unique)
    context.check_writable(database)
    named.settle(unique, database)
    try:
        _write(unique, database, ignore_conflicts, batch_size)
    except ForeignKeyViolation as error:
        raise dangling.named(error, database, unique) from error


def _write(unique: list[BaseSQLRecord], database: Database, ignore_conflicts: bool, batch_size: int) -> None:
    stored = [record for record in unique if record._database is not None]
    new = in_order([record for record in unique if record._database is None])
    with ExitStack() as preparations:
        if len(unique) >= WORTH_A_BAR:
            preparations.enter_context(collecting_later())
        for together in _by_registry(unique):
            preparations.enter_context(type(together[0])._made_ready(database, together))
        advance = preparations.enter_context(progress("saving", len(unique), "records", least=WORTH_A_BAR))
        writer = Writer(preparations.enter_context(database.writing()), database, ignore_conflicts, batch_size, advance)
        open_branches.hold_for(writer.transaction, database, unique)
        if names := updating.lock_names(record for record in unique if not record._saved_in_groups):
            database.lock(*sorted(names))  # all at once, and before those of rows: no two lists wait for each other
        for group in new:
            writer.save_new(group)
        for together in _by_registry(unique):
            if type(together[0])._saved_in_groups:
                continue
            updating.update_many(writer.transaction, database, [record for record in together if record._database is not None])
        for together in _by_registry(stored):
            if (registry := type(together[0]))._saved_in_groups:
                registry._save_group(writer.transaction, database, together)
            advance(len(together))


@contextmanager
def collecting_later() -> Iterator[None]:
    """Let the search for garbage wait: nearly all that is made here stays, and looking at it again takes a fifth longer."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def is_whole(value: object) -> bool:
    """Whether a value is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _by_registry(records: Sequence[BaseSQLRecord]) -> list[list[BaseSQLRecord]]:
    """Group records by registry, in one order for everybody."""
    found: dict[type[BaseSQLRecord], list[BaseSQLRecord]] = {}
    for record in records:
        found.setdefault(type(record), []).append(record)
    return [found[registry] for registry in sorted(found, key=lambda registry: registry.__qualified__)]


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
        return 1 + max(depth_of(one, (*seen, id(record))) for one in related) if related else 0

    groups: dict[tuple[int, str], list[BaseSQLRecord]] = {}
    for record in records:
        groups.setdefault((depth_of(record), type(record).__qualified__), []).append(record)
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes groups of new records within one transaction."""

    transaction: Transaction
    database: Database
    ignore_conflicts: bool
    batch_size: int
    advance: Advance

    def save_new(self, group: list[BaseSQLRecord]) -> None:
        """Write new records of one registry that refer to none of each other."""
        registry = type(group[0])
        if registry._saved_in_groups:
            registry._save_group(self.transaction, self.database, group)
            self.advance(len(group))
        elif registry._saved_one_by_one:
            for record in group:
                self._save_one(record)
                self.advance(1)
        else:
            self._save_many(registry, group)

    def _save_one(self, record: BaseSQLRecord) -> None:
        if not self.ignore_conflicts:
            saving.save(record)
            return
        with suppress(UniqueViolation), self.transaction.savepoint():
            saving.save(record)

    def _save_many(self, registry: type[BaseSQLRecord], group: list[BaseSQLRecord]) -> None:
        for record in group:
            saving.settle_related(record, self.database)
            construction.check_changes(record, saving.changed(record))
            saving.keep(self.transaction, record)
        connection, new = self.transaction.connection, group
        twins: Twins = []
        if any(record._natural_key() or identity.given_uid(record) for record in group):
            self.database.lock(registry.__table__.name)
            new, twins = _adopt_existing(connection, self.database, registry, group)
            self.advance(len(group) - len(new))
        for start in range(0, len(new), self.batch_size):
            batch = new[start : start + self.batch_size]
            insert_many(connection, self.database, registry, batch, ignore_conflicts=self.ignore_conflicts)
            self.advance(len(batch))
        for record, first in twins:
            if first._database is not None:  # else it was left out
                stored = {name: value for name, value in first.__dict__.items() if name in registry.__table__.c}
                identity.adopt(record, self.database, stored)


def _adopt_existing(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], group: list[BaseSQLRecord]
) -> tuple[list[BaseSQLRecord], Twins]:
    """Turn records whose row exists into that row; return those to insert, and twins with the first of their kind."""
    keys = [record._natural_key() for record in group]
    current, visible = context.current_branch_id(database), context.visible_branches(database)
    homes = [record.__dict__.get("branch_id", current) for record in group]
    branches = context.visible_branches(database, *homes)
    named_rows = identity.rows_by_key(connection, database, registry, [key for key in keys if key], branches)
    rows = creating.rows_of(connection, database, registry, group)
    new: list[BaseSQLRecord] = []
    twins: Twins = []
    seen: dict[tuple[Any, ...], list[tuple[BaseSQLRecord, int]]] = {}
    for record, key, home in zip(group, keys, homes, strict=True):
        uid, seen_from = identity.given_uid(record), {*visible, home}
        there = identity.match(named_rows, key, seen_from) if key else []
        row = creating.check_same(record, there[0] if there else None, rows.get(uid or ""))
        if row is not None:
            creating.become(record, database, row)
            continue
        first = seen.setdefault(("uid", uid), [(record, home)])[0][0] if uid else record
        if first is not record:
            _check_twin(record, first)
        elif key is not None:
            before = seen.setdefault(tuple(key.items()), [])
            first = next((one for one, its_home in before if its_home in seen_from), record)
            if first is record:
                before.append((record, home))
        if first is record:
            new.append(record)
        else:
            twins.append((record, first))
    return new, twins


def _check_twin(record: BaseSQLRecord, first: BaseSQLRecord) -> None:
    creating.check_same(record, None, {name: first.__dict__.get(name) for name in ("uid", *(record._natural_key() or {}))})


def insert_many(
    connection: sa.Connection,
    database: Database,
    registry: type[BaseSQLRecord],
    records: Sequence[BaseSQLRecord],
    *,
    ignore_conflicts: bool = False,
) -> None:
    """Insert all records by one statement and take over what the database made; those that are left out stay as they are.

    Their values must have been checked.
    """
    identity.give_uids(registry, records)
    defaults = saving.defaults(database, registry)
    columns = [column for column in identity.columns_in(database, registry) if not saving.made_by_database(column)]
    values: list[dict[str, Any]] = []
    passed: list[dict[str, Any]] = []
    for record in records:
        record._complete(database)
        passed.append({name: value for name, value in record.__dict__.items() if name in registry.__table__.c})
        row = defaults | passed[-1]
        if "created_on_id" in row:
            row["created_on_id"] = row["branch_id"]
        values.append(row)
    if values and "created_on_id" in values[0]:
        open_branches.hold_in(database, {row["branch_id"] for row in values})
    type_rules.check_new(connection, database, registry, values, passed)
    table = registry.__table__
    made = [column for column in identity.columns_in(database, registry) if saving.made_by_database(column)]
    known_by = _known_by(table, columns, ignore_conflicts)
    returned = [*made, *(column for column in known_by if column not in made)]
    rows = insert_rows(connection, table, columns, values, returned, ignore_conflicts=ignore_conflicts)
    for record, row, made_row in zip(records, values, _aligned(rows, values, [column.key for column in known_by]), strict=True):
        if made_row is not None:
            identity.load(record, database, row | made_row)
    link_rules.check(connection, database, registry, values)
    if left_out := len(records) - len(rows):
        log.warning("%d of %d new %s rows were left out, as their like exists", left_out, len(records), registry.__name__)


def _known_by(table: sa.Table, columns: Sequence[sa.Column[Any]], ignore_conflicts: bool) -> list[sa.Column[Any]]:
    """Return the columns by which a returned row is recognised; none where the order of the ids tells it."""
    if "uid" in table.c:
        return [table.c.uid]
    return [column for column in columns if isinstance(column.type, sa.Integer | sa.String)] if ignore_conflicts else []


def _aligned(rows: list[dict[str, Any]], values: list[dict[str, Any]], known_by: Sequence[str]) -> list[dict[str, Any] | None]:
    """Bring the returned rows into the order of the inserted ones, with None for those that were left out."""
    if not known_by:
        return [*sorted(rows, key=lambda row: row["id"])]  # ids grow in the order of the insertion
    found = {tuple(row[name] for name in known_by): row for row in rows}
    return [found.pop(tuple(row[name] for name in known_by), None) for row in values]
