"""What makes the names and texts of a table searchable, kept by the database itself whoever writes.

SQLite gets FTS5 tables of trigrams, one for names and one for longer texts, and triggers that keep them. They store no text of
their own (`content=''`), so that nothing refers to the table and a rebuild can replace that; deleting takes the old values, which
triggers have. Postgres gets GIN
indexes over trigrams, if it has the extension pg_trgm or lets us make it; without, the same queries run, slower.

All names of a row are one text with `|` around each: `|t cell|` finds a whole name or synonym, and `|t cell` its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lamin_codegen.model import Registry, Searched
from lamin_codegen.render.identifiers import fitted, listed, quoted

EXTENSION = (
    "DO $search$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; EXCEPTION WHEN insufficient_privilege OR feature_not_supported"
    " OR undefined_file OR invalid_schema_name OR duplicate_object OR unique_violation THEN NULL; END $search$"
)
"""Makes the extension where the server has it and the role may."""


MERGED = 16
"""Parts of an FTS5 index that are merged at once, the most that SQLite takes: with 4, its default, bulk writes take longer."""
PENDING = "WITH (gin_pending_list_limit = 1024)"
"""Kilobytes of new rows that Postgres may leave unsorted: 4 MB, its default, take 40 ms to look through."""


def names_of(registry: Registry, row: str = "") -> str:
    """Return all names of a row as one SQL text, the same on both dialects; `row` is `new.` or `old.` in a trigger."""
    return "'|' || " + " || '|' || ".join(f"coalesce({row}{quoted(name)}, '')" for name in registry.searched("name")) + " || '|'"


def text_of(registry: Registry, row: str = "") -> str:
    """Return all longer texts of a row as one SQL text."""
    columns = registry.searched("text")
    if len(columns) == 1:
        return f"{row}{quoted(columns[0])}"
    return " || '|' || ".join(f"coalesce({row}{quoted(name)}, '')" for name in columns)


def signature(registry: Registry) -> tuple[object, ...]:
    """Return what the index of a table depends on."""
    columns = {column.name: column for column in registry.columns}
    names, texts = registry.searched("name"), registry.searched("text")
    return (registry.table, names, texts, *((columns[name].type, columns[name].nullable) for name in (*names, *texts)))


# ---- SQLite ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Index:
    """An FTS5 table, over the names of a table or over its longer texts."""

    registry: Registry
    kind: Searched

    @property
    def name(self) -> str:
        return index_name(self.registry, self.kind)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.registry.searched(self.kind)

    def text(self, row: str = "") -> str:
        return names_of(self.registry, row) if self.kind == "name" else text_of(self.registry, row)

    def exists(self, row: str = "") -> str:
        """Return the condition that a row has anything to index: names always have, longer texts are mostly missing."""
        return "" if self.kind == "name" else " OR ".join(f"{row}{quoted(name)} IS NOT NULL" for name in self.columns)

    def create(self) -> list[str]:
        index = quoted(self.name)
        options = "content='', columnsize=0, detail=none, tokenize='trigram'"
        return [
            f"CREATE VIRTUAL TABLE {index} USING fts5 (words, {options})",
            f"INSERT INTO {index} ({index}, rank) VALUES ('automerge', {MERGED})",
        ]

    def fill(self) -> str:
        where = f" WHERE {self.exists()}" if self.exists() else ""
        return (
            f'INSERT INTO {quoted(self.name)} (rowid, words) SELECT "id", {self.text()} FROM {quoted(self.registry.table)}{where}'
        )

    def triggers(self) -> Iterator[str]:
        index, table = quoted(self.name), quoted(self.registry.table)
        new, old = self.exists("new."), self.exists("old.")
        insert = f'INSERT INTO {index} (rowid, words) SELECT new."id", {self.text("new.")}' + (f" WHERE {new}" if new else "")
        delete = f"INSERT INTO {index} ({index}, rowid, words) SELECT 'delete', old.\"id\", {self.text('old.')}"
        delete += f" WHERE {old}" if old else ""
        changed = " OR ".join(f"old.{quoted(name)} IS NOT new.{quoted(name)}" for name in ("id", *self.columns))
        for moment, when, body in (
            (f"AFTER INSERT ON {table}", new, f"{insert};"),
            (f"AFTER DELETE ON {table}", old, f"{delete};"),
            (f"AFTER UPDATE OF {listed(('id', *self.columns))} ON {table}", changed, f"{delete}; {insert};"),
        ):
            name = fitted(self.name, moment.split()[1].lower())
            yield f"CREATE TRIGGER {quoted(name)} {moment}{f' WHEN {when}' if when else ''} BEGIN {body} END"

    def drop(self) -> list[str]:
        triggers = [quoted(fitted(self.name, moment)) for moment in ("insert", "delete", "update")]
        return [*(f"DROP TRIGGER {name}" for name in triggers), f"DROP TABLE {quoted(self.name)}"]


def index_name(registry: Registry, kind: Searched) -> str:
    """Return the name of the index over the names, or over the longer texts, of a table."""
    return fitted(registry.table, "search", *(() if kind == "name" else ("texts",)))


def _indexes(registry: Registry) -> list[_Index]:
    kinds: tuple[Searched, ...] = ("name", "text")
    return [_Index(registry, kind) for kind in kinds if registry.searched(kind)]


def sqlite_create(registry: Registry) -> list[str]:
    """Return the statements that make empty indexes and keep them from then on."""
    return [one for index in _indexes(registry) for one in (*index.create(), *index.triggers())]


def sqlite_create_filled(registry: Registry) -> list[str]:
    """Return the statements that index the rows of a table, and keep the indexes from then on."""
    return [one for index in _indexes(registry) for one in (*index.create(), index.fill(), *index.triggers())]


def sqlite_triggers(registry: Registry) -> list[str]:
    """Return the triggers, which a rebuild drops with the table. Each is one line, since scripts are split at line ends."""
    return [one for index in _indexes(registry) for one in index.triggers()]


def sqlite_drop(registry: Registry) -> list[str]:
    """Return the statements that remove indexes and triggers."""
    return [one for index in _indexes(registry) for one in index.drop()]


# ---- Postgres ----------------------------------------------------------------------------------------------------------------
def postgres_create(registry: Registry) -> list[str]:
    """Return the statements that make the indexes, filled from the rows that are there."""
    found = []
    for name, expression in _expressions(registry):
        create = f"CREATE INDEX {quoted(name)} ON {quoted(registry.table)} USING gin (({expression}) gin_trgm_ops) {PENDING}"
        found.append(f"DO $search$ BEGIN {create}; EXCEPTION WHEN undefined_object THEN NULL; END $search$")
    return [EXTENSION, *found] if found else []


def postgres_drop(registry: Registry) -> list[str]:
    """Return the statements that remove the indexes, where there are any."""
    return [f"DROP INDEX IF EXISTS {quoted(name)}" for name, _ in _expressions(registry)]


def _expressions(registry: Registry) -> Iterator[tuple[str, str]]:
    for index in _indexes(registry):
        yield index.name, index.text()


def once(statements: Sequence[str]) -> list[str]:
    """Return the statements without repeating the one that makes the extension."""
    first = statements.index(EXTENSION) if EXTENSION in statements else -1
    return [one for position, one in enumerate(statements) if one != EXTENSION or position == first]
