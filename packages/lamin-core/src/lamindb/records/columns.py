"""Column types that read the same on both dialects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

MADE_BY_DATABASE = sa.FetchedValue()
"""Marks a column whose value an INSERT leaves to the database."""


class UTCDateTime(TypeDecorator[datetime]):
    """A point in time: aware UTC in Python, naive UTC text on SQLite, timestamptz on Postgres."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn into UTC; a naive datetime is taken as UTC."""
        if value is None:
            return None
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Make aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JSON(TypeDecorator[Any]):
    """Any JSON value; JSON null and SQL NULL are both None."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """Return jsonb on Postgres and text elsewhere."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(sa.JSON(none_as_null=True))
        from sqlalchemy.dialects.postgresql import JSONB  # 20 ms that SQLite need not pay

        return dialect.type_descriptor(JSONB(none_as_null=True))


def processor(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any]:
    """Return the function that turns a value into what the driver takes, for statements that bypass SQLAlchemy's parameters."""
    if isinstance(column.type, JSON):
        return lambda value: None if value is None else json.dumps(value)  # a driver may have objects of its own for JSON
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return (lambda value: value) if process is None else process


def text_problem(name: str, value: str) -> str | None:
    """Say so if one of the databases cannot keep a text: NUL, or halves of characters from undecodable bytes."""
    if "\0" in value:
        return f"{name} contains a NUL character, which is not text: {value[:40]!r}"
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return f"{name} is not decodable text: {value[:40]!r}; decode the bytes that it came from with their encoding"
    return None
