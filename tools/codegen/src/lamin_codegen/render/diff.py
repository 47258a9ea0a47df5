"""From one snapshot of a module's tables to the next: the operations between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from lamin_codegen.model import Check, Column, Registry, Unique
from lamin_codegen.render.indexes import indexes
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
    TableChange,
)
from lamin_codegen.render.search import signature
from lamin_codegen.render.snapshot import Snapshot


class RevisionError(ValueError):
    """The tables of the newest revision can't become those of the schema; `problems` has a sentence for each reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Pair:
    """A table that stays."""

    origin: Registry
    """As it was."""
    before: Registry
    """The same, already under its new name and referring to other tables under their new names."""
    after: Registry
    renamed: dict[str, str]
    """Old name of each renamed column by its new name."""

    def old(self, new: Column) -> Column | None:
        """Return what a column was before; None for a new one."""
        name = self.renamed.get(new.name, new.name)
        return next((column for column in self.before.columns if column.name == name), None)

    @property
    def dropped(self) -> list[Column]:
        """The columns that the table no longer has."""
        kept = {self.renamed.get(column.name, column.name) for column in self.after.columns}
        return [column for column in self.before.columns if column.name not in kept]


def operations(before: Snapshot, after: Snapshot, *, allow_drop: bool = False) -> list[Operation]:
    """Return the operations in the order in which they run; none if the tables are equal.

    Raises
    ------
    RevisionError: rows would be lost and `allow_drop` is not given, or existing rows have no value for a column.
    """
    after = _with_links_following(before, after)
    pairs = _pairs(before, after)
    kept, paired = {pair.origin.name for pair in pairs}, {pair.after.name for pair in pairs}
    dropped = tuple(registry for registry in before.registries if registry.name not in kept)
    created = [registry for registry in after.registries if registry.name not in paired]
    if problems := [*_missing_values(pairs), *([] if allow_drop else _losses(dropped, pairs))]:
        raise RevisionError(problems)
    searched_anew = [pair for pair in pairs if signature(pair.origin) != signature(pair.after)]
    unsearched = [*dropped, *(pair.origin for pair in searched_anew)]
    return [
        *(DropSearch(registry) for registry in unsearched if registry.is_searched),
        *(RenameTable(pair.origin, pair.before) for pair in pairs if pair.origin.table != pair.before.table),
        *(CreateTable(registry) for registry in created),
        *chain.from_iterable(_table_changes(pair) for pair in pairs),
        *(AddForeignKeys(registry) for registry in created if any(column.references for column in registry.columns)),
        *([DropTables(dropped)] if dropped else []),
        *(CreateSearch(pair.after) for pair in searched_anew if pair.after.is_searched),
    ]


def _with_links_following(before: Snapshot, after: Snapshot) -> Snapshot:
    """Say for link tables that were not written out what they were before the class that they are named after was renamed."""
    old = {registry.name: registry for registry in before.registries}
    names = {one.name: name for one in after.registries if (name := _old_name(one, old, after)) != one.name}
    return replace(after, registries=tuple(_following(one, names) if one.auto_link else one for one in after.registries))


def _following(registry: Registry, names: dict[str, str]) -> Registry:
    for new, old in names.items():
        columns = tuple(replace(one, previous_name=one.name.replace(new.lower(), old.lower())) for one in registry.columns)
        if new in registry.name:
            return replace(registry, previous_name=registry.name.replace(new, old), columns=columns)
    return registry


def _pairs(before: Snapshot, after: Snapshot) -> list[Pair]:
    old = {registry.name: registry for registry in before.registries}
    found = [(old[name], registry) for registry in after.registries if (name := _old_name(registry, old, after)) in old]
    moved = {origin.qualified: registry for origin, registry in found}
    return [
        Pair(origin, _as_if_renamed(origin, registry, moved), registry, _renamed_columns(origin, registry))
        for origin, registry in found
    ]


def _old_name(registry: Registry, old: dict[str, Registry], after: Snapshot) -> str:
    """Return the name of the registry in the old snapshot. A rename that an earlier revision made is none."""
    name = registry.previous_name
    is_rename = name in old and registry.name not in old and all(other.name != name for other in after.registries)
    return name if name and is_rename else registry.name


def _as_if_renamed(old: Registry, new: Registry, moved: dict[str, Registry]) -> Registry:
    columns = tuple(_with_moved_target(column, moved) for column in old.columns)
    return replace(old, name=new.name, table=new.table, columns=columns)


def _with_moved_target(column: Column, moved: dict[str, Registry]) -> Column:
    target = column.references
    if target is None or (new := moved.get(target.target)) is None:
        return column
    return replace(column, references=replace(target, target=new.qualified, table=new.table))


def _renamed_columns(old: Registry, new: Registry) -> dict[str, str]:
    old_names, new_names = {column.name for column in old.columns}, {column.name for column in new.columns}
    renamed: dict[str, str] = {}
    for column in new.columns:
        name = column.previous_name
        if name in old_names - new_names - set(renamed.values()) and column.name not in old_names:
            renamed[column.name] = str(name)
    return renamed


# ---- what can't be done ------------------------------------------------------------------------------------------------------
def _missing_values(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        for new in pair.after.columns:
            old = pair.old(new)
            if (old is None or old.nullable) and not new.nullable and new.db_default is None:
                yield (
                    f"{pair.after.name}.{new.name} must have a value, and rows that are already there may have none: "
                    "give it the annotation `db_default`, or leave out `required: true`"
                )


def _losses(dropped: Sequence[Registry], pairs: Sequence[Pair]) -> Iterator[str]:
    hint = "say where it went with the annotation `previous_name`, or allow dropping it"
    for registry in dropped:
        yield f"{registry.name} is gone, and with it all rows of {registry.table}: {hint}"
    for pair in pairs:
        for column in pair.dropped:
            yield f"{pair.after.name}.{column.name} is gone, and with it its values: {hint}"


# ---- changes of one table ----------------------------------------------------------------------------------------------------
def _table_changes(pair: Pair) -> Iterator[TableChange]:
    before, after = pair.before, pair.after
    reindexed = any(indexes(before, dialect) != indexes(after, dialect) for dialect in ("sqlite", "postgresql"))
    if reindexed:
        yield DropIndexes(before, after)
    yield from (DropRule(after, rule) for rule in _rules(before) if rule not in _rules(after))
    for new in after.columns:
        if (old := pair.old(new)) and old.name != new.name:
            yield RenameColumn(before, after, old, new)
    yield from (DropColumn(after, old) for old in pair.dropped)
    for new in after.columns:
        if (old := pair.old(new)) is None:
            yield AddColumn(after, new)
        elif _definition(old) != _definition(new):
            yield ChangeColumn(before, after, old, new)
    yield from (AddRule(after, rule) for rule in _rules(after) if rule not in _rules(before))
    if reindexed:
        yield CreateIndexes(before, after)


def _rules(registry: Registry) -> tuple[Unique | Check, ...]:
    return (*registry.uniques, *registry.checks)


def _definition(column: Column) -> Column:
    """Return the column without what is no part of its definition: its name, its indexes, the revision that added it."""
    return replace(column, name="", index=False, search=None, since=1)
