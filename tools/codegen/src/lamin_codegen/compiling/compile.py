"""The whole schema into a `SchemaModel`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from lamin_codegen.compiling.registries import registry_of
from lamin_codegen.compiling.relations import Added, relations
from lamin_codegen.model import Elsewhere, Registry, Reverse, SchemaModel, ToMany
from lamin_codegen.reading.raw import RawSchema


@dataclass(frozen=True, slots=True)
class Compiled:
    """A model together with what checks of it need: the schema with presets expanded, and who added which relation."""

    model: SchemaModel
    schema: RawSchema
    added: tuple[Added, ...]


def compile_schema(schema: RawSchema) -> Compiled:
    """Compile an expanded schema. Registries stand in the order of their classes, dependencies of the module aside."""
    added = tuple(relations(schema))
    registries = [with_relations(registry_of(schema, cls), added) for cls in schema.classes.values() if not cls.abstract]
    main = schema.documents[schema.main]
    model = SchemaModel(
        module=schema.module,
        package=main.note("package") or schema.module,
        schemas=tuple(document.name for document in schema.own),
        requires=requires(schema),
        registries=tuple(one for one in registries if one.module == schema.module),
        elsewhere=tuple(elsewhere(schema, added)),
        seed=main.note("seed"),
        description=main.description,
        file=PurePath(main.tree.file).name,
        known={one.qualified: one for one in registries if one.module != schema.module},
        packages=packages(schema),
    )
    return Compiled(model, schema, added)


def with_relations(registry: Registry, added: Sequence[Added]) -> Registry:
    """Return the registry with the relations that its own module adds to it."""
    found = [one.relation for one in added if one.module == registry.module == one.host.module and one.host.name == registry.name]
    return replace(
        registry,
        reverse=tuple(one for one in found if isinstance(one, Reverse)),
        to_many=tuple(one for one in found if isinstance(one, ToMany)),
    )


def elsewhere(schema: RawSchema, added: Sequence[Added]) -> list[Elsewhere]:
    """Return the relations that the module adds to registries of other modules."""
    return [
        Elsewhere(f"{one.host.module}.{one.host.name}", one.relation)
        for one in added
        if one.module == schema.module != one.host.module
    ]


def requires(schema: RawSchema) -> tuple[str, ...]:
    """Return the modules that the module builds on, nearest first: none before one that needs it."""
    found = dict.fromkeys(document.module for document in reversed(list(schema.documents.values())))
    return tuple(module for module in found if module != schema.module)


def packages(schema: RawSchema) -> dict[str, str]:
    """Return the generated packages of the other modules."""
    return {
        document.module: package
        for document in schema.documents.values()
        if document.module != schema.module and (package := document.note("package"))
    }
