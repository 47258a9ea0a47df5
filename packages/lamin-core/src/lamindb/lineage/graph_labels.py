"""Names for what is drawn: one statement for all data, one for all runs and those that started them, one for transforms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.graphs.graph import Node
from lamindb.lineage.graph import Kind
from lamindb.lineage.graph_links import other, table_of
from lamindb.lineage.graph_search import KINDS, Point, kind_of, point
from lamindb.lineage.status import NAMES
from lamindb.printing import one_line
from lamindb.query.membership import within

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

TRANSFER = "__lamindb_transfer__"
"""How keys of transforms begin that stand for copying from another database; their description says more."""
STATUS = {number: name for name, number in NAMES.items()}
FIRST_VERSION = "0000"
Pair = tuple[Point, Point]
LONGEST = 200
"""Characters of a description that may become a label."""


def label(
    database: Database, points: Iterable[Point], branches: Sequence[int], subject: Point
) -> tuple[dict[Point, Node], list[Pair]]:
    """Return the nodes for some points, with the runs that started runs among them; and who started whom.

    Points whose row is gone meanwhile have no node.
    """
    ids: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    for each in points:
        ids[kind_of(each)].append(each >> 3)
    nodes: dict[Point, Node] = {}
    with database.reading() as connection:
        for number, row_id, uid, name, tag, is_latest in connection.execute(_data(ids, database.dialect)).all():
            kind = KINDS[number]
            node = Node(kind, uid, one_line(name or "") or uid, _version(kind, uid, tag, is_latest))
            nodes[row_id << 3 | number] = node
        started, pairs = _label_runs(connection.execute(_runs(ids[Kind.run], branches, database.dialect)).all())
        nodes |= started
        if kind_of(subject) is Kind.transform:
            for row in connection.execute(_transforms(ids[Kind.transform], database.dialect)).mappings():
                detail = _version(Kind.transform, row["uid"], row["version_tag"], row["is_latest"])
                nodes[point(Kind.transform, row["id"])] = Node(Kind.transform, row["uid"], _transform(row), detail)
    return nodes, [pair for pair in pairs if pair[0] in nodes]


# ---- data -------------------------------------------------------------------------------------------------------------------
def _data(ids: dict[Kind, list[int]], dialect: str) -> sa.CompoundSelect[Any]:
    return sa.union_all(*(_data_of(kind, ids[kind], dialect) for kind in (Kind.artifact, Kind.collection, Kind.record)))


def _data_of(kind: Kind, ids: Sequence[int], dialect: str) -> sa.Select[Any]:
    table = table_of(kind)
    is_record = kind is Kind.record
    key = table.c.name if is_record else table.c.key
    shown = sa.func.coalesce(sa.cast(key, sa.Text), sa.func.substr(table.c.description, 1, LONGEST))
    tag = sa.cast(sa.null(), sa.String) if is_record else table.c.version_tag
    is_latest = sa.true() if is_record else table.c.is_latest
    number = sa.literal_column(str(kind.value), sa.Integer)
    columns = (number.label("kind"), table.c.id, table.c.uid, shown.label("name"), tag.label("tag"), is_latest.label("is_latest"))
    return sa.select(*columns).where(within(table.c.id, ids, dialect))


def _version(kind: Kind, uid: str, tag: str | None, is_latest: bool) -> str:
    """Name the version, where there are several."""
    if tag:
        return f"version {one_line(tag)}"
    counter = uid[-len(FIRST_VERSION) :]
    return f"version {counter}" if kind is not Kind.record and (counter != FIRST_VERSION or not is_latest) else ""


# ---- runs -------------------------------------------------------------------------------------------------------------------
def _runs(ids: Sequence[int], branches: Sequence[int], dialect: str) -> sa.Select[Any]:
    """Return the statement for some runs, the runs that started them, those that started these, and so on."""
    runs, transforms = table_of(Kind.run), table_of(Kind.transform)
    first = sa.select(runs.c.id, runs.c.initiated_by_run_id).where(within(runs.c.id, ids, dialect))
    chain, parent = first.cte("chain", recursive=True), other(Kind.run)
    is_next = sa.and_(parent.c.id == chain.c.initiated_by_run_id, parent.c.branch_id.in_(branches))
    chain = chain.union(sa.select(parent.c.id, parent.c.initiated_by_run_id).where(is_next))
    columns = (runs.c.id, runs.c.uid, runs.c.entrypoint, runs.c.started_at, runs.c._status_code, runs.c.initiated_by_run_id)
    joined = chain.join(runs, runs.c.id == chain.c.id).join(transforms, transforms.c.id == runs.c.transform_id)
    return sa.select(*columns, transforms.c.key, transforms.c.description).select_from(joined)


def _label_runs(rows: Iterable[Any]) -> tuple[dict[Point, Node], list[Pair]]:
    nodes: dict[Point, Node] = {}
    pairs: list[Pair] = []
    for row in rows:
        at = point(Kind.run, row.id)
        shown = _transform(row._mapping)
        if row.entrypoint:
            shown = f"{shown}: {one_line(row.entrypoint)}"
        nodes[at] = Node(Kind.run, row.uid, shown, _when(row.started_at, row._status_code))
        if row.initiated_by_run_id is not None:
            pairs.append((point(Kind.run, row.initiated_by_run_id), at))
    return nodes, sorted(pairs)


def _when(started_at: datetime | None, code: int) -> str:
    """Say when a run was, and what became of it unless all went well."""
    name = STATUS.get(code, f"status {code}")
    if name == "scheduled" or started_at is None:
        return name
    time = f"{started_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return time if name == "completed" else f"{time}, {name}"


# ---- transforms -------------------------------------------------------------------------------------------------------------
def _transforms(ids: Sequence[int], dialect: str) -> sa.Select[Any]:
    table = table_of(Kind.transform)
    columns = (table.c.id, table.c.uid, table.c.key, table.c.description, table.c.version_tag, table.c.is_latest)
    return sa.select(*columns).where(within(table.c.id, ids, dialect))


def _transform(row: Any) -> str:
    """Name a transform by its key; one that stands for a transfer says nothing by its key."""
    key = row["key"] or ""
    shown = row["description"] if key.startswith(TRANSFER) and row["description"] else key
    return one_line(shown) or "run"
