"""Operations of a revision as statements of Postgres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch

from lamin_codegen.model import Check, Column, Registry, Unique
from lamin_codegen.render import search
from lamin_codegen.render.ddl_postgres import (
    add_foreign_keys,
    column_default,
    column_definition,
    column_type,
    create_indexes,
    create_table,
    foreign_key,
    foreign_key_name,
    primary_key_name,
    table_constraints,
    unique_name,
)
from lamin_codegen.render.identifiers import fitted, listed, quoted
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
    """Return the statements of a revision, in the order of its operations."""
    return search.once([statement for operation in operations for statement in of_one(operation)])


def alter(registry: Registry, actions: Sequence[str]) -> list[str]:
    """Return one ALTER TABLE with all actions, or nothing."""
    return [f"ALTER TABLE {quoted(registry.table)}\n  " + ",\n  ".join(actions)] if actions else []


@singledispatch
def of_one(operation: Operation) -> list[str]:
    """Return the statements of one operation."""
    raise TypeError(f"{type(operation).__name__} can't be rendered for Postgres")


@of_one.register
def _(operation: RenameTable) -> list[str]:
    old, new = operation.before, operation.after
    renamed = zip(indexes(old, "postgresql"), indexes(new, "postgresql"), strict=True)
    return [
        f"ALTER TABLE {quoted(old.table)} RENAME TO {quoted(new.table)}",
        _rename_constraint(new, primary_key_name(old), primary_key_name(new)),
        *(statement for column in old.columns for statement in _rename_constraints(new, (old, column), (new, column))),
        *(f"ALTER INDEX {quoted(a.name)} RENAME TO {quoted(b.name)}" for a, b in renamed if a.name != b.name),
    ]


@of_one.register
def _(operation: CreateTable) -> list[str]:
    registry = operation.registry
    return [create_table(registry), *create_indexes(registry), *search.postgres_create(registry)]


@of_one.register
def _(operation: DropSearch) -> list[str]:
    return search.postgres_drop(operation.registry)


@of_one.register
def _(operation: CreateSearch) -> list[str]:
    return search.postgres_create(operation.registry)


@of_one.register
def _(operation: AddForeignKeys) -> list[str]:
    return add_foreign_keys(operation.registry)


@of_one.register
def _(operation: DropIndexes) -> list[str]:
    kept = indexes(operation.after, "postgresql")
    return [index.drop() for index in indexes(operation.before, "postgresql") if index not in kept]


@of_one.register
def _(operation: CreateIndexes) -> list[str]:
    present = indexes(operation.before, "postgresql")
    return [index.create() for index in indexes(operation.after, "postgresql") if index not in present]


@of_one.register
def _(operation: AddRule) -> list[str]:
    if not _is_table_rule(operation.rule):
        return []
    names = dict(table_constraints(operation.after))
    return alter(operation.after, [f"ADD {names[fitted(operation.rule.name)]}"])


@of_one.register
def _(operation: DropRule) -> list[str]:
    if not _is_table_rule(operation.rule):
        return []
    return alter(operation.after, [f"DROP CONSTRAINT {quoted(fitted(operation.rule.name))}"])


def _is_table_rule(rule: Unique | Check) -> bool:
    return isinstance(rule, Check) or is_constraint(rule, "postgresql")


@of_one.register
def _(operation: RenameColumn) -> list[str]:
    table, old, new = operation.after, operation.old, operation.new
    return [
        f"ALTER TABLE {quoted(table.table)} RENAME COLUMN {quoted(old.name)} TO {quoted(new.name)}",
        *_rename_constraints(table, (table, old), (table, new)),
    ]


def _rename_constraints(registry: Registry, old: tuple[Registry, Column], new: tuple[Registry, Column]) -> list[str]:
    """Return the statements that give the constraints of a column the names they would have if they were made now."""
    names = []
    if old[1].unique:
        names.append((unique_name(*old), unique_name(*new)))
    if old[1].references:
        names.append((foreign_key_name(*old), foreign_key_name(*new)))
    return [_rename_constraint(registry, before, after) for before, after in names]


def _rename_constraint(registry: Registry, old: str, new: str) -> str:
    return f"ALTER TABLE {quoted(registry.table)} RENAME CONSTRAINT {quoted(old)} TO {quoted(new)}"


@of_one.register
def _(operation: AddColumn) -> list[str]:
    table, new = operation.after, operation.new
    actions = [f"ADD COLUMN {column_definition(table, new)}"]
    if new.references:
        actions.append(f"ADD {foreign_key(table, new, new.references)}")
    return alter(table, actions)


@of_one.register
def _(operation: DropColumn) -> list[str]:
    return alter(operation.after, [f"DROP COLUMN {quoted(operation.old.name)}"])


@of_one.register
def _(operation: ChangeColumn) -> list[str]:
    table, old, new = operation.after, operation.old, operation.new
    constraints = [*_dropped_constraints(table, old, new), *_added_constraints(table, old, new)]
    return [
        *alter(table, [*_new_type(old, new), *_new_default(old, new)]),
        *(_filled(table, new) if old.nullable and not new.nullable else []),
        *alter(table, [*_new_nullability(old, new), *constraints]),
    ]


def _new_type(old: Column, new: Column) -> Iterator[str]:
    if column_type(old) == column_type(new):
        return
    if column_default(old) is not None:  # Postgres does not convert a default together with the type
        yield f"ALTER COLUMN {quoted(new.name)} DROP DEFAULT"
    yield f"ALTER COLUMN {quoted(new.name)} TYPE {column_type(new)} USING {quoted(new.name)}::{column_type(new)}"


def _new_default(old: Column, new: Column) -> Iterator[str]:
    default = column_default(new)
    if default is not None and (default, column_type(new)) != (column_default(old), column_type(old)):
        yield f"ALTER COLUMN {quoted(new.name)} SET DEFAULT {default}"
    elif default is None and column_default(old) is not None and column_type(old) == column_type(new):
        yield f"ALTER COLUMN {quoted(new.name)} DROP DEFAULT"


def _new_nullability(old: Column, new: Column) -> Iterator[str]:
    if old.nullable != new.nullable:
        yield f"ALTER COLUMN {quoted(new.name)} {'DROP' if new.nullable else 'SET'} NOT NULL"


def _filled(registry: Registry, column: Column) -> list[str]:
    """Return the statements that give rows without a value the default."""
    name = quoted(column.name)
    update = f"UPDATE {quoted(registry.table)} SET {name} = DEFAULT WHERE {name} IS NULL"
    # An update of a foreign key leaves a check for commit, and a table with such a check can't be altered.
    return [update, "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"] if column.references else [update]


def _dropped_constraints(registry: Registry, old: Column, new: Column) -> Iterator[str]:
    if old.references and old.references != new.references:
        yield f"DROP CONSTRAINT {quoted(foreign_key_name(registry, new))}"
    if old.unique and not new.unique:
        yield f"DROP CONSTRAINT {quoted(unique_name(registry, new))}"


def _added_constraints(registry: Registry, old: Column, new: Column) -> Iterator[str]:
    if new.references and old.references != new.references:
        yield f"ADD {foreign_key(registry, new, new.references)}"
    if new.unique and not old.unique:
        yield f"ADD CONSTRAINT {quoted(unique_name(registry, new))} UNIQUE ({quoted(new.name)})"


@of_one.register
def _(operation: DropTables) -> list[str]:
    return [f"DROP TABLE {listed(registry.table for registry in operation.registries)}"]
