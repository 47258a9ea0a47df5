"""Saving an artifact: bytes first, then row and bytes become visible together, or neither.

Before the transaction the bytes are copied into the storage under a name that nobody looks for. Inside it, under a lock on key,
content and family, the row is looked up once more, written, and the bytes get their final name. `storing` says what happens when
the process dies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import lamindb_setup
import sqlalchemy as sa
from lamindb_setup.uids import base62
from sqlalchemy.orm.attributes import set_committed_value

from lamindb.artifacts import finding, sources, storing
from lamindb.artifacts.construction import Pending, become, is_first, lacks_bytes, new_uid, stem_of
from lamindb.artifacts.copying import changed_since_hashed
from lamindb.artifacts.finding import Row
from lamindb.artifacts.hashing import hash_file
from lamindb.artifacts.locating import object_name
from lamindb.artifacts.storing import HOME, HasRow, Incoming
from lamindb.errors import DatabaseMismatch, InvalidArgument
from lamindb.records import context, deleting, families, revising, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.columns.artifact import ArtifactColumns
    from lamindb.artifacts.artifact import ArtifactBehavior

log = logging.getLogger("lamindb")


def save(artifact: ArtifactBehavior) -> None:
    """Store the bytes and write the row; of a stored artifact, write what was changed."""
    pending = artifact._pending
    if pending is None:
        stored_in = artifact._database or lamindb_setup.current()
        context.check_writable(stored_in)
        with stored_in.writing() as transaction:
            saving.save(artifact)
            _note_remade(artifact, transaction)
        return
    database = pending.database
    context.check_writable(database)
    try:
        pending.incoming = bring_in(pending, artifact)
        with database.writing() as transaction:
            if artifact._database is None:
                saving.settle_related(artifact, database)
                saving.keep(transaction, artifact)
                save_new(artifact, transaction, database)
            else:
                saving.keep(transaction, artifact)
                complete(artifact, transaction, database)
            _note_remade(artifact, transaction)
    finally:
        if pending.incoming is not None:  # nobody took it over
            pending.incoming.drop()
            pending.incoming = None


def _note_remade(artifact: ArtifactBehavior, transaction: Transaction) -> None:
    """An artifact that existed already is an output of the current run, too, now that it is saved again."""
    if artifact._is_remade:
        context.note_remade(artifact)
        transaction.on_commit(lambda: setattr(artifact, "_is_remade", False))


def bring_in(pending: Pending, artifact: ArtifactBehavior) -> Incoming | None:
    """Copy the bytes next to where they belong; files that stay where they are, are looked at once more."""
    if pending.in_place:
        _check_still_the_same(pending)
        return None
    if artifact._database is not None and not lacks_bytes(pending, artifact.__dict__):
        return None
    storing.sweep(pending.place.root, has_row(pending.database, type(artifact)))
    uid: str = artifact.__dict__["uid"]
    # The number of a next version may be taken by another writer in the meantime; a new family's uid is ours alone.
    name = uid if artifact._database is None and is_first(uid) else base62(len(uid))
    incoming = Incoming(pending.place.root, object_name(name, pending.suffix))
    incoming.fill(pending.path, pending.content)
    return incoming


def _check_still_the_same(pending: Pending) -> None:
    if sources.state_of(pending.path) != pending.state and hash_file(pending.path)[0] != pending.content:
        raise changed_since_hashed(pending.path)


def has_row(database: Database, registry: type[ArtifactColumns]) -> HasRow:
    """Return the question whether a uid has a row, asked so that no write of that uid can be on its way."""

    @contextmanager
    def asked(uid: str) -> Iterator[bool]:
        with database.writing() as transaction:
            families.lock(database, registry, stem_of(uid))
            table = registry.__table__
            yield transaction.connection.execute(sa.select(table.c.id).where(table.c.uid == uid)).first() is not None

    return asked


def save_new(artifact: ArtifactBehavior, transaction: Transaction, database: Database) -> None:
    """Insert a new artifact and give its bytes their name, or make it the row that someone else wrote in the meantime."""
    pending = artifact._pending
    if pending is None:
        raise InvalidArgument("this artifact was not made from a file, so there is nothing to save; call Artifact(path, …)")
    if pending.database is not database:
        raise DatabaseMismatch(f"this artifact was made for {pending.database.slug}, it cannot be saved to {database.slug}")
    incoming = _taken_over(pending, artifact, transaction)
    _lock(artifact, pending, database)
    found = finding.find(transaction.connection, database, type(artifact), pending.wanted)
    if found.same is not None:
        if incoming is not None:
            incoming.drop()
        become(artifact, pending, found.same)
        complete(artifact, transaction, database)
        return
    _join_family(artifact, pending, transaction, found.head)
    if not pending.in_place and pending.suffix != artifact.suffix:
        artifact._real_key = f"{HOME}/{object_name(artifact.uid, pending.suffix)}"
    saving.insert(transaction.connection, database, artifact)
    if incoming is not None:
        incoming.publish(object_name(artifact.uid, pending.suffix))
        transaction.on_commit(incoming.keep)
    artifact._pending = None


def _taken_over(pending: Pending, artifact: ArtifactBehavior, transaction: Transaction) -> Incoming | None:
    """From here on the end of the transaction decides about the bytes."""
    incoming, pending.incoming = pending.incoming or bring_in(pending, artifact), None
    if incoming is not None:
        transaction.on_rollback(lambda: incoming.settle(has_row(pending.database, type(artifact))))
    return incoming


def _lock(artifact: ArtifactBehavior, pending: Pending, database: Database) -> None:
    """Make writers of the same key, content or family wait."""
    table = type(artifact).__table__.name
    family = families.family_lock(type(artifact), stem_of(artifact.__dict__["uid"]))
    names = [family, f"{table}:hash={pending.content.value}"]
    if pending.wanted.key is not None:
        names.append(f"{table}:key={pending.wanted.key}")
    database.lock(*names, shared=(table,))


def _join_family(artifact: ArtifactBehavior, pending: Pending, transaction: Transaction, head: Row | None) -> None:
    """Settle uid and head under the lock; if it is another family than the constructor saw, that is locked first."""
    revises, expected = pending.revises, artifact.__dict__["uid"]
    before = revises.uid if revises is not None else head["uid"] if head is not None else None
    stem = stem_of(before) if before is not None else None
    if stem is None and not is_first(expected):  # the family that was seen went to the trash
        artifact.__dict__["uid"] = new_uid()
    needed = stem or stem_of(artifact.__dict__["uid"])
    if needed != stem_of(expected):
        families.lock(pending.database, type(artifact), needed)
    revising.join_family(transaction.connection, pending.database, artifact, stem, pending.head_uid)
    if revises is not None and pending.head_uid is not None:
        saving.keep(transaction, revises)
        set_committed_value(revises, "is_latest", False)


def complete(artifact: ArtifactBehavior, transaction: Transaction, database: Database) -> None:
    """Bring a row that exists in order: out of the trash, with its bytes, with what the caller passed."""
    pending = artifact._pending
    if artifact.branch_id == context.TRASH:
        deleting.restore(artifact)
    if pending is not None and (incoming := _taken_over(pending, artifact, transaction)) is not None:
        artifact._real_key = f"{HOME}/{object_name(artifact.uid, pending.suffix)}" if pending.suffix != artifact.suffix else None
        artifact._key_is_virtual = True
        if (artifact._aux or {}).get("so"):
            artifact._aux = {name: value for name, value in artifact._aux.items() if name != "so"} or None
        incoming.publish(object_name(artifact.uid, pending.suffix))
        transaction.on_commit(incoming.keep)
    saving.update(transaction, artifact)
    artifact._pending = None
