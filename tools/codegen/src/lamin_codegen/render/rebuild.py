"""Changing what SQLite's ALTER TABLE cannot: a table is made anew, filled from the old one, and takes its name.

These are the twelve steps that SQLite's documentation gives for ALTER TABLE. The statements are rendered from the model, never
from what the database has, so that expression indexes, AUTOINCREMENT, DEFERRABLE and CHECK survive. They must run in one
transaction that began with `PRAGMA foreign_keys = OFF`, or dropping the old table would delete rows of other tables by cascade;
before it commits, `FOREIGN_KEY_CHECK` must return no row.
"""

from __future__ import annotations

from collections.abc import Mapping

from lamin_codegen.model import Registry
from lamin_codegen.render.ddl_sqlite import create_indexes, create_table
from lamin_codegen.render.identifiers import listed, literal, quoted
from lamin_codegen.render.search import sqlite_triggers

FOREIGN_KEY_CHECK = "PRAGMA foreign_key_check"


def statements(registry: Registry, source: Mapping[str, str] | None = None, *, searched: bool = True) -> list[str]:
    """Return the statements that make the table of a registry anew and keep its rows.

    Parameters
    ----------
    source
        SQL expression over the old table for each column that is filled; columns that are left out get their default. By default
        each column is filled from the column of its name.
    searched
        Whether what makes the table searchable is there and stays: its triggers go with the old table and are made anew.
    """
    source = {column.name: quoted(column.name) for column in registry.columns} if source is None else source
    table = registry.table
    new = f"new {table}"  # no registry can have a table with a space in its name
    return [
        create_table(registry, new),
        f"INSERT INTO {quoted(new)} ({listed(source)}) SELECT {', '.join(source.values())} FROM {quoted(table)}",
        *_keep_counter(table, new),
        f"DROP TABLE {quoted(table)}",
        f"ALTER TABLE {quoted(new)} RENAME TO {quoted(table)}",
        *create_indexes(registry),
        *(sqlite_triggers(registry) if searched else []),
    ]


def _keep_counter(table: str, new: str) -> list[str]:
    """Return the statements that carry over where AUTOINCREMENT stands: the numbers of deleted rows are never used again."""
    return [
        f"DELETE FROM sqlite_sequence WHERE name = {literal(new)}",
        f"INSERT INTO sqlite_sequence (name, seq) SELECT {literal(new)}, seq FROM sqlite_sequence WHERE name = {literal(table)}",
    ]
