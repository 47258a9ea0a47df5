"""Bringing objects into a local storage so that no death of the process leaves a row without bytes or bytes without a row.

An object, a file or a folder, lies at `<root>/.lamindb/<uid><suffix>`. On their way there, one or many at once:

1. a journal `<root>/.lamindb/incoming/<name>` is created and locked by the writer, for as long as it lives;
2. the bytes are copied to `incoming/<name>.<number>.part` and flushed;
3. inside the database transaction, after the rows are inserted, the names of the objects are written into the journal, the parts
   are renamed to them and the folder is flushed;
4. the transaction commits, the journal is removed.

On its way out an object has a journal of its own name. A journal whose lock can be taken belongs to a dead writer. Whoever finds
one removes its parts, and the objects named in it to which no row refers.

A transaction that inserts or deletes a row holds a lock on its family. So nobody gives an object a name that a row may still get
in an open transaction, and `Referenced` is answered when none is open. What a committed transaction has yet to remove is
recognised by its journal.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from lamindb_setup.uids import base62

from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.copying import changed_since_hashed, copy_verified, flush_folder, writable
from lamindb.artifacts.folders import HOME
from lamindb.artifacts.journals import Journal
from lamindb.artifacts.parallel import in_threads

_PART = ".part"

Referenced = Callable[[Sequence[str]], AbstractContextManager[AbstractSet[str]]]
"""Given names of objects, holds the database so that no write of their rows is on its way; gives those that rows refer to."""


@dataclass(frozen=True, slots=True)
class Load:
    """Bytes to be brought in."""

    source: Path
    content: ContentHash
    private: FileState | None = None
    """State of a source that only we know of, and that may lend its bytes instead of being copied."""


class Incoming:
    """Objects on their way into a storage."""

    def __init__(self, root: Path, name: str | None = None) -> None:
        self._home = root / HOME
        self._journal = Journal.start(_folder(root) / (name or base62(20)))
        self._parts: set[Path] = set()
        self._published: list[Path] = []
        self.is_taken_over = False
        """Whether a transaction decides what becomes of the objects."""

    @property
    def name(self) -> str:
        """Name of the journal."""
        return self._journal.path.name

    def fill(self, loads: Sequence[Load]) -> list[Path]:
        """Copy bytes, each to a part. Raises as `copying.copy_verified`; everything is dropped then."""
        first = len(self._parts)
        parts = [self._journal.path.with_name(f"{self.name}.{first + n}{_PART}") for n in range(len(loads))]
        self._parts.update(parts)
        try:
            in_threads(_bring, list(zip(loads, parts, strict=True)), "copying")
        except BaseException:
            self.drop()
            raise
        return parts

    def publish(self, moves: Sequence[tuple[Path, str]]) -> None:
        """Give parts their final names; to be called when the rows are written and before they commit.

        Raises
        ------
        DiskFull, StorageNotWritable: the storage cannot be written; everything is dropped then.
        InvalidArgument: the same transaction has deleted the artifact that had this name.
        """
        try:
            self._wait_until_gone([name for _, name in moves])
            self._journal.note([name for _, name in moves])
            for part, name in moves:
                final = self._home / name
                self._published.append(final)
                with writable(final):
                    _rename(part, final)
                self._parts.discard(part)
            flush_folder(self._home)
        except BaseException:
            self.drop()
            raise

    def keep(self) -> None:
        """End of a write that committed; parts that nobody needed go."""
        for part in self._parts:
            remove(part)
        self._journal.remove()

    def drop(self) -> None:
        """End of a write that is known not to have committed: nothing stays."""
        try:
            for path in (*self._parts, *self._published):
                remove(path)
        except OSError:  # the storage went away: what is left is swept once it is back
            self._journal.release()
        else:
            self._journal.remove()

    def settle(self, referenced: Referenced) -> None:
        """End of a write that failed, perhaps after all was committed: if bytes had their names already, the rows decide."""
        if not self._published:
            self.drop()
            return
        self._journal.release()
        _sweep_one(self._journal.path, referenced)

    def _wait_until_gone(self, names: Sequence[str]) -> None:
        """Wait for those who are through with a row of the same name, and remove its object now."""
        for name in set(os.listdir(self._journal.path.parent)).intersection(names):
            Journal.start(self._journal.path.with_name(name)).remove()


class Outgoing:
    """One object on its way out of a storage; to be made in the transaction that deletes its row, before that commits.

    Raises
    ------
    DiskFull, StorageNotWritable: the storage cannot be written, so that the object could not be removed.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._final = root / HOME / name
        self._journal = Journal.start(_folder(root) / name, shared=True)
        self._journal.note([name])

    def go(self) -> None:
        """Remove the object: no row has it any more."""
        try:
            remove(self._final)
        except OSError:  # the next sweep tries again
            self._journal.release()
        else:
            self._journal.remove()

    def stay(self) -> None:
        """Leave the object: the transaction was rolled back, or nobody knows, and the next sweep looks for the row."""
        self._journal.release()


def sweep(root: Path, referenced: Referenced) -> None:
    """Finish what dead writers left in a storage. Does nothing where nothing was left; leaves what it may not remove."""
    folder = root / HOME / "incoming"
    with suppress(OSError):
        for name in os.listdir(folder):
            if not name.endswith(_PART):
                _sweep_one(folder / name, referenced)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except (IsADirectoryError, PermissionError):  # the latter on macOS
        if path.is_symlink() or not path.is_dir():
            raise
        shutil.rmtree(path)


def remove_members(names: Sequence[str]) -> None:
    """Remove files, links and folders; a folder into which others have put something since it was listed stays."""
    for name in names:
        try:
            if os.path.isdir(name) and not os.path.islink(name):
                os.rmdir(name)
            else:
                os.unlink(name)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST):
                raise


def _sweep_one(path: Path, referenced: Referenced) -> None:
    home = path.parent.parent
    with suppress(OSError):
        with Journal.of_dead_writer(path) as journal:
            names = journal.noted() if journal is not None else []
            if journal is None or not any((home / name).exists() for name in names):
                _clear(journal)
                return
        # Let go of the journal first: the order of locks is the database, then a journal.
        with referenced(names) as kept, Journal.of_dead_writer(path) as journal:
            if journal is not None:
                for name in {*names} - kept:
                    remove(home / name)
                _clear(journal)


def _clear(journal: Journal | None) -> None:
    """Remove the parts of a dead writer, then its journal."""
    if journal is None:
        return
    folder = journal.path.parent
    for name in os.listdir(folder):
        if name.startswith(f"{journal.path.name}.") and name.endswith(_PART):
            remove(folder / name)
    journal.remove()


def _bring(item: tuple[Load, Path]) -> None:
    load, part = item
    if load.private is None or not _lend(load, part):
        copy_verified(load.source, part, load.content)


def _lend(load: Load, part: Path) -> bool:
    """Give a private file a second name instead of copying it, where the file system has that and it is the same one."""
    found, known = os.stat(load.source), load.private
    assert known is not None  # asked for before
    if (found.st_ino, found.st_size, found.st_mtime_ns) != (known.inode, known.size, known.mtime_ns):
        raise changed_since_hashed(load.source)
    try:
        os.link(load.source, part)
    except OSError:
        return False
    descriptor = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with writable(part):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True


def _rename(part: Path, final: Path) -> None:
    """Move a part to its name. What is there already is left over from a dead writer: no row has the name but ours."""
    if part.is_dir() or final.is_dir():
        remove(final)
    part.rename(final)


def _folder(root: Path) -> Path:
    folder = root / HOME / "incoming"
    with writable(folder):
        if not folder.is_dir():
            folder.parent.mkdir(exist_ok=True)  # never the root itself: where it is gone, a disk may not be mounted
            folder.mkdir(exist_ok=True)
    return folder
