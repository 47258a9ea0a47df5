"""Writing new records: which row a record is, if it is one, by its name or by the uid that the caller gave it.

The row with a given uid is meant wherever it lives; where name and uid contradict each other, the error names the row in the way.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import FieldValidationError, UniqueViolation
from lamindb.query.membership import within
from lamindb.records import context, deleting, identity, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord

log = logging.getLogger("lamindb")
Row = dict[str, Any]


def save_new(transaction: Transaction, database: Database, record: BaseSQLRecord) -> None:
    """Insert a record, or adopt the row that has its identity already; looked up again under a lock."""
    registry, row = type(record), None
    if (key := record._natural_key()) is not None:
        database.lock(saving.lock_name(record, key), shared=(registry.__table__.name,))
        row = identity.find_row(transaction.connection, database, record, hint=not record._resolved)
    if (uid := identity.given_uid(record)) is not None:
        row = check_same(record, row, rows_of(transaction.connection, database, registry, [record]).get(uid))
    if row is not None:
        become(record, database, row)
        saving.update(transaction, record)
        return
    saving.insert(transaction.connection, database, record)


def rows_of(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], records: Sequence[BaseSQLRecord]
) -> dict[str, Row]:
    """Return the rows that have the given uids, on any branch, by uid; no statement if no uid was given.

    Raises
    ------
    FieldValidationError: a given uid is none.
    """
    uids = sorted({_checked(registry, uid) for record in records if (uid := identity.given_uid(record)) is not None})
    if not uids:
        return {}
    table = registry.__table__
    query = sa.select(*identity.columns_in(database, registry)).where(within(table.c.uid, uids, database.dialect))
    return {row["uid"]: dict(row) for row in connection.execute(query).mappings()}


def _checked(registry: type[BaseSQLRecord], uid: object) -> str:
    length = catalog.entry(registry.__qualified__)["uid_length"]
    if not isinstance(uid, str) or not uid.isascii() or not uid.isalnum() or len(uid) != length:
        made = f"cannot save this {registry.__name__}: uid"
        raise FieldValidationError(f"{made} is {length} letters and digits, not {uid!r}; leave it out to get a new one")
    return uid


def check_same(record: BaseSQLRecord, by_name: Row | None, by_uid: Row | None) -> Row | None:
    """Return the row that a new record is, by uid where one was given, else by name.

    Raises
    ------
    UniqueViolation: uid and name do not mean the same; names the row in the way.
    """
    uid = identity.given_uid(record)
    if uid is None:
        return by_name
    kind, key = type(record).__name__, record._natural_key() or {}
    if by_name is not None and by_name["uid"] != uid:
        name = next(iter(key.values()))
        raise UniqueViolation(
            f"another {kind} is called {name!r} already, and its uid is {by_name['uid']!r}, not {uid!r}; "
            "leave out the uid to use that one, or choose another name"
        )
    different = [name for name, value in key.items() if by_uid is not None and by_uid[name] != value]
    if by_uid is not None and different:
        raise UniqueViolation(
            f"the uid {uid!r} belongs to another {kind} already, with the {different[0]} {by_uid[different[0]]!r}; "
            "leave out the uid to make a new one, or load that one to change it"
        )
    return by_uid


def become(record: BaseSQLRecord, database: Database, row: Row) -> None:
    """Make a new record the stored row; out of the trash, if it is there."""
    identity.become(record, database, row)
    if row.get("branch_id") == context.TRASH and deleting.has_trash(type(record)):
        deleting.restore(record)
        log.warning("%s with the uid %r was in the trash; it is restored", type(record).__name__, row["uid"])
