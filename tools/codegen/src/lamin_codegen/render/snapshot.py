"""The tables of a module at one revision, kept beside the revision so that the next one can be told from it.

A snapshot holds what the DDL depends on and nothing else: descriptions, relations and rules of the constructor change no table.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, TypeVar

from lamin_codegen.model import Check, Column, ForeignKey, Registry, SchemaModel, Unique

Part = TypeVar("Part", ForeignKey, Unique, Check)

KEPT = {
    "name",
    "type",
    "nullable",
    "max_length",
    "primary_key",
    "unique",
    "index",
    "db_default",
    "references",
    "search",
    "since",
}
"""Fields of a column that stand in a snapshot."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All tables of a module at a revision."""

    module: str
    number: int
    """Number of the revision, counted from 1."""
    registries: tuple[Registry, ...]
    """In the order of the schema, without anything that no table shows."""

    @property
    def revision(self) -> str:
        """Name of the revision, as `lamindb_0001`."""
        return f"{self.module}_{self.number:04}"


def numbered(model: SchemaModel, newest: Snapshot | None) -> SchemaModel:
    """Return the model with the number of the revision that added each registry and column.

    What the newest snapshot does not have belongs to the revision after it.
    """
    next_number = newest.number + 1 if newest else 1
    old = {registry.name: registry for registry in newest.registries} if newest else {}
    return replace(model, registries=tuple(_numbered(one, old.get(one.name), next_number) for one in model.registries))


def _numbered(registry: Registry, old: Registry | None, next_number: int) -> Registry:
    known = {column.name: column.since for column in old.columns} if old else {}
    columns = tuple(replace(column, since=known.get(column.name, next_number)) for column in registry.columns)
    searched = {column.name: column.search for column in registry.columns if column.search}
    kept = old is not None and searched == {column.name: column.search for column in old.columns if column.search}
    return replace(
        registry,
        columns=columns,
        since=old.since if old else next_number,
        search_since=old.search_since if old and kept else next_number,
    )


def take(model: SchemaModel, newest: Snapshot | None = None) -> Snapshot:
    """Return the snapshot of the model as the revision after the newest one."""
    model = numbered(model, newest)
    return Snapshot(model.module, newest.number + 1 if newest else 1, tuple(map(tables_only, model.registries)))


def tables_only(registry: Registry) -> Registry:
    """Return the registry with what its table depends on."""
    return Registry(
        registry.name,
        registry.module,
        registry.table,
        description="",
        bases=(),
        columns=tuple(map(_column_only, registry.columns)),
        uniques=registry.uniques,
        checks=registry.checks,
        indexes=registry.indexes,
        auto_link=registry.auto_link,
        name_field=registry.name_field if registry.is_searched else None,
        since=registry.since,
        search_since=registry.search_since,
        previous_name=registry.previous_name,
    )


def _column_only(column: Column) -> Column:
    kept = {name: getattr(column, name) for name in KEPT}
    if (target := column.references) and not target.in_database:  # then the DDL says nothing about deleting
        kept["references"] = replace(target, on_delete="protect")
    return Column(**kept, description="", previous_name=column.previous_name)


# ---- text --------------------------------------------------------------------------------------------------------------------
def to_text(snapshot: Snapshot) -> str:
    """Return the snapshot as JSON with one line per column, so that a difference between two revisions can be read."""
    registries = ",\n".join(map(_registry_text, sorted(snapshot.registries, key=lambda one: one.name)))
    return f'{{\n"module": "{snapshot.module}",\n"number": {snapshot.number},\n"registries": [\n{registries}\n]\n}}\n'


def _registry_text(registry: Registry) -> str:
    said: dict[str, object] = {"name": registry.name, "table": registry.table, "since": registry.since}
    if registry.is_searched:
        said |= {"name_field": registry.name_field, "search_since": registry.search_since}
    head = _line(said)[:-1]
    lists = [("columns", [_line(_said(column)) for column in registry.columns])]
    lists += [("uniques", [_line(_said(unique)) for unique in registry.uniques])]
    lists += [("checks", [_line(_said(check)) for check in registry.checks])]
    lists += [("indexes", [_line(index) for index in registry.indexes])]
    texts = [f' "{key}": [\n  ' + ",\n  ".join(lines) + "\n ]" for key, lines in lists if lines]
    return ",\n".join([head, *texts]) + "}"


def _said(part: Column | Unique | Check) -> dict[str, Any]:
    """Return the fields that are not at their default; the name always."""
    defaults = {field.name: field.default for field in fields(part)}
    return {
        key: value
        for key, value in asdict(part).items()
        if key == "name" or (value != defaults[key] and key not in ("description", "previous_name")) or key == "since"
    }


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def from_text(text: str) -> Snapshot:
    """Return the snapshot that `to_text` wrote."""
    found = json.loads(text)
    module = found["module"]
    return Snapshot(module, found["number"], tuple(_registry(module, one) for one in found["registries"]))


def _registry(module: str, found: dict[str, Any]) -> Registry:
    return Registry(
        found["name"],
        module,
        found["table"],
        description="",
        bases=(),
        columns=tuple(_column(one) for one in found["columns"]),
        uniques=tuple(_part(Unique, one) for one in found.get("uniques", ())),
        checks=tuple(_part(Check, one) for one in found.get("checks", ())),
        indexes=tuple(tuple(one) for one in found.get("indexes", ())),
        name_field=found.get("name_field"),
        since=found["since"],
        search_since=found.get("search_since", found["since"]),
    )


def _column(found: dict[str, Any]) -> Column:
    references = _part(ForeignKey, found["references"]) if "references" in found else None
    arguments: dict[str, Any] = found | {"description": "", "references": references}
    return Column(**arguments)


def _part(kind: type[Part], found: dict[str, Any]) -> Part:
    arguments: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}
    return kind(**arguments)
