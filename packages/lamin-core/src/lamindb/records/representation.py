"""One line for a record: its registry and its filled columns."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

HIDDEN = frozenset({"id", "updated_at", "source_code"})
FIRST = ("uid", "is_type")
LAST = ("created_at", "is_locked", "created_on_id", "version_tag", "is_latest")


def line(record: BaseSQLRecord) -> str:
    """Return `Registry(field=value, …)` with uid first and bookkeeping last."""
    values = columns(record)
    return f"{type(record).__name__}({', '.join(f'{name}={text(value)}' for name, value in values.items() if value is not None)})"


def columns(record: BaseSQLRecord) -> dict[str, Any]:
    """Return the visible columns of a record in the order in which they are shown."""
    visible = [
        column.key
        for column in type(record).__table__.columns
        if column.key not in HIDDEN and (not column.key.startswith("_") or column.key == "_dtype_str")
    ]
    keys = [name for name in visible if name.endswith("_id") and name not in LAST]
    middle = [name for name in visible if name not in FIRST and name not in LAST and name not in keys]
    order = [*(name for name in FIRST if name in visible), *middle, *keys, *(name for name in LAST if name in visible)]
    return {name: value_of(record, name) for name in order}


def value_of(record: BaseSQLRecord, name: str) -> Any:
    """Return the value of a column, None where this database does not have it yet."""
    if record._database is not None and name not in record.__dict__:
        return None
    return getattr(record, name)


def text(value: Any) -> str:
    """Write a value as it is shown: times to the second."""
    return value.strftime("%Y-%m-%d %H:%M:%S %Z") if isinstance(value, datetime) else repr(value)
