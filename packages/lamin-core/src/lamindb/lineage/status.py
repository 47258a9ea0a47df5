"""The status of runs: what there is, and which changes are legal. Nothing else writes the status of a stored run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

import sqlalchemy as sa

from lamindb.query.membership import within


class Status(IntEnum):
    """The status of a run, with the numbers that the database holds."""

    scheduled = -3
    restarted = -2
    started = -1
    completed = 0
    errored = 1
    aborted = 2

    @property
    def has_ended(self) -> bool:
        """Whether a run of this status has a `finished_at`, and never changes but by a restart."""
        return self >= Status.completed


NAMES: dict[str, int] = {status.name: status.value for status in sorted(Status)}
GOING_ON = (Status.started, Status.restarted)
LEGAL: dict[Status, tuple[Status, ...]] = {
    Status.scheduled: (),
    Status.started: (Status.scheduled,),
    Status.restarted: (*GOING_ON, Status.completed, Status.errored, Status.aborted),
    Status.completed: GOING_ON,
    Status.errored: GOING_ON,
    Status.aborted: (Status.scheduled, *GOING_ON),
}
"""For each status, those that may come before it."""


def is_legal(before: int, after: int) -> bool:
    """Whether a run may go from one status to another."""
    return Status(before) in LEGAL[Status(after)]


def times(status: Status, now: datetime) -> dict[str, datetime | None]:
    """Return the columns that change together with the status: a run has a `finished_at` if, and only if, it has ended."""
    if status.has_ended:
        return {"finished_at": now}
    return {"started_at": now, "finished_at": None}


def move(
    connection: sa.Connection, table: sa.Table, ids: Sequence[int], status: Status, now: datetime, **values: Any
) -> list[int]:
    """Change the status of those runs that may have it; one statement, so that of two processes one wins.

    Parameters
    ----------
    table
        The table of runs.
    now
        When they begin or end.
    **values
        Further columns to set.

    Returns
    -------
    Ids of the runs that were changed.
    """
    before = [each.value for each in LEGAL[status]]
    found = within(table.c.id, ids, connection.dialect.name) if len(ids) > 1 else table.c.id == ids[0]
    statement = sa.update(table).where(found, table.c._status_code.in_(before)).returning(table.c.id)
    values |= {"_status_code": status.value, "updated_at": now, **times(status, now)}
    return list(connection.execute(statement.values(values)).scalars())
