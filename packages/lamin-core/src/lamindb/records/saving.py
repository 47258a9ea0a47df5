"""Writing one record: an INSERT of a new one, an UPDATE of the changed columns of a stored one.

The record's history decides what is written. It is put back if the transaction is rolled back: a failed save loses nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import lamindb_setup
import sqlalchemy as sa
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, ForeignKeyViolation, LockedRecord, StaleRecord, UniqueViolation, UnsavedRecord
from lamindb.records import (
    arrivals,
    construction,
    context,
    dangling,
    identity,
    link_rules,
    named,
    open_branches,
    renaming,
    space_moves,
    staleness,
    type_rules,
)

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord


def save(record: BaseSQLRecord) -> None:
    """Write a record to its database, a new one to the current database."""
    database = record._database or lamindb_setup.current()
    context.check_writable(database)
    try:
        with database.writing() as transaction:
            if record._database is None:
                settle_related(record, database)
                construction.check_changes(record, changed(record))
                open_branches.hold_for(transaction, database, [record])
                keep(transaction, record)
                record._save_new(transaction, database)
            else:
                update(transaction, record)
    except ForeignKeyViolation as error:
        raise dangling.named(error, database, [record]) from error


def lock_name(record: BaseSQLRecord, key: dict[str, Any]) -> str:
    """Return the name under which writers of the same identity wait for each other."""
    return ":".join(
        [type(record).__table__.name, *(f"{name}={value}" for name, value in sorted(key.items()) if name != "branch_id")]
    )


def changed(record: BaseSQLRecord) -> dict[str, Any]:
    """Return the columns that were set since the record was made, loaded or saved, with their values."""
    values = record.__dict__
    before = instance_state(record).committed_state
    return {name: values[name] for name, old in before.items() if name in values and not _same(old, values[name])}


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and bool(old == new)


def settle_related(record: BaseSQLRecord, database: Database) -> None:
    """Set the foreign keys of related records that were saved in the meantime, and of those that were given by name.

    Raises
    ------
    UnsavedRecord: one of them is still new.
    StaleRecord: one of them was deleted.
    DatabaseMismatch: one of them lives in another database, where its id means something else.
    InvalidArgument: the name of one is unknown, or that of several.
    """
    named.settle([record], database)
    for column, related in (record._related or {}).items():
        if related._database is not None and related._database.instance.database_url != database.instance.database_url:
            raise DatabaseMismatch(
                f"{type(record).__name__}.{column.removesuffix('_id')} is a {type(related).__name__} of "
                f"{related._database.slug}, but the {type(record).__name__} belongs to {database.slug}; "
                "take the one that is there"
            )
        if related._gone:
            raise StaleRecord(
                f"{type(record).__name__}.{column.removesuffix('_id')} is a {type(related).__name__} that was deleted for good; "
                "choose another one"
            )
        if record.__dict__.get(column) is None:
            if related._database is None:
                raise UnsavedRecord(
                    f"{type(record).__name__}.{column.removesuffix('_id')} is a {type(related).__name__} that is not saved yet; "
                    "save it first, or save both with ln.save([...])"
                )
            setattr(record, column, related.id)


def keep(transaction: Transaction, record: BaseSQLRecord) -> None:
    """Put record and history back as they are now if the transaction is rolled back."""
    state, values = instance_state(record), dict(record.__dict__)
    before = dict(state.committed_state)

    def put_back() -> None:
        record.__dict__.clear()
        record.__dict__.update(values)
        state.committed_state.clear()
        state.committed_state.update(before)
        state.modified = bool(before)

    transaction.on_rollback(put_back)


SURROUNDINGS = {
    "branch_id": context.current_branch_id,
    "created_on_id": context.current_branch_id,
    "space_id": context.current_space_id,
    "created_by_id": context.current_user_id,
}
RUN = "run_id"
"""Where it may be NULL, the run that made the row; elsewhere a run that the row is about."""


def defaults(database: Database, registry: type[BaseSQLRecord]) -> dict[str, Any]:
    """Return what a new row gets for columns that nobody set: branch, space, user and run of the moment, else the default."""
    found: dict[str, Any] = {}
    for column in identity.columns_in(database, registry):
        if column.key in SURROUNDINGS:
            found[column.key] = SURROUNDINGS[column.key](database)
        elif column.key == RUN and column.nullable:
            found[column.key] = context.current_run_id(database)
        elif not made_by_database(column):
            found[column.key] = construction.default_of(column)
    return found


@functools.cache
def _insert_returning(table: sa.Table, left_out: frozenset[str]) -> sa.Insert:
    made = [column for column in table.columns if made_by_database(column) and column.key not in left_out]
    return sa.insert(table).returning(*made)


def made_by_database(column: sa.Column[Any]) -> bool:
    """Whether an INSERT gets the value from the database."""
    return column.primary_key or isinstance(column.server_default, sa.FetchedValue)


def absent(database: Database, registry: type[BaseSQLRecord]) -> frozenset[str]:
    """Return the columns of a registry that this database does not have."""
    table = registry.__table__
    return frozenset(column.key for column in table.columns if not database.has_column(table.name, column.name))


def insert(connection: sa.Connection, database: Database, record: BaseSQLRecord) -> None:
    """Insert a new record and take over what the database made."""
    construction.check_changes(record, changed(record))
    identity.give_uid(record)
    record._complete(database)
    registry = type(record)
    left_out = absent(database, registry)
    passed = {name: value for name, value in record.__dict__.items() if name in registry.__table__.c and name not in left_out}
    values = defaults(database, registry) | passed
    if "created_on_id" in values:
        values["created_on_id"] = values["branch_id"]
        open_branches.hold_in(database, [values["branch_id"]])
    type_rules.check_new(connection, database, registry, [values], [passed])
    row = connection.execute(_insert_returning(registry.__table__, left_out), values).mappings().one()
    link_rules.check(connection, database, registry, [values])
    identity.load(record, database, {**values, **row})


def update(transaction: Transaction, record: BaseSQLRecord) -> None:
    """Write the changed columns of a stored record; without changes nothing is sent.

    Raises
    ------
    StaleRecord: the row is gone, or what is to be written was changed by someone else since it was loaded.
    LockedRecord: the row is locked and stays so.
    """
    database = stored_in(record)
    record._saved_again(transaction)
    settle_related(record, database)
    if not changed(record):
        return
    keep(transaction, record)
    record._before_update(transaction)
    values = changed(record)
    construction.check_changes(record, values)
    check_unlocked(record, values)
    values |= arrivals.check(transaction, database, record, values)
    check_name_is_free(transaction.connection, database, record, values)
    type_rules.check_updates(transaction.connection, database, [(record, values)])
    arrivals.lock_families(database, [(record, values)])
    renaming.note(transaction, database, [(record, values)])
    table = type(record).__table__
    if "updated_at" in table.c and "updated_at" not in values:
        values["updated_at"] = now()
    before = staleness.before(record, values)
    conditions = [*staleness.unchanged(table, before), *staleness.unlocked(table, values)]
    statement = sa.update(table).where(table.c.id == record.id, *conditions).values(values)
    if transaction.connection.execute(statement).rowcount != 1:
        raise staleness.error(transaction.connection, record, before)
    check_links(transaction, database, [(record, values)])
    space_moves.follow(transaction.connection, [(record, values)], now())
    settled = arrivals.settle(transaction, database, [(record, values)])
    for name, value in (values | settled.get(record.id, {})).items():
        set_committed_value(record, name, value)


def check_links(transaction: Transaction, database: Database, changes: Sequence[tuple[BaseSQLRecord, Mapping[str, Any]]]) -> None:
    """Raise if changed link rows should not be as they are, or were; see `link_rules.check`."""
    registry = type(changes[0][0])
    if not catalog.entry(registry.__qualified__)["link"]:
        return
    after = [record.__dict__ for record, _ in changes]
    before = [record.__dict__ | instance_state(record).committed_state for record, _ in changes]
    link_rules.check(transaction.connection, database, registry, [*before, *after])


def stored_in(record: BaseSQLRecord) -> Database:
    """Return the database that has the record's row.

    Raises
    ------
    StaleRecord: the row was deleted for good through this very object.
    """
    if record._database is None or record._gone:
        raise StaleRecord(f"this {type(record).__name__} was deleted for good; make a new one")
    return record._database


def check_name_is_free(connection: sa.Connection, database: Database, record: BaseSQLRecord, values: dict[str, Any]) -> None:
    """Raise if a new name, or the place it moves to, would make the record the twin of another one.

    Raises
    ------
    UniqueViolation: naming the row that is in the way.
    """
    key = key_with_type(record)
    if key is None or not may_meet_its_name(key, values):
        return
    database.lock(lock_name(record, key), shared=(type(record).__table__.name,))
    row = identity.find_row(connection, database, record, key, values.get("branch_id"))
    if row is not None:
        raise name_is_taken(record, key, row.get("uid"))


def key_with_type(record: BaseSQLRecord) -> dict[str, Any] | None:
    """Return the values that no other row may have: of a stored record, the type that it has belongs to them."""
    key = record._natural_key()
    if key is None or "type_id" not in record.__dict__:
        return key
    return {**key, "type_id": record.__dict__["type_id"]}


def may_meet_its_name(key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether what is written gives a record another name or type, or moves it; the archive may have any number of one name."""
    return bool(values.keys() & {*key, "type_id", "branch_id"}) and values.get("branch_id") != context.ARCHIVE


def name_is_taken(record: BaseSQLRecord, key: dict[str, Any], uid: str | None) -> UniqueViolation:
    """Return the error for a name that another row has."""
    return UniqueViolation(
        f"another {type(record).__name__} is called {next(iter(key.values()))!r} already (uid {uid}); "
        "choose another name, or move that one to the trash first"
    )


def now() -> datetime:
    """Return the present moment in UTC, as written to `updated_at`."""
    return datetime.now(UTC)


def check_unlocked(record: BaseSQLRecord, values: dict[str, Any] | None = None) -> None:
    """Raise if the row was locked when it was loaded.

    Raises
    ------
    LockedRecord: it was, and `values` do not unlock it.
    """
    if "is_locked" not in record.__dict__ or (values or {}).get("is_locked") is False:
        return
    before = instance_state(record).committed_state.get("is_locked", record.__dict__["is_locked"])
    if before is True:
        name = catalog.entry(type(record).__qualified__)["name_field"]
        called = f" {record.__dict__.get(name)!r}" if name else ""
        raise LockedRecord(
            f"the {type(record).__name__}{called} is locked; to change it, set is_locked=False and save that first"
        )
