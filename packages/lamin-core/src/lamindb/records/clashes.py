"""What keeps rows from moving to another branch: names and keys that are taken there, and locks. Found in sets, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from lamindb import catalog
from lamindb.query.usual import usual
from lamindb.records.families import COUNTER

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

LISTED = 10
"""Clashes that a message lists one by one."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A row that cannot move.

    Parameters
    ----------
    registry: short name, of registries of other modules with the module.
    reason: another row has its `name`, another family of versions has its `key`, or the row is `locked`.
    value: the name or key.
    uid: of the row that was to move; of rows without uid the id.
    other_uid: of the row that is in the way.
    """

    registry: str
    reason: Literal["name", "key", "locked"]
    value: str
    uid: str
    other_uid: str | None

    def __str__(self) -> str:
        if self.reason == "locked":
            return f"{self.registry} {self.value!r} ({self.uid}) is locked"
        return f"{self.registry} {self.value!r} is there already ({self.uid} would join {self.other_uid})"


def listed(clashes: Sequence[Clash]) -> str:
    """Return the first clashes, and how many more there are."""
    more = len(clashes) - LISTED
    return "; ".join([*map(str, clashes[:LISTED]), *([f"and {more} more"] if more > 0 else [])])


def find(
    connection: sa.Connection,
    database: Database,
    moving: Mapping[type[BaseSQLRecord], sa.ColumnElement[bool]],
    branches: Sequence[int],
) -> list[Clash]:
    """Look for everything that is in the way of rows that are to move; one statement.

    Parameters
    ----------
    moving
        The condition on the rows that move, by registry.
    branches
        Ids of the branches on which their names and keys must not be taken.
    """
    queries: list[sa.Select[Any]] = []
    for registry, condition in moving.items():
        queries += [_locked(registry, condition)] if "is_locked" in registry.__table__.c else []
        queries += [_taken(registry, condition, branches, database.dialect)] if registry._known_by() else []
    if not queries:
        return []
    rows = connection.execute(sa.union_all(*queries)).all()
    return sorted((Clash(*row) for row in rows), key=lambda one: (one.registry, one.reason, one.value, one.uid))


def _locked(registry: type[BaseSQLRecord], condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    table = registry.__table__
    name = catalog.entry(registry.__qualified__)["name_field"]
    return _row(registry, "locked", _text(table.c[name or "id"], _uid(table)), _uid(table), sa.null()).where(
        condition, table.c.is_locked
    )


def _taken(
    registry: type[BaseSQLRecord], condition: sa.ColumnElement[bool], branches: Sequence[int], dialect: str
) -> sa.Select[Any]:
    table = registry.__table__
    other = table.alias("other")
    first, *context = registry._known_by()
    query = _row(registry, "key" if "is_latest" in table.c else "name", _text(table.c[first]), _uid(table), _uid(other))
    query = query.select_from(table.join(other, other.c[first] == table.c[first])).where(condition, other.c.id != table.c.id)
    query = query.where(*(other.c[name].is_not_distinct_from(table.c[name]) for name in context))
    query = query.where(*(table.c[name] != value for name, value in registry._known_by_nothing.items()))
    query = query.where(usual(other.c.branch_id, dialect).in_(branches))
    if "is_latest" in table.c:
        stem, other_stem = (sa.func.substr(one.c.uid, 1, sa.func.length(one.c.uid) - COUNTER) for one in (table, other))
        query = query.where(table.c.is_latest, other.c.is_latest, stem != other_stem)
    return query


def _row(
    registry: type[BaseSQLRecord], reason: str, value: Any, uid: sa.ColumnElement[str], other: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    name = sa.literal(registry.__qualified__.removeprefix("lamindb."), sa.Text)
    return sa.select(name, sa.literal(reason, sa.Text), value, uid, sa.cast(other, sa.Text))


def _uid(table: sa.FromClause) -> sa.ColumnElement[str]:
    return _text(table.c["uid" if "uid" in table.c else "id"])


def _text(*columns: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """Return the first of some columns that is not empty, as text."""
    texts = [sa.cast(column, sa.Text) for column in columns]
    return texts[0] if len(texts) == 1 else sa.func.coalesce(*texts, type_=sa.Text)
