"""What branches and spaces have in common: records are put there, and people know them by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lamindb.records import casing, current_names, finding

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord as Mixin
else:
    Mixin = object


class Place(Mixin):
    """A branch or a space."""

    _has_trash: ClassVar[bool] = False
    _is_given_by_name: ClassVar[bool] = True
    _saved_one_by_one: ClassVar[bool] = True  # so that names in one list are compared with each other, too

    def _natural_key(self) -> dict[str, Any] | None:
        name = self.__dict__.get("name")
        return {"name": name} if name is not None else None

    @classmethod
    def _id_of_name(cls, database: Database, text: str) -> int:
        return int(finding.find(database, "Branch" if cls.__name__ == "Branch" else "Space", text)["id"])

    def delete(self, permanent: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Delete for good; there is no trash for it, and what records live in, or were made on, is protected.

        Raises
        ------
        InvalidArgument: it is part of every database or the current one, or `permanent` is False.
        ProtectedError: records are in it, or were made on it; says how many of which registry.
        """
        if permanent is not False and self._database is not None:
            self._check_deletable(self._database, [self.id])
        deleted = super().delete(permanent)
        current_names.forget(self._database)
        return deleted

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> tuple[int, dict[str, int]] | None:
        if permanent is not False:
            cls._check_deletable(database, ids)
        deleted = super()._delete_ids(database, ids, permanent)
        current_names.forget(database)
        return deleted

    @classmethod
    def _check_deletable(cls, database: Database, ids: list[int]) -> None:
        """Raise if one of some rows has to stay."""
        raise NotImplementedError

    def _complete(self, database: Database) -> None:
        casing.check_name(self, database)
