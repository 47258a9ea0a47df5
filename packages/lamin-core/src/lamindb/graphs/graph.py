"""What a graph consists of: nodes, edges between them, and how each kind of them looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from lamindb.graphs.style import Side, Style


class Kind(Protocol):
    """What nodes stand for; the style of the graph has a look for it."""

    @property
    def name(self) -> str:
        """A word without spaces, as `artifact`."""
        ...


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
    """An arrow of the graph, between two nodes by name; its kind is one that the style knows."""

    source: str
    target: str
    kind: str


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
    style: how nodes and edges look, and what they are called.
    """

    subject: str
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...] = ()
    hidden: Mapping[tuple[str, Side], int] = field(default_factory=dict)
    is_complete: bool = True
    style: Style = field(default_factory=Style, repr=False)

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
