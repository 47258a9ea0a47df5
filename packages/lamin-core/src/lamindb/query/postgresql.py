"""Comparisons on Postgres: text sorts by the collation "C", which is by code point; LIKE so that its indexes serve."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NULLTYPE

from lamindb.query.comparisons import BOUND, OPERATORS, Comparisons, Expression, Operand

FIELDS = {"week_day": "dow", "iso_week_day": "isodow"}
"""What Postgres calls parts of a time, where it differs."""
INSTANT = sa.DateTime(timezone=True)


class PostgresComparisons(Comparisons):
    """Comparisons on Postgres."""

    def sortable(self, column: Operand) -> Operand:
        return sa.collate(column, "C")

    def among(self, column: Operand, kind: str, values: list[Any]) -> Expression:
        """Return `column IN values`, all in one array."""
        bound = INSTANT if kind == "datetime" else BOUND[kind]
        return column == sa.any_(sa.literal(values, sa.ARRAY(bound)))

    def instant(self, column: Operand, lookup: str, value: datetime) -> Expression:
        return OPERATORS[lookup](column, sa.literal(value, INSTANT))

    def without_zone(self, column: Operand) -> Operand:
        return sa.func.timezone("UTC", column, type_=sa.DateTime())

    def json_is_null(self, column: Operand) -> Expression:
        return sa.or_(column.is_(None), sa.func.jsonb_typeof(column) == "null")

    def json_equals(self, column: Operand, value: Any) -> Expression:
        """Return whether a JSON column holds a scalar."""
        bound: Operand
        if isinstance(value, bool):
            bound = sa.cast(sa.literal(value), sa.Boolean)
        elif isinstance(value, str):
            bound = sa.cast(sa.literal(value), sa.Text)
        else:
            bound = sa.cast(sa.literal(Decimal(repr(value)), sa.Numeric), sa.Numeric)
        return column.bool_op("=")(sa.func.to_jsonb(bound, type_=NULLTYPE))

    def inside(self, column: Operand, keys: tuple[str, ...]) -> Operand:
        return column.op("#>", return_type=NULLTYPE)(sa.cast(sa.literal(list(keys), sa.ARRAY(sa.Text)), sa.ARRAY(sa.Text)))

    def json_text(self, column: Operand) -> Operand:
        return sa.case((sa.func.jsonb_typeof(column) == "string", _unquoted(column)))

    def json_number(self, column: Operand) -> Operand:
        return sa.case((sa.func.jsonb_typeof(column) == "number", sa.cast(_unquoted(column), sa.Numeric)))

    def part(self, column: Operand, part: str) -> Operand:
        """Return a part of a point in time in UTC, or of a day."""
        if not isinstance(column.type, sa.Date):
            column = self.without_zone(column)
        if part == "date":
            return sa.cast(column, sa.Date)
        number = sa.cast(sa.func.floor(sa.extract(FIELDS.get(part, part), column)), sa.Integer)
        return number + 1 if part == "week_day" else number

    def iexact(self, column: Operand, value: str) -> Expression:
        return sa.func.lower(column) == sa.func.lower(value)

    def contains(self, column: Operand, value: str) -> Expression:
        return column.like(f"%{escaped(value)}%")

    def icontains(self, column: Operand, value: str) -> Expression:
        return column.ilike(f"%{escaped(value)}%")

    def startswith(self, column: Operand, value: str) -> Expression:
        return column.like(f"{escaped(value)}%")

    def istartswith(self, column: Operand, value: str) -> Expression:
        return column.ilike(f"{escaped(value)}%")

    def endswith(self, column: Operand, value: str) -> Expression:
        return column.like(f"%{escaped(value)}")

    def iendswith(self, column: Operand, value: str) -> Expression:
        return column.ilike(f"%{escaped(value)}")

    def regex(self, column: Operand, value: str) -> Expression:
        return column.regexp_match(value)


def _unquoted(column: Operand) -> Operand:
    """Return what a JSON scalar is as text."""
    return column.op("#>>", return_type=sa.Text())(sa.cast(sa.literal([], sa.ARRAY(sa.Text)), sa.ARRAY(sa.Text)))


def escaped(text: str) -> str:
    """Return a text as a LIKE pattern that matches nothing but itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
