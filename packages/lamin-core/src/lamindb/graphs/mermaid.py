"""A graph as a Mermaid flowchart, for Markdown pages."""

from __future__ import annotations

import re

from lamindb.graphs.graph import Graph, Node
from lamindb.graphs.style import PLAIN_BOX, Side, Style
from lamindb.printing import shortened

BOX = "fill:{},stroke:#a9a9a9,color:#1f2937"
LOOKS = {
    "subject": "stroke:#10b981,stroke-width:2px",
    "more": "fill:none,stroke:none,color:#6b7280",
}
LONGEST = 60
"""Characters of a label; the middle of longer ones is left out."""
MEANINGFUL = re.compile(r"^[-+*]|(?<=^\d)\.|(?<=^\d\d)\.|(?<![^\W_])_|_(?![^\W_])|[^\w ./:,()…-]")
"""What Mermaid, HTML or Markdown could take for more than a sign: of lists and emphasis the beginnings, of signs most."""


def to_mermaid(graph: Graph) -> str:
    """Return the text of a flowchart from left to right."""
    lines = ["flowchart LR"]
    lines += [f"    {node.name}{_box(node, graph.style)}" for node in graph.nodes.values()]
    lines += [f"    {edge.source} {graph.style.edges[edge.kind].arrow} {edge.target}" for edge in graph.edges]
    lines += [line for (name, side), number in graph.hidden.items() for line in _more(name, side, number)]
    lines += [f"    classDef {name} {look}" for name, look in (_boxes(graph.style) | LOOKS).items()]
    return "".join(f"{line}\n" for line in [*lines, f"    class {graph.subject} subject"])


def _boxes(style: Style) -> dict[str, str]:
    looks = {box.role: BOX.format(box.fill) for box in (style.boxes or {"": PLAIN_BOX}).values()}
    return dict(sorted(looks.items()))


def _box(node: Node, style: Style) -> str:
    look = style.box(node.kind.name)
    left, right = look.brackets
    label = escaped(shortened(node.label, LONGEST))
    if node.detail:
        label += f"<br/><small>{escaped(node.detail)}</small>"
    return f'{left}"{label}"{right}:::{look.role}'


def _more(name: str, side: Side, number: int) -> list[str]:
    more = f"more_{side}_{name}"
    box = f'    {more}["… {number:,} more"]:::more'
    return [box, f"    {more} -.- {name}" if side == "before" else f"    {name} -.- {more}"]


def escaped(text: str) -> str:
    """Return a text for a quoted label: whatever could mean something to Mermaid or HTML as the number of its character."""
    return MEANINGFUL.sub(lambda found: f"#{ord(found[0])};", text)
