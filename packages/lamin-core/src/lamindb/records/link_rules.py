"""What holds for link rows, however they are written: they belong to one of the records that they link, which may be locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument, LockedRecord
from lamindb.query.membership import within
from lamindb.records import circles

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def owner(through: str) -> tuple[str, str] | None:
    """Return the column and the registry of the record with which links go: the first whose deletion deletes them."""
    references = catalog.entry(through)["references"].items()
    return next(((column, target) for column, (target, on_delete) in references if on_delete == "cascade"), None)


def locked(registry: type[BaseSQLRecord], condition: sa.ColumnElement[bool]) -> sa.Select[Any] | None:
    """Return the select of the id of one locked record, None if records of the registry cannot be locked."""
    table = registry.__table__
    return sa.select(table.c.id).where(condition, table.c.is_locked).limit(1) if "is_locked" in table.c else None


def error(registry: type[BaseSQLRecord], row_id: int) -> LockedRecord:
    """Return the error for a record that is locked."""
    return LockedRecord(
        f"the {registry.__name__} with id {row_id} is locked, so its relations stay; "
        "to change them, set is_locked=False and save that first"
    )


def check(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Raise if link rows that were just written should not be there; nothing is asked of other registries.

    Raises
    ------
    LockedRecord: the record to which they belong is locked.
    InvalidArgument: they lead in a circle, or belong to a record whose links never change.
    """
    if not catalog.entry(registry.__qualified__)["link"] or not rows:
        return
    belongs = owner(registry.__qualified__)
    if belongs is not None:
        check_owners(connection, database, registry, (row[belongs[0]] for row in rows))
    circles.check_written(connection, database, registry, rows)


def check_deleted(connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: Sequence[int]) -> None:
    """Raise if link rows that are to be deleted have to stay; raises as `check`."""
    if (belongs := owner(registry.__qualified__)) is not None:
        table = registry.__table__
        query = sa.select(table.c[belongs[0]]).where(within(table.c.id, ids, database.dialect)).distinct()
        check_owners(connection, database, registry, connection.execute(query).scalars())


def check_owners(connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: Iterable[int]) -> None:
    """Raise if links of some records do not change."""
    belongs = owner(registry.__qualified__)
    if belongs is None:
        return
    holder = catalog.registry(belongs[1])
    if reason := holder._fixed_links.get(registry.__qualified__):
        raise InvalidArgument(reason)
    query = locked(holder, within(holder.__table__.c.id, sorted(set(ids)), database.dialect))
    if query is not None and (found := connection.execute(query).scalar()) is not None:
        raise error(holder, found)
