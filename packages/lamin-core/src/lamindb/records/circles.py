"""Hierarchies lead in no circle: relations of a registry to itself, however they are written."""

from __future__ import annotations

import functools
import graphlib
import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument
from lamindb.query.membership import within
from lamindb.query.trees import Steps, reached

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


HIERARCHIES = {"parents": "below", "children": "above", "predecessors": "after", "successors": "before"}
"""Relations of a registry to itself that never lead in a circle, and where what cannot be added to them lies already."""


@functools.cache
def steps(through: str) -> tuple[str, Steps] | None:
    """Return the registry of which a link registry is a hierarchy, and its steps up; None if it is none."""
    for holder, _ in catalog.entry(through)["references"].values():
        for name, relation in catalog.entry(holder)["relations"].items():
            if name in HIERARCHIES and relation[:3] == ("many", holder, through):
                return holder, Steps(catalog.registry(through).__table__, relation[3], relation[4])
    return None


def check_new(
    connection: sa.Connection, database: Database, host: BaseSQLRecord, relation: str, through: Steps, ids: Sequence[int]
) -> None:
    """Raise if records that are to become, say, parents of a record would lead in a circle.

    Nobody else changes the hierarchy until the transaction ends.

    Raises
    ------
    InvalidArgument: naming the record that is in the way.
    """
    table, qualified = type(host).__table__, host.__qualified__
    database.lock(through.source.name)
    called = table.c[catalog.entry(qualified)["name_field"] or "uid"]
    back = reached(table, Steps(through.source, through.there, through.here), host.id, None)
    query = sa.select(table.c.id, called.label("name")).where(within(table.c.id, ids, database.dialect))
    query = query.where(sa.or_(table.c.id == host.id, table.c.id.in_(back))).order_by(table.c.id).limit(1)
    if (found := connection.execute(query).first()) is None:
        return
    name, kind = host.__dict__.get(called.key), type(host).__name__
    if found.id == host.id:
        raise InvalidArgument(f"the {kind} {name!r} cannot be one of its own {relation}")
    raise InvalidArgument(
        f"the {kind} {found.name!r} is {HIERARCHIES[relation]} {name!r} already, so that it cannot be one of its {relation}; "
        f"remove it there first"
    )


def check_written(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Raise if link rows that were just written lead in a circle; one statement for all, each link on the way read once.

    Raises
    ------
    InvalidArgument: naming a record that would lie above itself.
    """
    if (found := steps(registry.__qualified__)) is None:
        return
    holder, up = found
    database.lock(up.source.name)  # waits for those who wrote before, so that their rows are seen below
    begins = min(({row[side] for row in rows} for side in (up.here, up.there)), key=len)
    steps_on = up if begins == {row[up.here] for row in rows} else Steps(up.source, up.there, up.here)
    graph: dict[int, set[int]] = {}
    for here, there in connection.execute(_links_on(steps_on, begins, database.dialect)):
        graph.setdefault(here, set()).add(there)
    circle = _circle(graph)
    new = {(row[steps_on.here], row[steps_on.there]) for row in rows}
    if circle and not any(step in new for step in circle):  # an old one, of a database of LaminDB, may hide another
        circle = next(([step] for step in sorted(new) if step[0] in _reachable(graph, step[1])), [])
    if circle:
        table = catalog.registry(holder).__table__
        called = table.c[catalog.entry(holder)["name_field"] or "uid"]
        name = connection.execute(sa.select(called).where(table.c.id == circle[0][0])).scalar()
        kind = holder.rpartition(".")[2]
        raise InvalidArgument(f"with these links the {kind} {name!r} would lead back to itself; leave out one of them")


def _links_on(way: Steps, begins: set[int], dialect: str) -> sa.Select[Any]:
    """Return the select of all links that lead on from some rows."""
    first, further = way.source.alias(), way.source.alias()
    start = sa.select(first.c[way.here].label("id")).where(within(first.c[way.here], sorted(begins), dialect))
    walked = start.cte("walked", recursive=True)
    step = sa.select(further.c[way.there]).select_from(walked.join(further, further.c[way.here] == walked.c.id))
    walked = walked.union(step)
    return sa.select(way.source.c[way.here], way.source.c[way.there]).where(way.source.c[way.here].in_(sa.select(walked.c.id)))


def _circle(graph: Mapping[int, set[int]]) -> list[tuple[int, int]]:
    """Return the steps of a circle, none if there is no circle."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        nodes = error.args[1]  # each is what the next one leads to
        return [(there, here) for here, there in itertools.pairwise(nodes)]
    return []


def _reachable(graph: Mapping[int, set[int]], start: int) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
