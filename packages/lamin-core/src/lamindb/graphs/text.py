"""A graph as a tree of text: first what leads to the subject, then where it leads."""

from __future__ import annotations

from typing import NamedTuple

from lamindb.graphs.graph import Edge, Graph
from lamindb.graphs.style import SIDES, Side

DEEPEST = 12
"""Levels after which a branch goes on in a tree of its own, so that long chains stay readable."""
TOO_MUCH = "(there is more: the search ended at what is nearest)"


class Twig(NamedTuple):
    """A line below another one."""

    text: str
    node: str = ""
    """The node from which the tree goes on; empty for none."""
    side: Side = "before"
    parent: str = ""
    """The node that the line is below."""


def to_text(graph: Graph) -> str:
    """Return the graph as a tree of lines, each ending with a line break."""
    return "".join(f"{line}\n" for line in _Tree(graph).lines())


class _Tree:
    """Draws each node once for each side of the subject on which it is; what comes again refers to the first time."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._style = graph, graph.style
        self._edges: dict[Side, dict[str, list[Edge]]] = {"before": graph.before, "after": graph.after}
        self._lines: list[str] = []
        self._drawn: set[tuple[str, Side]] = set()
        self._waiting: dict[tuple[str, Side], Twig] = {}

    def lines(self) -> list[str]:
        subject = self._graph.subject
        self._lines = [self._text(subject)]
        self._drawn = {(subject, side) for side in SIDES}
        twigs = [twig for side in SIDES for twig in self._ahead(subject, side)]
        self._draw(twigs or [Twig(self._style.empty)], "", 1)
        while self._waiting:
            twig = self._waiting.pop(next(iter(self._waiting)))
            self._lines += ["", f"{self._text(twig.node)}, continued"]
            self._draw(self._below(twig), "", 1)
        if not self._graph.is_complete:
            self._lines += ["", TOO_MUCH]
        return self._lines

    def _draw(self, twigs: list[Twig], indent: str, depth: int) -> None:
        for number, twig in enumerate(twigs, 1):
            corner, down = ("└─ ", "   ") if number == len(twigs) else ("├─ ", "│  ")
            text, at = f"{indent}{corner}{twig.text}", (twig.node, twig.side)
            if at in self._drawn:
                self._lines.append(text + self._where(twig))
                continue
            below = self._below(twig)
            if len(below) == 1 and (below[0].node, below[0].side) in self._drawn:  # not worth a line of its own
                self._lines.append(f"{text}, {below[0].text}{self._where(below[0])}")
            elif not below:
                self._lines.append(text)
            else:
                self._drawn.add(at)
                if depth == DEEPEST:
                    self._waiting[at] = twig
                    self._lines.append(text + self._where(twig))
                else:
                    self._lines.append(text)
                    self._draw(below, indent + down, depth + 1)

    def _where(self, twig: Twig) -> str:
        """Say where what is below a twig is drawn."""
        return f" (see {'below' if (twig.node, twig.side) in self._waiting else 'above'})"

    def _below(self, twig: Twig) -> list[Twig]:
        """Return what comes below a line: what is further away from the subject, then what else went in or out there."""
        if not twig.node:
            return []
        ahead = self._ahead(twig.node, twig.side)
        if twig.side not in self._style.box(self._graph.nodes[twig.node].kind.name).also:
            return ahead
        back = self._ahead(twig.node, "after" if twig.side == "before" else "before")
        return ahead + [Twig(f"also {other.text}") for other in back if other.node != twig.parent]

    def _ahead(self, node: str, side: Side) -> list[Twig]:
        twigs = []
        for edge in self._edges[side][node]:
            far = edge.source if side == "before" else edge.target
            twigs.append(Twig(f"{self._style.edges[edge.kind].verb(side)} {self._text(far)}", far, side, node))
        if number := self._graph.hidden.get((node, side)):
            more = self._style.box(self._graph.nodes[node].kind.name).more[side]
            twigs.append(Twig(more.format(f"{number:,}")))
        return twigs

    def _text(self, name: str) -> str:
        node = self._graph.nodes[name]
        kind = f"{node.kind.name} " if self._style.tells_kinds or name == self._graph.subject else ""
        return f"{kind}{node.label}{f' ({node.detail})' if node.detail else ''}"
