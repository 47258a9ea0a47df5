"""What runs read, and what they made although it existed: rows of two link tables, written by one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.query.membership import within
from lamindb.records.rows import insert_ignoring_conflicts

if TYPE_CHECKING:
    from lamindb_setup.databases import Database


def links(qualified: str, relation: str) -> tuple[sa.Table, sa.Column[Any]] | None:
    """Return the link table of `input_of_runs` or `recreating_runs`, and its column for the record; None if there is none."""
    found = catalog.entry(qualified)["relations"].get(relation)
    if found is None:
        return None
    table = catalog.registry(found[2]).__table__
    return table, table.c[found[3]]


def add_inputs(connection: sa.Connection, database: Database, qualified: str, run_id: int, ids: Sequence[int]) -> None:
    """Make rows of a registry inputs of a run, but for those that are its outputs; what is an input already stays one."""
    if (found := links(qualified, "input_of_runs")) is not None:
        _add(connection, database, qualified, run_id, ids, found, links(qualified, "recreating_runs"))


def add_remade(connection: sa.Connection, database: Database, qualified: str, run_id: int, row_id: int) -> None:
    """Make a row that existed an output of a run, too, unless the run has it as input."""
    if (found := links(qualified, "recreating_runs")) is not None:
        _add(connection, database, qualified, run_id, [row_id], found, links(qualified, "input_of_runs"))


def give_run(connection: sa.Connection, qualified: str, run_id: int, row_id: int) -> bool:
    """Make a row without a run an output of this one, unless the run has it as input; tells whether it did."""
    table = catalog.registry(qualified).__table__
    conditions = [table.c.id == row_id, table.c.run_id.is_(None)]
    if (found := links(qualified, "input_of_runs")) is not None:
        conditions.append(~_linked(found, table, run_id))
    return connection.execute(sa.update(table).where(*conditions).values(run_id=run_id)).rowcount == 1


def _linked(link: tuple[sa.Table, sa.Column[Any]], table: sa.Table, run_id: int) -> sa.Exists:
    return sa.exists(sa.select(link[0].c.id).where(link[0].c.run_id == run_id, link[1] == table.c.id).correlate(table))


def _add(
    connection: sa.Connection,
    database: Database,
    qualified: str,
    run_id: int,
    ids: Sequence[int],
    link: tuple[sa.Table, sa.Column[Any]],
    opposite: tuple[sa.Table, sa.Column[Any]] | None,
) -> None:
    table = catalog.registry(qualified).__table__
    chosen = table.c.id == ids[0] if len(ids) == 1 else within(table.c.id, ids, database.dialect)
    conditions = [chosen, ~_linked(link, table, run_id)]
    if "run_id" in table.c:
        conditions.append(table.c.run_id.is_distinct_from(run_id))
    if opposite is not None:
        conditions.append(~_linked(opposite, table, run_id))
    source = sa.select(table.c.id, sa.literal(run_id, link[0].c.run_id.type)).where(*conditions)
    insert = insert_ignoring_conflicts(database.dialect, link[0])
    connection.execute(insert.from_select([link[1].name, "run_id"], source, include_defaults=False).on_conflict_do_nothing())
