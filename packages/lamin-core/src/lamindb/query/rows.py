"""The rows that conditions are about, as tables and aliases to select from."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.errors import ColumnNotInDatabase, ModuleNotInDatabase
from lamindb.query.comparisons import Expression, Operand
from lamindb.query.paths import Hop, is_nullable, name_of, table

if TYPE_CHECKING:
    from lamindb_setup.databases import Database


class Rows:
    """A row that conditions are about: of the registry itself, or a related one."""

    def __init__(self, database: Database, registry: str, source: sa.FromClause) -> None:
        self.database, self.registry, self.source = database, registry, source

    def column(self, name: str) -> Operand:
        """Return a column.

        Raises
        ------
        ModuleNotInDatabase: the database does not have the table.
        ColumnNotInDatabase: the database is older than the column.
        """
        check_present(self.database, self.registry, name)
        found: Operand = self.source.c[name]
        return found

    def nullable(self, name: str) -> bool:
        """Whether a column may be NULL."""
        return is_nullable(self.registry, name)

    def sources(self) -> list[sa.FromClause]:
        """Return the tables that hold the row."""
        return [self.source]


class RelatedRows(Rows):
    """A row on the far side of a relation. The target's table is left out where the link alone knows the answer."""

    def __init__(self, database: Database, hop: Hop, number: int) -> None:
        super().__init__(database, hop.target, alias(hop.target, number))
        self.hop = hop
        self.link = Rows(database, hop.through, alias(hop.through, number)) if hop.kind == "many" else None
        self.joined = self.link is None

    def column(self, name: str) -> Operand:
        """Return a column; the id is that of the link, so that the related table need not be joined for it."""
        if self.link is not None and name == "id":
            return self.link.column(self.hop.there)
        self.joined = True
        return super().column(name)

    @property
    def key(self) -> Operand:
        """The column that must equal what the near side of the relation has."""
        match self.hop.kind:
            case "one":
                return super().column("id")
            case "reverse":
                return super().column(self.hop.column)
        assert self.link is not None
        return self.link.column(self.hop.column)

    @property
    def target_is_linked(self) -> Expression:
        """The condition that joins the target to the link."""
        assert self.link is not None
        return self.link.column(self.hop.there) == super().column("id")

    def near(self, parent: Rows) -> Operand:
        """Return the column of the near side that `key` must equal."""
        return parent.column(self.hop.column if self.hop.kind == "one" else "id")

    def sources(self) -> list[sa.FromClause]:
        """Return the tables to select from."""
        if self.link is None:
            return [self.source]
        return [self.link.source, self.source] if self.joined else [self.link.source]

    def select(self, *columns: Operand) -> sa.Select[Any]:
        """Return a select over the related rows."""
        selected = sa.select(*columns)
        return selected.select_from(self.joined_sources() if self.joined else self.sources()[0])

    def joined_sources(self) -> sa.FromClause:
        """Return the related table, joined to the link if there is one."""
        return self.source if self.link is None else self.link.source.join(self.source, self.target_is_linked)


@functools.cache
def alias(registry: str, number: int) -> sa.FromClause:
    """Return one of a registry's aliases, which are made once: each copies all columns, which takes as long as a query."""
    return table(registry).alias()


def check_present(database: Database, registry: str, column: str) -> None:
    """Refuse what a database lacks.

    Raises
    ------
    ModuleNotInDatabase: the table.
    ColumnNotInDatabase: the column.
    """
    name = table(registry).name
    if database.has_column(name, column):
        return
    if not database.has_table(name):
        module = registry.partition(".")[0]
        if database.has_module(module):
            raise ModuleNotInDatabase(f"{database.slug} has no table {name!r} yet; to add it, run `lamin migrate deploy`")
        raise ModuleNotInDatabase(
            f"{database.slug} has no table {name!r}: the module {module!r} is not set up there; "
            f"to add it, run `lamin init --modules {module}` there"
        )
    raise ColumnNotInDatabase(
        f"{database.slug} has no column {column!r} of {name_of(registry)} yet; to add it, run `lamin migrate deploy`"
    )
