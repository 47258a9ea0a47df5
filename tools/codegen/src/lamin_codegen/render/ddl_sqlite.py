"""CREATE statements of SQLite."""

from __future__ import annotations

from collections.abc import Sequence

from lamin_codegen.model import Column, Registry
from lamin_codegen.render import search
from lamin_codegen.render.identifiers import fitted, listed, literal, quoted
from lamin_codegen.render.indexes import indexes, is_constraint

TYPES = {
    "text": "text",
    "integer": "integer",
    "smallint": "smallint",
    "bigint": "bigint",
    "boolean": "bool",
    "float": "real",
    "datetime": "datetime",
    "date": "date",
    "json": "text",
}
NOW = "(STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))"
"""UTC with milliseconds, the only expression for the time that SQLite takes as a default."""
ON_DELETE = {"protect": "", "cascade": " ON DELETE CASCADE", "set_null": " ON DELETE SET NULL"}
"""Protecting is what a deferred foreign key does by itself, at commit."""


def statements(registries: Sequence[Registry]) -> list[str]:
    """Return the statements that create tables, indexes and what keeps them searchable.

    Tables may refer to tables that do not exist yet. None of the statements ends in a semicolon.
    """
    tables = [statement for registry in registries for statement in (create_table(registry), *create_indexes(registry))]
    return tables + [statement for registry in registries for statement in search.sqlite_create(registry)]


def create_table(registry: Registry, name: str | None = None) -> str:
    """Return CREATE TABLE, optionally under another name, as a rebuild needs it."""
    definitions = [column_definition(column) for column in registry.columns]
    definitions += [
        f"CONSTRAINT {quoted(fitted(unique.name))} UNIQUE ({listed(unique.columns)})"
        for unique in registry.uniques
        if is_constraint(unique, "sqlite")
    ]
    definitions += [f"CONSTRAINT {quoted(fitted(check.name))} CHECK ({check.expression})" for check in registry.checks]
    return f"CREATE TABLE {quoted(name or registry.table)} (\n  " + ",\n  ".join(definitions) + "\n)"


def create_indexes(registry: Registry) -> list[str]:
    """Return CREATE INDEX for each index that belongs to no constraint."""
    return [index.create() for index in indexes(registry, "sqlite")]


def column_definition(column: Column) -> str:
    """Return the column as it stands in CREATE TABLE and, where SQLite allows it, in ADD COLUMN."""
    if column.primary_key:  # whatever the type of the key: only `integer` counts up, and AUTOINCREMENT never reuses a number
        return f"{quoted(column.name)} integer NOT NULL PRIMARY KEY AUTOINCREMENT"
    parts = [quoted(column.name), column_type(column)]
    if (default := column_default(column)) is not None:
        parts.append(f"DEFAULT {default}")
    parts.append("NULL" if column.nullable else "NOT NULL")
    if column.unique:
        parts.append("UNIQUE")
    if column.type == "json":
        parts.append(f"CHECK (JSON_VALID({quoted(column.name)}) OR {quoted(column.name)} IS NULL)")
    if target := column.references:
        action = ON_DELETE[target.on_delete] if target.in_database else ""
        parts.append(f'REFERENCES {quoted(target.table)} ("id"){action} DEFERRABLE INITIALLY DEFERRED')
    return " ".join(parts)


def column_type(column: Column) -> str:
    """Return the type as SQL; SQLite keeps the length and does not enforce it."""
    return f"varchar({column.max_length})" if column.type == "string" else TYPES[column.type]


def column_default(column: Column) -> str | None:
    """Return the default as SQL, or None if the column has none in the database."""
    if column.db_default is None:
        return None
    if column.type == "datetime" and column.db_default == "now":
        return NOW
    if isinstance(column.db_default, bool):
        return str(int(column.db_default))
    return literal(column.db_default)
