"""Walking hierarchies: all rows that are reached from one row over a relation of its registry to itself, by one statement.

A row that is not seen (in the trash, on another branch) ends the walk: what lies behind it is reached only by another way.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.query.membership import within
from lamindb.query.scope import on_branches

if TYPE_CHECKING:
    from lamindb.query.comparisons import Operand

LOWEST, HIGHEST = -(2**31), 2**31 - 1
"""Numbers that no branch has as its id."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The rows that lead from one row to others of the same registry.

    Parameters
    ----------
    source: the table of links, or of the registry itself.
    here: the column that has the id of the row we come from.
    there: the column that has the id of the row we come to.
    """

    source: sa.Table
    here: str
    there: str


def reached(
    table: sa.Table,
    steps: Steps,
    start: int,
    branches: Sequence[int] | None,
    depth: int | None = None,
    name: str = "reached",
) -> sa.Select[Any]:
    """Return the select of the ids of all rows that are reached from a row, without that row.

    Parameters
    ----------
    branches
        Ids of the branches whose rows are seen; None for all.
    depth
        How many steps at most; None for any number.
    name
        What the walk is called, where a statement has several.
    """
    first, further = _alias(steps.source, 1), _alias(steps.source, 2)
    begin = sa.select(first.c[steps.there].label("id"), sa.literal_column("1", sa.Integer).label("depth"))
    begin = _seen(begin.where(first.c[steps.here] == start), first, steps, table, branches)
    if depth is None:
        begin = begin.with_only_columns(begin.selected_columns.id)
    else:
        begin = begin.where(sa.literal(depth) > 0)
    found = begin.cte(name, recursive=True)
    columns: list[Operand] = [further.c[steps.there].label("id")]
    step = sa.select(*columns, *([] if depth is None else [found.c.depth + 1]))
    step = step.select_from(found.join(further, further.c[steps.here] == found.c.id))
    if depth is not None:
        step = step.where(found.c.depth < depth)
    # UNION leaves out what was reached before, which ends the walk where steps lead in a circle.
    walked = found.union(_seen(step, further, steps, table, branches))
    return sa.select(walked.c.id).where(walked.c.id != start)


def _seen(
    select: sa.Select[Any], link: sa.FromClause, steps: Steps, table: sa.Table, branches: Sequence[int] | None
) -> sa.Select[Any]:
    """Leave out steps to rows that are not seen, and those to nowhere."""
    there: Operand = link.c[steps.there]
    if branches is None or "branch_id" not in table.c:
        return select.where(there.is_not(None))
    if steps.source is table and steps.there == "id":
        return select.where(on_branches(link.c.branch_id, branches))
    # Few rows are hidden: found once, by the index of their branch, they cost less than a look at every row on the way.
    node = _alias(table, 3)
    return select.where(there.not_in(sa.select(node.c.id).where(_elsewhere(node.c.branch_id, branches))))


@functools.cache
def _alias(table: sa.Table, number: int) -> sa.FromClause:
    """Return one of a table's aliases, which are made once: each copies all columns, which takes longer than a short walk."""
    return table.alias()


def _elsewhere(column: Operand, branches: Sequence[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a row lives on none of some branches, as ranges, which an index can serve.

    Each has two ends: of those Postgres expects few rows where it has no statistics, and of one with one end a third of all.
    """
    known = [LOWEST, *sorted(branches), HIGHEST]
    return sa.or_(*(sa.and_(column > low, column < high) for low, high in itertools.pairwise(known)))


def nearest(
    table: sa.Table, ways: Sequence[Steps], start: int, branches: Sequence[int] | None, depth: int | None, most: int
) -> sa.CompoundSelect[Any]:
    """Return the select of number of the way and id of what some ways reach, what is near first, `most` rows of each."""
    parts = []
    for number, steps in enumerate(ways):
        ids = reached(table, steps, start, branches, depth, f"reached_{number}").limit(most).subquery()
        parts.append(sa.select(sa.literal_column(str(number), sa.Integer).label("way"), ids.c.id))
    return sa.union_all(*parts)


def steps_from(ways: Sequence[tuple[Steps, Sequence[int]]], dialect: str) -> sa.CompoundSelect[Any]:
    """Return the select of number of the way, here and there of all single steps from some rows, for each of some ways."""
    parts = []
    for number, (steps, ids) in enumerate(ways):
        here, there = steps.source.c[steps.here], steps.source.c[steps.there]
        columns = (sa.literal_column(str(number), sa.Integer).label("way"), here.label("here"), there.label("there"))
        parts.append(sa.select(*columns).where(within(here, ids, dialect)))
    return sa.union_all(*parts)
