"""What new records take from their surroundings: branch, space, user and run; and who is told what is read and remade."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard
from weakref import WeakKeyDictionary

import lamindb_setup.identity
import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import HandleTaken, InvalidArgument, NoWriteAccess, ObjectDoesNotExist
from lamindb.query import scope
from lamindb.records import run_links

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

log = logging.getLogger("lamindb")

MAIN, ARCHIVE, TRASH = scope.MAIN, 0, -1
"""Ids of the branches that every database has."""
_ids: WeakKeyDictionary[Database, dict[tuple[str, str], int]] = WeakKeyDictionary()
_spaces_of_runs: WeakKeyDictionary[Database, str] = WeakKeyDictionary()


class Tracker(Protocol):
    """Who is told what happens to records while a run is tracked."""

    def run_id(self, database: Database) -> int | None:
        """Return the id of the current run in a database, None if it is tracked in another one."""

    def read(self, records: Sequence[BaseSQLRecord]) -> None:
        """Note artifacts, collections or records whose content was read: they are inputs of the run."""

    def remade(self, record: BaseSQLRecord) -> None:
        """Note an artifact or collection that existed already and was made again: it is an output of this run, too."""


track_inputs = True
"""Whether what is read becomes an input of the current run: `ln.settings.track_run_inputs`."""
silent_about_missing_runs = False
"""Whether it is not said that nobody notes what is read: `ln.settings.creation.artifact_silence_missing_run_warning`."""
_warned = False
_of_process: Tracker | None = None
_of_context: ContextVar[Tracker | None] = ContextVar("lamin_tracker", default=None)


def tracker() -> Tracker | None:
    """Return who tracks here: the innermost tracked call of this thread or task, else whoever tracks the process."""
    return _of_context.get() or _of_process


def tracker_of_call() -> Tracker | None:
    """Return who tracks the innermost tracked call of this thread or task."""
    return _of_context.get()


def tracker_of_process() -> Tracker | None:
    """Return who tracks where no call is tracked, in every thread."""
    return _of_process


def track_process(found: Tracker | None) -> None:
    """Let someone, or nobody, track everything that no call tracks, in every thread of the process."""
    global _of_process
    _of_process = found


def track_call(found: Tracker | None) -> None:
    """Let someone, or nobody, track this thread or task from here on."""
    _of_context.set(found)


@contextmanager
def tracked(found: Tracker | None) -> Iterator[None]:
    """Let someone track what this thread or task does in the block."""
    around = tracker_of_call()
    track_call(found)
    try:
        yield
    finally:
        track_call(around)


def current_run_id(database: Database) -> int | None:
    """Return the id of the run in which new records of a database are made, None if none is tracked there."""
    found = tracker()
    return found.run_id(database) if found is not None else None


def note_read(*records: BaseSQLRecord, is_input: bool | BaseSQLRecord | None = None) -> None:
    """Tell whoever tracks that the content of stored records was read.

    Parameters
    ----------
    is_input
        False tells nobody, True tells whatever the settings say, a run makes the records inputs of that run.

    Raises
    ------
    InvalidArgument: `is_input` is something else.
    """
    if not isinstance(is_input, bool | None):
        _make_input(records, is_input)
    elif is_input or (is_input is None and track_inputs):
        found = tracker()
        if found is not None:
            found.read(records)
        else:
            _warn_of_missing_run(records)


def _make_input(records: Sequence[BaseSQLRecord], run: BaseSQLRecord) -> None:
    database = getattr(run, "_database", None)
    if getattr(type(run), "__qualified__", None) != "lamindb.Run" or database is None:
        raise InvalidArgument(f"is_run_input must be True, False or a saved Run, not {run!r}")
    mine = [record for record in records if record._database is database]
    if mine:
        with database.writing() as transaction:
            run_links.add_inputs(transaction.connection, database, mine[0].__qualified__, run.id, [record.id for record in mine])


def _warn_of_missing_run(records: Sequence[BaseSQLRecord]) -> None:
    """Say, once, that nobody will know what was read; silent about databases that cannot be written anyway."""
    global _warned
    databases = [record._database for record in records if record._database is not None]
    if not (_warned or silent_about_missing_runs) and any(not database.read_only for database in databases):
        _warned = True
        log.warning("no run is tracked, so that what is read becomes input of none: call ln.track() first")


def note_remade(record: BaseSQLRecord) -> None:
    """Tell whoever tracks that something that existed was made again."""
    if (found := tracker()) is not None:
        found.remade(record)


def _id_by(database: Database, qualified: str, column: str, value: str) -> int | None:
    """Return the id of the row with this value, remembered per database."""
    known = _ids.setdefault(database, {})
    if (found := known.get((qualified, value))) is not None:
        return found
    table = catalog.registry(qualified).__table__
    with database.reading() as connection:
        row_id = connection.execute(sa.select(table.c.id).where(table.c[column] == value)).scalar_one_or_none()
    if row_id is not None:
        known[qualified, value] = row_id
    return row_id


def current_branch_id(database: Database) -> int:
    """Return the id of the branch that new records go to."""
    return scope.branch_id(database, scope.current(database))


def is_id(value: object) -> TypeGuard[int]:
    """Whether something can be the id of a branch; what was assigned and cannot is refused when it is saved."""
    return isinstance(value, int) and abs(value) < 1 << 31


def visible_branches(database: Database, *others: int | None) -> list[int]:
    """Return the ids of the branches where an existing name counts: those that are seen, and others unless they are the trash."""
    found = {scope.branch_id(database, name) for name in scope.seen(database)}
    return sorted(found | {one for one in others if is_id(one) and one != TRASH})


def current_space_id(database: Database) -> int:
    """Return the id of the space that new records go to: that of the tracked run, else that of the settings."""
    name = _spaces_of_runs.get(database) or database.instance.space
    if name == "all":
        return 1
    if (found := _id_by(database, "lamindb.Space", "name", name)) is None:
        raise ObjectDoesNotExist(
            f"{database.slug} has no space {name!r} any more; to go back to all, run `lamin switch --space all`"
        )
    return found


def set_of_run(database: Database, *, branch: str | None, space: str | None) -> None:
    """Let new records of this process go to a branch and a space while a run is tracked; None is what the settings say."""
    scope.set_of_run(database, branch)
    if space is None:
        _spaces_of_runs.pop(database, None)
    else:
        _spaces_of_runs[database] = space


def rename_of_run(database: Database, kind: str, before: str, name: str) -> None:
    """Go on under a new name with the branch or space of the tracked run."""
    if kind == "branch":
        scope.rename_of_run(database, before, name)
    elif _spaces_of_runs.get(database) == before:
        _spaces_of_runs[database] = name


def current_user_id(database: Database) -> int:
    """Return the id of the current user's row, which is made when the user first writes.

    Raises
    ------
    HandleTaken: the handle belongs to a user with another uid.
    """
    profile = lamindb_setup.identity.current_profile()
    if (found := _id_by(database, "lamindb.User", "uid", profile.uid)) is not None:
        return found
    users = catalog.registry("lamindb.User").__table__
    with database.writing() as transaction:
        connection = transaction.connection
        database.lock("lamindb_user")
        mine = connection.execute(sa.select(users.c.id).where(users.c.uid == profile.uid)).scalar_one_or_none()
        if mine is not None:
            return int(mine)
        if connection.execute(sa.select(users.c.id).where(users.c.handle == profile.handle)).first() is not None:
            raise HandleTaken(
                f"the handle {profile.handle!r} belongs to another user of {database.slug}; "
                "to choose another one, run `lamin login HANDLE`"
            )
        insert = sa.insert(users).returning(users.c.id)
        values: dict[str, Any] = {"uid": profile.uid, "handle": profile.handle, "name": profile.name}
        row_id: int = connection.execute(insert, values).scalar_one()
        transaction.on_rollback(lambda: forget(database))
    _ids.setdefault(database, {})["lamindb.User", profile.uid] = row_id
    return row_id


def forget(database: Database) -> None:
    """Drop what is remembered of a database's branches, spaces and users."""
    _ids.pop(database, None)
    scope.forget_branches(database)


def check_writable(database: Database) -> None:
    """Raise if nothing can be written to a database.

    Raises
    ------
    NoWriteAccess: it was opened for reading.
    """
    if database.read_only:
        raise NoWriteAccess(f"{database.slug} is open for reading only: {database.why_read_only}")
