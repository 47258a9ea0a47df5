"""Chooses what is drawn of all that was found: what leads to or from the subject, a bounded number of neighbours of each node."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lamindb.graphs.style import Side
from lamindb.lineage.graph import Kind
from lamindb.lineage.graph_links import EXECUTED, LINKS
from lamindb.lineage.graph_search import Line, Point, cost, kind_of

WALKED: dict[Side, dict[Kind, list[tuple[int, int]]]] = {
    "before": {
        kind: [(number, cost(link.source)) for number, link in enumerate(LINKS) if link.target is kind and link is not EXECUTED]
        for kind in Kind
    },
    "after": {
        kind: [(number, cost(link.target)) for number, link in enumerate(LINKS) if link.source is kind and link is not EXECUTED]
        for kind in Kind
    },
}
"""Links that lead on from a node, by side and kind of the node, each with what a step costs."""
OUTPUTS = tuple(number for number, link in enumerate(LINKS) if link.kind in ("created", "recreated"))
INPUTS = {
    Kind.run: tuple(number for number, link in enumerate(LINKS) if link.kind == "input"),
    Kind.collection: tuple(number for number, link in enumerate(LINKS) if link.kind == "member"),
}


class Neighbours:
    """The points on one side of each point, by link."""

    def __init__(self, pairs: Iterable[Line]) -> None:
        self._of: dict[int, list[Point]] = {}  # one number for a point and a link: there are many
        self._known: set[Point] = set()
        for here, there, link in pairs:
            key = here << 4 | link
            if key in self._of:
                self._of[key].append(there)
            else:
                self._of[key] = [there]
                self._known.add(here)

    def of(self, here: Point, link: int) -> list[Point]:
        """Return the neighbours of a point over a link."""
        return self._of.get(here << 4 | link, [])

    def __contains__(self, here: Point) -> bool:
        """Whether a point has any."""
        return here in self._known


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
    limit: how many neighbours over one link are drawn on one side of a node; None for all.
    """

    def __init__(self, lines: Sequence[Line], distance: int | None, limit: int | None) -> None:
        self._lines, self._distance, self._limit = lines, distance, limit
        self._near: dict[Side, Neighbours] = {
            "before": Neighbours((target, source, link) for source, target, link in lines),
            "after": Neighbours(lines),
        }
        self._chosen: set[Point] = set()
        self._too_many: set[tuple[Point, Side, int]] = set()

    def choose(self, subject: Point, sides: Sequence[Side]) -> Choice:
        """Return what is drawn around a subject."""
        self._chosen = {subject}
        starts = [subject]
        if kind_of(subject) is Kind.transform:
            starts += self._bounded(subject, "after", LINKS.index(EXECUTED))
        reached: dict[Side, list[Point]] = {side: self._walk(starts, side) for side in sides}
        self._add_siblings(reached)
        lines = [line for line in self._lines if line[0] in self._chosen and line[1] in self._chosen]
        return Choice(self._chosen, lines, self._count_hidden())

    def _walk(self, starts: Sequence[Point], side: Side) -> list[Point]:
        """Choose what lies on one side of some points, and return it; what is nearer comes first."""
        distances = dict.fromkeys(starts, 0)
        waiting = deque(starts)
        done: dict[Point, None] = {}
        while waiting:
            here = waiting.popleft()
            if here in done:
                continue
            done[here] = None
            for link, step in WALKED[side][kind_of(here)]:
                so_far = distances[here] + step
                if self._distance is not None and so_far > self._distance:
                    continue
                for there in self._bounded(here, side, link):
                    if so_far < distances.get(there, so_far + 1):
                        distances[there] = so_far
                        if step:
                            waiting.append(there)
                        else:
                            waiting.appendleft(there)
        return list(done)

    def _add_siblings(self, reached: Mapping[Side, Sequence[Point]]) -> None:
        """Choose what else the chosen runs made, and what else went into the runs and collections after the subject."""
        for side, points in reached.items():
            for here in points:
                kind = kind_of(here)
                for link in OUTPUTS if kind is Kind.run else ():
                    self._bounded(here, "after", link)
                for link in INPUTS.get(kind, ()) if side == "after" else ():
                    self._bounded(here, "before", link)

    def _bounded(self, here: Point, side: Side, link: int) -> list[Point]:
        """Choose neighbours of a point: those chosen already, then those that lead further, of these the newest."""
        points = self._near[side].of(here, link)
        if self._limit is not None and len(points) > self._limit:
            self._too_many.add((here, side, link))
            further = self._near[side]
            points = sorted(points, key=lambda there: (there not in self._chosen, there not in further, -there))
            points = points[: max(self._limit, sum(there in self._chosen for there in points))]
        self._chosen.update(points)
        return points

    def _count_hidden(self) -> dict[tuple[Point, Side], int]:
        """Return how many of the neighbours that were looked at are not drawn, by node and side."""
        hidden: dict[tuple[Point, Side], int] = {}
        for here, side, link in self._too_many:
            if missing := sum(there not in self._chosen for there in self._near[side].of(here, link)):
                hidden[here, side] = hidden.get((here, side), 0) + missing
        return hidden
