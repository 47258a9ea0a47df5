"""Copying a file or folder so that what was written is known to be what was hashed."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.folders import members
from lamindb.artifacts.hashing import BLAKE3, Hasher, hash_tree, pieces
from lamindb.artifacts.parallel import in_threads
from lamindb.artifacts.sources import Translating, opened, state_of
from lamindb.errors import ArtifactUnreadable, DiskFull, LaminError, StorageNotWritable

_FICLONE = 0x40049409
"""Request of Linux to share the blocks of another file (btrfs, xfs, bcachefs); the copy costs neither time nor room."""
WORTH_SHARING = 64 * 1024
"""Bytes below which copying is quicker than asking whether blocks can be shared."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def copy_verified(source: Path, target: Path, expected: ContentHash) -> None:
    """Write the content of `source` to the new file or folder `target` and flush it to disk; the bytes written are hashed.

    Raises
    ------
    ArtifactUnreadable: the source is not what was hashed any more, or cannot be read.
    ArtifactMissing: the source is gone.
    InvalidArgument: there is a folder where a file was, or the other way round.
    DiskFull, StorageNotWritable: the target cannot be written. A half-written target stays, to be removed by who named it.
    """
    if not expected.is_folder and state_of(source).size != expected.size:
        raise changed_since_hashed(source)
    copy = copy_folder(source, target) if expected.is_folder else copy_file(source, target, expected.type)
    if copy != expected:
        raise changed_since_hashed(source)


def copy_file(source: Path, target: Path, type: str | None = None) -> ContentHash:
    """Copy one file and flush it; returns the hash of what was written."""
    with opened(source) as (reading, state), _created(target) as writing:
        hasher = Hasher(state.size, type)
        if state.size >= WORTH_SHARING and _share_blocks(reading, writing):
            for piece in pieces(target, writing, state.size):
                hasher.update(piece)
        else:
            for piece in pieces(source, reading, state.size):
                hasher.update(piece)
                with writable(target):
                    _write_all(writing, piece)
        with writable(target):
            os.fsync(writing)
        return hasher.result()


def copy_folder(source: Path, target: Path) -> ContentHash:
    """Copy all files in a folder and flush them; returns the hash of what was written. Folders without files are left out."""
    found = members(source)
    folders = sorted({target, *(folder for member in found for folder in _folders(target, member.name))})
    with writable(target):
        for folder in folders:
            folder.mkdir()
    leaves = in_threads(lambda member: copy_file(member.path, target / member.name, BLAKE3), found, "copying")
    for folder in folders:
        flush_folder(folder)
    return hash_tree((member.name, leaf) for member, leaf in zip(found, leaves, strict=True))


def _folders(target: Path, name: str) -> list[Path]:
    """The folders between a folder and a file below it."""
    parts = name.split("/")[:-1]
    return [target.joinpath(*parts[:end]) for end in range(1, len(parts) + 1)]


def flush_folder(folder: Path) -> None:
    """Make names in a folder last.

    Raises
    ------
    DiskFull, StorageNotWritable: they cannot be written.
    """
    with writable(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def changed_since_hashed(path: Path) -> ArtifactUnreadable:
    """Return the error for a file or folder that is not what was hashed any more."""
    return ArtifactUnreadable(
        f"the {'folder' if path.is_dir() else 'file'} {str(path)!r} changed after Artifact(...) had read it; nothing was saved, "
        "construct the artifact again"
    )


def writable(path: Path) -> Translating:
    """Translate what the operating system says while `path` is written.

    Raises
    ------
    DiskFull: no room, or a quota is used up.
    StorageNotWritable: the folder may not be written, is on a read-only file system or is not there.
    """
    return Translating(path, _unwritable)


def _unwritable(path: Path, error: BaseException) -> Exception | None:
    if not isinstance(error, OSError) or isinstance(error, LaminError):
        return None
    if error.errno in _FULL:
        return DiskFull(f"no room to write {str(path)!r}: {error.strerror}; free some or use another storage")
    if error.errno in _FORBIDDEN:
        return StorageNotWritable(f"{str(path)!r} may not be written: {error.strerror}; ask the owner of the folder for access")
    return StorageNotWritable(f"{str(path)!r} cannot be written: {error.strerror}; is the storage there?")


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
