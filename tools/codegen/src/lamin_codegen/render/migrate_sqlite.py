"""Operations of a revision as statements of SQLite.

ALTER TABLE of SQLite adds, renames and drops plain columns. If a table needs anything else, it is rebuilt once from the model,
which makes all of its changes at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from itertools import groupby

from lamin_codegen.model import Column, Registry, Unique
from lamin_codegen.render import rebuild, search
from lamin_codegen.render.ddl_sqlite import column_default, column_definition, create_indexes, create_table
from lamin_codegen.render.identifiers import quoted
from lamin_codegen.render.indexes import indexes, is_constraint
from lamin_codegen.render.operations import (
    AddColumn,
    AddForeignKeys,
    AddRule,
    ChangeColumn,
    CreateIndexes,
    CreateSearch,
    CreateTable,
    DropColumn,
    DropIndexes,
    DropRule,
    DropSearch,
    DropTables,
    Operation,
    RenameColumn,
    RenameTable,
)


def statements(operations: Sequence[Operation]) -> list[str]:
    """Return the statements of a revision. They need foreign keys to be off, see `rebuild`."""
    found: list[str] = []
    searched_later = {operation.registry.table for operation in operations if isinstance(operation, CreateSearch)}
    for table, group in groupby(operations, key=_changed_table):
        changes = list(group)
        if table is not None and any(map(needs_rebuild, changes)):
            found += rebuild.statements(table, _sources(table, changes), searched=table.table not in searched_later)
        else:
            found += [statement for change in changes for statement in plain(change)]
    return found


def _changed_table(operation: Operation) -> Registry | None:
    """Return the table that an operation changes in place."""
    match operation:
        case RenameTable() | CreateTable() | AddForeignKeys() | DropTables() | DropSearch() | CreateSearch():
            return None
        case _:
            return operation.after


def needs_rebuild(operation: Operation) -> bool:
    """Whether ALTER TABLE of SQLite cannot do it."""
    match operation:
        case AddColumn(_, new):
            return not _can_be_added(new)
        case ChangeColumn(_, _, old, new):
            return column_definition(replace(old, name=new.name)) != column_definition(new)
        case DropColumn(_, old):
            return old.unique or old.references is not None
        case AddRule(_, rule) | DropRule(_, rule):
            return not isinstance(rule, Unique) or is_constraint(rule, "sqlite")
        case _:
            return False


def _can_be_added(column: Column) -> bool:
    """Whether ADD COLUMN takes the column: no key, no expression as default, no foreign key with a default."""
    return not (column.unique or column.db_default == "now" or (column.references is not None and column.db_default is not None))


def _sources(registry: Registry, changes: Sequence[Operation]) -> dict[str, str]:
    """Return what each column of a rebuilt table is filled from."""
    renamed = {change.new.name: change.old.name for change in changes if isinstance(change, RenameColumn)}
    added = {change.new.name for change in changes if isinstance(change, AddColumn)}
    required = {
        change.new.name
        for change in changes
        if isinstance(change, ChangeColumn) and change.old.nullable and not change.new.nullable
    }
    return {
        column.name: _source(column, quoted(renamed.get(column.name, column.name)), column.name in required)
        for column in registry.columns
        if column.name not in added
    }


def _source(column: Column, old: str, required: bool) -> str:
    return f"coalesce({old}, {column_default(column)})" if required else old


@singledispatch
def plain(operation: Operation) -> list[str]:
    """Return the statements of an operation that needs no rebuild; what it does not know needs none at all."""
    return []


@plain.register
def _(operation: RenameTable) -> list[str]:
    old, new = operation.before, operation.after
    return [
        *(index.drop() for index in indexes(old, "sqlite")),
        f"ALTER TABLE {quoted(old.table)} RENAME TO {quoted(new.table)}",
        *create_indexes(new),
    ]


@plain.register
def _(operation: CreateTable) -> list[str]:
    registry = operation.registry
    return [create_table(registry), *create_indexes(registry), *search.sqlite_create(registry)]


@plain.register
def _(operation: DropSearch) -> list[str]:
    return search.sqlite_drop(operation.registry)


@plain.register
def _(operation: CreateSearch) -> list[str]:
    return search.sqlite_create_filled(operation.registry)


@plain.register
def _(operation: DropIndexes) -> list[str]:
    kept = indexes(operation.after, "sqlite")
    return [index.drop() for index in indexes(operation.before, "sqlite") if index not in kept]


@plain.register
def _(operation: CreateIndexes) -> list[str]:
    present = indexes(operation.before, "sqlite")
    return [index.create() for index in indexes(operation.after, "sqlite") if index not in present]


@plain.register
def _(operation: RenameColumn) -> list[str]:
    table, old, new = operation.after.table, operation.old.name, operation.new.name
    return [f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(old)} TO {quoted(new)}"]


@plain.register
def _(operation: AddColumn) -> list[str]:
    return [f"ALTER TABLE {quoted(operation.after.table)} ADD COLUMN {column_definition(operation.new)}"]


@plain.register
def _(operation: DropColumn) -> list[str]:
    return [f"ALTER TABLE {quoted(operation.after.table)} DROP COLUMN {quoted(operation.old.name)}"]


@plain.register
def _(operation: DropTables) -> list[str]:
    return [f"DROP TABLE {quoted(registry.table)}" for registry in operation.registries]
