"""Conditions as a checked tree: what `filter` was told, with every field found and every value fitting.

Nodes compare by identity: comparing what they hold would query for records, and build SQL from expressions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from lamindb.errors import InvalidArgument
from lamindb.query.paths import VERSION, Computed, Path, find, name_of, resolve, table
from lamindb.query.q import Child, Expression, Q, as_condition
from lamindb.query.scope import EVERYTHING, EVERYTHING_BUT_TRASH, WIDENING, Scope, has_branches
from lamindb.query.values import checked, shown


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A keyword and its value."""

    path: Path
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class AllOf:
    """Conditions that must hold together; on one to-many relation, for the same related row."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    """Conditions of which one must hold."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The complement: true wherever the inner condition is false or NULL."""

    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """The conditions of a whole query set: each speaks of related rows of its own."""

    nodes: tuple[Node, ...]
    related: Scope
    """What the set sees of related rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A SQLAlchemy expression over the registry's own columns."""

    expression: Expression
    names: frozenset[str]
    """The columns of the registry that it names."""


Node: TypeAlias = Leaf | AllOf | AnyOf | Not | Apart | Raw
NO_CONDITION = AllOf(())
EVERY_BRANCH = Raw(sa.true(), frozenset({"branch_id"}))
"""`branch=None`: no condition, but it names the branch and so lifts the scope."""


def parse(
    registry: str,
    conditions: tuple[Q | Expression, ...],
    lookups: dict[str, Any],
    computed: tuple[Computed, ...] = (),
) -> Node:
    """Check the arguments of one call of `filter` or `exclude`.

    Raises
    ------
    FieldError: a field, relation or comparison does not exist.
    InvalidArgument: a value does not fit, or an expression is about another registry.
    """
    children: list[Child] = [*map(as_condition, conditions), *lookups.items()]
    return _all([_child(registry, child, computed) for child in children])


def named(node: Node) -> set[str]:
    """Return the columns and relations of the registry itself that a condition names."""
    match node:
        case Leaf(path):
            return {path.first}
        case Not(inner):
            return named(inner)
        case Raw(_, names):
            return set(names)
        case AllOf(nodes) | AnyOf(nodes) | Apart(nodes):
            return set().union(*map(named, nodes))


def on_branches(registry: str, scope: Scope) -> Node:
    """Return the condition that rows live on the branches of a scope."""
    by_name = Leaf(resolve(registry, "branch__name__in"), scope.branches)
    return AnyOf((by_name, Leaf(resolve(registry, "branch_id__in"), scope.others))) if scope.others else by_name


def related_scope(registry: str, scope: Scope, nodes: Iterable[Node]) -> Scope:
    """Return what a set with these conditions sees of related rows.

    Who names ids sees the same branches as ever, as ids say nothing of branches. Who names branches looks elsewhere on purpose.
    """
    if not has_branches(registry) or scope.branches is None:
        return scope
    if any(map(_sees_all, nodes)):
        return EVERYTHING
    by_branch = any(not {"branch", "branch_id"}.isdisjoint(named(node)) for node in nodes)
    return EVERYTHING_BUT_TRASH if by_branch else scope


def _sees_all(node: Node) -> bool:
    """Whether `branch=None` is among the conditions."""
    match node:
        case Not(inner):
            return _sees_all(inner)
        case AllOf(nodes) | AnyOf(nodes):
            return any(map(_sees_all, nodes))
    return node is EVERY_BRANCH


def widens(node: Node) -> bool:
    """Whether a condition looks for particular rows or branches, so that the default scope does not apply."""
    return not WIDENING.isdisjoint(named(node))


def _all(nodes: list[Node]) -> Node:
    if not nodes:
        return NO_CONDITION
    return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))


def _child(registry: str, child: Child, computed: tuple[Computed, ...]) -> Node:
    if isinstance(child, tuple):
        return _leaf(registry, *child, computed)
    if not isinstance(child, Q):
        return _raw(registry, child)
    nodes = [_child(registry, inner, computed) for inner in child.children]
    node = AnyOf(tuple(nodes)) if child.connector == "or" else _all(nodes)
    return Not(node) if child.negated else node


def _leaf(registry: str, keyword: str, value: Any, computed: tuple[Computed, ...]) -> Node:
    path = find(registry, keyword, computed)
    value = checked(registry, path, value)
    if value is None and path.lookup == "exact" and path.text in ("branch", "branch_id") and has_branches(registry):
        return EVERY_BRANCH
    if value is None and path.part == VERSION:
        path = replace(path, part="")  # a version is never missing, a tag may be
    return Leaf(path, value)


def _raw(registry: str, expression: Expression) -> Raw:
    own = table(registry)
    strangers = [found for found in sa.select(sa.literal(1)).where(expression).get_final_froms() if found is not own]
    if strangers:
        names = ", ".join(str(getattr(found, "name", found)) for found in strangers)
        raise InvalidArgument(
            f"the expression {expression} is about {names}, not about {name_of(registry)}; "
            "to filter by related rows, use keywords as run__name='x'"
        )
    columns = (element for element in visitors.iterate(expression) if isinstance(element, sa.Column))
    return Raw(expression, frozenset(column.name for column in columns if column.table is own))


def text(node: Node) -> str:
    """Return a condition as it would be typed, for messages."""
    match node:
        case Leaf(path, value):
            lookup = "" if path.lookup == "exact" else f"__{path.lookup}"
            return f"{path.text}{lookup}={shown(path, value)}"
        case Not(inner):
            return f"not ({text(inner)})"
        case Raw(expression) if node is EVERY_BRANCH:
            return "branch=None"
        case Raw(expression):
            return str(expression.compile(compile_kwargs={"literal_binds": True}))
        case AnyOf(nodes):
            return f"({' or '.join(map(text, nodes))})"
        case AllOf(nodes) | Apart(nodes):
            return ", ".join(map(text, nodes))
