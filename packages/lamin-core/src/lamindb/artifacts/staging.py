"""Files for data that was in memory only, kept in the user's cache directory until the artifact is saved or given up.

All files of a process lie beside a journal that it holds locked; what a dead process left, the next one removes.
"""

from __future__ import annotations

import atexit
import os
import weakref
from contextlib import suppress
from pathlib import Path

import lamindb_setup
from lamindb_setup.uids import base62

from lamindb.artifacts.content import FileState
from lamindb.artifacts.copying import writable
from lamindb.artifacts.journals import Journal

_FOLDER = "unsaved"
_JOURNAL = ".journal"


class Staged:
    """A file that goes when nobody needs it any more, at the end of the process at the latest.

    Parameters
    ----------
    suffix: of the file.
    """

    def __init__(self, suffix: str) -> None:
        self.path = _desk().path(suffix)
        self.state: FileState | None = None
        """After it was written."""
        self._end = weakref.finalize(self, _discard, self.path, os.getpid())

    def written(self) -> None:
        """Note the state of the file: nobody else writes to it from now on."""
        self.state = FileState.of(os.stat(self.path))

    def discard(self) -> None:
        """Remove the file."""
        self._end()


class _Desk:
    """The files of this process."""

    def __init__(self, folder: Path) -> None:
        self.process = os.getpid()
        with writable(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._name = base62(20)
        self._folder = folder
        self._journal = Journal.start(folder / f"{self._name}{_JOURNAL}")
        self._count = 0
        atexit.register(self.close)

    def path(self, suffix: str) -> Path:
        self._count += 1
        return self._folder / f"{self._name}.{self._count}{suffix}"

    def serves(self, folder: Path) -> bool:
        """Whether it is this process's own, and not the one of a parent or of another cache directory."""
        return self.process == os.getpid() and self._folder == folder

    def close(self) -> None:
        if self.process == os.getpid():
            self._journal.remove()


_current: _Desk | None = None


def _desk() -> _Desk:
    global _current
    folder = lamindb_setup.settings.cache_dir / _FOLDER
    if _current is None or not _current.serves(folder):
        _current = _Desk(folder)
        _sweep(folder)
    return _current


def _sweep(folder: Path) -> None:
    with suppress(OSError):
        names = os.listdir(folder)
        for name in names:
            if name.endswith(_JOURNAL):
                with Journal.of_dead_writer(folder / name) as journal:
                    if journal is not None:
                        prefix = name.removesuffix(_JOURNAL) + "."
                        for left in names:
                            if left.startswith(prefix) and left != name:
                                (folder / left).unlink(missing_ok=True)
                        journal.remove()


def _discard(path: Path, process: int) -> None:
    if process == os.getpid():  # a forked child has not made it
        with suppress(OSError):
            path.unlink(missing_ok=True)
