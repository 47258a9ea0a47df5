"""A lineage graph as a Mermaid flowchart, for Markdown pages."""

from __future__ import annotations

import re

from lamindb.lineage.graph import Edge, Graph, Kind, Node, Side, shortened

SHAPES: dict[Kind, tuple[str, str]] = {
    Kind.run: ("(", ")"),
    Kind.artifact: ("[", "]"),
    Kind.collection: ("[[", "]]"),
    Kind.record: ("[", "]"),
    Kind.transform: ("([", "])"),
}
LOOKS = {
    "data": "fill:#fff,stroke:#a9a9a9,color:#1f2937",
    "run": "fill:#eff2ff,stroke:#a9a9a9,color:#1f2937",
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
    lines += [f"    {node.name}{_box(node)}" for node in graph.nodes.values()]
    lines += [f"    {edge.source} {_arrow(edge)} {edge.target}" for edge in graph.edges]
    lines += [line for (name, side), number in graph.hidden.items() for line in _more(name, side, number)]
    lines += [f"    classDef {name} {look}" for name, look in LOOKS.items()]
    return "".join(f"{line}\n" for line in [*lines, f"    class {graph.subject} subject"])


def _box(node: Node) -> str:
    left, right = SHAPES[node.kind]
    label = escaped(shortened(node.label, LONGEST))
    if node.detail:
        label += f"<br/><small>{escaped(node.detail)}</small>"
    return f'{left}"{label}"{right}:::{"data" if node.kind.is_data else "run"}'


def _arrow(edge: Edge) -> str:
    if edge.is_main:
        return "-->"
    return {"recreated": "-. again .->", "initiated": "-. started .->"}.get(edge.kind, "-.->")


def _more(name: str, side: Side, number: int) -> list[str]:
    more = f"more_{side}_{name}"
    box = f'    {more}["… {number:,} more"]:::more'
    return [box, f"    {more} -.- {name}" if side == "before" else f"    {name} -.- {more}"]


def escaped(text: str) -> str:
    """Return a text for a quoted label: whatever could mean something to Mermaid or HTML as the number of its character."""
    return MEANINGFUL.sub(lambda found: f"#{ord(found[0])};", text)
