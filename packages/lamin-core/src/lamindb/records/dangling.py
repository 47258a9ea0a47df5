"""Telling which reference of which record points to no row: databases only say that one does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import ForeignKeyViolation
from lamindb.query.membership import within

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def named(error: ForeignKeyViolation, database: Database, records: Iterable[BaseSQLRecord]) -> ForeignKeyViolation:
    """Return an error that names the first reference of some records that points to no row; the given one if all point to one.

    Parameters
    ----------
    error
        What the database said when the records were written; their transaction has ended.
    """
    wanted: dict[tuple[str, str, str], set[int]] = {}
    for record in records:
        for column, (target, _) in catalog.entry(type(record).__qualified__)["references"].items():
            if (row_id := record.__dict__.get(column)) is not None:
                wanted.setdefault((type(record).__name__, column, target), set()).add(row_id)
    for (kind, column, target), ids in wanted.items():
        if missing := ids - _there(database, target, ids):
            return ForeignKeyViolation(
                f"cannot save this {kind}: {column} is {min(missing)}, but {database.slug} has no {target.rpartition('.')[2]} "
                "with this id; pass the record itself, or one that was not deleted",
                table=error.table,
                columns=[column],
                constraint=error.constraint,
            )
    return error


def _there(database: Database, target: str, ids: set[int]) -> set[int]:
    table = catalog.registry(target).__table__
    with database.reading() as connection:
        return set(connection.execute(sa.select(table.c.id).where(within(table.c.id, sorted(ids), database.dialect))).scalars())
