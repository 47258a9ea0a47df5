"""Indexes of a table, apart from those that belong to a constraint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lamin_codegen.model import Registry, Unique
from lamin_codegen.render.identifiers import fitted, listed, quoted

Dialect = Literal["sqlite", "postgresql"]

PATTERN_OPERATORS = {"string": "varchar_pattern_ops", "text": "text_pattern_ops"}
"""Operator classes with which Postgres can use a btree for prefixes, whatever the collation of the database."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index as CREATE INDEX says it, the same on both dialects."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool = False
    where: tuple[str, Literal["null", "not null"]] | None = None
    lower: bool = False
    operators: str | None = None

    def create(self) -> str:
        """Return CREATE INDEX."""
        on = f"(lower({quoted(self.columns[0])}))" if self.lower else listed(self.columns)
        operators = f" {self.operators}" if self.operators else ""
        where = f" WHERE {quoted(self.where[0])} IS {self.where[1].upper()}" if self.where else ""
        unique = "UNIQUE " if self.unique else ""
        return f"CREATE {unique}INDEX {quoted(self.name)} ON {quoted(self.table)} ({on}{operators}){where}"

    def drop(self) -> str:
        """Return DROP INDEX."""
        return f"DROP INDEX {quoted(self.name)}"


def indexes(registry: Registry, dialect: Dialect) -> list[Index]:
    """Return the indexes that the dialect needs, those over single columns first."""
    return [
        *_over_single_columns(registry, dialect),
        *(Index(fitted(registry.table, *columns, "idx"), registry.table, columns) for columns in registry.indexes),
        *(_unique_index(registry, unique) for unique in registry.uniques if not is_constraint(unique, dialect)),
    ]


def is_constraint(unique: Unique, dialect: Dialect) -> bool:
    """Whether the rule stands in CREATE TABLE: on Postgres whenever it can, on SQLite where the schema asks for it."""
    return unique.where is None and not unique.lower and (dialect == "postgresql" or unique.as_constraint)


def _over_single_columns(registry: Registry, dialect: Dialect) -> Iterator[Index]:
    for column in registry.columns:
        if column.index and not column.unique:
            yield Index(fitted(registry.table, column.name, "idx"), registry.table, (column.name,))
        operators = PATTERN_OPERATORS.get(column.type)
        if dialect == "postgresql" and operators and (column.index or column.unique):
            yield Index(fitted(registry.table, column.name, "like"), registry.table, (column.name,), operators=operators)


def _unique_index(registry: Registry, unique: Unique) -> Index:
    return Index(fitted(unique.name), registry.table, unique.columns, unique=True, where=unique.where, lower=unique.lower)
