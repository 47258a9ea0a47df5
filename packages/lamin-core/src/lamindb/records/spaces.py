"""Spaces: who may see which records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lamindb._registries.columns.space import SpaceColumns
from lamindb.errors import InvalidArgument
from lamindb.records import casing, current_names, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction


ALL = 1
"""Id of the space that every database has."""


class SpaceBehavior(SpaceColumns):
    """A space, known by its name."""

    __abstract__ = True
    _has_trash: ClassVar[bool] = False
    _saved_one_by_one: ClassVar[bool] = True  # so that names in one list are compared with each other, too

    def _natural_key(self) -> dict[str, Any] | None:
        name = self.__dict__.get("name")
        return {"name": name} if name is not None else None

    def delete(self, permanent: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Delete for good; a space has no trash, and one that holds records is protected.

        Raises
        ------
        InvalidArgument: it is the space all or the current one, or `permanent` is False.
        ProtectedError: it holds records; says how many of which registry.
        """
        if permanent is not False and self._database is not None:
            _check_deletable(self._database, [self.id])
        deleted = super().delete(permanent)
        current_names.forget(self._database)
        return deleted

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> tuple[int, dict[str, int]] | None:
        if permanent is not False:
            _check_deletable(database, ids)
        deleted = super()._delete_ids(database, ids, permanent)
        current_names.forget(database)
        return deleted

    def _complete(self, database: Database) -> None:
        casing.check_name(self, database)

    def _before_update(self, transaction: Transaction) -> None:
        if "name" not in saving.changed(self):
            return
        if self.id == ALL:
            raise InvalidArgument("the space all is part of every database and keeps its name")
        casing.check_name(self, saving.stored_in(self))
        current_names.follow(transaction, self)


def _check_deletable(database: Database, ids: list[int]) -> None:
    if ALL in ids:
        raise InvalidArgument("the space all is part of every database and cannot be deleted")
    with database.reading() as connection:
        current_names.check_not_current(connection, database, "Space", ids)
