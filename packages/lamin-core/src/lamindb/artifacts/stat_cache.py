"""Hashes of files that did not change since they were hashed, kept in a file of the user's cache directory.

The file is a convenience: whatever is wrong with it, it is dropped and hashing goes on. Each entry carries a checksum, so that
a damaged page cannot hand out a wrong hash.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Self, TypeVar

import lamindb_setup

from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.hashing import hash_file, type_for
from lamindb.artifacts.sources import state_of

T = TypeVar("T")

WORTH_IT = 1024 * 1024
"""Bytes below which hashing is as quick as looking it up."""
SETTLED_NS = 2_000_000_000
"""A file changed less than this before it was hashed may change again without a new time stamp: coarse clocks, racing writers."""
MOST_ENTRIES = 200_000
FILE_NAME = "file-hashes-2.db"

_TABLE = """CREATE TABLE IF NOT EXISTS hashes
    (device, inode, size, mtime_ns, ctime_ns, hash, type, checksum, PRIMARY KEY (device, inode, type))"""
_FIND = """SELECT hash, type, checksum FROM hashes
    WHERE device = ? AND inode = ? AND size = ? AND mtime_ns = ? AND ctime_ns = ? AND type = ?"""
_KEEP = "INSERT OR REPLACE INTO hashes VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_TRIM = "DELETE FROM hashes WHERE rowid <= (SELECT max(rowid) FROM hashes) - ?"


class StatCache:
    """Looks hashes up by file, type and state before it computes them. Safe for several processes and threads."""

    def __init__(self, directory: Path, *, settled_ns: int = SETTLED_NS, worth_it: int = WORTH_IT) -> None:
        self.path = directory / FILE_NAME
        self._settled_ns = settled_ns
        self._worth_it = worth_it

    @classmethod
    def of_user(cls) -> Self:
        """Return the one in the cache directory of the settings."""
        return cls(lamindb_setup.settings.cache_dir)

    def hash_file(self, path: Path, type: str | None = None) -> tuple[ContentHash, FileState]:
        """Return the hash of a file and the state it has. Raises as `hashing.hash_file` does, never because of the cache."""
        state = state_of(path)
        if state.size < self._worth_it:
            return hash_file(path, type)
        return self.remember(state, type or type_for(state.size), lambda: hash_file(path, type))

    def remember(
        self, state: FileState, type: str, work: Callable[[], tuple[ContentHash, FileState]]
    ) -> tuple[ContentHash, FileState]:
        """Return what is known of a file in this state, else what `work` finds out."""
        if (known := self._find(state, type)) is not None:
            return known, state
        started_ns = time.time_ns()
        found, state = work()
        if is_settled(state, started_ns, self._settled_ns):
            self._keep(state, found)
        return found, state

    def _find(self, state: FileState, type: str) -> ContentHash | None:
        if not self.path.exists():
            return None
        row = self._within(lambda connection: connection.execute(_FIND, (*_storable(state), type)).fetchone())
        if row is None or row[2] != _checksum(state, row[0], row[1]):
            return None
        return ContentHash(row[0], row[1], state.size)

    def _keep(self, state: FileState, found: ContentHash) -> None:
        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute(_TABLE)
                connection.execute(_KEEP, (*_storable(state), found.value, found.type, _checksum(state, found.value, found.type)))
                connection.execute(_TRIM, (MOST_ENTRIES,))

        with suppress(OSError):  # no room or no right to keep anything
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._within(write)

    def _within(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        try:
            with closing(sqlite3.connect(self.path, timeout=0.2, isolation_level="IMMEDIATE")) as connection:
                connection.execute("PRAGMA synchronous = OFF")  # what a power cut damages is found out and dropped
                return work(connection)
        except sqlite3.OperationalError:  # busy, read-only, no such table yet, disk full: the file itself may be sound
            return None
        except (sqlite3.DatabaseError, ValueError, TypeError):
            self._drop()
            return None

    def _drop(self) -> None:
        for path in (self.path, self.path.with_name(self.path.name + "-journal")):
            with suppress(OSError):
                path.unlink()


def is_settled(state: FileState, at_ns: int, settled_ns: int = SETTLED_NS) -> bool:
    """Whether a file that is in this state at some time cannot be changed later and still look as if it were in it."""
    return at_ns - max(state.mtime_ns, state.ctime_ns) >= settled_ns


def _storable(state: FileState) -> tuple[int, ...]:
    """SQLite integers have 64 bits and a sign; device and inode numbers of some file systems use the highest bit."""
    return tuple(number - (1 << 64) if number >= 1 << 63 else number for number in state)


def _checksum(state: FileState, value: object, kind: object) -> int:
    return zlib.crc32(repr((*state, value, kind)).encode())
