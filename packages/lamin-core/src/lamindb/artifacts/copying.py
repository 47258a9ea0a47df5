"""Copying a file so that what was written is known to be what was hashed."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.hashing import Hasher, pieces
from lamindb.artifacts.sources import opened
from lamindb.errors import ArtifactUnreadable, DiskFull, StorageNotWritable

_FICLONE = 0x40049409
"""Request of Linux to share the blocks of another file (btrfs, xfs, bcachefs); the copy costs neither time nor room."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def copy_verified(source: Path, target: Path, expected: ContentHash) -> None:
    """Write the content of `source` to the new file `target` and flush it to disk; the bytes written are hashed.

    Raises
    ------
    ArtifactUnreadable: the source is not what was hashed any more, or cannot be read.
    ArtifactMissing: the source is gone.
    DiskFull, StorageNotWritable: the target cannot be written. A half-written target stays, to be removed by who named it.
    """
    with opened(source) as (reading, _), _created(target) as writing:
        hasher = Hasher(expected.size)
        if _share_blocks(reading, writing):
            for piece in pieces(target, writing, expected.size):
                hasher.update(piece)
        else:
            for piece in pieces(source, reading, expected.size):
                hasher.update(piece)
                with writable(target):
                    _write_all(writing, piece)
        if hasher.result() != expected:
            raise changed_since_hashed(source)
        with writable(target):
            os.fsync(writing)


def changed_since_hashed(path: Path) -> ArtifactUnreadable:
    """Return the error for a file that is not what was hashed any more."""
    return ArtifactUnreadable(
        f"the file {str(path)!r} changed after Artifact(...) had read it; nothing was saved, construct the artifact again"
    )


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Translate what the operating system says while `path` is written.

    Raises
    ------
    DiskFull: no room, or a quota is used up.
    StorageNotWritable: the folder may not be written, is on a read-only file system or is not there.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"no room to write {str(path)!r}: {error.strerror}; free some or use another storage") from error
        if error.errno in _FORBIDDEN:
            raise StorageNotWritable(
                f"{str(path)!r} may not be written: {error.strerror}; ask the owner of the folder for access"
            ) from error
        raise StorageNotWritable(f"{str(path)!r} cannot be written: {error.strerror}; is the storage there?") from error


@contextmanager
def _created(path: Path) -> Iterator[int]:
    with writable(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _share_blocks(source: int, target: int) -> bool:
    if sys.platform != "linux":
        return False
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:  # another file system, or one that cannot
        return False
    return True


def _write_all(descriptor: int, piece: memoryview) -> None:
    while piece:
        piece = piece[os.write(descriptor, piece) :]
