"""Lineage graphs as people meet them: shown in a notebook or a terminal, or kept as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb.graphs.showing import show
from lamindb.lineage.graph_building import build

if TYPE_CHECKING:
    from lamindb.graphs.showing import Format
    from lamindb.graphs.style import Side
    from lamindb.lineage.graph import LineageGraph
    from lamindb.records.record import BaseSQLRecord


def view(
    record: BaseSQLRecord,
    sides: tuple[Side, ...],
    *,
    distance: int | None,
    limit: int | None,
    return_graph: bool,
    format: Format | None,
) -> LineageGraph | None:
    """Show the lineage of a record, or return it; see `HasLineage.view_lineage`."""
    return show(lambda: build(record, sides, distance, limit), return_graph=return_graph, format=format)
