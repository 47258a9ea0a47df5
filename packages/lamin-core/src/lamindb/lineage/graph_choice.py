"""Chooses what is drawn of all that was found: what leads to or from the subject, a bounded number of neighbours of each node."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lamindb.lineage.graph import EdgeKind, Kind, Side
from lamindb.lineage.graph_search import Line, Point, cost, kind_of

COSTS = tuple(cost(kind) for kind in Kind)
NOTHING: dict[EdgeKind, list[Point]] = {}


class Neighbours:
    """The points on one side of each point, by kind of edge."""

    def __init__(self, pairs: Iterable[tuple[Point, Point, EdgeKind]]) -> None:
        self._of: dict[Point, dict[EdgeKind, list[Point]]] = {}
        for here, there, kind in pairs:
            of = self._of.get(here)
            if of is None:
                of = self._of[here] = {}
            group = of.get(kind)
            if group is None:
                group = of[kind] = []
            group.append(there)

    def of(self, here: Point) -> dict[EdgeKind, list[Point]]:
        """Return the neighbours of a point."""
        return self._of.get(here, NOTHING)

    def __contains__(self, here: Point) -> bool:
        return here in self._of


@dataclass(slots=True)
class Choice:
    """What is drawn.

    Parameters
    ----------
    points: the nodes.
    lines: the edges between them.
    hidden: how many neighbours are left out, by node and side.
    """

    points: set[Point]
    lines: list[Line]
    hidden: dict[tuple[Point, Side], int] = field(default_factory=dict)


class Chooser:
    """Walks over all that was found, from the subject outwards.

    Parameters
    ----------
    lines: everything that was found.
    distance: how many runs away from the subject the walk ends; None for never.
    limit: how many neighbours of one kind of edge are drawn on one side of a node; None for all.
    """

    def __init__(self, lines: Sequence[Line], distance: int | None, limit: int | None) -> None:
        self._lines, self._distance, self._limit = lines, distance, limit
        self._near: dict[Side, Neighbours] = {
            "before": Neighbours((target, source, kind) for source, target, kind in lines),
            "after": Neighbours(lines),
        }
        self._chosen: set[Point] = set()
        self._looked_at: set[tuple[Point, Side, EdgeKind]] = set()

    def choose(self, subject: Point, sides: Sequence[Side]) -> Choice:
        """Return what is drawn around a subject."""
        self._chosen = {subject}
        starts = [subject]
        if kind_of(subject) is Kind.transform:
            starts += self._bounded(subject, "after", "executed")
        reached: dict[Side, list[Point]] = {side: self._walk(starts, side) for side in sides}
        self._add_siblings(reached)
        lines = [line for line in self._lines if line[0] in self._chosen and line[1] in self._chosen]
        return Choice(self._chosen, lines, self._count_hidden())

    def _walk(self, starts: Sequence[Point], side: Side) -> list[Point]:
        """Choose what lies on one side of some points, and return it."""
        distances = dict.fromkeys(starts, 0)
        waiting = deque(starts)
        done: list[Point] = []
        seen: set[Point] = set()
        while waiting:
            here = waiting.popleft()
            if here in seen:
                continue
            seen.add(here)
            done.append(here)
            for kind, points in self._near[side].of(here).items():
                step = COSTS[points[0] & 7]
                so_far = distances[here] + step
                if kind == "executed" or (self._distance is not None and so_far > self._distance):
                    continue
                for there in self._bounded(here, side, kind):
                    if so_far < distances.get(there, so_far + 1):
                        distances[there] = so_far
                        if step:
                            waiting.append(there)
                        else:
                            waiting.appendleft(there)
        return done

    def _add_siblings(self, reached: Mapping[Side, Sequence[Point]]) -> None:
        """Choose what else the chosen runs made, and what else went into the runs and collections after the subject."""
        for side, points in reached.items():
            for here in points:
                if kind_of(here) is Kind.run:
                    self._bounded(here, "after", "created")
                    self._bounded(here, "after", "recreated")
                if side == "after":
                    self._bounded(here, "before", "input" if kind_of(here) is Kind.run else "member")

    def _bounded(self, here: Point, side: Side, kind: EdgeKind) -> list[Point]:
        """Choose neighbours of a point: those chosen already, then those that lead further, of these the newest."""
        points = self._near[side].of(here).get(kind, [])
        self._looked_at.add((here, side, kind))
        if self._limit is not None and len(points) > self._limit:
            further = self._near[side]
            points = sorted(points, key=lambda there: (there not in self._chosen, there not in further, -there))
            points = points[: max(self._limit, sum(there in self._chosen for there in points))]
        self._chosen.update(points)
        return points

    def _count_hidden(self) -> dict[tuple[Point, Side], int]:
        """Return how many of the neighbours that were looked at are not drawn, by node and side."""
        hidden: dict[tuple[Point, Side], int] = {}
        if self._limit is None:
            return hidden
        for here, side, kind in self._looked_at:
            points = self._near[side].of(here).get(kind, [])
            if len(points) > self._limit and (missing := sum(there not in self._chosen for there in points)):
                hidden[here, side] = hidden.get((here, side), 0) + missing
        return hidden
