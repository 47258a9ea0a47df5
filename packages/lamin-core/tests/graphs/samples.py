"""Lineage graphs without a database, for the tests of what draws them."""

import random
from pathlib import Path

from lamindb.graphs.graph import Edge, Graph, Node
from lamindb.graphs.mermaid import to_mermaid
from lamindb.graphs.style import Side
from lamindb.graphs.svg import to_svg
from lamindb.graphs.text import to_text
from lamindb.lineage.graph import EdgeKind, Kind, LineageGraph


def graph(
    nodes: list[Node],
    edges: list[tuple[str, str, EdgeKind]],
    hidden: dict[tuple[str, Side], int] | None = None,
    subject: str = "",
    *,
    is_complete: bool = True,
) -> Graph:
    """A graph of nodes and edges by uid; the subject is the first node unless it is named."""
    names = {node.uid: node.name for node in nodes}
    return LineageGraph(
        names[subject or nodes[0].uid],
        {node.name: node for node in nodes},
        tuple(Edge(names[source], names[target], kind) for source, target, kind in edges),
        {(names[uid], side): number for (uid, side), number in (hidden or {}).items()},
        is_complete,
    )


def screen() -> Graph:
    """One of everything: what is drawn of a small project."""
    return graph(
        [
            Node(Kind.artifact, "raw", 'raw/plate <1> & "2".csv'),
            Node(Kind.artifact, "genome", "genome.fa", "version 2"),
            Node(Kind.run, "clean", "clean.py: main", "2026-01-04 09:00 UTC"),
            Node(Kind.run, "again", "clean.py: main", "2026-01-09 10:30 UTC, errored"),
            Node(Kind.artifact, "tidy", "tidy.parquet"),
            Node(Kind.collection, "atlas", "all plates"),
            Node(Kind.record, "sample", "Sample 7"),
            Node(Kind.run, "fit", "fit.ipynb", "2026-01-05 12:30 UTC"),
            Node(Kind.artifact, "model", "model.pt"),
            Node(Kind.run, "nightly", "nightly.py", "2026-01-04 08:59 UTC"),
        ],
        [
            ("raw", "clean", "input"),
            ("raw", "again", "input"),
            ("clean", "tidy", "created"),
            ("again", "tidy", "recreated"),
            ("tidy", "atlas", "member"),
            ("atlas", "fit", "input"),
            ("sample", "fit", "input"),
            ("genome", "fit", "input"),
            ("fit", "model", "created"),
            ("nightly", "clean", "initiated"),
            ("nightly", "fit", "initiated"),
        ],
        {("fit", "after"): 1234, ("atlas", "before"): 37},
        "tidy",
    )


def layered(levels: int, width: int) -> Graph:
    """Runs one after the other, each of which reads all that the one before made."""
    nodes: list[Node] = []
    edges: list[tuple[str, str, EdgeKind]] = []
    for level in range(levels + 1):
        nodes += [Node(Kind.artifact, f"d{level}x{number}", f"{level}/{number}.parquet") for number in range(width)]
        if level < levels:
            nodes.append(Node(Kind.run, f"r{level}", f"step{level}.py", "2026-01-01 10:00 UTC"))
            edges += [(f"d{level}x{number}", f"r{level}", "input") for number in range(width)]
            edges += [(f"r{level}", f"d{level + 1}x{number}", "created") for number in range(width)]
    return graph(nodes, edges, subject=f"d{levels // 2}x0")


def wild(seed: int) -> Graph:
    """Anything: circles, loops, several edges between two nodes, parts that are not connected."""
    chance = random.Random(seed)
    count = chance.randint(1, 40)
    nodes = [
        Node(chance.choice(list(Kind)), f"n{number}", "x" * chance.randint(1, 60), chance.choice(["", "then"]))
        for number in range(count)
    ]
    kinds: list[EdgeKind] = ["input", "created", "recreated", "member", "initiated", "precedes", "executed"]
    edges = [
        (f"n{chance.randrange(count)}", f"n{chance.randrange(count)}", chance.choice(kinds))
        for _ in range(chance.randint(0, 2 * count))
    ]
    return graph(nodes, edges, {(f"n{chance.randrange(count)}", "after"): 3})


PICTURES = Path(__file__).parent / "pictures"
"""What `screen` looks like in each format; `python samples.py` draws it anew. Look at the change before you keep it."""

if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for suffix, render in {".txt": to_text, ".mmd": to_mermaid, ".svg": to_svg}.items():
        (PICTURES / f"screen{suffix}").write_text(render(screen()), encoding="utf-8")
