"""Query sets of all records that a hierarchy leads to, from one of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument, UnsavedRecord
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import Scope
from lamindb.query.trees import Steps, reached

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def walk_links(record: BaseSQLRecord, relation: str) -> QuerySet[Any]:
    """Return what a to-many relation of a registry to itself leads to, over any number of records.

    Raises
    ------
    UnsavedRecord: the record is not saved.
    """
    return _walk(record, steps_of(record.__qualified__, relation))


def steps_of(qualified: str, relation: str) -> Steps:
    """Return the steps that a to-many relation of a registry to itself takes."""
    _, _, through, here, there = catalog.entry(qualified)["relations"][relation]
    return Steps(catalog.registry(through).__table__, here, there)


def walk_members(record: BaseSQLRecord, depth: int | None) -> QuerySet[Any]:
    """Return the members of a type, those of the types among them, and so on.

    Raises
    ------
    UnsavedRecord: the record is not saved.
    InvalidArgument: the depth is no whole number from 0.
    """
    if depth is not None and (type(depth) is not int or depth < 0):
        raise InvalidArgument(f"depth is a number of levels or None for all, not {depth!r}")
    return _walk(record, Steps(type(record).__table__, "type_id", "id"), depth)


def types_above(record: BaseSQLRecord) -> list[Any]:
    """Return the type of a record, the type of that, and so on, as far as they are seen.

    Raises
    ------
    UnsavedRecord: the record is not saved.
    """
    database = _database(record, "its types")
    table = type(record).__table__
    chain = table.alias()
    level = sa.literal_column("0", sa.Integer).label("level")
    found = sa.select(chain.c.type_id.label("id"), level).where(chain.c.id == record.id).cte("chain", recursive=True)
    above = table.alias()
    step = sa.select(above.c.type_id, found.c.level + 1).select_from(found.join(above, above.c.id == found.c.id))
    found = found.union(step.where(found.c.level < MOST_LEVELS))
    with database.reading() as connection:
        ids = list(connection.execute(sa.select(found.c.id).where(found.c.id.is_not(None)).order_by(found.c.level)).scalars())
    rows = {each.id: each for each in _set(record, database)._where(table.c.id.in_(ids))}
    types = []
    for row_id in dict.fromkeys(ids):
        if row_id not in rows:
            break
        types.append(rows[row_id])
    return types


MOST_LEVELS = 1000
"""Where a database of LaminDB has types that lead in a circle, the walk ends here."""


def _walk(record: BaseSQLRecord, steps: Steps, depth: int | None = None) -> QuerySet[Any]:
    database = _database(record, "what it leads to")
    table = type(record).__table__
    scope = Scope.default(database)
    ids = reached(table, steps, record.id, scope.ids(database), depth)
    return QuerySet(type(record), database, scope)._where(table.c.id.in_(ids))


def _set(record: BaseSQLRecord, database: Database) -> QuerySet[Any]:
    return QuerySet(type(record), database, Scope.default(database))


def _database(record: BaseSQLRecord, what: str) -> Database:
    if record._database is None:
        raise UnsavedRecord(f"save this {type(record).__name__} before asking for {what}")
    return record._database
