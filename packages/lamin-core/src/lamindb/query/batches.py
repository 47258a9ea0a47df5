"""Query sets as Arrow batches and tables: any number of rows in bounded memory, types that depend on the registry only.

The ids are read first, then the rows in batches by their ids. So no transaction stays open while the reader works, and the order
holds whatever is written in the meantime.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.dependencies import needed
from lamindb.errors import InvalidArgument
from lamindb.query import frames
from lamindb.query.frames import FrameColumn
from lamindb.query.membership import within

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from lamindb.query.statements import Statements

AT_ONCE = 10_000


def iterate(statements: Statements, include: str | Sequence[str] | None, batch_size: int) -> Iterator[pa.RecordBatch]:
    """Yield batches of rows; see `QuerySet.iter_batches`."""
    arrow = needed("pyarrow", "pyarrow")
    if type(batch_size) is not int or batch_size < 1:
        raise InvalidArgument(f"batch_size is a number of rows from 1, not {batch_size!r}")
    columns = frames.columns(statements, include)
    return _batches(arrow, statements, columns, batch_size)


def table(statements: Statements, include: str | Sequence[str] | None) -> pa.Table:
    """Return all rows as one table; see `QuerySet.to_arrow`."""
    arrow = needed("pyarrow", "pyarrow")
    columns = frames.columns(statements, include)
    return arrow.Table.from_batches(_batches(arrow, statements, columns, AT_ONCE), schema=_schema(arrow, columns))


def polars(statements: Statements, include: str | Sequence[str] | None) -> pl.DataFrame:
    """Return all rows as a polars data frame; see `QuerySet.to_polars`."""
    found: pl.DataFrame = needed("polars", "polars").from_arrow(table(statements, include))
    return found


def _schema(arrow: Any, columns: Sequence[FrameColumn]) -> pa.Schema:
    fields = [arrow.field("id", arrow.int64(), nullable=False)]
    for column in columns:
        value = _type(arrow, column.kind)
        fields.append(arrow.field(column.name, arrow.list_(value) if column.path.to_many else value))
    return arrow.schema(fields)


def _type(arrow: Any, kind: str) -> pa.DataType:
    match kind:
        case "integer":
            return arrow.int64()
        case "boolean":
            return arrow.bool_()
        case "float":
            return arrow.float64()
        case "datetime":
            return arrow.timestamp("us", tz="UTC")
        case "date":
            return arrow.date32()
    return arrow.string()


def _batches(arrow: Any, statements: Statements, columns: Sequence[FrameColumn], batch_size: int) -> Iterator[pa.RecordBatch]:
    schema = _schema(arrow, columns)
    ids = _ids(statements)
    single = [column for column in columns if not column.path.to_many]
    several = [column for column in columns if column.path.to_many]
    for start in range(0, len(ids), batch_size):
        present, values = _read(statements, single, ids[start : start + batch_size].tolist())
        values |= frames.read_lists(statements, several, present)
        arrays = [arrow.array(present, type=schema.field("id").type)]
        for column in columns:
            arrays.append(arrow.array(_plain(column, values[column.name]), type=schema.field(column.name).type))
        yield arrow.record_batch(arrays, schema=schema)


def _ids(statements: Statements) -> array[int]:
    """Return the ids of all rows in their order: read as one JSON text, which takes a third of the time of a million rows."""
    found = statements.sorted(sa.select(statements.table.c.id)).subquery("found")
    is_sqlite = statements.database.dialect == "sqlite"
    collect = sa.func.json_group_array if is_sqlite else sa.func.json_agg
    with statements.database.reading() as connection:
        read = connection.execute(sa.select(collect(found.c.id, type_=sa.Text))).scalar_one()
    return array("q", json.loads(read) if is_sqlite else read or ())


def _read(statements: Statements, columns: Sequence[FrameColumn], ids: list[int]) -> tuple[list[int], dict[str, Sequence[Any]]]:
    """Read everything that has one value per row; gives the ids that are still there, in their order."""
    key = statements.table.c.id
    values = [statements.translation.value(column.path) for column in columns]
    for number, column in enumerate(columns):
        if column.kind == "datetime":
            values[number] = statements.translation.comparisons.without_zone(values[number])
    selected = sa.select(key, *(value.label(f"c{number}") for number, value in enumerate(values)))
    selected = selected.where(within(key, ids, statements.database.dialect))
    with statements.database.reading() as connection:
        rows: Sequence[sa.Row[Any]] = connection.execute(selected).all()
    present = [row[0] for row in rows]
    if present != ids:
        by_id = dict(zip(present, rows, strict=True))
        present = [row_id for row_id in ids if row_id in by_id]
        rows = [by_id[row_id] for row_id in present]
    read = list(zip(*rows, strict=True)) if rows else [()] * (len(columns) + 1)
    return present, {column.name: found for column, found in zip(columns, read[1:], strict=True)}


def _plain(column: FrameColumn, values: Sequence[Any]) -> Sequence[Any]:
    """Return values as Arrow takes them: JSON as its text, and points in time without zone, which takes a 25th of the time."""
    if column.path.to_many and column.kind in PLAIN:
        plain = PLAIN[column.kind]
        return [[None if one is None else plain(one) for one in several] for several in values]
    return values if column.kind != "json" else [None if value is None else json.dumps(value) for value in values]


PLAIN: dict[str, Callable[[Any], Any]] = {"json": json.dumps, "datetime": lambda value: value.replace(tzinfo=None)}
