"""Which run started this process: told to children by environment variables."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from lamindb.lineage import references

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.run import Run

RUN, INSTANCE = "LAMIN_INITIATED_BY_RUN_UID", "LAMIN_INITIATED_BY_INSTANCE"
"""The uid of the run, and the uid of the instance it is tracked in: a child that uses another instance takes no notice."""


def export(run: Run) -> Callable[[], None]:
    """Tell child processes that this run started them; returns what undoes it."""
    assert run.database is not None  # it is stored
    told = {RUN: run.uid, INSTANCE: run.database.instance.uid}
    before = {name: os.environ.get(name) for name in told}
    os.environ |= told

    def undo() -> None:
        for name, value in before.items():
            if os.environ.get(name) != told[name]:  # somebody else changed it meanwhile
                continue
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

    return undo


def of_process(database: Database) -> Run | None:
    """Return the run that started this process.

    Raises
    ------
    InvalidArgument: the variable names a run that the database does not have.
    """
    uid, instance = os.environ.get(RUN), os.environ.get(INSTANCE)
    if not uid or (instance and instance != database.instance.uid):
        return None
    found: Run = references.resolve(database, "Run", uid, RUN, by="uid")
    return found
