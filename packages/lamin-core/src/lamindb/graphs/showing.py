"""Graphs as people meet them: shown in a notebook or a terminal, or kept as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

from lamindb import shells
from lamindb.errors import InvalidArgument, closest
from lamindb.graphs.graph import Graph
from lamindb.graphs.mermaid import to_mermaid
from lamindb.graphs.svg import to_svg
from lamindb.graphs.text import to_text

Format = Literal["text", "mermaid", "svg"]
RENDERERS: dict[str, Callable[[Graph], str]] = {"text": to_text, "mermaid": to_mermaid, "svg": to_svg}
SUFFIXES = {".txt": "text", ".mmd": "mermaid", ".svg": "svg"}


class ShownGraph(Graph):
    """A graph that a notebook shows as a picture. `nodes` are by name, `edges` between them."""

    def to_text(self) -> str:
        """Return a tree of text: first what leads to the subject, then where it leads."""
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
            raise InvalidArgument(f"a graph can be saved as {', '.join(SUFFIXES)}, not as {path.suffix!r}: {path}")
        path.write_text(RENDERERS[SUFFIXES[path.suffix]](self), encoding="utf-8")
        return path

    def _repr_svg_(self) -> str:
        return to_svg(self)

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto; background: #fff">{to_svg(self)}</div>'

    def __str__(self) -> str:
        return to_text(self)


G = TypeVar("G", bound=ShownGraph)


def show(build: Callable[[], G], *, return_graph: bool, format: Format | None) -> G | None:
    """Build a graph, and show it or return it.

    Raises
    ------
    InvalidArgument: the format is unknown; nothing is built then.
    """
    if format is not None and format not in RENDERERS:
        raise InvalidArgument(f"format is one of {', '.join(RENDERERS)}, not {format!r}{closest(str(format), RENDERERS)}")
    graph = build()
    if return_graph:
        return graph
    if shells.is_kernel() and format in (None, "svg"):
        shells.publish({"text/html": graph._repr_html_(), "image/svg+xml": graph._repr_svg_(), "text/plain": str(graph)})
    else:
        sys.stdout.write(RENDERERS[format or "text"](graph))
    return None


def check_number(name: str, value: object, least: int) -> None:
    """Raise unless a bound is a whole number, or None.

    Raises
    ------
    InvalidArgument: it is something else.
    """
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
        raise InvalidArgument(f"{name} is a whole number from {least} on, or None for no end, not {value!r}")
