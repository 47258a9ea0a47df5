"""Spaces: who may see which records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb._registries.columns.space import SpaceColumns
from lamindb.errors import InvalidArgument
from lamindb.records import casing, current_names, saving
from lamindb.records.places import Place

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction


ALL = 1
"""Id of the space that every database has."""


class SpaceBehavior(Place, SpaceColumns):
    """A space, known by its name."""

    __abstract__ = True

    def _before_update(self, transaction: Transaction) -> None:
        if "name" not in saving.changed(self):
            return
        if self.id == ALL:
            raise InvalidArgument("the space all is part of every database and keeps its name")
        casing.check_name(self, saving.stored_in(self))
        current_names.follow(transaction, self)

    @classmethod
    def _check_deletable(cls, database: Database, ids: list[int]) -> None:
        if ALL in ids:
            raise InvalidArgument("the space all is part of every database and cannot be deleted")
        with database.reading() as connection:
            current_names.check_not_current(connection, database, "Space", ids)
