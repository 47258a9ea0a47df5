"""Which rows artifacts are: by key and content within their storage, by content alone where no key is asked for.

Every requested key has its own record, so equal bytes under another key are not the same artifact. A key stands for one family of
versions per storage. Rows in the trash count only where the database would refuse their twin.

Hashes of LaminDB that cover only a part of the content, or not the names in a folder, prove nothing: `sha1-fl` of large files and
`md5-d` of folders. Their rows are told apart by size first, and compared in full by whoever asked; see `comparing`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.hashing import BLAKE3, TREE
from lamindb.records import context, identity

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.columns.artifact import ArtifactColumns

Row = dict[str, Any]
PARTIAL = {BLAKE3: "sha1-fl", TREE: "md5-d"}
"""How LaminDB hashes what we hash in full."""


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
    equal: frozenset[int] = frozenset()
    """Ids of rows with a partial hash whose content was compared and is the same."""

    @property
    def identity(self) -> tuple[str | None, int, str]:
        """What the database allows only once."""
        return self.key, self.storage_id, self.content.value


@dataclass(frozen=True, slots=True)
class Found:
    """The row that is wanted, or the latest version of the family that a new row would join."""

    same: Row | None = None
    head: Row | None = None
    alike: list[Row] = field(default_factory=list)
    """Rows that may be the same, but whose hash does not prove it."""


def find(connection: sa.Connection, database: Database, registry: type[ArtifactColumns], wanted: Wanted) -> Found:
    """Look for a row and a family; one statement, two if a partial hash may be about the same content."""
    return find_many(connection, database, registry, [wanted])[0]


def find_many(
    connection: sa.Connection, database: Database, registry: type[ArtifactColumns], wanted: Sequence[Wanted]
) -> list[Found]:
    """Look for rows and families of many artifacts, in their order; at most three statements, however many."""
    table, columns = registry.__table__, tuple(identity.columns_in(database, registry))
    rows = _Rows()
    if keyed := [each for each in wanted if each.key is not None]:
        values: dict[str, set[Any]] = {"keys": {each.key for each in keyed}, "hashes": {each.content.value for each in keyed}}
        rows.add(_fetch(connection, _with_key(table, columns, database.dialect), values))
    if unkeyed := [each for each in wanted if each.key is None]:
        hashes = {each.content.value for each in unkeyed}
        rows.add(_fetch(connection, _without_key(table, columns, database.dialect), {"hashes": hashes}))
    if sizes := {each.content.size for each in wanted if each.content.type in PARTIAL}:
        rows.add(_fetch(connection, _of_size(table, columns, database.dialect), {"sizes": sizes}))
    return [_pick(rows, each) for each in wanted]


class _Rows:
    """Fetched rows by what they are looked up by."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self.by_key: dict[str, list[Row]] = {}
        self.by_hash: dict[str, list[Row]] = {}
        self.by_size: dict[int, list[Row]] = {}

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row["id"] not in self._known:
                self._known.add(row["id"])
                self.by_key.setdefault(row["key"], []).append(row)
                self.by_hash.setdefault(row["hash"], []).append(row)
                if row["_hash_type"] in PARTIAL.values():
                    self.by_size.setdefault(row["size"], []).append(row)


def _pick(rows: _Rows, wanted: Wanted) -> Found:
    pick = _pick_without_key if wanted.key is None else _pick_with_key
    alike = [row for row in rows.by_size.get(wanted.content.size, ()) if _may_be_alike(row, wanted)]
    equal = [row for row in alike if row["id"] in wanted.equal]
    found = pick(rows, wanted, equal)
    return Found(found.same, found.head, [row for row in alike if row["id"] not in wanted.equal])


def _may_be_alike(row: Row, wanted: Wanted) -> bool:
    return (
        row["_hash_type"] == PARTIAL.get(wanted.content.type)
        and row["n_files"] == wanted.content.n_files
        and row["branch_id"] != context.TRASH
        and (row["key"] == wanted.key or row["key"] is None or (wanted.key is None and wanted.by_content))
    )


def _pick_with_key(rows: _Rows, wanted: Wanted, equal: list[Row]) -> Found:
    of_key = [row for row in rows.by_key.get(wanted.key or "", ()) if row["storage_id"] == wanted.storage_id]
    same = [row for row in of_key if row["hash"] == wanted.content.value or row in equal]
    if same:
        return Found(same=same[0])
    heads = [row for row in of_key if row["is_latest"] and row["branch_id"] != context.TRASH]
    if heads:
        return Found(head=max(heads, key=lambda row: (row["branch_id"] == wanted.branch_id, row["created_at"], row["id"])))
    unnamed = [
        row
        for row in (*rows.by_hash.get(wanted.content.value, ()), *equal)
        if row["key"] is None
        and row["storage_id"] == wanted.storage_id
        and row["branch_id"] != context.TRASH
        and row["suffix"] == wanted.suffix
        and wanted.by_content
    ]
    return Found(same=max(unnamed, key=lambda row: int(row["id"]), default=None))


def _pick_without_key(rows: _Rows, wanted: Wanted, equal: list[Row]) -> Found:
    def rank(row: Row) -> tuple[int, int]:
        here = row["storage_id"] == wanted.storage_id
        # The database allows one row without key for the same content in a storage, whatever else we would prefer.
        return (2 if here and row["key"] is None and row["hash"] == wanted.content.value else 1 if here else 0), row["id"]

    def is_equal(row: Row) -> bool:
        return (
            wanted.by_content
            and (wanted.in_any_storage or row["storage_id"] == wanted.storage_id)
            and row["branch_id"] != context.TRASH
            and row["suffix"] == wanted.suffix
            and (row["_hash_type"] == wanted.content.type or row in equal)
        )

    candidates = (*rows.by_hash.get(wanted.content.value, ()), *equal)
    return Found(same=max((row for row in candidates if rank(row)[0] == 2 or is_equal(row)), key=rank, default=None))


# The statements are made once: building one takes as long as running it.


def _fetch(connection: sa.Connection, statement: sa.Executable, values: Mapping[str, set[Any]]) -> list[Row]:
    is_json = connection.dialect.name == "sqlite"
    lists = {name: json.dumps(list(found)) if is_json else list(found) for name, found in values.items()}
    return [dict(row) for row in connection.execute(statement, lists).mappings()]


def _among(column: sa.ColumnElement[Any], name: str, dialect: str) -> sa.ColumnElement[bool]:
    """The condition that a column has one of the values of a parameter; `membership.within` with the values left open."""
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.bindparam(name, type_=sa.ARRAY(column.type)))


@functools.cache
def _with_key(table: sa.Table, columns: tuple[sa.Column[Any], ...], dialect: str) -> sa.CompoundSelect[Any]:
    content = _among(table.c.hash, "hashes", dialect)
    # Two selects, so that each uses the index of its own column. The storage is compared afterwards: most rows share it.
    of_key = sa.select(*columns).where(_among(table.c.key, "keys", dialect), sa.or_(content, table.c.is_latest))
    return sa.union_all(of_key, sa.select(*columns).where(content, table.c.key.is_(None)))


@functools.cache
def _without_key(table: sa.Table, columns: tuple[sa.Column[Any], ...], dialect: str) -> sa.Select[Any]:
    """The newest of the rows that no rule tells apart: content that many keys share is not fetched as often."""
    told_apart = (table.c.hash, table.c.storage_id, table.c.suffix, table.c._hash_type, table.c.key.is_(None))
    number = sa.func.row_number().over(partition_by=(*told_apart, table.c.branch_id == context.TRASH), order_by=table.c.id.desc())
    numbered = sa.select(*columns, number.label("number")).where(_among(table.c.hash, "hashes", dialect)).subquery()
    return sa.select(*(numbered.c[column.key] for column in columns)).where(numbered.c.number == 1)


@functools.cache
def _of_size(table: sa.Table, columns: tuple[sa.Column[Any], ...], dialect: str) -> sa.Select[Any]:
    partial = table.c._hash_type.in_(sorted(PARTIAL.values()))
    return sa.select(*columns).where(_among(table.c.size, "sizes", dialect), partial)
