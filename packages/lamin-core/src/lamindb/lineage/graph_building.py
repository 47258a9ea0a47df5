"""From a record to its lineage graph, in a fixed number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb.errors import UnsavedRecord
from lamindb.graphs.graph import Edge
from lamindb.graphs.showing import check_number
from lamindb.graphs.style import Side
from lamindb.lineage.graph import LineageGraph
from lamindb.lineage.graph_choice import Chooser
from lamindb.lineage.graph_labels import label
from lamindb.lineage.graph_links import LINKS, REGISTRIES
from lamindb.lineage.graph_search import Question, point, search
from lamindb.query.scope import Scope
from lamindb.records.context import ARCHIVE

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

KINDS = {registry: kind for kind, registry in REGISTRIES.items()}


def build(record: BaseSQLRecord, sides: tuple[Side, ...], distance: int | None, limit: int | None) -> LineageGraph:
    """Return what lies before or after a record.

    Parameters
    ----------
    record
        An artifact, collection, record, run or transform.
    sides
        Whether to look at what is before it, after it, or both.
    distance
        How many runs away the graph ends; None for never.
    limit
        How many inputs, outputs, readers or makers of one kind a node has at most; None for all.

    Raises
    ------
    UnsavedRecord: the record is not saved yet.
    InvalidArgument: distance or limit is not a number that makes sense.
    """
    check_number("distance", distance, 0)
    check_number("limit", limit, 1)
    kind, database = KINDS[record.__qualified__], record.database
    if database is None:
        raise UnsavedRecord(f"save this {type(record).__name__} before looking at its lineage")
    question = Question(kind, record.id, visible_branches(database), sides, distance)
    lines, is_complete = search(database, question)
    subject = point(kind, record.id)
    choice = Chooser(lines, distance, limit).choose(subject, sides)
    nodes, started = label(database, choice.points, question.branches, subject)
    if subject not in nodes:
        raise UnsavedRecord(f"this {type(record).__name__} is not in {database.slug} any more, so there is nothing to look at")
    names = {at: node.name for at, node in sorted(nodes.items())}
    edges = [Edge(names[a], names[b], LINKS[link].kind) for a, b, link in choice.lines if a in names and b in names]
    edges += [Edge(names[a], names[b], "initiated") for a, b in started]
    hidden = {(names[at], side): number for (at, side), number in sorted(choice.hidden.items()) if at in names}
    return LineageGraph(names[subject], {names[at]: nodes[at] for at in names}, tuple(edges), hidden, is_complete)


def visible_branches(database: Database) -> tuple[int, ...]:
    """Return the ids of the branches whose rows are drawn: the current one, main and the archive."""
    current = Scope.default(database).ids(database) or []
    return (*current, ARCHIVE)
