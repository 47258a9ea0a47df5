"""Spaces: who may see which records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lamindb._registries.columns.space import SpaceColumns
from lamindb.records import casing, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction


class SpaceBehavior(SpaceColumns):
    """A space, known by its name."""

    __abstract__ = True
    _has_trash: ClassVar[bool] = False
    _saved_one_by_one: ClassVar[bool] = True  # so that names in one list are compared with each other, too

    def _natural_key(self) -> dict[str, Any] | None:
        name = self.__dict__.get("name")
        return {"name": name} if name is not None else None

    def _complete(self, database: Database) -> None:
        casing.check_name(self, database)

    def _before_update(self, transaction: Transaction) -> None:
        if "name" in saving.changed(self):
            casing.check_name(self, saving.stored_in(self))
