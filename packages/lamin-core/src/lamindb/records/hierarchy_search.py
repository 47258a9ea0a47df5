"""Finds what is above or below a record, and chooses what is drawn of it: two statements, a bounded number of records."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lamindb.graphs.style import Side
from lamindb.query.scope import seen_ids
from lamindb.query.trees import nearest, steps_from
from lamindb.records.walking import steps_of

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

MOST_DRAWN = 500
"""Records in a graph whose size is limited; those that come later are counted."""
MOST_FOUND = 50_000
"""Records on one side after which the search ends. More cannot be looked at."""
FARTHEST = 100
"""Distances up to which the database ends the search; farther ones are left to the choice of what is drawn."""
RELATIONS: dict[Side, str] = {"before": "parents", "after": "children"}
Step = tuple[int, int]
"""From the nearer to the farther record, by their ids."""


def search(
    database: Database, record: BaseSQLRecord, sides: Sequence[Side], distance: int | None
) -> tuple[dict[Side, list[Step]], bool]:
    """Return all steps on some sides of a record, and whether these are all: two statements, whatever there is."""
    ways = [steps_of(record.__qualified__, RELATIONS[side]) for side in sides]
    branches = seen_ids(record.__qualified__, database)
    depth = distance if distance is not None and distance <= FARTHEST else None
    walk = nearest(type(record).__table__, ways, record.id, branches, depth, MOST_FOUND + 1)
    reached: list[dict[int, None]] = [{record.id: None} for _ in ways]
    counts = [0] * len(ways)
    with database.reading() as connection:
        for way, row_id in connection.execute(walk):
            counts[way] += 1
            if counts[way] <= MOST_FOUND:
                reached[way][row_id] = None
        links = steps_from(list(zip(ways, map(list, reached), strict=True)), database.dialect)
        found: list[set[Step]] = [set() for _ in ways]
        for way, here, there in connection.execute(links):
            if there in reached[way] and here != there:
                found[way].add((here, there))
    return {side: sorted(each) for side, each in zip(sides, found, strict=True)}, max(counts) <= MOST_FOUND


@dataclass(slots=True)
class Choice:
    """Ids of the records that are drawn, in the order in which they were chosen, and how many neighbours are not."""

    chosen: dict[int, None]
    hidden: dict[tuple[int, Side], int] = field(default_factory=dict)

    def add_side(self, subject: int, side: Side, steps: Iterable[Step], distance: int | None, limit: int | None) -> None:
        """Choose what is drawn on one side of the subject, what is nearest first."""
        near: dict[int, list[int]] = {}
        for here, there in steps:
            near.setdefault(here, []).append(there)
        levels = {subject: 0}
        waiting = deque([subject])
        while waiting:
            here = waiting.popleft()
            if levels[here] == distance:
                continue
            for there in self._bounded(near.get(here, []), limit, near):
                self.chosen[there] = None
                if there not in levels:
                    levels[there] = levels[here] + 1
                    waiting.append(there)
        for here, level in levels.items():
            missing = sum(there not in self.chosen for there in near.get(here, ())) if level != distance else 0
            if missing:
                self.hidden[here, side] = missing

    def _bounded(self, found: Sequence[int], limit: int | None, near: Mapping[int, Any]) -> Sequence[int]:
        """Return those that are drawn already, then those that lead further, as many as may be."""
        if limit is None:
            return found
        known = [there for there in found if there in self.chosen]
        room = max(0, min(limit - len(known), MOST_DRAWN - len(self.chosen)))
        if len(found) - len(known) <= room:
            return found
        new = sorted((there for there in found if there not in self.chosen), key=lambda there: (there not in near, there))
        return [*known, *new[:room]]
