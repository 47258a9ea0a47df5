"""Comparisons on SQLite: text is compared byte by byte, which in UTF-8 is by code point; points in time are text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NULLTYPE

from lamindb.query.comparisons import BOUND, OPERATORS, Comparisons, Expression, Operand
from lamindb.query.membership import within

MANY = 100
"""From so many values on, they are passed as one JSON text instead of one parameter each."""
FORMATS = {
    "year": "%Y",
    "quarter": "%m",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
    "week_day": "%w",
    "iso_week_day": "%w",
}
"""What `strftime` is asked for a part of a time."""
LAST_LETTER = "\U0010ffff"


class SQLiteComparisons(Comparisons):
    """Comparisons on SQLite."""

    def sortable(self, column: Operand) -> Operand:
        return column

    def among(self, column: Operand, kind: str, values: list[Any]) -> Expression:
        """Return `column IN values`; many values are one JSON array."""
        if kind == "datetime":
            column, kind = sa.type_coerce(column, sa.Text), "text"
            values = [text for value in values for text in encodings(value)]
        if len(values) < MANY or kind == "date":
            return column.in_([sa.literal(value, BOUND[kind]) for value in values])
        return within(column, values, "sqlite")

    def instant(self, column: Operand, lookup: str, value: datetime) -> Expression:
        """Return the comparison of a time that is stored as text."""
        # One moment may be stored in several lengths, which sort next to each other: a comparison takes in or leaves out all.
        texts = encodings(value)
        first, last = texts[0], texts[-1]
        column = sa.type_coerce(column, sa.Text)
        if lookup == "exact":
            return column.between(first, last)
        return OPERATORS[lookup](column, sa.literal(first if lookup in ("gte", "lt") else last))

    def without_zone(self, column: Operand) -> Operand:
        return sa.type_coerce(column, sa.DateTime())

    def json_is_null(self, column: Operand) -> Expression:
        """Return whether a JSON column is SQL NULL or JSON null."""
        text = sa.type_coerce(column, sa.Text)
        return sa.or_(text.is_(None), text == "null")

    def json_equals(self, column: Operand, value: Any) -> Expression:
        """Return whether a JSON column holds a scalar."""
        kind = sa.func.json_type(column)
        if isinstance(value, bool):
            return kind == ("true" if value else "false")
        names = ("text",) if isinstance(value, str) else ("integer", "real")
        return sa.and_(kind.in_(names), sa.func.json_extract(column, "$", type_=NULLTYPE) == sa.literal(value))

    def inside(self, column: Operand, keys: tuple[str, ...]) -> Operand:
        """Return a JSON value as its text, so that JSON null is not taken for a missing key."""
        for key in keys:
            # Written as a path: what a bare label means depends on its letters and on the version.
            found = _at(column, f'$."{key}"')
            column = sa.func.coalesce(found, _at(column, int(key)), type_=sa.Text()) if key.isdecimal() else found
        return sa.type_coerce(column, sa.Text)

    def json_text(self, column: Operand) -> Operand:
        """Return the text that a JSON value is."""
        return sa.case((sa.func.json_type(column) == "text", sa.func.json_extract(column, "$", type_=sa.Text)))

    def json_number(self, column: Operand) -> Operand:
        """Return the number that a JSON value is."""
        is_number = sa.func.json_type(column).in_(("integer", "real"))
        return sa.case((is_number, sa.func.json_extract(column, "$", type_=sa.Float)))

    def part(self, column: Operand, part: str) -> Operand:
        """Return a part of a time that is stored as text."""
        column = sa.type_coerce(column, sa.Text)
        if part == "date":
            return sa.func.substr(column, 1, 10, type_=sa.Date)
        seconds = sa.func.substr(column, 1, 19)  # fractions would be rounded, to the next day even
        number = sa.cast(sa.func.strftime(FORMATS[part], seconds), sa.Integer)
        match part:
            case "quarter":
                return (number + 2) // 3
            case "week_day":
                return number + 1
            case "iso_week_day":
                return (number + 6) % 7 + 1
        return number

    def iexact(self, column: Operand, value: str) -> Expression:
        return _lower(column) == _lower(sa.literal(value))

    def contains(self, column: Operand, value: str) -> Expression:
        return sa.func.instr(column, value) > 0

    def icontains(self, column: Operand, value: str) -> Expression:
        return sa.func.instr(_lower(column), _lower(sa.literal(value))) > 0

    def startswith(self, column: Operand, value: str) -> Expression:
        """Return whether text begins so, by a range of the index."""
        # A range of an index, which neither LIKE nor substr is.
        if not value:
            return column.is_not(None)
        after = text_after(value)
        begins = column >= sa.literal(value)
        return begins if after is None else sa.and_(begins, column < sa.literal(after))

    def istartswith(self, column: Operand, value: str) -> Expression:
        return sa.func.instr(_lower(column), _lower(sa.literal(value))) == 1

    def endswith(self, column: Operand, value: str) -> Expression:
        return sa.func.substr(column, -len(value)) == value if value else column.is_not(None)

    def iendswith(self, column: Operand, value: str) -> Expression:
        """Return whether text ends so, in any case of letters."""
        if not value:
            return column.is_not(None)
        end = _lower(sa.literal(value))
        return sa.func.substr(_lower(column), -sa.func.length(end)) == end

    def regex(self, column: Operand, value: str) -> Expression:
        return column.regexp_match(value)


def _at(column: Operand, place: str | int) -> Operand:
    """Return the JSON text at a path or position of a JSON value."""
    return column.op("->", return_type=sa.Text())(sa.literal(place))


def _lower(text: Operand) -> Operand:
    return sa.func.lamin_lower(text, type_=sa.Text())


def encodings(value: datetime) -> list[str]:
    """Return every text that stands for a point in time, in ascending order: without, with 3 and with 6 digits of a second."""
    naive = value.astimezone(UTC).replace(tzinfo=None)
    found = [naive.isoformat(" ", "microseconds")]
    if naive.microsecond % 1000 == 0:
        found.insert(0, naive.isoformat(" ", "milliseconds"))
    if naive.microsecond == 0:
        found.insert(0, naive.isoformat(" ", "seconds"))
    return found


def text_after(prefix: str) -> str | None:
    """Return the first text after all that begin with a prefix, None if there is none."""
    kept = prefix.rstrip(LAST_LETTER)
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)
