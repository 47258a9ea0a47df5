"""Journals: files that a writer holds locked while it works on an object. The operating system lets go when the writer dies.

Order of locks, so that nobody waits in a circle: the database first, then a journal. Only a writer that no longer needs the
database, or a sweeper that never waits, holds a journal that others may want.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from lamindb.artifacts.copying import writable
from lamindb.errors import InvalidArgument

# A file system without locks: writers go on, and nobody can tell the dead from the living there, so nothing is swept.
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


class Journal:
    """The lock on one name in the folder `incoming`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor
        self._uses = 1
        self._thread = threading.get_ident()

    @classmethod
    def start(cls, path: Path, *, shared: bool = False) -> Journal:
        """Create and lock a journal; waits for one who is just clearing up behind a write of the same name.

        Parameters
        ----------
        shared
            Share the journal with what the same transaction does to the same name already.

        Raises
        ------
        InvalidArgument: the same transaction has the name already, and `shared` is not set.
        DiskFull, StorageNotWritable: the folder cannot be written.
        """
        if (mine := _held.get((threading.get_ident(), path))) is not None:
            return mine._again(shared)  # waiting for oneself would take forever
        with writable(path):
            while True:
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
                _lock(descriptor, wait=True)
                if _is_at(descriptor, path):  # and was not removed between opening and locking
                    journal = cls(path, descriptor)
                    _held[journal._thread, path] = journal
                    return journal
                os.close(descriptor)

    def _again(self, shared: bool) -> Journal:
        if not shared:
            raise InvalidArgument(
                f"the bytes {self.path.name!r} were deleted in this transaction; end it before saving new ones of that name"
            )
        self._uses += 1
        return self

    @classmethod
    @contextmanager
    def of_dead_writer(cls, path: Path) -> Iterator[Self | None]:
        """Lock the journal of a dead writer; gives None if its writer lives, or nobody can tell, or it is gone."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            yield None
            return
        journal = cls(path, descriptor)
        try:
            yield journal if _lock(descriptor, wait=False) and _is_at(descriptor, path) else None
        finally:
            journal.release()

    def note(self, names: Sequence[str]) -> None:
        """Write down names of objects, so that whoever finds the journal of a dead writer knows what that was about.

        Raises
        ------
        DiskFull, StorageNotWritable: the journal cannot be written.
        """
        with writable(self.path):
            assert self._descriptor is not None  # noted before it is released
            text = memoryview("".join(f"{name}\n" for name in names).encode())
            while text:
                text = text[os.write(self._descriptor, text) :]
            if len(names) > 1:  # the names of one object are ordered like its folder entries on journaling file systems
                os.fsync(self._descriptor)

    def noted(self) -> list[str]:
        """Return the names written down; one that the writer did not get to the end of is left out."""
        return self.path.read_text().split("\n")[:-1]

    def remove(self) -> None:
        """Remove the file, then unlock it: nobody may come to lock a journal whose writer is through."""
        if self._uses == 1:
            with suppress(OSError):  # it stays as a dead writer's would, and the next sweep removes it
                self.path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Unlock and leave the file: the next sweep decides."""
        self._uses -= 1
        if self._uses <= 0 and self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            if _held.get((self._thread, self.path)) is self:
                del _held[self._thread, self.path]


_held: dict[tuple[int, Path], Journal] = {}
"""Journals that threads of this process have started, by thread and path."""


def _lock(descriptor: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno == errno.EWOULDBLOCK or error.errno in _NO_LOCKS:
            return False
        raise
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
