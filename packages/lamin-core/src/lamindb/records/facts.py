"""The facts of a record: its filled columns, with what it points to by name instead of by number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.printing import one_line
from lamindb.records import representation
from lamindb.records.columns import UTCDateTime

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

RUN, TRANSFORM = "lamindb.Run", "lamindb.Transform"
NOT_FACTS = frozenset({"uid", "is_latest", "is_locked", "version_tag"})


def facts(record: BaseSQLRecord, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return label and value of each filled column; `names` are those of the related records, by column."""
    labels = to_one(record)
    table = type(record).__table__
    values = {"uid": representation.value_of(record, "uid")} if "uid" in table.c else {}
    values |= {name: value for name, value in representation.columns(record).items() if name not in NOT_FACTS}
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        if value is not None and (name != "is_type" or value):
            rows.append((labels.get(name, name), names.get(name) or _written(name, value)))
    for name, known in type(record)._value_names.items():
        code = representation.value_of(record, name)
        shown = next((each for each, number in known.items() if number == code), str(code))
        rows.append((name.strip("_").removesuffix("_code"), shown))
    return rows


def to_one(record: BaseSQLRecord) -> dict[str, str]:
    """Return the names of relations to single records by their columns."""
    relations = catalog.entry(type(record).__qualified__)["relations"]
    return {relation[2]: name for name, relation in relations.items() if relation[0] == "one"}


def related_names(record: BaseSQLRecord) -> dict[str, str]:
    """Return what the records are called that foreign keys point to, by column, in one statement."""
    database, references = record._database, catalog.entry(type(record).__qualified__)["references"]
    if database is None:
        return {}
    queries = []
    for column in to_one(record):
        row_id = representation.value_of(record, column)
        if row_id is not None:
            queries.append(_name(column, references[column][0], row_id, database))
    if not queries:
        return {}
    with database.reading() as connection:
        rows = connection.execute(sa.union_all(*queries)).all()
    return {row.key: _called(row.shown, row.detail, row.at) for row in rows if row.shown is not None}


def _name(column: str, qualified: str, row_id: int, database: Database) -> sa.Select[Any]:
    source, rows, shown = named(qualified, database)
    detail, at = (rows.c.name, rows.c.started_at) if qualified == RUN else (sa.null(), sa.null())
    columns = (sa.literal(column).label("key"), shown.label("shown"))
    more = (
        sa.cast(detail, sa.Text).label("detail"),
        sa.cast(at, UTCDateTime).label("at") if qualified != RUN else at.label("at"),
    )
    return sa.select(*columns, *more).select_from(source).where(rows.c.id == row_id)


def _called(shown: str, detail: str | None, at: datetime | None) -> str:
    """Say which run it is by its transform, its name and its time."""
    more = [one_line(detail)] if detail else []
    more += [f"{at:%Y-%m-%d %H:%M} UTC"] if at is not None else []
    return one_line(shown) + (f" ({', '.join(more)})" if more else "")


def named(qualified: str, database: Database) -> tuple[sa.FromClause, sa.TableClause, sa.ColumnElement[Any]]:
    """Return what to select from to name rows of a registry, the rows in it, and their names; runs are named by their code."""
    if qualified == RUN:
        return _named_runs()
    entry = catalog.entry(qualified)
    wanted = dict.fromkeys((entry["name_field"] or "uid", "description", "uid"))
    # The database may be older than a column.
    return _named(qualified, *(name for name in wanted if database.has_column(entry["table"], name)))


@cache
def _named_runs() -> tuple[sa.FromClause, sa.TableClause, sa.ColumnElement[Any]]:
    runs, transforms = bare(RUN, "id", "uid", "name", "transform_id", "started_at"), bare(TRANSFORM, "id", "key", "uid")
    source = runs.join(transforms, transforms.c.id == runs.c.transform_id)
    return source, runs, sa.func.coalesce(transforms.c.key, transforms.c.uid)


@cache
def _named(qualified: str, *columns: str) -> tuple[sa.FromClause, sa.TableClause, sa.ColumnElement[Any]]:
    rows = bare(qualified, *dict.fromkeys(["id", *columns]))
    texts = [sa.cast(rows.c[name], sa.Text) for name in columns or ("id",)]
    return rows, rows, sa.func.coalesce(*texts) if len(texts) > 1 else texts[0]


@cache
def bare(qualified: str, *columns: str) -> sa.TableClause:
    """Return a table with some columns only: importing and mapping every related registry takes a tenth of a second."""
    types = {"started_at": UTCDateTime(), "created_at": UTCDateTime()}
    return sa.table(catalog.entry(qualified)["table"], *(sa.column(name, types.get(name)) for name in columns))


def _written(name: str, value: Any) -> str:
    if name == "size":
        return human_size(value)
    return one_line(value) if isinstance(value, str) else representation.text(value)


def human_size(size: Any) -> str:
    """Write a number of bytes with a decimal unit."""
    number = float(size)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
