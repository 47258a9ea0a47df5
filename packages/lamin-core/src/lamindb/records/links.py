"""Association registries: rows that link two records, queryable as `record.links_…`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb.records import context, link_rules, saving
from lamindb.records.record import BaseSQLRecord

if TYPE_CHECKING:
    from lamindb_setup.databases import Database


class IsLink(BaseSQLRecord):
    """A row that relates two records; hidden from listings of registries."""

    __abstract__ = True

    def delete(self, permanent: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Delete for good: links have no trash.

        Raises
        ------
        LockedRecord: the record to which the link belongs is locked.
        """
        if self._database is None or permanent is False:
            return super().delete(permanent)
        database = saving.stored_in(self)
        context.check_writable(database)
        with database.writing() as transaction:
            link_rules.check_deleted(transaction.connection, database, type(self), [self.id])
            return super().delete(permanent)

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> tuple[int, dict[str, int]] | None:
        if ids and permanent is not False:
            with database.reading() as connection:
                link_rules.check_deleted(connection, database, cls, ids)
        return super()._delete_ids(database, ids, permanent)
