"""A graph as a picture: SVG that needs neither a program nor a font of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lamindb.graphs.glyphs import fitted, width
from lamindb.graphs.graph import Edge, Graph, Node
from lamindb.graphs.layout import Layout, Placed, Segment, Wire, lay_out
from lamindb.graphs.style import BoxStyle, EdgeStyle, Style

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
LEGEND_HEIGHT, SAMPLE = 26.0, 28.0


PLAIN, PLAIN_LINE = "plain", EdgeStyle("", "")
MORE = EdgeStyle("", "", colour=BORDER, dashes="1.5 3")


@dataclass(frozen=True, slots=True)
class Box:
    """What is written in a box, and how it looks."""

    label: str
    detail: str
    title: str
    style: BoxStyle | None
    is_subject: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        widest = max(width(self.label, SIZE), width(self.detail, SMALL))
        return round(widest + 2 * PADDING, 1), HIGH if self.detail else LOW


def to_svg(graph: Graph) -> str:
    """Return the picture as the text of an SVG file."""
    boxes = {name: _box(node, graph.style.box(node.kind.name), name == graph.subject) for name, node in graph.nodes.items()}
    looks = {kind: PLAIN if style.is_plain else kind for kind, style in graph.style.edges.items()}
    wires = [Wire(edge.source, edge.target, looks[edge.kind]) for edge in graph.edges]
    for (name, side), number in graph.hidden.items():
        more = f"more_{side}_{name}"
        boxes[more] = Box(f"… {number:,} more", "", f"{number:,} more that are not drawn", None)
        wires.append(Wire(more, name, "more") if side == "before" else Wire(name, more, "more"))
    layout = lay_out({name: box.size for name, box in boxes.items()}, wires)
    parts = [*_segments(layout.segments, graph.style), *(_drawn(boxes[name], place) for name, place in layout.boxes.items())]
    legend = _legend(graph.edges, graph.style, layout.height)
    return _document(_title(graph), layout, [*parts, *legend], LEGEND_HEIGHT if legend else 0.0)


def _title(graph: Graph) -> str:
    subject = graph.nodes[graph.subject]
    return f"{graph.style.title} {subject.kind.name} {subject.label}"


def _document(title: str, layout: Layout, parts: Iterable[str], below: float) -> str:
    across, down = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN + below
    size = f'width="{_n(across)}" height="{_n(down)}" viewBox="{_n(-MARGIN)} {_n(-MARGIN)} {_n(across)} {_n(down)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="{_n(SIZE)}">'
    return "\n".join([head, f"<title>{_escaped(title)}</title>", *parts, "</svg>"]) + "\n"


# ---- boxes ------------------------------------------------------------------------------------------------------------------
def _box(node: Node, style: BoxStyle, is_subject: bool) -> Box:
    title = f"{node.kind.name} {node.label}{f', {node.detail}' if node.detail else ''} ({node.uid})"
    return Box(fitted(node.label, SIZE, WIDEST), fitted(node.detail, SMALL, WIDEST), title, style, is_subject)


def _drawn(box: Box, place: Placed) -> str:
    left, top = place.x - place.width / 2, place.y - place.height / 2
    parts = [f"<title>{_escaped(box.title)}</title>"]
    if box.style is not None and box.style.is_pile:
        parts.append(_frame(left + 3, top - 3, place, BORDER, "#fff", 1))
    if box.style is not None:
        colour, thickness = (SUBJECT, 2) if box.is_subject else (BORDER, 1)
        parts.append(_frame(left, top, place, colour, box.style.fill, thickness))
    shift = 4.3 if not box.detail else -2.5
    parts.append(_text(place.x, place.y + shift, box.label, INK if box.style is not None else GREY, SIZE))
    if box.detail:
        parts.append(_text(place.x, place.y + 12, box.detail, GREY, SMALL))
    return f"<g>{''.join(parts)}</g>"


def _frame(left: float, top: float, place: Placed, colour: str, fill: str, thickness: float) -> str:
    where = f'x="{_n(left)}" y="{_n(top)}" width="{_n(place.width)}" height="{_n(place.height)}" rx="7"'
    return f'<rect {where} fill="{fill}" stroke="{colour}" stroke-width="{_n(thickness)}"/>'


def _text(x: float, y: float, text: str, colour: str, size: float, anchor: str = "middle") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" fill="{colour}" font-size="{_n(size)}" text-anchor="{anchor}">{_escaped(text)}</text>'


# ---- edges ------------------------------------------------------------------------------------------------------------------
def _segments(segments: Iterable[Segment], style: Style) -> Iterator[str]:
    """Draw all parts of edges, those of one look as one path; plain ones last, so that they lie above."""
    lines: dict[str, list[str]] = {}
    heads: dict[str, dict[str, None]] = {}
    for segment in segments:
        lines.setdefault(segment.look, []).append(_line(segment))
        if segment.head:
            heads.setdefault(segment.look, {})[_head(segment)] = None
    for look in sorted(lines, key=lambda name: (name == PLAIN, name)):
        of = PLAIN_LINE if look == PLAIN else style.edges.get(look, MORE)
        dashes = f' stroke-dasharray="{of.dashes}"' if of.dashes else ""
        yield f'<path d="{" ".join(lines[look])}" fill="none" stroke="{of.colour}"{dashes}/>'
        if look in heads and of is not MORE:
            yield f'<path d="{" ".join(heads[look])}" fill="{of.colour}"/>'


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
def _legend(edges: Iterable[Edge], style: Style, height: float) -> list[str]:
    """Say what the edges mean that are not plain ones."""
    present = {edge.kind for edge in edges}
    parts: list[str] = []
    x, y = 0.0, height + LEGEND_HEIGHT - 4
    for kind, look in style.edges.items():
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
