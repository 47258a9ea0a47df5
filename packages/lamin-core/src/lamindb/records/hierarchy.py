"""Graphs of hierarchies: what is above and below a record, a bounded number of records, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument, UnsavedRecord
from lamindb.graphs.graph import Edge, Node
from lamindb.graphs.showing import Format, ShownGraph, check_number, show
from lamindb.graphs.style import SIDES, BoxStyle, EdgeStyle, Side, Style
from lamindb.printing import one_line
from lamindb.query import ordering
from lamindb.query.membership import within
from lamindb.records.hierarchy_search import RELATIONS, Choice, search

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

BOX = BoxStyle(fill="#f0fdf4", more={side: f"{{}} more {name}" for side, name in RELATIONS.items()})
EDGES = {"parent": EdgeStyle("parent", "child", is_plain=True, arrow="-->")}


class HierarchyGraph(ShownGraph):
    """Parents or children of a record, their parents or children, and so on.

    A notebook shows it as a picture. `nodes` are by name, `edges` go from parents to children.
    """

    def __repr__(self) -> str:
        return f"<HierarchyGraph of {self.subject}: {len(self.nodes)} records, {len(self.edges)} edges>"


class OfRegistry(NamedTuple):
    """What all nodes of a hierarchy are: records of one registry."""

    name: str


def view(
    record: BaseSQLRecord,
    sides: tuple[Side, ...],
    field: object,
    *,
    distance: int | None,
    limit: int | None,
    return_graph: bool,
    format: Format | None,
) -> HierarchyGraph | None:
    """Show what is above or below a record, or return it; see `HasParents.view_parents`."""
    return show(lambda: build(record, sides, field, distance, limit), return_graph=return_graph, format=format)


def build(
    record: BaseSQLRecord, sides: tuple[Side, ...], field: object, distance: int | None, limit: int | None
) -> HierarchyGraph:
    """Return what is above or below a record.

    Raises
    ------
    UnsavedRecord: the record is not saved, or not there any more.
    FieldError: there is no such field.
    InvalidArgument: distance or limit is not a number that makes sense, or the field is no column.
    """
    check_number("distance", distance, 0)
    check_number("limit", limit, 1)
    kind, column, database = type(record).__name__, _column(record, field), record._database
    if database is None:
        raise UnsavedRecord(f"save this {kind} before looking at its parents or children")
    steps, is_complete = search(database, record, sides, distance)
    choice = Choice({record.id: None})
    for side, found in steps.items():
        choice.add_side(record.id, side, found, distance, limit)
    nodes = _nodes(database, type(record), column, list(choice.chosen))
    if record.id not in nodes:
        raise UnsavedRecord(f"this {kind} is not in {database.slug} any more, so there is nothing to look at")
    names = {row_id: nodes[row_id].name for row_id in choice.chosen if row_id in nodes}
    pairs = {(there, here) for here, there in steps.get("before", ())} | set(steps.get("after", ()))
    edges = [Edge(names[above], names[below], "parent") for above, below in sorted(pairs) if above in names and below in names]
    hidden = {(names[row_id], side): count for (row_id, side), count in choice.hidden.items() if row_id in names}
    shown = {names[row_id]: nodes[row_id] for row_id in names}
    return HierarchyGraph(names[record.id], shown, tuple(edges), hidden, is_complete, _style(kind.lower(), sides))


def _column(record: BaseSQLRecord, field: object) -> str:
    """Return the column that has the labels: the one that names records, unless another one is asked for."""
    name = field if isinstance(field, str) or field is None else getattr(field, "key", None)
    if name is None:
        if field is not None:
            raise InvalidArgument(f"field is the name of a field, as 'name', not {field!r}")
        return catalog.entry(record.__qualified__)["name_field"] or "uid"
    path = ordering.field(record.__qualified__, name)
    if not path.is_column or path.target is not None:
        raise InvalidArgument(f"field is a column of {type(record).__name__}, as 'name', not {name!r}")
    return path.column


def _style(kind: str, sides: Sequence[Side]) -> Style:
    said = [RELATIONS[side] for side in SIDES if side in sides]
    return Style(
        title=f"{' and '.join(said).capitalize()} of",
        empty=f"no {' or '.join(said)}",
        boxes={kind: BOX},
        edges=EDGES,
        tells_kinds=False,
    )


def _nodes(database: Database, registry: type[BaseSQLRecord], column: str, ids: Sequence[int]) -> dict[int, Node]:
    """Return the nodes by id; those that look the same are told apart by their uids."""
    table = registry.__table__
    kind = OfRegistry(registry.__name__.lower())
    query = sa.select(table.c.id, table.c.uid, table.c[column].label("label")).where(within(table.c.id, ids, database.dialect))
    with database.reading() as connection:
        rows = connection.execute(query).all()
    labels = {row.id: one_line(str(row.label)) if row.label not in (None, "") else row.uid for row in rows}
    seen: dict[str, int] = {}
    for label in labels.values():
        seen[label] = seen.get(label, 0) + 1
    return {
        row.id: Node(kind, row.uid, labels[row.id], row.uid if seen[labels[row.id]] > 1 and labels[row.id] != row.uid else "")
        for row in rows
    }
