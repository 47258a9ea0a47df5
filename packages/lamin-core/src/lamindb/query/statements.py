"""The statements behind a query set."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.query import driving, ordering
from lamindb.query.conditions import Apart, Node, on_branches, related_scope, widens
from lamindb.query.driving import First
from lamindb.query.ordering import ByExpression, Order
from lamindb.query.paths import Computed
from lamindb.query.scope import EVERYTHING, Scope, has_branches, on_usual_branches
from lamindb.query.scope import on_branches as on_branch_ids
from lamindb.query.sharing import asked_by_name
from lamindb.query.translation import Part, Translation

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
    order: tuple[Order | ByExpression, ...] = ()
    start: int = 0
    stop: int | None = None
    distinct: bool = False
    backwards: bool = False
    computed: tuple[Computed, ...] = ()
    """Numbers over the related rows of each row."""

    @property
    def is_sliced(self) -> bool:
        return self.start > 0 or self.stop is not None

    @property
    def effective_scope(self) -> Scope:
        """The scope, unless some condition looks for particular rows or branches, or the registry knows no branches."""
        if not has_branches(self.registry) or any(widens(node) for node in self.conditions):
            return EVERYTHING
        return self.scope

    @property
    def related_scope(self) -> Scope:
        """What is seen of related rows: the same branches; where the set names branches itself, all of them but the trash."""
        return related_scope(self.registry, self.scope, self.conditions)

    def whole(self) -> tuple[Node, ...]:
        """Return the conditions and the scope as conditions that mean the same in any other set."""
        scope = self.effective_scope
        own = () if scope.branches is None else (on_branches(self.registry, scope),)
        return (Apart((*self.conditions, *own), self.related_scope),) if self.conditions or own else ()

    def size(self, total: int) -> int:
        """Return how many of `total` rows the slice leaves."""
        stop = total if self.stop is None else min(self.stop, total)
        return max(0, stop - self.start)


class Statements:
    """Makes the statements for one description and one database."""

    def __init__(self, description: Description, database: Database) -> None:
        self.description, self.database = description, database
        self.translation = Translation(database, description.registry, description.related_scope, description.conditions)
        self.table: sa.Table = self.translation.table
        self._parts: list[Part] | None = None

    @property
    def parts(self) -> list[Part]:
        """The conditions, with the scope, resolved when first needed."""
        if self._parts is None:
            nodes = self.description.conditions
            by_name = any(() in asked_by_name(node) for node in nodes)
            whole = [self.translation.part(node, by_name=by_name) for node in nodes]
            self._parts = [part for one in whole for part in one.conjuncts or (one,)]
            branches = self.description.effective_scope.ids(self.database)
            if branches is not None:
                column: sa.ColumnElement[int] = self.table.c.branch_id
                # The branch alone is best looked up by its index.
                on = (
                    on_usual_branches(column, branches, self.database.dialect) if self._parts else on_branch_ids(column, branches)
                )
                self._parts.append(Part(on))
        return self._parts

    def where(self, first: First | None = None) -> list[sa.ColumnElement[bool]]:
        """Return the conditions, with the scope; asks the database for their best form where there are several over links."""
        linked = [(part.linked, part.expression) for part in self.parts if part.linked is not None]
        if len(linked) < 2:
            return [part.expression for part in self.parts]
        others = [part.expression for part in self.parts if part.linked is None]
        return driving.conditions(self.database, self.table, linked, others, first)

    def column_names(self) -> list[str]:
        """Return the names of the columns that this database has."""
        name, has = self.table.name, self.database.has_column
        return [column.name for column in self.table.columns if has(name, column.name)]

    def everything(self) -> sa.Select[Any]:
        """Return the bare select of the columns that this database has, and of numbers over related rows."""
        columns = [self.table.c[name] for name in self.column_names()]
        if computed := self.description.computed:
            return sa.select(*columns, *(self.translation.computed(each).label(each.name) for each in computed))
        return _whole(self.table) if len(columns) == len(self.table.columns) else sa.select(*columns)

    def sorted(self, selected: sa.Select[Any], *, backwards: bool = False, limit: int | None = None) -> sa.Select[Any]:
        """Return a select of the rows in their order; `limit` reads no more than so many of the slice.

        `backwards` is for sets without a slice.
        """
        backwards = backwards != self.description.backwards
        start, stop = self.description.start, self.description.stop
        if limit is not None:
            stop = start + limit if stop is None else min(stop, start + limit)
        descending = ordering.by_id(self.description.order)
        first = None if stop is None or descending is None else First(stop, descending != backwards)
        found = selected.select_from(self.table).where(*self.where(first))
        found = found.order_by(*ordering.expressions(self.description.order, self.translation, backwards=backwards))
        if stop is not None:
            found = found.limit(max(0, stop - start))
        return found.offset(start) if start else found

    def unsorted(self, selected: sa.Select[Any], limit: int | None = None) -> sa.Select[Any]:
        """Return a select of the rows in any order, for sets without a slice."""
        if limit is None:
            return selected.select_from(self.table).where(*self.where())
        return selected.select_from(self.table).where(*self.where(First(limit, backwards=False))).limit(limit)

    def some(self, selected: sa.Select[Any], limit: int) -> sa.Select[Any]:
        """Return a select of some rows: in their order only where a slice makes that necessary."""
        return self.sorted(selected, limit=limit) if self.description.is_sliced else self.unsorted(selected, limit)

    def ids(self) -> sa.Select[Any]:
        """Return the select of the ids."""
        selected = sa.select(self.table.c.id)
        return self.sorted(selected) if self.description.is_sliced else self.unsorted(selected)


@functools.cache
def _whole(table: sa.Table) -> sa.Select[Any]:
    """Return the select of all columns, which is made once: checking each column takes as long as the rest of a query."""
    return sa.select(*table.columns)
