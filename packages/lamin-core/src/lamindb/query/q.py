"""Conditions as objects, to be combined with `&`, `|` and `~`."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from lamindb.errors import InvalidArgument

Expression: TypeAlias = "sa.ColumnElement[bool]"
Child: TypeAlias = "Q | Expression | tuple[str, Any]"
"""A condition: combined ones, a SQLAlchemy expression, or a keyword with its value."""


class Q:
    """One or more conditions that can be combined: `Q(name="a") | ~Q(type__name="b")`.

    Parameters
    ----------
    *conditions
        Other `Q` objects, or SQLAlchemy expressions over attributes of the registry.
    **lookups
        Keywords as `QuerySet.filter` takes them. All conditions given to one `Q` must hold together.

    Examples
    --------
    >>> ln.ULabel.filter(ln.Q(name="a") | ln.Q(name="b")).count()
    0
    """

    __slots__ = ("children", "connector", "negated")

    def __init__(self, *conditions: Q | Expression, **lookups: Any) -> None:
        self.children: tuple[Child, ...] = (*map(as_condition, conditions), *lookups.items())
        self.connector: Literal["and", "or"] = "and"
        self.negated = False

    @classmethod
    def _of(cls, children: tuple[Child, ...], connector: Literal["and", "or"], negated: bool = False) -> Q:
        made = cls()
        made.children, made.connector, made.negated = children, connector, negated
        return made

    def _combine(self, other: Q | Expression, connector: Literal["and", "or"]) -> Q:
        other = as_condition(other)
        if isinstance(other, Q) and not other.children:
            return self
        if not self.children:
            return other if isinstance(other, Q) else Q(other)
        return Q._of((self, other), connector)

    def __and__(self, other: Q | Expression) -> Q:
        return self._combine(other, "and")

    def __or__(self, other: Q | Expression) -> Q:
        return self._combine(other, "or")

    def __invert__(self) -> Q:
        return Q._of((self,), "and", negated=True) if self.children else self

    def __bool__(self) -> bool:
        raise InvalidArgument(f"{self!r} is neither true nor false by itself; combine with &, | and ~, not with and, or, not")

    def __repr__(self) -> str:
        parts = [f"{child[0]}={child[1]!r}" if isinstance(child, tuple) else repr(child) for child in self.children]
        if self.connector == "or":
            return f"({' | '.join(parts)})"
        inner = f"Q({', '.join(parts)})"
        return f"~{inner}" if self.negated else inner


def as_condition(condition: object) -> Q | Expression:
    """Return a condition passed by position as what this room works with.

    Raises
    ------
    InvalidArgument: it is neither a `Q` nor a SQLAlchemy expression.
    """
    if hasattr(condition, "__clause_element__"):  # an attribute of a registry alone, as `ULabel.is_type`
        condition = condition.__clause_element__()
    if isinstance(condition, Q | sa.ColumnElement):
        return condition
    raise InvalidArgument(
        f"{condition!r} is not a condition; pass keywords as name='x', Q objects, or expressions as ULabel.name == 'x'"
    )
