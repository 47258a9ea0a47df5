"""Records with versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from lamindb.errors import InvalidArgument
from lamindb.records import revising
from lamindb.records.families import COUNTER, in_family
from lamindb.records.record import BaseSQLRecord

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction
    from sqlalchemy.orm import Mapped

    from lamindb.query.queryset import QuerySet


class IsVersioned(BaseSQLRecord):
    """Records with versions: `uid` is a stem that the family shares and a counter of four characters."""

    __abstract__ = True
    _saved_one_by_one: ClassVar[bool] = True
    _shared: tuple[str, ...] = ()
    """Columns that all versions of one thing share, such as `key`; without any, a new record begins a family of its own."""
    _has_unique_content: ClassVar[bool] = False
    """Whether two versions never have the same hash; otherwise only the latest and the next one never do."""
    _revises: Self | None = None
    """The version that the caller named."""
    _revised_head: str | None = None
    """Its uid, if it was the latest of its branch then."""

    if TYPE_CHECKING:
        uid: Mapped[str]
        version_tag: Mapped[str | None]
        is_latest: Mapped[bool]

    def _save_new(self, transaction: Transaction, database: Database) -> None:
        """Become the version that says the same, or the next one of its family, or begin a family."""
        revising.save_version(transaction, database, self)

    @property
    def stem_uid(self) -> str:
        """The part of the uid that all versions share."""
        return self.uid[:-COUNTER]

    @property
    def version(self) -> str:
        """The version's tag, or the counter at the end of its uid."""
        return self.version_tag or self.uid[-COUNTER:]

    @version.setter
    def version(self, value: str | None) -> None:
        if value is not None and not isinstance(value, str):
            raise InvalidArgument(f"version must be text such as '1' or '2024-11', not {value!r}")
        self.version_tag = value

    @property
    def versions(self) -> QuerySet[Self]:
        """All versions of this record on its visible branches, newest first."""
        database = self._database
        if database is None:
            raise InvalidArgument(f"save this {type(self).__name__} before asking for its versions")
        return self._all(database)._where(in_family(type(self).__table__, self.stem_uid)).order_by("-uid")
