"""What happened in the cells of a notebook: which of them failed and did not succeed since."""

from __future__ import annotations

import traceback
from typing import Any

from lamindb import shells


class Cells:
    """Watches the cells of the kernel that this process is."""

    def __init__(self) -> None:
        self._failed: dict[str, str] = {}
        self._shell: Any = None

    def watch(self) -> None:
        """Begin to watch."""
        self._shell = shells.shell()
        self._shell.events.register("post_run_cell", self._after)

    def leave(self) -> None:
        """Watch no more."""
        if self._shell is not None:
            self._shell.events.unregister("post_run_cell", self._after)
            self._shell = None

    @property
    def failure(self) -> str | None:
        """The traceback of the last cell that failed and was not repaired, None if there is none."""
        return next(reversed(self._failed.values()), None)

    def _after(self, result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        cell = str(getattr(result.info, "cell_id", None) or result.info.raw_cell)
        self._failed.pop(cell, None)
        if isinstance(error, BaseException):
            self._failed[cell] = "".join(traceback.format_exception(error))
