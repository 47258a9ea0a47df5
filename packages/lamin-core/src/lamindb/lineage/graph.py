"""What a lineage graph consists of: data, the runs that made or read it, and what leads from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Literal, NamedTuple


class Kind(IntEnum):
    """What a node stands for. The numbers are those by which statements tell nodes apart."""

    run = 0
    artifact = 1
    collection = 2
    record = 3
    transform = 4

    @property
    def is_data(self) -> bool:
        """Whether it is something that runs make and read."""
        return self in (Kind.artifact, Kind.collection, Kind.record)


EdgeKind = Literal["input", "created", "recreated", "member", "initiated", "precedes", "executed"]
"""An edge goes from data to the run that read it (`input`), from a run to what it made (`created`) or made again (`recreated`),
from an artifact to a collection (`member`), from a run to one that it started (`initiated`), from a transform to the next one in
a workflow (`precedes`) and to its runs (`executed`)."""
Side = Literal["before", "after"]


class Node(NamedTuple):
    """A box of the graph.

    Parameters
    ----------
    kind: what it stands for.
    uid: uid of the record.
    label: key or name, for a run what was executed; one line of plain text.
    detail: time and status of a run, version of data that has several; may be empty.
    """

    kind: Kind
    uid: str
    label: str
    detail: str = ""

    @property
    def name(self) -> str:
        """Name of the node in the graph, as `artifact_2fO7cUvVRbAU0000`."""
        return f"{self.kind.name}_{self.uid}"


class Edge(NamedTuple):
    """An arrow of the graph, in the direction in which data flows, between two nodes by name."""

    source: str
    target: str
    kind: EdgeKind

    @property
    def is_main(self) -> bool:
        """Whether data took this way: it is drawn as a full line."""
        return self.kind in ("input", "created")


@dataclass(frozen=True)
class Graph:
    """Nodes and edges around a subject.

    Parameters
    ----------
    subject: name of the node that the graph is about.
    nodes: all nodes by name.
    edges: all edges, without duplicates.
    hidden: how many neighbours of a node are not drawn, by its name and the side on which they are.
    is_complete: False if the search ended at its limit.
    """

    subject: str
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...] = ()
    hidden: Mapping[tuple[str, Side], int] = field(default_factory=dict)
    is_complete: bool = True

    @cached_property
    def before(self) -> dict[str, list[Edge]]:
        """Edges that lead to a node, by its name; in the order of the labels on their other end."""
        return self._by_end((edge.target, edge.source, edge) for edge in self.edges)

    @cached_property
    def after(self) -> dict[str, list[Edge]]:
        """Edges that start at a node, by its name; in the order of the labels on their other end."""
        return self._by_end((edge.source, edge.target, edge) for edge in self.edges)

    def _by_end(self, ends: Iterable[tuple[str, str, Edge]]) -> dict[str, list[Edge]]:
        found: dict[str, list[tuple[tuple[str, ...], Edge]]] = {name: [] for name in self.nodes}
        for here, there, edge in ends:
            node = self.nodes[there]
            found[here].append(((node.label, node.detail, node.name, edge.kind), edge))
        return {name: [edge for _, edge in sorted(edges, key=lambda each: each[0])] for name, edges in found.items()}


def one_line(text: str) -> str:
    """Return text as one line without control characters, so that it can be written to terminals and documents."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    text = " ".join(text.split())
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def shortened(text: str, length: int) -> str:
    """Return text that is at most `length` characters long; what is too long loses its middle."""
    if len(text) <= length:
        return text
    end = (length - 1) // 2
    return f"{text[: length - 1 - end]}…{text[-end:]}"
