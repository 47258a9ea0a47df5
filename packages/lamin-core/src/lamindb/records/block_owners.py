"""The records to which blocks are attached. A locked record keeps its readmes and comments as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import LockedRecord, StaleRecord
from lamindb.query.membership import within

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def column_of(registry: type[BaseSQLRecord]) -> str | None:
    """Return the column of a kind of blocks with the record that they go with. None for pages."""
    references = catalog.entry(registry.__qualified__)["references"]
    return next((column for column, (_, on_delete) in references.items() if on_delete == "cascade"), None)


def relation_of(registry: type[BaseSQLRecord]) -> str | None:
    """Return the relation of a kind of blocks to the record that they go with. None for pages."""
    column = column_of(registry)
    return column.removesuffix("_id") if column is not None else None


def check_there(block: BaseSQLRecord, database: Database) -> None:
    """Raise if the record that a new block belongs to is gone or locked; on Postgres it stays unlocked until the block is there.

    Raises
    ------
    StaleRecord, LockedRecord: it is.
    """
    column = column_of(type(block))
    if column is None:
        return
    owners = catalog.registry(_owner(type(block), column)).__table__
    row_id = getattr(block, column)
    lock = owners.c.is_locked if "is_locked" in owners.c else sa.false()
    query = sa.select(lock.label("is_locked")).select_from(owners).where(owners.c.id == row_id).with_for_update(read=True)
    with database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        name = column.removesuffix("_id")
        raise StaleRecord(f"the {name} (id {row_id}) that this {type(block).__name__} belongs to was deleted in the meantime")
    if row.is_locked:
        raise _locked(type(block), column, row_id)


def check_unlocked(registry: type[BaseSQLRecord], database: Database, ids: Sequence[int]) -> None:
    """Raise if one of some stored blocks belongs to a locked record.

    Raises
    ------
    LockedRecord: it does.
    """
    column = column_of(registry)
    if column is None or not ids:
        return
    owners, blocks = catalog.registry(_owner(registry, column)).__table__, registry.__table__
    if "is_locked" not in owners.c:
        return
    query = sa.select(owners.c.id).join(blocks, blocks.c[column] == owners.c.id)
    query = query.where(within(blocks.c.id, ids, database.dialect), owners.c.is_locked).limit(1)
    with database.reading() as connection:
        locked = connection.execute(query).scalar()
    if locked is not None:
        raise _locked(registry, column, locked)


def _owner(registry: type[BaseSQLRecord], column: str) -> str:
    return catalog.entry(registry.__qualified__)["references"][column][0]


def _locked(registry: type[BaseSQLRecord], column: str, row_id: int) -> LockedRecord:
    owner = _owner(registry, column).rpartition(".")[2]
    return LockedRecord(
        f"the {owner} with id {row_id} is locked, so its readme and comments stay as they are; "
        "to change them, set is_locked=False and save that first"
    )
