"""What `track()` sets up for the process, and how it ends: everything is put back, whoever ends it."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from lamindb.lineage import initiators
from lamindb.lineage.cells import Cells
from lamindb.lineage.execution import Execution
from lamindb.lineage.hooks import Hooks
from lamindb.lineage.status import Status
from lamindb.records import context

if TYPE_CHECKING:
    from collections.abc import Callable

    from lamindb_setup.databases import Database

    from lamindb._registries.branch import Branch
    from lamindb._registries.project import Project
    from lamindb._registries.space import Space


class Session:
    """The tracked run of the process, and what goes with it.

    Parameters
    ----------
    project, space, branch
        What the caller asked for.
    """

    def __init__(self, execution: Execution, *, project: Project | None, space: Space | None, branch: Branch | None) -> None:
        self.execution = execution
        self.project, self.space, self.branch = project, space, branch
        self.cells: Cells | None = None
        self._undo = ExitStack()
        self._ending = threading.RLock()
        self.was_interrupted = False

    def open(self, *, of_program: bool, captures: bool) -> None:
        """Publish the run, and begin to watch and to listen."""
        self._undo.callback(initiators.export(self.execution.run))
        context.track_process(self.execution)
        self._undo.callback(self._unpublish)
        hooks = Hooks(self._end_by_hook, self.execution.database, interrupt=self._interrupt, of_program=of_program)
        hooks.install()
        self._undo.callback(hooks.remove)
        if captures:
            self.execution.capture()

    def watch_cells(self) -> None:
        """Note which cells of the notebook fail."""
        self.cells = Cells()
        self.cells.watch()
        self._undo.callback(self.cells.leave)

    def undo_later(self, call: Callable[[], None]) -> None:
        """Call something when the run ends."""
        self._undo.callback(call)

    def end(self, status: Status, note: str = "") -> None:
        """End the run and put everything back; if it cannot be stored, all stays as it is and can be tried again."""
        with self._ending:
            if status is Status.completed and self.cells is not None and self.cells.failure is not None:
                status, note = Status.errored, self.cells.failure
            self.execution.end(status, note)
            self.close()

    def close(self) -> None:
        """Put everything back after a run that has ended."""
        self._undo.close()

    def _interrupt(self, status: Status, note: str) -> None:
        if not self.execution.has_ended:
            self.was_interrupted = True
            self.execution.end(status, note)

    def _end_by_hook(self, status: Status, note: str) -> None:
        if not self.execution.has_ended:
            self.was_interrupted = True
            self.end(status, note)

    def _unpublish(self) -> None:
        if context.tracker_of_process() is self.execution:
            context.track_process(None)


def use_scope(database: Database, *, space: Space | None, branch: Branch | None) -> Callable[[], None]:
    """Let new rows of this process go to a space and a branch, which queries then see, too; returns what undoes it."""
    context.set_of_run(database, branch=branch.name if branch else None, space=space.name if space else None)
    return lambda: context.set_of_run(database, branch=None, space=None)
