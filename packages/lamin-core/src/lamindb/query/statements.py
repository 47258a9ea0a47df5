"""The statements behind a query set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.query import ordering
from lamindb.query.conditions import Node, widens
from lamindb.query.ordering import Order
from lamindb.query.scope import EVERYTHING, Scope
from lamindb.query.translation import Translation

if TYPE_CHECKING:
    from lamindb_setup.databases import Database


@dataclass(frozen=True, slots=True)
class Description:
    """Everything a query set knows, apart from its database and its rows."""

    registry: str
    """Qualified name."""
    scope: Scope
    conditions: tuple[Node, ...] = ()
    """One per call of `filter` or `exclude`."""
    order: tuple[Order, ...] = ()
    start: int = 0
    stop: int | None = None
    distinct: bool = False

    @property
    def is_sliced(self) -> bool:
        return self.start > 0 or self.stop is not None

    @property
    def effective_scope(self) -> Scope:
        """The scope, unless some condition looks for particular rows or branches."""
        return EVERYTHING if any(widens(self.registry, node) for node in self.conditions) else self.scope

    def size(self, total: int) -> int:
        """Return how many of `total` rows the slice leaves."""
        stop = total if self.stop is None else min(self.stop, total)
        return max(0, stop - self.start)


class Statements:
    """Makes the statements for one description and one database."""

    def __init__(self, description: Description, database: Database) -> None:
        self.description, self.database = description, database
        self.translation = Translation(database, description.registry)
        self.table: sa.Table = self.translation.table
        self._where: list[sa.ColumnElement[bool]] | None = None

    @property
    def where(self) -> list[sa.ColumnElement[bool]]:
        """The conditions, with the scope, resolved when first needed."""
        if self._where is None:
            self._where = [self.translation.condition(node) for node in self.description.conditions]
            branches = self.description.effective_scope.ids(self.database)
            if branches is not None:
                column = self.table.c.branch_id
                self._where.append(column == branches[0] if len(branches) == 1 else column.in_(branches))
        return self._where

    def columns(self) -> list[sa.Column[Any]]:
        """Return the columns that this database has."""
        name, has = self.table.name, self.database.has_column
        return [column for column in self.table.columns if has(name, column.name)]

    def select(self, *columns: sa.ColumnElement[Any], backwards: bool = False, limit: int | None = None) -> sa.Select[Any]:
        """Return the select of the rows in their order; `limit` reads no more than so many of the slice.

        `backwards` is for sets without a slice.
        """
        found = sa.select(*columns).select_from(self.table).where(*self.where)
        found = found.order_by(*ordering.expressions(self.description.order, self.translation, backwards=backwards))
        start, stop = self.description.start, self.description.stop
        if limit is not None:
            stop = start + limit if stop is None else min(stop, start + limit)
        if stop is not None:
            found = found.limit(max(0, stop - start))
        return found.offset(start) if start else found

    def unordered(self, *columns: sa.ColumnElement[Any], limit: int | None = None) -> sa.Select[Any]:
        """Return the select of the rows in any order, for sets without a slice."""
        found = sa.select(*columns).select_from(self.table).where(*self.where)
        return found if limit is None else found.limit(limit)

    def ids(self) -> sa.Select[Any]:
        """Return the select of the ids."""
        if self.description.is_sliced:
            return self.select(self.table.c.id)
        return self.unordered(self.table.c.id)
