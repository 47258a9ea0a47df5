"""Which relations the conditions of a tree share, and which rows they ask for by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from lamindb.query.conditions import AllOf, AnyOf, Leaf, Node, Not
from lamindb.query.paths import Hop, is_name
from lamindb.query.scope import WIDENING
from lamindb.query.values import SupportsIds

Prefix: TypeAlias = tuple[str, ...]
"""Names of the relations from the registry itself to a related row; empty for the row itself."""


def flat(nodes: tuple[Node, ...]) -> list[Node]:
    """Return conditions that must hold together without nesting."""
    found: list[Node] = []
    for node in nodes:
        found += flat(node.nodes) if isinstance(node, AllOf) else [node]
    return found


def relations_of(node: Node) -> dict[Prefix, Hop]:
    """Return the relations that a condition leaves to be bound outside of it."""
    match node:
        case Leaf(path):
            names = tuple(hop.name for hop in path.hops)
            return {names[: depth + 1]: hop for depth, hop in enumerate(path.hops)}
        case AllOf(nodes) | AnyOf(nodes):
            return {prefix: hop for inner in nodes for prefix, hop in relations_of(inner).items()}
    return {}


def shared(nodes: list[Node], bindings: Mapping[Prefix, object]) -> tuple[Prefix, Hop] | None:
    """Return the relation that most conditions share, of those that can be bound next."""
    if len(nodes) < 2:
        return None
    hops: dict[Prefix, Hop] = {}
    counts: Counter[Prefix] = Counter()
    for node in nodes:
        for prefix, hop in relations_of(node).items():
            if prefix not in bindings and bindings.get(prefix[:-1]) is not None:
                hops[prefix] = hop
                counts[prefix] += 1
    if not counts:
        return None
    prefix, count = counts.most_common(1)[0]
    return (prefix, hops[prefix]) if count > 1 else None


def connected(start: Prefix, nodes: list[Node], bindings: Mapping[Prefix, object]) -> list[Node]:
    """Return the conditions that share a relation with `start`, directly or through one another, in their order."""
    reached, group = {start}, []
    remaining = [(node, set(relations_of(node)) - set(bindings)) for node in nodes]
    grown = True
    while grown:
        grown = False
        for node, relations in list(remaining):
            if relations & reached:
                reached |= relations
                group.append(node)
                remaining.remove((node, relations))
                grown = True
    return [node for node in nodes if node in group]


def named_rows(nodes: Iterable[Node]) -> frozenset[Prefix]:
    """Return the relations over which conditions name particular rows, or branches: those are seen wherever they live."""
    found: set[Prefix] = set()
    for node in nodes:
        match node:
            case Leaf(path, value):
                names = tuple(hop.name for hop in path.hops)
                found |= {names[:end] for end in range(1, len(names)) if names[end] == "branch"}
                is_value = value is not None and path.lookup != "isnull"
                if path.column == "branch_id" or (path.column in WIDENING and is_value):
                    found.add(names)
            case Not(inner):
                found |= named_rows([inner])
            case AllOf(inner) | AnyOf(inner):
                found |= named_rows(inner)
    return frozenset(found)


def asked_by_name(node: Node) -> set[Prefix]:
    """Return the rows, as relations from the registry itself, that are asked for by what names them."""
    match node:
        case AllOf(nodes):
            return set().union(*map(asked_by_name, nodes))
        case Leaf(path, value) if path.lookup in ("exact", "in", "startswith") and value is not None:
            return {tuple(hop.name for hop in path.hops)} if is_name(path.registry, path.column) else set()
    return set()


def found_by_index(node: Node, prefix: Prefix) -> bool:
    """Whether the rows that a relation must lead to are given by name or as themselves: they are few and found at once."""
    match node:
        case AllOf(nodes):
            return any(found_by_index(inner, prefix) for inner in nodes)
        case Leaf(path, value) if path.lookup in ("exact", "in") and not isinstance(value, SupportsIds):
            return prefix in asked_by_name(node)
    return False
