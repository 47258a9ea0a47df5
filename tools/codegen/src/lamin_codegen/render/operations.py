"""What a revision does, the same for both dialects. Each operation is one change of one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lamin_codegen.model import Check, Column, Registry, Unique


@dataclass(frozen=True, slots=True)
class RenameTable:
    """Also the indexes and constraints, which have the table in their names."""

    before: Registry
    after: Registry
    """The same registry under its new name, otherwise unchanged."""


@dataclass(frozen=True, slots=True)
class CreateTable:
    """With its indexes, without its foreign keys."""

    registry: Registry


@dataclass(frozen=True, slots=True)
class AddForeignKeys:
    """Of a new table, after all new tables are there."""

    registry: Registry


@dataclass(frozen=True, slots=True)
class DropIndexes:
    """Those that the table no longer needs, before its columns change."""

    before: Registry
    after: Registry


@dataclass(frozen=True, slots=True)
class CreateIndexes:
    """Those that the table did not have, after its columns changed."""

    before: Registry
    after: Registry


@dataclass(frozen=True, slots=True)
class AddRule:
    """Uniqueness or check over a row; where a dialect makes an index of it, `CreateIndexes` does."""

    after: Registry
    rule: Unique | Check


@dataclass(frozen=True, slots=True)
class DropRule:
    """The reverse of `AddRule`."""

    after: Registry
    rule: Unique | Check


@dataclass(frozen=True, slots=True)
class RenameColumn:
    """Also the constraints that have the column in their names."""

    before: Registry
    after: Registry
    old: Column
    new: Column


@dataclass(frozen=True, slots=True)
class AddColumn:
    """With its constraints; rows that are there get the default of the database, or NULL."""

    after: Registry
    new: Column


@dataclass(frozen=True, slots=True)
class ChangeColumn:
    """Type, nullability, default, uniqueness or foreign key; the name stays."""

    before: Registry
    after: Registry
    old: Column
    new: Column


@dataclass(frozen=True, slots=True)
class DropColumn:
    """With its values and constraints."""

    after: Registry
    old: Column


@dataclass(frozen=True, slots=True)
class DropTables:
    """All tables that are no longer declared, since they may refer to each other."""

    registries: tuple[Registry, ...]


@dataclass(frozen=True, slots=True)
class DropSearch:
    """What made the table searchable, before its columns change or it goes."""

    registry: Registry


@dataclass(frozen=True, slots=True)
class CreateSearch:
    """Of a table that may have rows, after its columns changed."""

    registry: Registry


TableChange: TypeAlias = DropIndexes | DropRule | RenameColumn | DropColumn | AddColumn | ChangeColumn | AddRule | CreateIndexes
"""Operations on a table that stays, in the order in which they run."""
Operation: TypeAlias = RenameTable | CreateTable | AddForeignKeys | TableChange | DropTables | DropSearch | CreateSearch


def describe(operation: Operation) -> str | None:
    """Return what a person is told about the operation; None for what follows from another one."""
    match operation:
        case RenameTable(before, after):
            return f"rename table {before.table} to {after.table}"
        case CreateTable(registry):
            return f"create table {registry.table}"
        case RenameColumn(_, after, old, new):
            return f"rename column {after.table}.{old.name} to {new.name}"
        case AddColumn(after, new):
            return f"add column {after.table}.{new.name}"
        case ChangeColumn(_, after, _, new):
            return f"change column {after.table}.{new.name}"
        case DropColumn(after, old):
            return f"drop column {after.table}.{old.name}"
        case AddRule(after, rule):
            return f"add rule {rule.name} to {after.table}"
        case DropRule(after, rule):
            return f"drop rule {rule.name} of {after.table}"
        case CreateIndexes(_, after):
            return f"change indexes of {after.table}"
        case CreateSearch(registry):
            return f"index {registry.table} for search"
        case DropTables(registries):
            return "drop tables " + ", ".join(registry.table for registry in registries)
        case _:
            return None
