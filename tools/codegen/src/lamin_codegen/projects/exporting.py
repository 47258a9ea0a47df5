"""A module in the words of others: JSON Schema, LinkML, SQL, a diagram."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lamin_codegen.checking import check
from lamin_codegen.loading import load
from lamin_codegen.model import Column, Registry, SchemaModel
from lamin_codegen.problems import nearest
from lamin_codegen.projects.project import ProjectError, installed
from lamin_codegen.reading.imports import Installed
from lamin_codegen.reading.raw import RawSchema
from lamin_codegen.render import ddl

JSON_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "smallint": {"type": "integer"},
    "bigint": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "float": {"type": "number"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "json": {},
}


def export(module: str, form: str, dialect: str = "sqlite") -> str:
    """Return an installed module as text in one of `FORMATS`.

    Raises
    ------
    ProjectError: no such module is installed.
    SchemaError: its schema has mistakes.
    """
    raw = load(sources(module))
    model = check(raw)
    if form == "sql":
        statements = ddl.sqlite_statements(model) if dialect == "sqlite" else ddl.postgres_statements(model)
        return ddl.script(statements)
    return FORMATS[form](raw, model)


def sources(module: str) -> tuple[Path, ...]:
    """Return the schema files of an installed module, the main one last: those of its project, else those it carries.

    Raises
    ------
    ProjectError: it is not installed, or carries none.
    """
    if project := installed(module):
        return project.target.schemas
    packages = Installed()
    package = packages.packages.get(module)
    if package is None:
        raise ProjectError(f"no installed package offers a module `{module}`; {nearest(module, packages.packages)}")
    found = {
        name: source
        for name, homes in packages.schemas.items()
        if any(home == package for home, _ in homes)
        if (source := packages.find(name))
    }
    if not found:
        raise ProjectError(f"the module `{module}` carries no schema; reinstall it")
    return tuple(Path(source.file) for source in found.values())


def linkml(raw: RawSchema, model: SchemaModel) -> str:
    """Return the main schema as it was written."""
    return raw.documents[raw.main].text


def json_schema(raw: RawSchema, model: SchemaModel) -> str:
    """Return one document with a definition for each registry; references are uids or ids of rows."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:lamin:{model.module}",
        "title": model.module,
        "description": model.description,
        "$defs": {registry.name: _json_object(registry) for registry in model.registries},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _json_object(registry: Registry) -> dict[str, Any]:
    required = [one.name for one in registry.columns if not (one.nullable or one.made_by_database or one.db_default is not None)]
    found: dict[str, Any] = {"type": "object", "description": registry.description, "additionalProperties": False}
    found["properties"] = {column.name: _json_property(column) for column in registry.columns}
    return found | ({"required": required} if required else {})


def _json_property(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"description": column.description, **JSON_TYPES[column.type]}
    if column.nullable and "type" in found:
        found["type"] = [found["type"], "null"]
    words: dict[str, object] = {
        "maxLength": column.max_length,
        "pattern": column.pattern,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    words |= {"default": column.default, "deprecated": True if column.deprecated else None}
    words["enum"] = ([*column.choices, None] if column.nullable else list(column.choices)) if column.choices else None
    return found | {word: value for word, value in words.items() if value is not None}


def mermaid(raw: RawSchema, model: SchemaModel) -> str:
    """Return an entity-relationship diagram of the module's tables and what they refer to."""
    lines = ["erDiagram"]
    for registry in model.registries:
        lines.append(f"    {registry.name} {{")
        for column in registry.columns:
            mark = " PK" if column.primary_key else " FK" if column.references else " UK" if column.unique else ""
            lines.append(f"        {column.type} {column.name}{mark}")
        lines.append("    }")
    for registry in model.registries:
        for column in registry.columns:
            if column.references:
                target = column.references.target.removeprefix(f"{model.module}.").replace(".", "_")
                lines.append(f'    {registry.name} }}o--{"o|" if column.nullable else "||"} {target} : "{column.name}"')
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[RawSchema, SchemaModel], str]] = {"json-schema": json_schema, "linkml": linkml, "mermaid": mermaid}
"""Formats that need no dialect; `sql` does."""
