"""What new records take from their surroundings: branch, space, user and run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import lamindb_setup.identity
import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import HandleTaken, NoWriteAccess, ObjectDoesNotExist
from lamindb.query import scope

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

MAIN, ARCHIVE, TRASH = scope.MAIN, 0, -1
"""Ids of the branches that every database has."""
_ids: WeakKeyDictionary[Database, dict[tuple[str, str], int]] = WeakKeyDictionary()


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
    return scope.branch_id(database, database.instance.branch)


def current_space_id(database: Database) -> int:
    """Return the id of the space that new records go to."""
    name = database.instance.space
    if name == "all":
        return 1
    if (found := _id_by(database, "lamindb.Space", "name", name)) is None:
        raise ObjectDoesNotExist(f"{database.slug} has no space {name!r} any more; go back to all")
    return found


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
        raise NoWriteAccess(f"{database.slug} is open for reading only; connect to it without read_only to write")
