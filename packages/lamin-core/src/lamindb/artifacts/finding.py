"""Which row an artifact is: by key and content within its storage, by content alone where no key is asked for.

Every requested key has its own record, so equal bytes under another key are not the same artifact. A key stands for one family of
versions per storage. Rows in the trash count only where the database would refuse their twin.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    columns = identity.columns_in(database, registry)
    query = _without_key(registry, columns, wanted) if wanted.key is None else _with_key(registry, columns, wanted)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return _pick_without_key(rows, wanted) if wanted.key is None else _pick_with_key(rows, wanted)


def _with_key(registry: type[ArtifactColumns], columns: Sequence[sa.Column[Any]], wanted: Wanted) -> sa.Executable:
    table, content = registry.__table__, wanted.content.value
    # Two selects, so that each uses the index of its own column. The storage is compared afterwards: most rows share it.
    of_key = sa.select(*columns).where(table.c.key == wanted.key, sa.or_(table.c.hash == content, table.c.is_latest))
    without_key = sa.select(*columns).where(table.c.hash == content, table.c.key.is_(None))
    return sa.union_all(of_key, without_key)


def _without_key(registry: type[ArtifactColumns], columns: Sequence[sa.Column[Any]], wanted: Wanted) -> sa.Executable:
    table = registry.__table__
    # The database allows one row without key for the same content in a storage, whatever else we would prefer.
    twin = sa.and_(table.c.key.is_(None), table.c.storage_id == wanted.storage_id)
    query = sa.select(*columns).where(table.c.hash == wanted.content.value)
    others = sa.and_(
        table.c.branch_id != context.TRASH, table.c.suffix == wanted.suffix, table.c._hash_type == wanted.content.type
    )
    if not wanted.by_content:
        others = sa.false()
    elif not wanted.in_any_storage:
        others = sa.and_(others, table.c.storage_id == wanted.storage_id)
    in_order = (twin.desc(), (table.c.storage_id == wanted.storage_id).desc(), table.c.id.desc())
    return query.where(sa.or_(twin, others)).order_by(*in_order).limit(1)


def _pick_without_key(rows: list[Row], wanted: Wanted) -> Found:
    return Found(same=rows[0] if rows else None)


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
