"""Places boxes in layers from left to right, so that edges run forwards, cross little, and never pass through a box.

The usual four steps: turn edges of circles around, put each box into the layer after the longest way that leads to it, order the
boxes of each layer by where their neighbours are, and then move them towards their neighbours without changing the order. An edge
over several layers takes up a place in each layer between; edges of one look that start at the same box share these places.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

GAP = 46.0
"""Between layers, where the edges bend."""
APART = 14.0
"""Between boxes of one layer."""
NARROW = 10.0
"""Between an edge that passes a layer and its neighbours there."""
ROUNDS = 12
STRAIGHT = 8.0
"""How much more than others the places of one long edge pull each other into a line."""


class Wire(NamedTuple):
    """An edge to be drawn: from a box to a box, and what it looks like."""

    source: str
    target: str
    look: str


class Segment(NamedTuple):
    """A part of a wire, from one layer to the next: it runs level, bends in the gap, and runs level again.

    `head` is where the arrow is: at the right end, at the left end of a wire that runs backwards, or not in this part.
    """

    x: tuple[float, float, float, float]
    y: tuple[float, float]
    look: str
    head: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a box is: its centre and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of all boxes by name, all segments, and the size of the whole; its upper left corner is at 0, 0."""

    boxes: Mapping[str, Placed]
    segments: Sequence[Segment]
    width: float
    height: float


class _Pass(NamedTuple):
    """The place at which wires pass a layer."""

    source: str
    look: str
    layer: int


_Spot = str | _Pass


def lay_out(sizes: Mapping[str, tuple[float, float]], wires: Sequence[Wire]) -> Layout:
    """Return places for boxes of given width and height."""
    backwards = turned_around(sizes, wires)
    forwards = [wire for wire in wires if wire[:2] not in backwards]
    turned = [Wire(wire.target, wire.source, wire.look) for wire in wires if wire[:2] in backwards and wire.source != wire.target]
    layer_of = layers(sizes, [wire[:2] for wire in (*forwards, *turned)])
    links = list(dict.fromkeys([*_links(forwards, layer_of), *_turned_links(turned, layer_of)]))
    rows = _ordered(_rows(sizes, layer_of, links), links)
    y = _levels(rows, links, {name: height for name, (_, height) in sizes.items()})
    return _measured(sizes, rows, links, y)


# ---- layers -----------------------------------------------------------------------------------------------------------------
def turned_around(names: Iterable[str], wires: Iterable[Wire]) -> set[tuple[str, str]]:
    """Return edges without which there are no circles: those that lead back to where a walk through the graph came from."""
    after: dict[str, list[str]] = {name: [] for name in names}
    entered = dict.fromkeys(after, 0)
    for source, target, _ in wires:
        after[source].append(target)
        entered[target] += source != target
    found: set[tuple[str, str]] = set()
    state: dict[str, int] = {}  # 1 while a walk is in it, 2 once it is left
    for start in sorted(after, key=lambda name: entered[name] > 0):
        stack = [(start, iter(after[start]))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            here, targets = stack[-1]
            for there in targets:
                if state.get(there) == 1:
                    found.add((here, there))
                elif there not in state:
                    state[there] = 1
                    stack.append((there, iter(after[there])))
                    break
            else:
                state[here] = 2
                stack.pop()
    return found


def layers(names: Iterable[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the layer of each box, without circles in the edges; boxes to which nothing leads move close to what follows."""
    after: dict[str, list[str]] = {name: [] for name in names}
    waiting_for = dict.fromkeys(after, 0)
    for source, target in edges:
        after[source].append(target)
        waiting_for[target] += 1
    sources = [name for name, count in waiting_for.items() if not count]
    layer = dict.fromkeys(after, 0)
    ready = list(sources)
    while ready:
        here = ready.pop()
        for there in after[here]:
            layer[there] = max(layer[there], layer[here] + 1)
            waiting_for[there] -= 1
            if not waiting_for[there]:
                ready.append(there)
    for name in sources:
        if after[name]:
            layer[name] = min(layer[there] for there in after[name]) - 1
    return layer


class _Link(NamedTuple):
    """A step from a spot to a spot in the next layer."""

    left: _Spot
    right: _Spot
    look: str
    head: str


def _links(wires: Iterable[Wire], layer_of: Mapping[str, int]) -> Iterator[_Link]:
    for source, target, look in wires:
        here: _Spot = source
        for layer in range(layer_of[source] + 1, layer_of[target]):
            there = _Pass(source, look, layer)
            yield _Link(here, there, look, "")
            here = there
        yield _Link(here, target, look, "right")


def _turned_links(wires: Iterable[Wire], layer_of: Mapping[str, int]) -> Iterator[_Link]:
    """As `_links`, for edges that run backwards: from where their arrow is, each on a way of its own."""
    for source, target, look in wires:
        here: _Spot = source
        for layer in range(layer_of[source] + 1, layer_of[target]):
            there = _Pass(f"{target} {source}", look, layer)
            yield _Link(here, there, look, "left" if here == source else "")
            here = there
        yield _Link(here, target, look, "left" if here == source else "")


def _rows(names: Iterable[str], layer_of: Mapping[str, int], links: Iterable[_Link]) -> list[list[_Spot]]:
    rows: list[list[_Spot]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for name in names:
        rows[layer_of[name]].append(name)
    passes = {spot: None for link in links for spot in (link.left, link.right) if isinstance(spot, _Pass)}
    for spot in passes:
        rows[spot.layer].append(spot)
    return rows


# ---- order ------------------------------------------------------------------------------------------------------------------
class _Near:
    """Neighbours of spots in the layer before and in the layer after."""

    def __init__(self, links: Iterable[_Link]) -> None:
        self.left: dict[_Spot, list[_Spot]] = {}
        self.right: dict[_Spot, list[_Spot]] = {}
        for link in links:
            self.right.setdefault(link.left, []).append(link.right)
            self.left.setdefault(link.right, []).append(link.left)


def _ordered(rows: list[list[_Spot]], links: Sequence[_Link]) -> list[list[_Spot]]:
    """Return the rows in an order with few crossings."""
    near = _Near(links)
    best, fewest = rows, crossings(rows, near.right)
    for number in range(ROUNDS):
        if not fewest:
            break
        rows = _swept(rows, near.left if number % 2 == 0 else near.right, from_left=number % 2 == 0)
        if (count := crossings(rows, near.right)) < fewest:
            best, fewest = rows, count
    return best


def _swept(rows: Sequence[list[_Spot]], near: Mapping[_Spot, list[_Spot]], *, from_left: bool) -> list[list[_Spot]]:
    """Return the rows with each spot where its neighbours in the row looked at before are on average."""
    place: dict[_Spot, int] = {}
    swept: list[list[_Spot]] = []
    for row in rows if from_left else reversed(rows):
        middle: dict[_Spot, float] = {}
        for number, spot in enumerate(row):
            places = [place[other] for other in near.get(spot, ())]
            middle[spot] = sum(places) / len(places) if places else float(number)
        ordered = sorted(row, key=middle.__getitem__)
        place.update({spot: number for number, spot in enumerate(ordered)})
        swept.append(ordered)
    return swept if from_left else swept[::-1]


def crossings(rows: Sequence[Sequence[_Spot]], right: Mapping[_Spot, list[_Spot]]) -> int:
    """Return how often edges cross between neighbouring rows."""
    total = 0
    for row, following in itertools.pairwise(rows):
        place = {spot: number for number, spot in enumerate(following)}
        seen = [0] * (len(following) + 1)  # a Fenwick tree: how many edges end at or before each place
        count = 0
        for spot in row:
            ends = sorted(place[other] for other in right.get(spot, ()))
            for end in ends:
                total += count - _sum(seen, end + 1)
            for end in ends:
                count += 1
                _add(seen, end + 1)
    return total


def _sum(tree: Sequence[int], end: int) -> int:
    total = 0
    while end:
        total += tree[end]
        end &= end - 1
    return total


def _add(tree: list[int], at: int) -> None:
    while at < len(tree):
        tree[at] += 1
        at += at & -at


# ---- coordinates ------------------------------------------------------------------------------------------------------------
def _levels(rows: Sequence[Sequence[_Spot]], links: Sequence[_Link], heights: Mapping[str, float]) -> dict[_Spot, float]:
    """Return the height of the middle of each spot."""
    near = _Near(links)
    y: dict[_Spot, float] = {}
    needed = [_distances(row, heights) for row in rows]
    for row, distances in zip(rows, needed, strict=True):
        total, at = sum(distances), 0.0
        for spot, distance in zip(row, [0.0, *distances], strict=False):
            at += distance
            y[spot] = at - total / 2
    for number in range(ROUNDS):
        from_left = number % 2 == 0
        order = range(len(rows)) if from_left else range(len(rows) - 1, -1, -1)
        sides = (near.left, near.right) if number >= ROUNDS - 2 else ((near.left,) if from_left else (near.right,))
        for index in order:
            wanted = [_wanted(spot, sides, y) for spot in rows[index]]
            weights = [STRAIGHT if isinstance(spot, _Pass) else 1.0 for spot in rows[index]]
            y.update(zip(rows[index], spread(wanted, weights, needed[index]), strict=True))
    return y


def _distances(row: Sequence[_Spot], heights: Mapping[str, float]) -> list[float]:
    """Return how far the middles of neighbours in a row must be apart."""
    found = []
    for upper, lower in itertools.pairwise(row):
        space = APART if isinstance(upper, str) and isinstance(lower, str) else NARROW
        halves = [heights[spot] / 2 for spot in (upper, lower) if isinstance(spot, str)]
        found.append(sum(halves) + space)
    return found


def _wanted(spot: _Spot, sides: Iterable[Mapping[_Spot, list[_Spot]]], y: Mapping[_Spot, float]) -> float:
    total = weight = 0.0
    for side in sides:
        for other in side.get(spot, ()):
            pull = STRAIGHT if isinstance(spot, _Pass) and isinstance(other, _Pass) else 1.0
            total, weight = total + pull * y[other], weight + pull
    return total / weight if weight else y[spot]


def spread(wanted: Sequence[float], weights: Sequence[float], distances: Sequence[float]) -> list[float]:
    """Return the places next to the wanted ones (weighted least squares) that keep order and distances of neighbours."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight and number of places that move together
    offsets = list(itertools.accumulate(distances, initial=0.0))
    for place, offset, weight in zip(wanted, offsets, weights, strict=False):
        mean, heavy, count = place - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, much, many = blocks.pop()
            mean = (before * much + mean * heavy) / (much + heavy)
            heavy, count = much + heavy, many + count
        blocks.append((mean, heavy, count))
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]


def _measured(
    sizes: Mapping[str, tuple[float, float]], rows: Sequence[Sequence[_Spot]], links: Iterable[_Link], y: Mapping[_Spot, float]
) -> Layout:
    """Return the layout: widths of layers, and everything moved so that it starts at 0, 0."""
    top = min((y[name] - sizes[name][1] / 2 for name in sizes), default=0.0)
    top = min([top, *(level for spot, level in y.items() if isinstance(spot, _Pass))])
    edges: list[tuple[float, float]] = []  # left and right end of each layer
    spot_edges: dict[_Spot, tuple[float, float, float, float]] = {}  # ends of the layer, ends of the spot
    boxes: dict[str, Placed] = {}
    for row in rows:
        left = edges[-1][1] + GAP if edges else 0.0
        right = left + max((sizes[spot][0] for spot in row if isinstance(spot, str)), default=0.0)
        edges.append((left, right))
        for spot in row:
            half = sizes[spot][0] / 2 if isinstance(spot, str) else (right - left) / 2
            middle = (left + right) / 2
            spot_edges[spot] = (left, right, middle - half, middle + half)
            if isinstance(spot, str):
                boxes[spot] = Placed(middle, y[spot] - top, *sizes[spot])
    segments = []
    for left_spot, right_spot, look, head in links:
        _, bend, _, start = spot_edges[left_spot]
        unbend, _, end, _ = spot_edges[right_spot]
        start = spot_edges[left_spot][2] if isinstance(left_spot, _Pass) else start
        segments.append(Segment((start, bend, unbend, end), (y[left_spot] - top, y[right_spot] - top), look, head))
    bottom = max((box.y + box.height / 2 for box in boxes.values()), default=0.0)
    bottom = max([bottom, *(segment.y[1] for segment in segments)])
    return Layout(boxes, segments, edges[-1][1] if edges else 0.0, bottom)
