"""Opening a file that a user handed over: what can be wrong with it, as one sentence each."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lamindb.artifacts.content import FileState
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, InvalidArgument


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


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Translate what the operating system says while `path` is read; nothing else may be touched inside the block."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArtifactMissing(f"there is no file {str(path)!r}; check the path") from error
    except IsADirectoryError as error:
        raise folder(path) from error
    except PermissionError as error:
        raise ArtifactUnreadable(f"the file {str(path)!r} may not be read: {error.strerror}; ask its owner for access") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise ArtifactUnreadable(f"the file {str(path)!r} cannot be read: {error}") from error


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
