"""The index of a module: names, tables, columns with their revision, relations. Plain literals, loaded in a millisecond."""

from __future__ import annotations

from lamin_codegen.model import Registry, Reverse, SchemaModel, ToMany
from lamin_codegen.render.classes import home
from lamin_codegen.render.markers import python_header


def render_index(model: SchemaModel, revisions: tuple[str, ...]) -> dict[str, str]:
    """Return `index.py`; `revisions` are the names of the module's migrations, oldest first."""
    schemas = {name: "_schema.yaml" if name == model.schemas[-1] else f"_{name}.yaml" for name in model.schemas}
    lines = [
        f'{python_header(model)}"""What {model.module} holds, without importing it: read by set-up, queries and deletions."""\n',
        "from __future__ import annotations\n\nfrom typing import Any\n",
        f"MODULE = {model.module!r}",
        f"SCHEMAS = {schemas!r}",
        f"REQUIRES: tuple[str, ...] = {model.requires!r}",
        f"REVISIONS = {revisions!r}",
        f"SEED: str | None = {model.seed!r}",
        "REGISTRIES: dict[str, dict[str, Any]] = {",
        *(f"    {registry.name!r}: {entry(model, registry)!r}," for registry in model.registries),
        "}",
        "ELSEWHERE: dict[str, dict[str, tuple[str, ...]]] = {",
        *(f"    {host!r}: {relations!r}," for host, relations in elsewhere(model).items()),
        "}",
    ]
    return {"index.py": "\n".join(lines) + "\n"}


def entry(model: SchemaModel, registry: Registry) -> dict[str, object]:
    """Return what the index holds of a registry."""
    return {
        "table": registry.table,
        "home": home(model, registry),
        "since": registry.since,
        "link": registry.is_link,
        "name_field": registry.name_field,
        "uid_length": registry.uid_length,
        "columns": {column.name: column.since for column in registry.columns},
        "references": {
            column.name: (column.references.target, column.references.on_delete)
            for column in registry.columns
            if column.references
        },
        "relations": relations_of(registry),
        "search": (registry.search_since, registry.searched("name"), registry.searched("text")) if registry.is_searched else None,
    }


def relations_of(registry: Registry) -> dict[str, tuple[str, ...]]:
    """Return the relations of a registry by name, as tuples."""
    found: dict[str, tuple[str, ...]] = {one.name: ("one", one.target, one.column) for one in registry.to_one}
    several: list[Reverse | ToMany] = [*registry.reverse, *registry.to_many]
    for relation in several:
        found[relation.name] = relation_tuple(relation)
    return found


def relation_tuple(relation: Reverse | ToMany) -> tuple[str, ...]:
    """Return a relation as a tuple that begins with its kind."""
    if isinstance(relation, Reverse):
        return ("reverse", relation.target, relation.column)
    return ("many", relation.target, relation.through, relation.here, relation.there)


def elsewhere(model: SchemaModel) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the relations that a module adds to registries of others, by host."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for added in model.elsewhere:
        found.setdefault(added.host, {})[added.relation.name] = relation_tuple(added.relation)
    return found
