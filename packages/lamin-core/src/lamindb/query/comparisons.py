"""Comparing a column with a value: what both dialects share, and what each must answer for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

Expression: TypeAlias = "sa.ColumnElement[bool]"
Operand: TypeAlias = "sa.ColumnElement[Any]"

BOUND: dict[str, Any] = {
    "text": sa.Text(),
    "integer": sa.BigInteger(),  # a smaller type would refuse what is too large instead of finding nothing
    "relation": sa.BigInteger(),
    "float": sa.Float(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
}
"""SQL type of a bound value, by kind."""


class Comparisons(ABC):
    """The comparisons of one dialect. Text is compared by code point, and `%`, `_`, `*`, `?` are ordinary letters."""

    def compare(self, column: Operand, kind: str, lookup: str, value: Any) -> Expression:
        """Return the condition that a column compares with a checked value in this way."""
        match lookup:
            case "isnull":
                return self.is_null(column, kind) if value else sa.not_(self.is_null(column, kind))
            case "exact" | "iexact" if value is None:
                return self.is_null(column, kind)
            case "in":
                return self._among(column, kind, value)
            case "range":
                first, last = value
                return sa.and_(self.compare(column, kind, "gte", first), self.compare(column, kind, "lte", last))
            case "gt" | "gte" | "lt" | "lte" | "exact":
                return self.ordered(column, kind, lookup, value)
        matched: Expression = getattr(self, lookup)(self.json_text(column) if kind == "json" else column, value)
        return matched

    def ordered(self, column: Operand, kind: str, lookup: str, value: Any) -> Expression:
        """Return `column > value` and its like."""
        match kind:
            case "json" if lookup == "exact":
                return self.json_equals(column, value)
            case "json" if isinstance(value, str):
                return self.ordered(self.json_text(column), "text", lookup, value)
            case "json":
                return OPERATORS[lookup](self.json_number(column), sa.literal(value))
            case "datetime":
                return self.instant(column, lookup, value)
            case "text" if lookup != "exact":
                column = self.sortable(column)
        return OPERATORS[lookup](column, sa.literal(value, BOUND[kind]))

    def is_null(self, column: Operand, kind: str) -> Expression:
        """Return the condition that there is no value; JSON null is none."""
        return self.json_is_null(column) if kind == "json" else column.is_(None)

    def _among(self, column: Operand, kind: str, values: tuple[Any, ...]) -> Expression:
        given = [value for value in values if value is not None]
        if kind == "json":
            found = [self.json_equals(column, value) for value in given]
        else:
            found = [self.among(column, kind, given)] if given else []
        if len(given) < len(values):
            found.append(self.is_null(column, kind))
        return sa.or_(sa.false(), *found)

    @abstractmethod
    def sortable(self, column: Operand) -> Operand:
        """Return a text column so that it compares and sorts by code point."""

    @abstractmethod
    def among(self, column: Operand, kind: str, values: list[Any]) -> Expression:
        """Return the condition that a column holds one of many values."""

    @abstractmethod
    def instant(self, column: Operand, lookup: str, value: datetime) -> Expression:
        """Return the comparison of a column with a point in time."""

    @abstractmethod
    def without_zone(self, column: Operand) -> Operand:
        """Return a point in time in UTC, without saying so."""

    @abstractmethod
    def json_is_null(self, column: Operand) -> Expression:
        """Return the condition that a JSON column holds SQL NULL or JSON null."""

    @abstractmethod
    def json_equals(self, column: Operand, value: Any) -> Expression:
        """Return the condition that a JSON column holds this text, number or truth value."""

    @abstractmethod
    def inside(self, column: Operand, keys: tuple[str, ...]) -> Operand:
        """Return the JSON value that keys and positions lead to."""

    @abstractmethod
    def json_text(self, column: Operand) -> Operand:
        """Return the text that a JSON value is, NULL if it is none."""

    @abstractmethod
    def json_number(self, column: Operand) -> Operand:
        """Return the number that a JSON value is, NULL if it is none."""

    @abstractmethod
    def part(self, column: Operand, part: str) -> Operand:
        """Return a part of a point in time or of a day, see `paths.PARTS`."""

    @abstractmethod
    def iexact(self, column: Operand, value: str) -> Expression:
        """Return the condition that lower-cased texts are equal."""

    @abstractmethod
    def contains(self, column: Operand, value: str) -> Expression:
        """Return the condition that a text occurs in the column."""

    @abstractmethod
    def icontains(self, column: Operand, value: str) -> Expression:
        """Return the condition that a text occurs in the column, lower-cased."""

    @abstractmethod
    def startswith(self, column: Operand, value: str) -> Expression:
        """Return the condition that the column begins with a text."""

    @abstractmethod
    def istartswith(self, column: Operand, value: str) -> Expression:
        """Return the condition that the column begins with a text, lower-cased."""

    @abstractmethod
    def endswith(self, column: Operand, value: str) -> Expression:
        """Return the condition that the column ends with a text."""

    @abstractmethod
    def iendswith(self, column: Operand, value: str) -> Expression:
        """Return the condition that the column ends with a text, lower-cased."""

    @abstractmethod
    def regex(self, column: Operand, value: str) -> Expression:
        """Return the condition that a regular expression matches somewhere in the column."""

    def iregex(self, column: Operand, value: str) -> Expression:
        """Return the condition that a regular expression matches somewhere in the column, in any case of letters."""
        return self.regex(column, f"(?i){value}")


OPERATORS: dict[str, Callable[[Operand, Operand], Expression]] = {
    "exact": lambda column, value: column == value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
}
