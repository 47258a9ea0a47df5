"""Registries whose columns are checked for more than type and length."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from lamindb.records.record import BaseSQLRecord


class ValidateFields(BaseSQLRecord):
    """Records with patterns (URLs, identifiers), checked when they are made, and dates, which may be passed as ISO text."""

    __abstract__ = True

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **with_dates(type(self).__table__, values))


def with_dates(table: sa.Table, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with ISO text for date columns read as dates; other text stays, to be refused with the rest."""
    return {
        name: _date(value) if isinstance(value, str) and name in table.c and isinstance(table.c[name].type, sa.Date) else value
        for name, value in values.items()
    }


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
