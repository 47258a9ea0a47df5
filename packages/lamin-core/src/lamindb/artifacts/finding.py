"""Which row an artifact is: by key and content within its storage, by content alone where no key is asked for.

Every requested key has its own record, so equal bytes under another key are not the same artifact. A key stands for one family of
versions per storage. Rows in the trash count only where the database would refuse their twin.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.artifacts.content import ContentHash
from lamindb.records import context, identity

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.columns.artifact import ArtifactColumns

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What tells artifacts apart before they have a row."""

    key: str | None
    content: ContentHash
    suffix: str
    storage_id: int
    branch_id: int
    by_content: bool
    """Whether equal bytes are the same artifact where no other key is asked for."""
    in_any_storage: bool
    """Whether that holds for equal bytes in other storages, too."""


@dataclass(frozen=True, slots=True)
class Found:
    """The row that is wanted, or the latest version of the family that a new row would join."""

    same: Row | None = None
    head: Row | None = None


def find(connection: sa.Connection, database: Database, registry: type[ArtifactColumns], wanted: Wanted) -> Found:
    """Look for a row and a family; one statement."""
    columns = tuple(identity.columns_in(database, registry))
    if wanted.key is None:
        row = connection.execute(_without_key(registry.__table__, columns), _values(wanted)).mappings().first()
        return Found(same=dict(row) if row is not None else None)
    values = {"key": wanted.key, "hash": wanted.content.value}
    found = connection.execute(_with_key(registry.__table__, columns), values).mappings()
    return _pick_with_key([dict(row) for row in found], wanted)


# The statements are made once: building one takes as long as running it.


@functools.cache
def _with_key(table: sa.Table, columns: tuple[sa.Column[Any], ...]) -> sa.CompoundSelect[Any]:
    content = table.c.hash == sa.bindparam("hash")
    # Two selects, so that each uses the index of its own column. The storage is compared afterwards: most rows share it.
    of_key = sa.select(*columns).where(table.c.key == sa.bindparam("key"), sa.or_(content, table.c.is_latest))
    return sa.union_all(of_key, sa.select(*columns).where(content, table.c.key.is_(None)))


def _values(wanted: Wanted) -> dict[str, Any]:
    values = {name: getattr(wanted, name) for name in ("suffix", "storage_id", "by_content", "in_any_storage")}
    return values | {"hash": wanted.content.value, "type": wanted.content.type}


@functools.cache
def _without_key(table: sa.Table, columns: tuple[sa.Column[Any], ...]) -> sa.Select[Any]:
    here = table.c.storage_id == sa.bindparam("storage_id")
    # The database allows one row without key for the same content in a storage, whatever else we would prefer.
    twin = sa.and_(table.c.key.is_(None), here)
    equal = sa.and_(
        sa.bindparam("by_content", type_=sa.Boolean),
        sa.or_(sa.bindparam("in_any_storage", type_=sa.Boolean), here),
        table.c.branch_id != context.TRASH,
        table.c.suffix == sa.bindparam("suffix"),
        table.c._hash_type == sa.bindparam("type"),
    )
    order = (sa.case((twin, 0), (here, 1), else_=2), table.c.id.desc())
    return sa.select(*columns).where(table.c.hash == sa.bindparam("hash"), sa.or_(twin, equal)).order_by(*order).limit(1)


def _pick_with_key(rows: list[Row], wanted: Wanted) -> Found:
    rows = [row for row in rows if row["storage_id"] == wanted.storage_id]
    same = [row for row in rows if row["key"] == wanted.key and row["hash"] == wanted.content.value]
    if same:
        return Found(same=same[0])
    live = [row for row in rows if row["branch_id"] != context.TRASH]
    heads = [row for row in live if row["key"] == wanted.key]
    if heads:
        return Found(head=max(heads, key=lambda row: (row["branch_id"] == wanted.branch_id, row["created_at"], row["id"])))
    unnamed = [row for row in live if row["key"] is None and row["suffix"] == wanted.suffix and wanted.by_content]
    return Found(same=max(unnamed, key=lambda row: int(row["id"]), default=None))
