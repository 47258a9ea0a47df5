"""Writing many rows by one statement, with one parameter: a JSON array, unpacked by the database.

Multi-row statements cost a fifth of repeated single ones once a table has a trigger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lamindb.query.membership import within
from lamindb.records.columns import processor

Rows = Sequence[Mapping[str, Any]]


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[sa.Column[Any]],
    values: Rows,
    returned: Sequence[sa.Column[Any]],
    *,
    ignore_conflicts: bool = False,
) -> list[dict[str, Any]]:
    """Insert rows, and return some columns of each row that was inserted.

    Parameters
    ----------
    ignore_conflicts
        Leave out rows that would break a rule of uniqueness.
    """
    each, picked = unpacked(connection.dialect, columns, [[row.get(column.key) for column in columns] for row in values])
    source = sa.select(*picked).select_from(each).where(sa.true()).order_by(each.c.key)
    insert: Any = insert_ignoring_conflicts(connection.dialect.name, table) if ignore_conflicts else sa.insert(table)
    insert = insert.from_select(list(columns), source, include_defaults=False)
    if ignore_conflicts:
        insert = insert.on_conflict_do_nothing()
    result = connection.execute(insert.returning(*returned))
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


def insert_ignoring_conflicts(dialect: str, table: sa.Table) -> Any:
    """Return an INSERT that knows of conflicts: its `on_conflict_do_nothing` leaves rows alone that others wrote meanwhile."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # only the dialect in use is loaded

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # as above

    return postgresql.insert(table)


def update_rows(
    connection: sa.Connection,
    table: sa.Table,
    values: Mapping[int, Mapping[str, Any]],
    before: Mapping[int, Mapping[str, Any]],
    *conditions: sa.ColumnElement[bool],
) -> set[int]:
    """Update rows, each with values of its own, and return the ids of those that were updated.

    Parameters
    ----------
    values
        New values by column, by id; the same columns for all rows.
    before
        What columns of the row must still be, by id; the same columns for all rows.
    *conditions
        Other conditions that rows must meet.
    """
    first = next(iter(values))
    changed, compared = list(values[first]), list(before[first])
    columns: list[sa.Column[Any]] = [table.c.id, *(table.c[name] for name in changed), *(table.c[name] for name in compared)]
    rows = [
        [row_id, *(new[name] for name in changed), *(before[row_id][name] for name in compared)] for row_id, new in values.items()
    ]
    _, picked = unpacked(connection.dialect, columns, rows)
    row_id, new, old = picked[0], picked[1 : len(changed) + 1], picked[len(changed) + 1 :]
    unchanged = [table.c[name].is_not_distinct_from(value) for name, value in zip(compared, old, strict=True)]
    update = sa.update(table).values(dict(zip(changed, new, strict=True))).where(table.c.id == row_id, *unchanged, *conditions)
    return set(connection.execute(update.returning(table.c.id)).scalars())


def lock_rows(connection: sa.Connection, table: sa.Table, ids: Sequence[int], *, to_delete: bool = False) -> None:
    """Make other writers of some rows wait until the transaction ends; in one order for all, so that no two wait for each other.

    One statement on Postgres; nothing on SQLite, where a writing transaction is alone anyhow.
    """
    if connection.dialect.name == "sqlite":
        return
    chosen = sa.select(table.c.id).where(within(table.c.id, ids, "postgresql")).order_by(table.c.id)
    locked = chosen.with_for_update(key_share=not to_delete).subquery("locked")
    connection.execute(sa.select(sa.func.count()).select_from(locked))


def unpacked(
    dialect: sa.Dialect, columns: Sequence[sa.Column[Any]], rows: Sequence[Sequence[Any]]
) -> tuple[sa.FromClause, list[sa.ColumnElement[Any]]]:
    """Return rows as a table that a statement can select from, and the expressions for their columns.

    What all rows of a longer list share, as their branch and creator, is passed once.
    """
    shared = _shared(rows)
    varying = [number for number in range(len(columns)) if number not in shared]
    process = [(number, processor(columns[number], dialect)) for number in varying]
    text = json.dumps([[convert(row[number]) for number, convert in process] for row in rows], default=str)
    each, picked = _from_json(dialect, text, [columns[number] for number in varying])
    found = dict(zip(varying, picked, strict=True))
    return each, [
        once(dialect, column, shared[number]) if number in shared else found[number] for number, column in enumerate(columns)
    ]


def once(dialect: sa.Dialect, column: sa.Column[Any], value: Any) -> sa.ColumnElement[Any]:
    """Return one value as a parameter, whose type Postgres has to be told; SQLite would make numbers of JSON."""
    parameter = sa.bindparam(None, value, type_=column.type)
    return parameter if dialect.name == "sqlite" else sa.cast(parameter, column.type)


LONG = 10
"""Rows from which on it pays to look for what they share."""


def _shared(rows: Sequence[Sequence[Any]]) -> dict[int, Any]:
    """Return what is the same in all rows, by its place in them."""
    if len(rows) < LONG:
        return {}
    first = rows[0]
    return {
        number: value
        for number, value in enumerate(first)
        if all(row[number] is value or (row[number] == value and type(row[number]) is type(value)) for row in rows)
    }


def _from_json(
    dialect: sa.Dialect, text: str, columns: Sequence[sa.Column[Any]]
) -> tuple[sa.FromClause, list[sa.ColumnElement[Any]]]:
    parameter = sa.bindparam("rows", text, type_=sa.Text)
    if dialect.name == "sqlite":
        each = sa.func.json_each(parameter).table_valued("key", "value", name="each")
        return each, [each.c.value.op("->>")(number) for number in range(len(columns))]
    array = sa.func.json_array_elements(sa.cast(parameter, sa.JSON))
    each = array.table_valued("value", with_ordinality="key", name="each").render_derived()
    element = sa.cast(each.c.value, sa.JSON)
    return each, [sa.cast(element.op("->>")(number), column.type) for number, column in enumerate(columns)]
