"""Taking over a database that LaminDB 2.12 made: three tables of ours are added, then the later revisions. Its rows stay."""

from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import replace

from lamindb_setup import uids
from lamindb_setup.databases import bookkeeping, creation, migrations, peer
from lamindb_setup.databases.database import Database
from lamindb_setup.errors import DatabaseTooNew, NotALaminDatabase

from . import opening
from .discovery import Place


def is_unadopted(database: Database) -> bool:
    """Whether LaminDB made the database and it has no bookkeeping of ours yet."""
    return database.contents is not None and not database.contents.is_ours


def adopt(database: Database, place: Place) -> None:
    """Add our bookkeeping in one transaction, and bring the tables up to date. The handle must be opened anew afterwards.

    The instance keeps the identifiers that LaminDB gave it, so that its marker and its rows remain valid for LaminDB, too.

    Raises
    ------
    DatabaseTooNew: a newer LaminDB has migrated it.
    DatabaseReadOnly: it cannot be written.
    """
    with closing(Database(database.instance, database.url)) as writable:
        with writable.reading() as connection:
            state = peer.read(connection)
        if state is None:
            raise NotALaminDatabase(f"{str(database.url)!r} is not a database of LaminDB any more")
        found = opening.peer_modules(state)
        if peer.compare(state, found) == "newer":
            raise DatabaseTooNew(
                f"{str(database.url)!r} was migrated by a LaminDB newer than 2.12 and can only be read; "
                "wait for a version of lamin that knows it"
            )
        with writable.writing() as transaction:
            creation.execute(transaction.connection, bookkeeping.statements(writable.dialect))
            bookkeeping.insert_instance(transaction.connection, _complete(opening.peer_row(state, place)))
            for module in found:
                bookkeeping.stamp(transaction.connection, module, module.revisions[0])
        if any(len(module.revisions) > 1 for module in found):
            migrations.upgrade(writable, found)


def _complete(row: bookkeeping.InstanceRow) -> bookkeeping.InstanceRow:
    """Identifiers for what an old marker does not tell."""
    return replace(
        row,
        uid=uids.base62(12) if row.uid == opening.UNKNOWN else row.uid,
        uuid=uuid.uuid4().hex if row.uuid == opening.UNKNOWN else row.uuid,
        storage_uid=uids.base62(12) if row.storage_uid == opening.UNKNOWN else row.storage_uid,
    )
