"""Saving a new version: which family it joins, its uid, and the head it takes over from. One transaction, under a lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lamindb_setup
import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, InvalidArgument
from lamindb.records import context, deleting, families, identity, joining, named, saving
from lamindb.records.joining import Newcomer

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord
    from lamindb.records.versions import IsVersioned


def head_by_key(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], key: str, branch_id: int
) -> dict[str, Any] | None:
    """Return the newest head with a key as a row, on the branch of the new version if there is one, never from the trash."""
    table = registry.__table__
    query = sa.select(*identity.columns_in(database, registry)).where(
        table.c.key == key, table.c.is_latest, table.c.branch_id != context.TRASH
    )
    query = query.order_by((table.c.branch_id == branch_id).desc(), table.c.created_at.desc(), table.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def check_revises(record: BaseSQLRecord, revises: object) -> None:
    """Raise unless `revises` is a saved record of the same registry.

    Raises
    ------
    InvalidArgument: naming what was passed.
    DatabaseMismatch: it lives in another database than the current one.
    """
    registry = type(record)
    if getattr(type(revises), "__qualified__", None) != registry.__qualified__:
        raise InvalidArgument(f"revises must be a {registry.__name__}, not {revises!r}")
    if getattr(revises, "_database", None) is None:
        raise InvalidArgument(f"revises must be a saved {registry.__name__}: call .save() on it first")
    current = lamindb_setup.current()
    if revises._database.instance.database_url != current.instance.database_url:  # type: ignore[attr-defined]  # a record, see above
        raise DatabaseMismatch(
            f"revises is a {registry.__name__} of {revises._database.slug}, "  # type: ignore[attr-defined]  # as above
            f"but the new version belongs to {current.slug}"
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What is there of the thing of which a record is a version."""

    same: dict[str, Any] | None = None
    """The version that the record is."""
    head: dict[str, Any] | None = None
    """The latest version, on the branch of the record if there is one there, never from the trash."""


def find(connection: sa.Connection, database: Database, record: IsVersioned) -> Found:
    """Look for what a new record is a version of, by the columns that versions share; one statement."""
    registry = type(record)
    table, values = registry.__table__, record.__dict__
    content, branch_id = values.get("hash"), branch_of(record, database)
    query = sa.select(*identity.columns_in(database, registry)).where(
        *(table.c[name] == values[name] for name in record._shared), sa.or_(table.c.hash == content, table.c.is_latest)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    heads = [row for row in rows if row["is_latest"] and not _is_in_trash(registry, row)]
    head = max(heads, key=lambda row: (row["branch_id"] == branch_id, row["created_at"], row["id"]), default=None)
    same = [row for row in rows if content is not None and row["hash"] == content]
    if not record._has_unique_content:
        same = [row for row in same if row["is_latest"] and row["branch_id"] == branch_id]
    return Found(same[0] if same else None, head)


def _is_in_trash(registry: type[BaseSQLRecord], row: dict[str, Any]) -> bool:
    """Whether a row lives in the trash; a note on the trash itself only says so."""
    return row["branch_id"] == context.TRASH and deleting.has_trash(registry)


def expect_uid(record: IsVersioned, head: dict[str, Any] | None) -> None:
    """Give a new version the uid that it will most likely have; it is settled under a lock when it is saved."""
    before = record._revises.uid if record._revises is not None else head["uid"] if head is not None else None
    if before is None:
        record.__dict__["uid"] = first_uid(type(record))
    else:
        record.__dict__["uid"] = before[: -families.COUNTER] + families.counter(families.count_of(before) + 1)


def first_uid(registry: type[BaseSQLRecord]) -> str:
    """Return the uid of the first version of a new family."""
    length = catalog.entry(registry.__qualified__)["uid_length"]
    assert length is not None  # versioned registries have one
    return families.new_stem(length) + families.counter(0)


def revise(record: IsVersioned, revises: Any, database: Database) -> None:
    """Note which version the caller means to revise, and whether it was the latest one then.

    Raises
    ------
    InvalidArgument, DatabaseMismatch: as `check_revises`.
    """
    check_revises(record, revises)
    record._revises = revises
    if revises.is_latest and revises.branch_id == branch_of(record, database):
        record._revised_head = revises.uid


def save_version(transaction: Transaction, database: Database, record: IsVersioned) -> None:
    """Insert a version as the head of its branch, or become the row that says the same.

    Raises
    ------
    IntegrityError: the version that was named was the latest, and someone else revised it in the meantime.
    InvalidArgument: the version tag is taken, or the uid has the wrong length.
    """
    check_uid(record)
    connection, registry = transaction.connection, type(record)
    found = Found()
    if record._shared:
        key = {name: record.__dict__[name] for name in record._shared}
        database.lock(saving.lock_name(record, key), shared=(registry.__table__.name,))
        found = find(connection, database, record)
        if found.same is not None:
            identity.become(record, database, found.same)
            if _is_in_trash(registry, found.same):
                deleting.restore(record)
            saving.update(transaction, record)
            return
    before = record._revises.uid if record._revises is not None else found.head["uid"] if found.head is not None else None
    stem = before[: -families.COUNTER] if before is not None else None
    if stem is not None:
        families.lock(database, registry, stem)
    elif record._shared and not record.__dict__.get("uid", "").endswith(families.counter(0)):
        record.__dict__.pop("uid", None)  # the family that was expected went to the trash
    join_family(connection, database, record, stem, record._revised_head)
    saving.insert(connection, database, record)
    show_revised(transaction, record)


def show_revised(transaction: Transaction, record: IsVersioned) -> None:
    """Let the version that the caller named know that it is the latest no more."""
    if record._revises is not None and record._revised_head is not None:
        saving.keep(transaction, record._revises)
        set_committed_value(record._revises, "is_latest", False)


def branch_of(record: BaseSQLRecord, database: Database) -> int:
    """Return the branch that a new record will live on."""
    named.settle([record], database)
    found: int | None = record.__dict__.get("branch_id")
    return context.current_branch_id(database) if found is None else found  # the archive has id 0


def join_family(
    connection: sa.Connection, database: Database, record: BaseSQLRecord, stem: str | None, head_uid: str | None = None
) -> None:
    """Give a new version its uid and demote the head of its branch; without a stem a new family begins.

    Parameters
    ----------
    stem
        Stem of the family to join; its lock must be held, see `families.lock`.
    head_uid
        The head that the caller saw and means to revise; raises if another one took its place since.

    Raises
    ------
    IntegrityError: someone else revised `head_uid` in the meantime.
    InvalidArgument: the version tag is taken.
    """
    registry = type(record)
    if stem is None:
        record.__dict__.setdefault("uid", first_uid(registry))
        record.__dict__["is_latest"] = True
        return
    joining.join(connection, [Newcomer(record, stem, branch_of(record, database), head_uid)])


def check_uid(record: BaseSQLRecord) -> None:
    """Raise if a uid that was passed has the wrong length.

    Raises
    ------
    InvalidArgument: naming expected and actual length.
    """
    uid, length = record.__dict__.get("uid"), catalog.entry(type(record).__qualified__)["uid_length"]
    if uid is not None and length is not None and len(uid) != length:
        raise InvalidArgument(f"the uid of a {type(record).__name__} has {length} characters, {uid!r} has {len(uid)}")
