"""Writing link rows: all missing ones by one statement, all that go by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import StaleRecord, UniqueViolation
from lamindb.query.membership import within
from lamindb.records import saving
from lamindb.records.rows import insert_ignoring_conflicts, once, unpacked

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

FEATURE = "feature_id"
Shared = Mapping[str, Any]


def add(
    transaction: Transaction,
    database: Database,
    through: str,
    host: Shared,
    there: str,
    ids: Sequence[int],
    further: Shared | None = None,
) -> None:
    """Insert the link rows that do not exist yet.

    Parameters
    ----------
    through
        Qualified name of the link registry.
    host
        Columns that all rows share, and by which they are told apart: the host's key and, where the link has them, the feature's
        or a role.
    there
        Column that points to the linked rows.
    ids
        Ids of the linked rows; the ids of the links grow in their order.
    further
        Other columns that new rows share.

    Raises
    ------
    StaleRecord: a row that is to be linked is not there any more.
    UniqueViolation: another link is in the way.
    """
    registry = catalog.registry(through)
    table, wanted = registry.__table__, list(dict.fromkeys(ids))
    if not wanted:
        return
    if "slot" in table.c and host.get("slot") is None:
        database.lock(f"{table.name}.slot")  # the rule of uniqueness says nothing of rows without one
    values = saving.defaults(database, registry) | dict(further or {}) | dict(host)
    columns = [column for column in table.columns if not saving.made_by_database(column)]
    dialect = transaction.connection.dialect
    each, (linked,) = unpacked(dialect, [table.c[there]], [[row_id] for row_id in wanted])
    picked = [linked if column.key == there else once(dialect, column, values[column.key]) for column in columns]
    target = catalog.registry(catalog.entry(through)["references"][there][0]).__table__
    there_already = sa.exists(sa.select(table.c.id).where(*_alike(table, host, there), table.c[there] == linked))
    # What is not there any more is left out, to be told below: foreign keys say it at the end of the transaction only.
    source = sa.select(*picked).select_from(each.join(target, target.c.id == linked)).where(~there_already)
    insert = insert_ignoring_conflicts(database.dialect, table)
    insert = insert.from_select(columns, source.order_by(each.c.key), include_defaults=False).on_conflict_do_nothing()
    if len(transaction.connection.execute(insert.returning(table.c.id)).all()) < len(wanted):
        _check_linked(transaction.connection, database, table, host, there, wanted, target)


def _check_linked(
    connection: sa.Connection, database: Database, table: sa.Table, host: Shared, there: str, wanted: list[int], target: sa.Table
) -> None:
    """Raise if something is still not linked."""
    linked = sa.select(table.c[there]).where(*_alike(table, host, there), within(table.c[there], wanted, database.dialect))
    present = set(connection.execute(linked).scalars())
    missing = [row_id for row_id in wanted if row_id not in present]
    if not missing:
        return
    known = set(connection.execute(sa.select(target.c.id).where(within(target.c.id, missing, database.dialect))).scalars())
    kind = catalog.by_table(target.name).rpartition(".")[2]
    for row_id in missing:
        if row_id not in known:
            raise StaleRecord(f"there is no {kind} with id {row_id} any more; it was deleted for good")
    raise UniqueViolation(
        f"the {kind} with id {missing[0]} cannot be linked, as another link has its place: remove that one first"
    )


def remove(
    connection: sa.Connection, database: Database, through: str, host: Shared, there: str, ids: Sequence[int] | None
) -> None:
    """Delete link rows to some rows, or all.

    Parameters
    ----------
    host
        Columns that the rows share. A feature of None means those without one; without `feature_id`, it does not matter.
    """
    table = catalog.registry(through).__table__
    conditions = [table.c[name].is_not_distinct_from(value) for name, value in host.items()]
    if ids is not None:
        conditions.append(within(table.c[there], ids, database.dialect))
    connection.execute(sa.delete(table).where(*conditions))


def says_features(through: str, *sides: str) -> bool:
    """Whether the links of a registry may say the value of a feature, rather than linking features."""
    return FEATURE in catalog.entry(through)["columns"] and FEATURE not in sides


def _alike(table: sa.Table, host: Shared, there: str) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of links that are told apart by what they link only."""
    shared = [table.c[name] == value for name, value in host.items()]
    if FEATURE in table.c and FEATURE not in (*host, there):
        shared.append(table.c[FEATURE].is_(None))
    return shared
