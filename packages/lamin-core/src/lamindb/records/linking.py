"""Writing link rows: all missing ones by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb import catalog
from lamindb.query.membership import within
from lamindb.records import saving
from lamindb.records.rows import insert_rows

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction


def add(transaction: Transaction, database: Database, through: str, host: dict[str, int], there: str, ids: Sequence[int]) -> None:
    """Insert the link rows that do not exist yet.

    Parameters
    ----------
    through
        Qualified name of the link registry.
    host
        Columns that all rows share: the host's key and, where the link has one, the feature's.
    there
        Column that points to the linked rows.
    ids
        Ids of the linked rows.
    """
    registry = catalog.registry(through)
    table = registry.__table__
    wanted = list(dict.fromkeys(ids))
    shared = [table.c[name] == value for name, value in host.items()]
    if "feature_id" in table.c and "feature_id" not in host:
        shared.append(table.c.feature_id.is_(None))
    query = sa.select(table.c[there]).where(*shared, within(table.c[there], wanted, database.dialect))
    database.lock(f"{table.name}:{sorted(host.items())}")
    present = set(transaction.connection.execute(query).scalars())
    missing = [row_id for row_id in wanted if row_id not in present]
    if missing:
        defaults = saving.defaults(database, registry) | host
        columns = [column for column in table.columns if not saving.made_by_database(column)]
        insert_rows(transaction.connection, table, columns, [{**defaults, there: row_id} for row_id in missing], [table.c.id])
