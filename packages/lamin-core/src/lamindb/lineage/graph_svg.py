"""A lineage graph as a picture: SVG that needs neither a program nor a font of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lamindb.lineage.graph import Edge, EdgeKind, Graph, Kind, Node
from lamindb.lineage.graph_glyphs import fitted, width
from lamindb.lineage.graph_layout import Layout, Placed, Segment, Wire, lay_out

FONT = "Helvetica, Arial, sans-serif"
SIZE, SMALL = 12.0, 10.0
"""Font sizes of labels and of what stands below them."""
WIDEST = 230.0
"""Width of a label; the middle of longer ones is left out."""
PADDING = 11.0
MARGIN = 12.0
LOW, HIGH = 28.0, 42.0
"""Heights of boxes with one and with two lines."""
INK, GREY, BORDER, SUBJECT = "#1f2937", "#6b7280", "#a9a9a9", "#10b981"
FILLS = {Kind.run: "#eff2ff", Kind.transform: "#eff2ff"}
LEGEND_HEIGHT, SAMPLE = 26.0, 28.0


@dataclass(frozen=True, slots=True)
class Look:
    """How edges of a kind are drawn, and what the legend says of them."""

    colour: str = "#696969"
    dashes: str = ""
    legend: str = ""


LOOKS: dict[EdgeKind, Look] = {
    "input": Look(),
    "created": Look(),
    "recreated": Look(dashes="6 4", legend="made again"),
    "member": Look(colour="#a3b1c6", legend="member of a collection"),
    "initiated": Look(colour="#818cf8", dashes="1.5 3", legend="started"),
    "precedes": Look(colour="#34a37c", dashes="6 4", legend="comes before"),
    "executed": Look(colour="#34a37c", dashes="1.5 3", legend="executed in"),
}
PLAIN = "created"
MORE = Look(colour=BORDER, dashes="1.5 3")


@dataclass(frozen=True, slots=True)
class Box:
    """What is written in a box, and how it looks."""

    label: str
    detail: str
    title: str
    kind: Kind | None
    is_subject: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        widest = max(width(self.label, SIZE), width(self.detail, SMALL))
        return round(widest + 2 * PADDING, 1), HIGH if self.detail else LOW


def to_svg(graph: Graph) -> str:
    """Return the picture as the text of an SVG file."""
    boxes = {name: _box(node, name == graph.subject) for name, node in graph.nodes.items()}
    wires = [Wire(edge.source, edge.target, PLAIN if edge.is_main else edge.kind) for edge in graph.edges]
    for (name, side), number in graph.hidden.items():
        more = f"more_{side}_{name}"
        boxes[more] = Box(f"… {number:,} more", "", f"{number:,} more that are not drawn", None)
        wires.append(Wire(more, name, "more") if side == "before" else Wire(name, more, "more"))
    layout = lay_out({name: box.size for name, box in boxes.items()}, wires)
    parts = [*_segments(layout.segments), *(_drawn(boxes[name], place) for name, place in layout.boxes.items())]
    legend = _legend(graph.edges, layout.height)
    return _document(graph.nodes[graph.subject], layout, [*parts, *legend], LEGEND_HEIGHT if legend else 0.0)


def _document(subject: Node, layout: Layout, parts: Iterable[str], below: float) -> str:
    across, down = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN + below
    size = f'width="{_n(across)}" height="{_n(down)}" viewBox="{_n(-MARGIN)} {_n(-MARGIN)} {_n(across)} {_n(down)}"'
    title = f"Lineage of {subject.kind.name} {subject.label}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="{_n(SIZE)}">'
    return "\n".join([head, f"<title>{_escaped(title)}</title>", *parts, "</svg>"]) + "\n"


# ---- boxes ------------------------------------------------------------------------------------------------------------------
def _box(node: Node, is_subject: bool) -> Box:
    title = f"{node.kind.name} {node.label}{f', {node.detail}' if node.detail else ''} ({node.uid})"
    return Box(fitted(node.label, SIZE, WIDEST), fitted(node.detail, SMALL, WIDEST), title, node.kind, is_subject)


def _drawn(box: Box, place: Placed) -> str:
    left, top = place.x - place.width / 2, place.y - place.height / 2
    parts = [f"<title>{_escaped(box.title)}</title>"]
    if box.kind is Kind.collection:  # looks like a pile
        parts.append(_frame(left + 3, top - 3, place, BORDER, "#fff", 1))
    if box.kind is not None:
        colour, thickness = (SUBJECT, 2) if box.is_subject else (BORDER, 1)
        parts.append(_frame(left, top, place, colour, FILLS.get(box.kind, "#fff"), thickness))
    shift = 4.3 if not box.detail else -2.5
    parts.append(_text(place.x, place.y + shift, box.label, INK if box.kind is not None else GREY, SIZE))
    if box.detail:
        parts.append(_text(place.x, place.y + 12, box.detail, GREY, SMALL))
    return f"<g>{''.join(parts)}</g>"


def _frame(left: float, top: float, place: Placed, colour: str, fill: str, thickness: float) -> str:
    where = f'x="{_n(left)}" y="{_n(top)}" width="{_n(place.width)}" height="{_n(place.height)}" rx="7"'
    return f'<rect {where} fill="{fill}" stroke="{colour}" stroke-width="{_n(thickness)}"/>'


def _text(x: float, y: float, text: str, colour: str, size: float, anchor: str = "middle") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" fill="{colour}" font-size="{_n(size)}" text-anchor="{anchor}">{_escaped(text)}</text>'


# ---- edges ------------------------------------------------------------------------------------------------------------------
def _segments(segments: Iterable[Segment]) -> Iterator[str]:
    """Draw all parts of edges, those of one look as one path; plain ones last, so that they lie above."""
    lines: dict[str, list[str]] = {}
    heads: dict[str, dict[str, None]] = {}
    for segment in segments:
        lines.setdefault(segment.look, []).append(_line(segment))
        if segment.head:
            heads.setdefault(segment.look, {})[_head(segment)] = None
    for look in sorted(lines, key=lambda name: (name == PLAIN, name)):
        of = _look(look)
        dashes = f' stroke-dasharray="{of.dashes}"' if of.dashes else ""
        yield f'<path d="{" ".join(lines[look])}" fill="none" stroke="{of.colour}"{dashes}/>'
        if look in heads and of is not MORE:
            yield f'<path d="{" ".join(heads[look])}" fill="{of.colour}"/>'


def _look(name: str) -> Look:
    return next((look for kind, look in LOOKS.items() if kind == name), MORE)


def _line(segment: Segment) -> str:
    (start, bend, unbend, end), (y0, y1) = segment.x, segment.y
    middle = (bend + unbend) / 2
    before = f"H{_n(bend)}" if _n(bend) != _n(start) else ""
    after = f"H{_n(end)}" if _n(end) != _n(unbend) else ""
    curve = f"C{_n(middle)} {_n(y0)} {_n(middle)} {_n(y1)} {_n(unbend)} {_n(y1)}"
    return f"M{_n(start)} {_n(y0)}{before}{curve}{after}"


def _head(segment: Segment) -> str:
    """Draw an arrow head that ends at a box: at the right end, or at the left one if the edge runs backwards."""
    if segment.head == "right":
        return f"M{_n(segment.x[3])} {_n(segment.y[1])}l-7 -3.5v7z"
    return f"M{_n(segment.x[0])} {_n(segment.y[0])}l7 -3.5v7z"


# ---- the rest ---------------------------------------------------------------------------------------------------------------
def _legend(edges: Iterable[Edge], height: float) -> list[str]:
    """Say what the edges mean that are not plain ones."""
    present = {edge.kind for edge in edges}
    parts: list[str] = []
    x, y = 0.0, height + LEGEND_HEIGHT - 4
    for kind, look in LOOKS.items():
        if look.legend and kind in present:
            dashes = f' stroke-dasharray="{look.dashes}"' if look.dashes else ""
            parts.append(f'<path d="M{_n(x)} {_n(y)}h{_n(SAMPLE)}" stroke="{look.colour}"{dashes}/>')
            parts.append(_text(x + SAMPLE + 6, y + 3.5, look.legend, GREY, SMALL, "start"))
            x += SAMPLE + 6 + width(look.legend, SMALL) + 20
    return parts


def _escaped(text: str) -> str:
    """Write text for between two tags. (The standard library's way loads all of `urllib`.)"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _n(value: float) -> str:
    """Write a number in tenths, without a decimal point where it is whole."""
    return f"{value:.1f}".removesuffix(".0")
