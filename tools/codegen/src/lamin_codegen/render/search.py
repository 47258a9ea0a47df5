"""What makes the names and texts of a table searchable, kept by the database itself whoever writes.

SQLite gets an FTS5 table of trigrams and triggers that keep it. It stores no text of its own (`content=''`), so that nothing
refers to the table and a rebuild can replace that; deleting from it takes the old values, which triggers have. Postgres gets GIN
indexes over trigrams, if it has the extension pg_trgm or lets us make it; without, the same queries run, slower.

All names of a row are one text with `|` around each: `|t cell|` finds a whole name or synonym, and `|t cell` its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lamin_codegen.model import Registry
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
def sqlite_create(registry: Registry) -> list[str]:
    """Return the statements that make an empty index and keep it from then on."""
    return [*_virtual_table(registry), *sqlite_triggers(registry)] if registry.is_searched else []


def sqlite_create_filled(registry: Registry) -> list[str]:
    """Return the statements that index the rows of a table, and keep the index from then on."""
    if not registry.is_searched:
        return []
    columns = list(_indexed(registry))
    values = ", ".join(['"id"', *(value for _, value in columns)])
    fill = f"INSERT INTO {_index_of(registry)} ({_targets(columns)}) SELECT {values} FROM {quoted(registry.table)}"
    return [*_virtual_table(registry), fill, *sqlite_triggers(registry)]


def sqlite_triggers(registry: Registry) -> list[str]:
    """Return the triggers, which a rebuild drops with the table. Each is one line, since scripts are split at line ends."""
    if not registry.is_searched:
        return []
    index, table = _index_of(registry), quoted(registry.table)
    watched = registry.searched("name") + registry.searched("text")
    targets = _targets(_indexed(registry))
    added = ", ".join(['new."id"', *(value for _, value in _indexed(registry, "new."))])
    removed = ", ".join(["'delete'", 'old."id"', *(value for _, value in _indexed(registry, "old."))])
    insert = f"INSERT INTO {index} ({targets}) VALUES ({added})"
    delete = f"INSERT INTO {index} ({index}, {targets}) VALUES ({removed})"
    changed = " OR ".join(f"old.{quoted(name)} IS NOT new.{quoted(name)}" for name in ("id", *watched))
    moments = (
        ("insert", f"AFTER INSERT ON {table}", f"{insert};"),
        ("delete", f"AFTER DELETE ON {table}", f"{delete};"),
        ("update", f"AFTER UPDATE OF {listed(('id', *watched))} ON {table} WHEN {changed}", f"{delete}; {insert};"),
    )
    return [
        f"CREATE TRIGGER {quoted(fitted(registry.table, 'search', name))} {moment} BEGIN {body} END"
        for name, moment, body in moments
    ]


def sqlite_drop(registry: Registry) -> list[str]:
    """Return the statements that remove index and triggers."""
    if not registry.is_searched:
        return []
    triggers = [quoted(fitted(registry.table, "search", name)) for name in ("insert", "delete", "update")]
    return [*(f"DROP TRIGGER {name}" for name in triggers), f"DROP TABLE {_index_of(registry)}"]


def _index_of(registry: Registry) -> str:
    return quoted(fitted(registry.table, "search"))


def _virtual_table(registry: Registry) -> list[str]:
    columns, index = ", ".join(name for name, _ in _indexed(registry)), _index_of(registry)
    options = "content='', columnsize=0, detail=column, tokenize='trigram'"
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5 ({columns}, {options})",
        f"INSERT INTO {index} ({index}, rank) VALUES ('automerge', {MERGED})",
    ]


def _indexed(registry: Registry, row: str = "") -> Iterator[tuple[str, str]]:
    """Return the columns of the FTS5 table and what goes into them."""
    if registry.searched("name"):
        yield "names", names_of(registry, row)
    if registry.searched("text"):
        yield "texts", text_of(registry, row)


def _targets(columns: Iterable[tuple[str, str]]) -> str:
    return ", ".join(["rowid", *(name for name, _ in columns)])


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
    if registry.searched("name"):
        yield fitted(registry.table, "search"), names_of(registry)
    if registry.searched("text"):
        yield fitted(registry.table, "search", "texts"), text_of(registry)


def once(statements: Sequence[str]) -> list[str]:
    """Return the statements without repeating the one that makes the extension."""
    first = statements.index(EXTENSION) if EXTENSION in statements else -1
    return [one for position, one in enumerate(statements) if one != EXTENSION or position == first]
