"""Branches: where new records live until they are merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from lamindb._registries.columns.branch import BranchColumns
from lamindb.errors import InvalidArgument
from lamindb.query.scope import MAIN
from lamindb.records import casing, identity, saving, statuses

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

STATUSES: Mapping[str, int] = {"closed": -2, "merged": -1, "standalone": 0, "draft": 1, "review": 2}


class BranchBehavior(BranchColumns):
    """A branch, known by its name."""

    __abstract__ = True
    _has_trash: ClassVar[bool] = False
    _saved_one_by_one: ClassVar[bool] = True  # so that names in one list are compared with each other, too
    _value_names: ClassVar[Mapping[str, Mapping[str, int]]] = {"_status_code": STATUSES}

    def __init__(self, *args: Any, **values: Any) -> None:
        statuses.refuse_as_argument(type(self), values)
        super().__init__(*args, **values)

    @property
    def status(self) -> str:
        """`standalone`, `draft`, `review`, `merged` or `closed`: what people mean to do with the branch; nothing enforces it."""
        identity.resolve(self)
        return statuses.name_of(STATUSES, self._status_code)

    @status.setter
    def status(self, value: str) -> None:
        self._status_code = statuses.code_of("Branch", STATUSES, value)

    def _natural_key(self) -> dict[str, Any] | None:
        name = self.__dict__.get("name")
        return {"name": name} if name is not None else None

    def delete(self, permanent: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Delete for good; a branch has no trash, and one that records live on is protected.

        Raises
        ------
        InvalidArgument: it is main, the archive or the trash, or `permanent` is False.
        ProtectedError: records live on it or were made on it.
        """
        if permanent is not False and self._database is not None:
            _check_not_built_in([self.id])
        return super().delete(permanent)

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> tuple[int, dict[str, int]] | None:
        if permanent is not False:
            _check_not_built_in(ids)
        return super()._delete_ids(database, ids, permanent)

    def _complete(self, database: Database) -> None:
        casing.check_name(self, database)

    def _before_update(self, transaction: Transaction) -> None:
        if "name" not in saving.changed(self):
            return
        if self.id <= MAIN:
            raise InvalidArgument("main, archive and trash are part of every database and keep their names")
        casing.check_name(self, saving.stored_in(self))


def _check_not_built_in(ids: list[int]) -> None:
    if any(row_id <= MAIN for row_id in ids):
        raise InvalidArgument("main, archive and trash are part of every database and cannot be deleted")
