"""Runs whose process ended without a word, by SIGKILL or with the machine: closed by the next run of the same user."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb import catalog
from lamindb.lineage import processes
from lamindb.lineage.execution import PROCESS, end_run
from lamindb.lineage.status import GOING_ON, Status
from lamindb.records import context, identity

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.run import Run

log = logging.getLogger("lamindb")


def find(database: Database) -> list[Run]:
    """Return the runs that the current user began on this machine and whose process is gone; one statement."""
    registry = catalog.registry("lamindb.Run")
    table = registry.__table__
    query = sa.select(*identity.columns_in(database, registry)).where(
        table.c._status_code.in_([status.value for status in GOING_ON]),
        table.c.created_by_id == context.current_user_id(database),
    )
    with database.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    dead = [row for row in rows if processes.is_dead((row["_aux"] or {}).get(PROCESS))]
    runs: list[Run] = registry._load_rows(database, dead)  # type: ignore[assignment]  # by name
    return runs


def close(database: Database) -> None:
    """End those runs as aborted, each with the log that it left behind."""
    for run in find(database):
        log.warning("run %s was still open, but its process is gone: it is aborted", run.uid)
        end_run(database, run, Status.aborted)
