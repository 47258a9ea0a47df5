"""Users: who made the rows of a database. The identity itself is local; see `lamindb_setup.identity`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa

from lamindb._registries.columns.user import UserColumns
from lamindb.errors import UniqueViolation
from lamindb.records import saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction


class UserBehavior(UserColumns):
    """A user, known by a uid that never changes and a handle that may."""

    __abstract__ = True
    _accepts: ClassVar[frozenset[str]] = frozenset({"uid"})
    _has_trash: ClassVar[bool] = False
    _notes_renames: ClassVar[bool] = False

    def _complete(self, database: Database) -> None:
        self._check_handle(database)

    def _before_update(self, transaction: Transaction) -> None:
        if "handle" in saving.changed(self):
            self._check_handle(saving.stored_in(self))

    def _check_handle(self, database: Database) -> None:
        """Raise if another user has the handle."""
        users = type(self).__table__
        query = sa.select(users.c.uid).where(users.c.handle == self.handle, users.c.uid != self.uid)
        with database.reading() as connection:
            uid = connection.execute(query).scalar_one_or_none()
        if uid is not None:
            raise UniqueViolation(f"another User has the handle {self.handle!r} already (uid {uid}); choose another one")

    def _natural_key(self) -> dict[str, Any] | None:
        uid = self.__dict__.get("uid")
        return {"uid": uid} if uid is not None else None
