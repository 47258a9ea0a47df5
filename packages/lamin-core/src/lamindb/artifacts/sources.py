"""Opening a file that a user handed over: what can be wrong with it, as one sentence each."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lamindb.artifacts.content import FileState
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, InvalidArgument, LaminError


@contextmanager
def opened(path: Path) -> Iterator[tuple[int, FileState]]:
    """Open a regular file for reading; gives its descriptor and the state it is in.

    Raises
    ------
    ArtifactMissing: there is nothing at `path`.
    ArtifactUnreadable: it may not be read, or reading fails inside the block.
    InvalidArgument: it is a folder, a pipe or a device.
    """
    with readable(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # without O_NONBLOCK a pipe waits for its writer
    try:
        yield descriptor, _state_of_file(path, os.fstat(descriptor))
    finally:
        os.close(descriptor)


def state_of(path: Path) -> FileState:
    """Return the state of a regular file without opening it. Raises as `opened` does."""
    with readable(path):
        found = os.stat(path)
    return _state_of_file(path, found)


class Translating:
    """A block in which what the operating system says about a path becomes an error of ours.

    A class, as entering a generator takes three times as long, and small files are many.

    Parameters
    ----------
    path: the only one that is touched in the block.
    translate: returns our error for the path and an exception, None for an exception that goes on as it is.
    """

    __slots__ = ("_path", "_translate")

    def __init__(self, path: Path, translate: Callable[[Path, BaseException], Exception | None]) -> None:
        self._path, self._translate = path, translate

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, where: object) -> None:
        if error is not None and (ours := self._translate(self._path, error)) is not None:
            raise ours from error


def readable(path: Path) -> Translating:
    """Translate what the operating system says while `path` is read; nothing else may be touched inside the block."""
    return Translating(path, _unreadable)


def _unreadable(path: Path, error: BaseException) -> Exception | None:
    if isinstance(error, LaminError):
        return None
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ArtifactMissing(f"there is no file {str(path)!r}; check the path")
    if isinstance(error, IsADirectoryError):
        return folder(path)
    if isinstance(error, PermissionError):
        return ArtifactUnreadable(f"the file {str(path)!r} may not be read: {error.strerror}; ask its owner for access")
    if isinstance(error, OSError | ValueError):  # ValueError: a path with a NUL in it
        return ArtifactUnreadable(f"the file {str(path)!r} cannot be read: {error}")
    return None


def folder(path: Path) -> InvalidArgument:
    """Return the error for a folder where a file is expected."""
    return InvalidArgument(f"{str(path)!r} is a folder, where a file is expected")


def check_regular(path: Path, found: os.stat_result) -> None:
    """Check that a file can be read to its end and again.

    Raises
    ------
    InvalidArgument: it is a folder, a pipe or a device.
    """
    if stat.S_ISDIR(found.st_mode):
        raise folder(path)
    if not stat.S_ISREG(found.st_mode):
        raise InvalidArgument(f"{str(path)!r} is a pipe, socket or device; an artifact is made from a regular file")


def _state_of_file(path: Path, found: os.stat_result) -> FileState:
    check_regular(path, found)
    return FileState.of(found)
