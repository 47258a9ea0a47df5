"""Writing small files so that no death of the process leaves half of one, and nobody overwrites what another process wrote."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from lamindb_setup.errors import InvalidArgument


def expanded(path: str | os.PathLike[str]) -> Path:
    """A path with `~` and `~user` replaced by home folders.

    Raises
    ------
    InvalidArgument: there is no such user.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise InvalidArgument(
            f"{os.fspath(path)!r} begins with the home of a user who does not exist here; write the folder"
        ) from error


def write_new(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Make a file with these bytes. It appears complete or not at all, and survives a power cut once this returns.

    Raises
    ------
    FileExistsError: something of that name is there; it stays as it is.
    OSError: as the system reports it; nothing is left behind.
    """
    with _unnamed(path.parent, mode) as (descriptor, name):
        _fill(descriptor, data)
        # Unlike a rename, this never replaces. Only with a directory does Python follow the link to a file without a name.
        os.link(name, path, src_dir_fd=descriptor, follow_symlinks=True)
    _sync_folder(path.parent)


def replace(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Make or replace a file; readers see the old bytes or the new ones."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        try:
            _fill(descriptor, data)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only process of this machine that changes files of the folder, as far as others ask, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems lock nothing: then the last writer wins
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _unnamed(folder: Path, mode: int) -> Iterator[tuple[int, str]]:
    """A new file without a name, which vanishes with the process, and the path from which it can be linked.

    Where the file system or the operating system has none, a hidden file that is removed at the end.
    """
    temporary = None
    try:
        descriptor = os.open(folder, os.O_WRONLY | os.O_TMPFILE, mode)
        source = f"/proc/self/fd/{descriptor}"
    except (OSError, AttributeError):
        temporary = folder / f".{secrets.token_hex(8)}.tmp"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        source = str(temporary)
    try:
        yield descriptor, source
    finally:
        os.close(descriptor)
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _fill(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # not every file system can sync a folder; the file itself is safe
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
