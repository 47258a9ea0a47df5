"""Branches: where new records live until they are merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from lamindb._registries.columns.branch import BranchColumns
from lamindb.errors import InvalidArgument, ProtectedError
from lamindb.query.scope import MAIN
from lamindb.records import branch_rows, casing, current_names, identity, saving, statuses
from lamindb.records.open_branches import STATUSES
from lamindb.records.places import Place

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction


class BranchBehavior(Place, BranchColumns):
    """A branch, known by its name."""

    __abstract__ = True
    _value_names: ClassVar[Mapping[str, Mapping[str, int]]] = {"_status_code": STATUSES}

    def __init__(self, *args: Any, **values: Any) -> None:
        statuses.refuse_as_argument(type(self), values)
        super().__init__(*args, **values)

    @property
    def status(self) -> str:
        """`standalone`, `draft`, `review`, `merged` or `closed`; nothing new can be put on a merged or closed branch."""
        identity.resolve(self)
        return statuses.name_of(STATUSES, self._status_code)

    @status.setter
    def status(self, value: str) -> None:
        self._status_code = statuses.code_of("Branch", STATUSES, value)

    def _before_update(self, transaction: Transaction) -> None:
        changes = saving.changed(self)
        if self.id <= MAIN and changes.keys() & {"name", "_status_code"}:
            raise InvalidArgument("main, archive and trash are part of every database and keep their names and status")
        if changes.get("_status_code") == STATUSES["merged"]:
            _check_is_merged(self)
        if "name" in changes:
            casing.check_name(self, saving.stored_in(self))
            current_names.follow(transaction, self)

    @classmethod
    def _check_deletable(cls, database: Database, ids: list[int]) -> None:
        if any(row_id <= MAIN for row_id in ids):
            raise InvalidArgument("main, archive and trash are part of every database and cannot be deleted")
        with database.reading() as connection:
            names = current_names.check_not_current(connection, database, "Branch", ids)
            for row_id, name in names.items():
                if counts := branch_rows.count(connection, database, row_id):
                    raise ProtectedError(
                        f"the branch {name!r} cannot be deleted: {branch_rows.listed_by_name(counts)} live on it; "
                        "merge it, or move or delete them first"
                    )
                if counts := branch_rows.count(connection, database, row_id, "created_on_id"):
                    raise ProtectedError(
                        f"the branch {name!r} cannot be deleted: {branch_rows.listed_by_name(counts)} were made on it and say so "
                        "in created_on; it can stay, as nothing new goes to a branch that is merged or closed"
                    )


def _check_is_merged(branch: BranchBehavior) -> None:
    """Raise if a branch is to be called merged while records live on it, which nobody would look for there."""
    database = saving.stored_in(branch)
    with database.reading() as connection:
        if counts := branch_rows.count(connection, database, branch.id):
            raise InvalidArgument(
                f"{branch_rows.listed_by_name(counts)} live on the branch {branch.name!r}, so it is not merged; "
                f"to merge it, run `lamin merge {branch.name}`"
            )
