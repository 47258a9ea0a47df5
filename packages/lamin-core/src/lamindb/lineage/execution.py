"""One run that is going on in this process: it is told what is read and made, and it ends once."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm.attributes import set_committed_value

from lamindb import catalog
from lamindb.lineage import processes, run_files
from lamindb.lineage.capture import Log, streams
from lamindb.lineage.status import Status, move, times
from lamindb.records import run_links

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.columns.transform import TransformColumns
    from lamindb._registries.run import Run
    from lamindb.records.record import BaseSQLRecord

log = logging.getLogger("lamindb")

PROCESS = "process"
"""Where the private settings of a run say which process it runs in."""


_all: weakref.WeakSet[Execution] = weakref.WeakSet()


def _make_locks_in_child() -> None:
    """In a forked child, nobody would release what other threads of the parent held."""
    for execution in list(_all):
        execution.make_locks()


os.register_at_fork(after_in_child=_make_locks_in_child)


class Execution:
    """A run that is going on, as `lamindb.records.context.Tracker`.

    Parameters
    ----------
    run
        Its row, status started or restarted.
    parent
        The execution in which it was called, whose log it shares.
    before_end
        Called within the transaction that ends the run; returns further columns of the row.
    """

    def __init__(self, run: Run, parent: Execution | None = None, before_end: Callable[[], dict[str, Any]] | None = None) -> None:
        assert run.database is not None  # it is stored
        self.run, self.database, self.parent = run, run.database, parent
        self.log: Log | None = parent.log if parent is not None else None
        self._captures = False
        self._before_end = before_end
        self._ended = False
        self._owner = os.getpid()
        self.make_locks()
        self._inputs: set[tuple[str, int]] = set()
        self._remade: set[tuple[str, int]] = set()
        self._children: set[Execution] = set()
        if parent is not None:
            parent._children.add(self)
        _all.add(self)

    def make_locks(self) -> None:
        """Make new locks; two, because a signal may end what is just being read."""
        self._reading, self._ending = threading.RLock(), threading.RLock()

    # ---- what happens to records --------------------------------------------------------------------------------------------
    def run_id(self, database: Database) -> int | None:
        """Return the id of the run, None for another database than its own."""
        return self.run.id if database is self.database else None

    def read(self, records: Sequence[BaseSQLRecord]) -> None:
        """Make records inputs of the run; those that it made or remade itself, and those of other databases, are none."""
        by_registry: dict[str, list[int]] = {}
        with self._reading:
            for record in records:
                key = (type(record).__qualified__, record.__dict__.get("id", 0))
                is_own = record.__dict__.get("run_id") == self.run.id or key in self._remade
                if record.database is self.database and not is_own and key not in self._inputs:
                    by_registry.setdefault(key[0], []).append(key[1])
            for qualified, ids in by_registry.items():
                with self.database.writing() as transaction:
                    keys = {(qualified, row_id) for row_id in ids}
                    transaction.on_rollback(lambda keys=keys: self._inputs.difference_update(keys))  # type: ignore[misc]  # mypy infers no type for a default
                    self._inputs |= keys
                    run_links.add_inputs(transaction.connection, self.database, qualified, self.run.id, ids)

    def remade(self, record: BaseSQLRecord) -> None:
        """Make a record that existed already an output of the run, too; what is an input of the run stays just that."""
        qualified, row_id, before = type(record).__qualified__, int(record.__dict__["id"]), record.__dict__.get("run_id")
        if record.database is not self.database or before == self.run.id or (qualified, row_id) in self._inputs:
            return
        with self.database.writing() as transaction:
            if before is not None:
                run_links.add_remade(transaction.connection, self.database, qualified, self.run.id, row_id)
            elif run_links.give_run(transaction.connection, qualified, self.run.id, row_id):
                set_committed_value(record, "run_id", self.run.id)
                transaction.on_rollback(lambda: set_committed_value(record, "run_id", None))
            transaction.on_commit(lambda: self._remade.add((qualified, row_id)))

    # ---- the log ------------------------------------------------------------------------------------------------------------
    def capture(self) -> None:
        """Begin to write down what is printed, if there is room for it."""
        try:
            self.log = Log(run_files.log_path(self.run.uid))
        except OSError as error:
            log.warning("what is printed is not kept, because the log cannot be written: %s", error)
            return
        self._captures = True
        streams.tap()

    def _stop_capture(self) -> None:
        if self._captures:
            self._captures = False
            streams.release()
        if self.log is not None and self.parent is None:
            self.log.close()

    # ---- the end ------------------------------------------------------------------------------------------------------------
    @property
    def is_mine(self) -> bool:
        """Whether this process began the run; a forked child, which shares it, does not end it."""
        return os.getpid() == self._owner

    @property
    def has_ended(self) -> bool:
        """Whether `end` is through."""
        return self._ended

    def end(self, status: Status, note: str = "") -> None:
        """Store the log, and the status with the time of the end; only the first call counts.

        Calls inside that are still going on share its fate unless it is completed.

        Parameters
        ----------
        note
            What is added to the log: a traceback, or the name of a signal.
        """
        if not self.is_mine:
            return
        with self._ending:
            if self._ended:
                return
            for child in list(self._children) if status is not Status.completed else ():
                child.end(status)
            if note and self.parent is None:
                with suppress(OSError):  # then the status has to do
                    self.log = self.log or Log(run_files.log_path(self.run.uid))
                    self.log.write(note)
            self._stop_capture()
            end_run(self.database, self.run, status, self._before_end, has_log=self.log is not None and self.parent is None)
            self._ended = True
            if self.parent is not None:
                self.parent._children.discard(self)


def end_run(
    database: Database,
    run: Run,
    status: Status,
    before_end: Callable[[], dict[str, Any]] | None = None,
    *,
    has_log: bool = True,
) -> None:
    """End a run in the database, with its log if there is one; a run that has ended already stays as it is."""
    values: dict[str, Any] = {}
    now = max(datetime.now(UTC), run.started_at)
    path = run_files.log_path(run.uid)
    if has_log and path.is_file() and path.stat().st_size:
        try:
            values["report_id"] = run_files.store(database, path, "log of a run", run_files.branch_of(database, run)).id
        except Exception as error:  # whatever keeps the log from being stored must not keep the run from ending
            log.warning("the log of run %s could not be stored and stays at %s: %s", run.uid, path, error)
    table = catalog.registry("lamindb.Run").__table__
    with database.writing() as transaction:
        if before_end is not None:
            values |= before_end()
        if not move(transaction.connection, table, [run.id], status, now, **values):
            log.warning("run %s was ended or deleted by another process; it is left as it is", run.uid)
            return
    for name, value in {**values, **times(status, now), "_status_code": status.value}.items():
        set_committed_value(run, name, value)
    if "report_id" in values or not has_log:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def begin(
    transform: TransformColumns,
    database: Database,
    *,
    params: dict[str, Any] | None = None,
    environment_id: int | None = None,
    initiated_by_run_id: int | None = None,
    plan_id: int | None = None,
    entrypoint: str | None = None,
    cli_args: str | None = None,
) -> Run:
    """Make a run of a transform, and the transform if it is new, in one transaction.

    Parameters
    ----------
    params
        As JSON, see `params.to_json`.
    """
    registry: Any = catalog.registry("lamindb.Run")
    with database.writing():
        if transform.database is None:
            transform.save()
        run: Run = registry(
            transform, status="started", entrypoint=shortened(entrypoint, 255), cli_args=shortened(cli_args, 1024)
        )
        run.params, run._aux, run.started_at = params, {PROCESS: processes.identity()}, datetime.now(UTC)
        run.environment_id, run.initiated_by_run_id, run.plan_id = environment_id, initiated_by_run_id, plan_id
        return run.save()


def shortened(text: str | None, length: int) -> str | None:
    """Return a text cut to a number of characters, with a sign that it was cut."""
    return text if text is None or len(text) <= length else f"{text[: length - 1]}…"
