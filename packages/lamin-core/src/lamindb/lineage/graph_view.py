"""Lineage graphs as people meet them: shown in a notebook or a terminal, or kept as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lamindb.errors import InvalidArgument, closest
from lamindb.lineage import detection
from lamindb.lineage.graph import Graph, Kind, Side
from lamindb.lineage.graph_building import build
from lamindb.lineage.graph_mermaid import to_mermaid
from lamindb.lineage.graph_svg import to_svg
from lamindb.lineage.graph_text import to_text

if TYPE_CHECKING:
    from lamindb.lineage.viewing import Format
    from lamindb.records.record import BaseSQLRecord

RENDERERS: dict[str, Callable[[Graph], str]] = {"text": to_text, "mermaid": to_mermaid, "svg": to_svg}
SUFFIXES = {".txt": "text", ".mmd": "mermaid", ".svg": "svg"}


class LineageGraph(Graph):
    """What a record was made from and what was made from it, by which runs.

    A notebook shows it as a picture. `nodes` are by name, `edges` go in the direction in which data flows.
    """

    def to_text(self) -> str:
        """Return a tree of text: first what the subject was made from, then what was made from it."""
        return to_text(self)

    def to_mermaid(self) -> str:
        """Return a Mermaid flowchart, which many sites draw where they find it in Markdown."""
        return to_mermaid(self)

    def to_svg(self) -> str:
        """Return a picture as the text of an SVG file; sizes are in pixels."""
        return to_svg(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file, by its suffix: `.svg`, `.mmd` (Mermaid) or `.txt`.

        Raises
        ------
        InvalidArgument: the path has another suffix.
        """
        path = Path(path)
        if path.suffix not in SUFFIXES:
            raise InvalidArgument(f"a lineage graph can be saved as {', '.join(SUFFIXES)}, not as {path.suffix!r}: {path}")
        path.write_text(RENDERERS[SUFFIXES[path.suffix]](self), encoding="utf-8")
        return path

    def _repr_svg_(self) -> str:
        return to_svg(self)

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto; background: #fff">{to_svg(self)}</div>'

    def __str__(self) -> str:
        return to_text(self)

    def __repr__(self) -> str:
        runs = sum(node.kind is Kind.run for node in self.nodes.values())
        data = sum(node.kind.is_data for node in self.nodes.values())
        return f"<LineageGraph of {self.subject}: {data} datasets, {runs} runs>"


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
    if format is not None and format not in RENDERERS:
        raise InvalidArgument(f"format is one of {', '.join(RENDERERS)}, not {format!r}{closest(str(format), RENDERERS)}")
    found = build(record, sides, distance, limit)
    graph = LineageGraph(found.subject, found.nodes, found.edges, found.hidden, found.is_complete)
    if return_graph:
        return graph
    if detection.is_kernel() and format in (None, "svg"):
        shown = {"text/html": graph._repr_html_(), "image/svg+xml": graph._repr_svg_(), "text/plain": str(graph)}
        detection.shell().display_pub.publish(shown)
    else:
        sys.stdout.write(RENDERERS[format or "text"](graph))
    return None
