"""Finds what lies before and after a record, as ids: two statements, whatever the size of the graph.

The first is a recursive query over all kinds of nodes at once. Rows that were found before are dropped by its UNION, so circles
end it as well. The second asks for all edges at the runs and collections found.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.graphs.style import Side
from lamindb.lineage.graph import Kind
from lamindb.lineage.graph_links import DATA, EXECUTED, LINKS, PRECEDES, Link, other, table_of
from lamindb.query.membership import within

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

MOST = 20_000
"""Runs, collections and transforms after which the search ends. More cannot be looked at."""
FARTHEST = 100
"""Distances up to which the database ends the search; farther ones are left to who draws the graph. A circle is walked until
this distance is reached."""
HUBS = (Kind.run, Kind.collection, Kind.transform)


Point = int
"""A node as one number: eight times its id, plus its kind. A thousand runs have many neighbours, and tuples take their time."""
Line = tuple[Point, Point, int]
"""An edge: from, to, number of the link in `LINKS`."""


def point(kind: Kind, row_id: int) -> Point:
    """Return a row as a point."""
    return row_id << 3 | kind.value


def kind_of(at: Point) -> Kind:
    """Return what a point stands for."""
    return KINDS[at & 7]


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for.

    Parameters
    ----------
    kind, id: where the search starts; from a transform it also starts at all of its runs.
    branches: ids of the branches whose rows are seen.
    sides: what lies before, after or both.
    distance: how many runs away from the subject the search ends; None for never.
    """

    kind: Kind
    id: int
    branches: tuple[int, ...]
    sides: tuple[Side, ...]
    distance: int | None


def search(database: Database, question: Question) -> tuple[list[Line], bool]:
    """Return all edges at everything that lies before or after the subject, and whether these are all."""
    is_near = question.distance is not None and question.distance <= FARTHEST
    branches = list(question.branches)
    statement = closure(database.dialect, question.kind is Kind.transform, question.sides, is_near)
    asked = {"kind": question.kind.value, "id": question.id, "branches": branches, "most": MOST + 1}
    hubs: dict[Kind, list[int]] = {kind: [] for kind in HUBS}
    with database.reading() as connection:
        found = connection.execute(statement, asked | ({"distance": question.distance} if is_near else {})).all()
        for kind, row_id in sorted({(kind, row_id) for kind, row_id in found[:MOST]}):
            hubs[Kind(kind)].append(row_id)
        rows = connection.execute(edges(database.dialect, hubs, question), {"branches": branches}).all()
    source, target = [link.source.value for link in LINKS], [link.target.value for link in LINKS]
    lines = [(here << 3 | source[number], there << 3 | target[number], number) for number, here, there in rows]
    lines.sort()  # so that the same rows always make the same graph
    return lines, len(found) <= MOST


# ---- what is connected with the subject -------------------------------------------------------------------------------------
@functools.lru_cache(maxsize=32)
def closure(dialect: str, from_transform: bool, sides: tuple[Side, ...], is_near: bool) -> sa.CompoundSelect[Any]:
    """Return the statement that finds runs, collections and transforms on some sides of a subject."""
    walks = [_walk(dialect, side, from_transform, is_near) for side in sides]
    found = [sa.select(walk.c.kind, walk.c.id).where(walk.c.kind.in_([kind.value for kind in HUBS])) for walk in walks]
    return sa.union_all(*found).limit(sa.bindparam("most", type_=sa.Integer))


def _walk(dialect: str, side: Side, from_transform: bool, is_near: bool) -> sa.CTE:
    subject = sa.bindparam("id", type_=sa.BigInteger)
    distance: sa.ColumnElement[Any] | None = sa.literal_column("0") if is_near else None
    start: Any = _node(sa.bindparam("kind", type_=sa.Integer), subject, distance)
    links: tuple[Link, ...] = DATA
    if from_transform:
        runs = table_of(Kind.run)
        own = _node(_number(Kind.run), runs.c.id, distance).where(runs.c.transform_id == subject, _visible(Kind.run, runs.c.id))
        start, links = sa.select(sa.union_all(start, own).subquery()), (*DATA, PRECEDES)
    walk: sa.CTE = start.cte(side, recursive=True)
    steps = [_step(walk, link, side, is_near) for link in links]
    if dialect == "sqlite":  # takes any number of recursive terms, but nothing lateral
        return walk.union(*steps)
    step = sa.union_all(*(each.correlate(walk) for each in steps)).lateral("step")
    return walk.union(sa.select(*step.c).select_from(walk.join(step, sa.true())))


def _number(kind: Kind) -> sa.ColumnElement[int]:
    return sa.literal_column(str(kind.value), sa.Integer)


def _node(kind: sa.ColumnElement[int], row_id: sa.ColumnElement[Any], distance: sa.ColumnElement[Any] | None) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [sa.cast(kind, sa.Integer).label("kind"), sa.cast(row_id, sa.BigInteger).label("id")]
    if distance is not None:
        columns.append(sa.cast(distance, sa.Integer).label("distance"))
    return sa.select(*columns)


def _step(walk: sa.CTE, link: Link, side: Side, is_near: bool) -> sa.Select[Any]:
    """Return the nodes one edge away from those of a walk."""
    table = link.table
    (far_kind, far_column), (near_kind, near_column) = (link.source, table.c[link.here]), (link.target, table.c[link.there])
    if side == "after":
        far_kind, far_column, near_kind, near_column = near_kind, near_column, far_kind, far_column
    distance = walk.c.distance + cost(far_kind) if is_near else None
    is_next = sa.and_(walk.c.kind == _number(near_kind), near_column == walk.c.id, _visible(far_kind, far_column))
    found = _node(_number(far_kind), far_column, distance).select_from(table).where(is_next)
    return found if distance is None else found.where(distance <= sa.bindparam("distance", type_=sa.Integer))


def cost(kind: Kind) -> int:
    """Return by how much the distance from the subject grows with a node."""
    return 0 if kind.is_data else 1


def _visible(kind: Kind, row_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a row lives on one of the branches.

    As a subquery, because that is looked at last. In a join both databases may begin with all rows of the branch.
    """
    rows = other(kind)
    branch_id = sa.select(rows.c.branch_id).where(rows.c.id == row_id).scalar_subquery()
    return branch_id.in_(sa.bindparam("branches", expanding=True, type_=sa.Integer))


# ---- edges ------------------------------------------------------------------------------------------------------------------
def edges(dialect: str, hubs: Mapping[Kind, Sequence[int]], subject: Question) -> sa.CompoundSelect[Any]:
    """Return the statement that finds all edges at some runs, collections and transforms: number of the link, source, target."""
    found = []
    for number, link in enumerate(LINKS):
        table = link.table
        far_kind, far_column = (link.source, link.here) if link.hub_column == link.there else (link.target, link.there)
        ids = hubs[link.hub] if link is not EXECUTED else [subject.id] if subject.kind is Kind.transform else []
        is_seen = _visible(far_kind, table.c[far_column])
        if far_kind is subject.kind:  # the subject is shown wherever it lives
            is_seen = sa.or_(is_seen, table.c[far_column] == subject.id)
        columns = (sa.literal_column(str(number), sa.Integer).label("link"), table.c[link.here], table.c[link.there])
        found.append(sa.select(*columns).where(within(table.c[link.hub_column], ids, dialect), is_seen))
    return sa.union_all(*found)
