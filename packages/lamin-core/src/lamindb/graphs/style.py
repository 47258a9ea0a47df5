"""How the boxes and arrows of a graph look in each format, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["before", "after"]
"""Where a neighbour is: at the beginning of an arrow that leads here, or at the end of one that starts here."""
SIDES: tuple[Side, Side] = ("before", "after")


@dataclass(frozen=True, slots=True)
class BoxStyle:
    """How boxes of a kind look.

    Parameters
    ----------
    role: what Mermaid calls boxes that look the same.
    fill: colour of the box.
    brackets: its shape in Mermaid.
    is_pile: draw it as several sheets.
    more: how the text tells the number of neighbours that are not drawn, by side.
    also: on which sides of the subject the text shows what else goes into or comes out of it, besides what leads on.
    """

    role: str = "data"
    fill: str = "#fff"
    brackets: tuple[str, str] = ("[", "]")
    is_pile: bool = False
    more: Mapping[Side, str] = field(default_factory=lambda: dict.fromkeys(SIDES, "{} more"))
    also: frozenset[Side] = frozenset()


@dataclass(frozen=True, slots=True)
class EdgeStyle:
    """How arrows of a kind look.

    Parameters
    ----------
    before: what the text calls the node at the beginning, seen from the end.
    after: what it calls the node at the end, seen from the beginning.
    is_plain: whether it is one of those that need no explanation; they are drawn as full lines, over the others.
    arrow: how Mermaid draws it.
    colour, dashes: of the line in a picture.
    legend: what the picture says of such arrows.
    """

    before: str
    after: str
    is_plain: bool = False
    arrow: str = "-.->"
    colour: str = "#696969"
    dashes: str = ""
    legend: str = ""

    def verb(self, side: Side) -> str:
        """What the neighbour on a side is called."""
        return self.before if side == "before" else self.after


@dataclass(frozen=True, slots=True)
class Style:
    """How all kinds of nodes and edges of a graph look.

    Parameters
    ----------
    title: how the title of a picture begins, before the subject.
    empty: what the text says where there is nothing but the subject.
    boxes: looks by kind of node; other kinds look plain.
    edges: looks by kind of edge.
    tells_kinds: whether the text names the kind of each node rather than that of the subject alone.
    """

    title: str = "Graph of"
    empty: str = "nothing leads here or on from here"
    boxes: Mapping[str, BoxStyle] = field(default_factory=dict)
    edges: Mapping[str, EdgeStyle] = field(default_factory=dict)
    tells_kinds: bool = True

    def box(self, kind: str) -> BoxStyle:
        """Return the look of a kind of nodes."""
        return self.boxes.get(kind, PLAIN_BOX)


PLAIN_BOX = BoxStyle()
