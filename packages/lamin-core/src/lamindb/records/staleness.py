"""Whether what is about to be written was changed by someone else since it was loaded.

Only the columns that are written count: two people who change different fields of a row do not get in each other's way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.base import NO_VALUE

from lamindb.errors import LockedRecord, StaleRecord

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

COMPARED = (sa.String, sa.Integer, sa.Boolean, sa.Date)
"""Types whose values are stored the same whoever wrote them; JSON and times may be the same in another form."""


def forget(record: BaseSQLRecord) -> None:
    """Forget what a stored record was before it was changed, so that it is written whatever is there."""
    state = instance_state(record)
    if record._database is not None:
        for name in state.committed_state:
            state.committed_state[name] = NO_VALUE


def before(record: BaseSQLRecord, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the columns that are written had when they were loaded, as far as that is known and can be compared."""
    columns, committed = type(record).__table__.c, instance_state(record).committed_state
    return {
        name: committed[name]
        for name in values
        if name in committed and committed[name] is not NO_VALUE and isinstance(columns[name].type, COMPARED)
    }


def unchanged(table: sa.Table, before: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that a row still is what it was; that it is what it shall be already does not count."""
    return [table.c[name].is_not_distinct_from(old) for name, old in before.items()]


def unlocked(table: sa.Table, values: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    """Return the condition that a row is not locked, which someone else may have done since; unlocking needs none."""
    return [sa.not_(table.c.is_locked)] if "is_locked" in table.c and values.get("is_locked") is not False else []


def error(connection: sa.Connection, record: BaseSQLRecord, before: Mapping[str, Any]) -> StaleRecord | LockedRecord:
    """Return the error for a row that was not written: it is gone, or was changed or locked."""
    table, kind = type(record).__table__, type(record).__name__
    columns = [table.c[name] for name in ("id", *before, *({"is_locked"} - {*before})) if name in table.c]
    row = connection.execute(sa.select(*columns).where(table.c.id == record.id)).mappings().one_or_none()
    if row is None:
        return StaleRecord(f"the row of this {kind} (id {record.id}) was deleted since it was loaded")
    changed = [f"{name} from {old!r} to {row[name]!r}" for name, old in before.items() if row[name] != old]
    if row.get("is_locked") and not changed:
        return LockedRecord(f"someone locked this {kind} (id {record.id}) since it was loaded; load it again to unlock it")
    return StaleRecord(
        f"someone else changed {', '.join(changed)} of this {kind} (id {record.id}) since it was loaded; "
        "load it again, or write yours over it with save(force=True)"
    )
