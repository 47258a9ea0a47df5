"""Bringing objects into a local storage so that no death of the process leaves a row without bytes or bytes without a row.

An object `<uid><suffix>` lies at `<root>/.lamindb/<uid><suffix>`. On its way there:

1. a journal `<root>/.lamindb/incoming/<name>` is created and locked by the writer, for as long as it lives;
2. the bytes are copied to `incoming/<name>.part` and flushed;
3. inside the database transaction, after the row is inserted, the part is renamed to its final name and the folder is flushed;
4. the transaction commits, the journal is removed.

A journal whose lock can be taken belongs to a dead writer. Whoever finds one removes the part, and the object if no row has its
uid.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.copying import copy_verified, writable
from lamindb.artifacts.journals import Journal

HOME = ".lamindb"
"""Folder of a storage root in which objects lie that we name."""
_PART = ".part"

HasRow = Callable[[str], AbstractContextManager[bool]]
"""Given a uid, holds the database so that no write of that uid is on its way, and tells whether a row has it."""


class Incoming:
    """One object on its way into a storage.

    `name` must be nobody else's: a fresh uid, not the next version of a family, which another writer may be about to take, too.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._home = root / HOME
        self._journal = Journal.start(_folder(root) / name)
        self._published: Path | None = None

    @property
    def name(self) -> str:
        return self._journal.path.name

    @property
    def part(self) -> Path:
        return _part_of(self._journal.path)

    def fill(self, source: Path, expected: ContentHash) -> None:
        """Copy the bytes. Raises as `copying.copy_verified`; the object is dropped then."""
        try:
            copy_verified(source, self.part, expected)
        except BaseException:
            self.drop()
            raise

    def publish(self, name: str) -> Path:
        """Move the bytes to their final name; to be called when the row of that uid is inserted and before it commits.

        Raises
        ------
        DiskFull, StorageNotWritable: the storage cannot be written; the object is dropped then.
        """
        try:
            self._rename(name)
            final = self._published = self._home / name
            with writable(final):
                self.part.rename(final)
                _flush(self._home)
        except BaseException:
            self.drop()
            raise
        return final

    def keep(self) -> None:
        """End of a write that committed."""
        self._journal.remove()

    def drop(self) -> None:
        """End of a write that is known not to have committed: nothing stays."""
        try:
            self.part.unlink(missing_ok=True)
            if self._published is not None:
                self._published.unlink(missing_ok=True)
        except OSError:  # the storage went away: what is left is swept once it is back
            self._journal.release()
        else:
            self._journal.remove()

    def settle(self, has_row: HasRow) -> None:
        """End of a write that failed, perhaps after all was committed: if the bytes had their name already, the row decides."""
        if self._published is None:
            self.drop()
            return
        self._journal.release()
        _sweep_one(self._journal.path, has_row)

    def _rename(self, name: str) -> None:
        if name == self.name:
            return
        journal = Journal.start(self._journal.path.with_name(name))
        try:
            with writable(journal.path):
                self.part.rename(_part_of(journal.path))
        except BaseException:
            journal.remove()
            raise
        self._journal.remove()
        self._journal = journal


class Outgoing:
    """One object on its way out of a storage; to be made in the transaction that deletes its row, before that commits.

    Raises
    ------
    DiskFull, StorageNotWritable: the storage cannot be written, so that the object could not be removed.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._final = root / HOME / name
        self._journal = Journal.start(_folder(root) / name, shared=True)

    def go(self) -> None:
        """Remove the object: no row has it any more."""
        try:
            self._final.unlink(missing_ok=True)
        except OSError:  # the next sweep tries again
            self._journal.release()
        else:
            self._journal.remove()

    def stay(self) -> None:
        """Leave the object: the transaction was rolled back, or nobody knows, and the next sweep looks for the row."""
        self._journal.release()


def sweep(root: Path, has_row: HasRow) -> None:
    """Finish what dead writers left in a storage. Does nothing where nothing was left; leaves what it may not remove."""
    folder = root / HOME / "incoming"
    with suppress(OSError):
        for name in os.listdir(folder):
            if not name.endswith(_PART):
                _sweep_one(folder / name, has_row)


def _sweep_one(path: Path, has_row: HasRow) -> None:
    final = path.parent.parent / path.name
    with suppress(OSError):
        with Journal.of_dead_writer(path) as journal:
            if journal is None or not final.exists():
                _close(journal)
                return
        # Let go of the journal first: the order of locks is the database, then a journal.
        with has_row(path.name.partition(".")[0]) as recorded, Journal.of_dead_writer(path) as journal:
            if journal is not None and not recorded:
                final.unlink(missing_ok=True)
            _close(journal)


def _close(journal: Journal | None) -> None:
    if journal is not None:
        _part_of(journal.path).unlink(missing_ok=True)
        journal.remove()


def _part_of(journal_path: Path) -> Path:
    return journal_path.with_name(journal_path.name + _PART)


def _folder(root: Path) -> Path:
    folder = root / HOME / "incoming"
    with writable(folder):
        if not folder.is_dir():
            folder.parent.mkdir(exist_ok=True)  # never the root itself: where it is gone, a disk may not be mounted
            folder.mkdir(exist_ok=True)
    return folder


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
