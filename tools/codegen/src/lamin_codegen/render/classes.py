"""Python classes of a module: one file of columns and one final class per registry.

Three layers, in one direction: generated abstract columns, an optional hand-written behaviour, the generated final class.
"""

from __future__ import annotations

import keyword
import re

from lamin_codegen.model import Column, Registry, Reverse, SchemaModel, ToMany, ToOne
from lamin_codegen.render.markers import python_header

PYTHON_TYPES = {
    "string": "str",
    "text": "str",
    "integer": "int",
    "smallint": "int",
    "bigint": "int",
    "boolean": "bool",
    "float": "float",
    "datetime": "dt.datetime",
    "date": "dt.date",
    "json": "Any",
}
SQL_TYPES = {
    "text": "Text",
    "integer": "Integer",
    "smallint": "SmallInteger",
    "bigint": "BigInteger",
    "boolean": "Boolean",
    "float": "Float",
    "datetime": "UTCDateTime",
    "date": "Date",
    "json": "JSON",
}
OWN_TYPES = {"UTCDateTime", "JSON", "MADE_BY_DATABASE"}
"""Names that come from `lamindb.records.columns` rather than from SQLAlchemy."""
NOT_FOR_THE_CONSTRUCTOR = {"id", "uid", "created_at", "updated_at", "created_by_id", "created_on_id", "is_latest"}
GIVEN_BY_NAME = {"branch", "space", "type"}
"""To-one relations that also take a name or uid."""


def render_classes(model: SchemaModel) -> dict[str, str]:
    """Return the Python files of all registries, by path relative to the module's generated package."""
    files = {
        "__init__.py": f'{python_header(model)}"""Registries of {model.module}, generated from its schema."""\n',
        "columns/__init__.py": f'{python_header(model)}"""Columns and relations of the registries of {model.module}."""\n',
    }
    for registry in model.registries:
        stem = module_stem(registry)
        files[f"columns/{stem}.py"] = render_columns(model, registry)
        files[f"{stem}.py"] = render_final(model, registry)
    return files


def module_stem(registry: Registry) -> str:
    """File name of a registry without suffix: its name in lower case."""
    return registry.name.lower()


def home(model: SchemaModel, registry: Registry) -> str:
    """Return where the final class of a registry lives."""
    return f"{model.package}.{module_stem(registry)}"


def render_final(model: SchemaModel, registry: Registry) -> str:
    """Return the file of the final class, which has the table."""
    if registry.behavior:
        module, base = registry.behavior.split(":")
    else:
        module, base = f"{model.package}.columns.{module_stem(registry)}", f"{registry.name}Columns"
    return (
        f'{python_header(model)}"""Registry {registry.name}."""\n\n'
        f"from __future__ import annotations\n\nfrom {module} import {base}\n\n\n"
        f"class {registry.name}({base}):\n{docstring(registry)}\n"
        f'    __tablename__ = "{registry.table}"\n    __qualified__ = "{registry.qualified}"\n'
    )


def render_columns(model: SchemaModel, registry: Registry) -> str:
    """Return the file of the abstract class with every column and relation."""
    lines = [f"class {registry.name}Columns({', '.join(base.split(':')[1] for base in registry.bases)}):"]
    lines += [docstring(registry), "    __abstract__ = True", ""]
    relations = {relation.column: relation for relation in registry.to_one}
    for column in registry.columns:
        lines.append(f"    {column_line(column)}")
        if column.name not in relations:
            lines += attribute_doc(column.description)
        else:
            lines += [f"    {to_one_line(relations[column.name])}", *attribute_doc(relations[column.name].description)]
    lines += [f"    {reverse_line(relation)}" for relation in registry.reverse]
    for many in registry.to_many:
        lines += [f"    {to_many_line(many)}", *attribute_doc(many.description)]
    lines += [line for relation in members(registry) for line in query_members(registry, relation)]
    lines += constructor(registry)
    head = [
        f'{python_header(model)}"""Columns and relations of {registry.name}."""',
        "",
        "from __future__ import annotations",
        "",
    ]
    return "\n".join([*head, *imports(model, registry), "", "", *lines]) + "\n"


def docstring(registry: Registry) -> str:
    """Return the docstring of a class, indented."""
    text = registry.description.strip()
    if registry.deprecated:
        text += f"\n\n.. deprecated:: {registry.deprecated}"
    if registry.examples:
        text += "\n\nExamples\n--------\n" + "\n".join(registry.examples)
    body = "\n    ".join(escaped(text).splitlines()).replace("\n    \n", "\n\n")
    closing = '\n    """' if "\n" in text else '"""'
    return f'    """{body}{closing}\n'


def escaped(text: str) -> str:
    """Return the text as it can stand between three quotes: backslashes doubled, quotes that would end it marked."""
    return re.sub(r'"(?=""|\Z)', r'\\"', text.replace("\\", "\\\\"))


def attribute_doc(text: str) -> list[str]:
    """Return the docstring below an attribute."""
    return [f'    """{escaped(" ".join(text.split()))}"""'] if text.strip() else []


def column_line(column: Column) -> str:
    """Return the declaration of a column."""
    python = PYTHON_TYPES[column.type] + (" | None" if column.nullable and column.type != "json" else "")
    arguments = [sql_type(column)]
    if column.references:
        arguments.append(f'ForeignKey("{column.references.table}.id")')
    if column.primary_key:
        arguments.append("primary_key=True")
    if column.unique:
        arguments.append("unique=True")
    if column.type == "json":
        arguments.append(f"nullable={column.nullable}")
    if column.made_by_database and not column.primary_key:
        arguments.append("server_default=MADE_BY_DATABASE")
    elif (default := python_default(column)) is not None:
        arguments.append(f"default={default!r}")
    if rules := rules_of(column):
        arguments.append(f"info={rules!r}")
    return f"{column.name}: Mapped[{python}] = mapped_column({', '.join(arguments)})"


def python_default(column: Column) -> str | int | float | bool | None:
    """What the constructor fills in: the Python default, else a literal default of the database."""
    if column.default is not None or column.made_by_database:
        return column.default
    return column.db_default


def rules_of(column: Column) -> dict[str, object]:
    """What the constructor checks beyond type, length and presence."""
    rules: dict[str, object] = {}
    if column.choices:
        rules["choices"] = column.choices
    for key in ("pattern", "minimum", "maximum"):
        if (value := getattr(column, key)) is not None:
            rules[key] = value
    if column.immutable:
        rules["immutable"] = True
    return rules


def sql_type(column: Column) -> str:
    """Return the SQLAlchemy type of a column."""
    return f"String({column.max_length})" if column.type == "string" else SQL_TYPES[column.type]


def class_name(qualified: str) -> str:
    """Return the name of a registry without its module."""
    return qualified.rpartition(".")[2]


def to_one_line(relation: ToOne) -> str:
    """Return the declaration of a to-one relation."""
    target = class_name(relation.target) + (" | None" if relation.nullable else "")
    return f'{relation.name}: ToOne[{target}] = ToOne("{relation.target}", "{relation.column}")'


def reverse_line(relation: Reverse) -> str:
    """Return the declaration of a reverse relation."""
    return f'{relation.name}: Reverse[{class_name(relation.target)}] = Reverse("{relation.target}", "{relation.column}")'


def members(registry: Registry) -> list[Reverse]:
    """Return the relation from a type to its members, for registries whose records have types."""
    return [each for each in registry.reverse if each.target == registry.qualified and each.column == "type_id"]


def query_members(registry: Registry, relation: Reverse) -> list[str]:
    """Return the method that walks the members of a type."""
    return [
        "",
        f"    def query_{relation.name}(self, depth: int | None = None) -> QuerySet[{registry.name}]:",
        '        """Return the members of this type, those of the types among them, and so on, by one statement.',
        "",
        "        Members that are not seen, in the trash or on another branch, hide what belongs to them.",
        "",
        "        Parameters",
        "        ----------",
        "        depth",
        "            How many levels; None for all.",
        "",
        "        Raises",
        "        ------",
        "        UnsavedRecord: the type is not saved.",
        "        InvalidArgument: the depth is no whole number from 0.",
        '        """',
        "        return self._query_members(depth)",
    ]


def to_many_line(relation: ToMany) -> str:
    """Return the declaration of a relation over a link registry."""
    return (
        f'{relation.name}: ToMany[{class_name(relation.target)}] = ToMany("{relation.target}", through="{relation.through}", '
        f'here="{relation.here}", there="{relation.there}")'
    )


def constructor(registry: Registry) -> list[str]:
    """The signature that type checkers and editors see; at run time one constructor serves all registries."""
    relations = {relation.column: relation for relation in registry.to_one}
    required, optional = [], []
    for column in registry.columns:
        if column.name in NOT_FOR_THE_CONSTRUCTOR or column.name.startswith("_") or column.made_by_database:
            continue
        name, python = column.name, PYTHON_TYPES[column.type]
        if column.name in relations:
            relation = relations[column.name]
            name, python = relation.name, class_name(relation.target) + (" | str" if relation.name in GIVEN_BY_NAME else "")
        if keyword.iskeyword(name):
            continue
        if column.nullable or python_default(column) is not None:
            optional.append(f"{name}: {python}{'' if python == 'Any' else ' | None'} = None")
        else:
            required.append(f"{name}: {python}")
    signature = ", ".join(["self", "*", *required, *optional]) if required or optional else "self"
    return ["", "    if TYPE_CHECKING:", "", f"        def __init__({signature}) -> None: ..."]


def imports(model: SchemaModel, registry: Registry) -> list[str]:
    """Return the import lines of a columns file."""
    sa = {"ForeignKey"} if any(column.references for column in registry.columns) else set()
    own: set[str] = set()
    for column in registry.columns:
        name = "String" if column.type == "string" else SQL_TYPES[column.type]
        (own if name in OWN_TYPES else sa).add(name)
        if column.made_by_database and not column.primary_key:
            own.add("MADE_BY_DATABASE")
    typing = [*(["Any"] if any(column.type == "json" for column in registry.columns) else []), "TYPE_CHECKING"]
    lines = ["import datetime as dt"] if any(column.type in ("datetime", "date") for column in registry.columns) else []
    lines += [f"from typing import {', '.join(sorted(typing, key=str.lower))}", ""]
    if sa:
        lines.append(f"from sqlalchemy import {', '.join(sorted(sa))}")
    lines += ["from sqlalchemy.orm import Mapped, mapped_column", ""]
    first_party = [base.split(":") for base in registry.bases]
    if own:
        first_party += [["lamindb.records.columns", name] for name in sorted(own)]
    kinds = {"ToOne": registry.to_one, "Reverse": registry.reverse, "ToMany": registry.to_many}
    first_party += [["lamindb.records.relations", kind] for kind, found in kinds.items() if found]
    by_module: dict[str, set[str]] = {}
    for module, name in first_party:
        by_module.setdefault(module, set()).add(name)
    lines += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(by_module.items())]
    return lines + type_imports(model, registry)


def type_imports(model: SchemaModel, registry: Registry) -> list[str]:
    """Return the imports that only type checkers need: the targets of relations."""
    relations: list[ToOne | Reverse | ToMany] = [*registry.to_one, *registry.reverse, *registry.to_many]
    targets = sorted({relation.target for relation in relations} | {registry.qualified} & {r.target for r in relations})
    if not targets:
        return []
    lines = ["    from lamindb.query.queryset import QuerySet"] if members(registry) else []
    for target in targets:
        module, _, name = target.rpartition(".")
        package = model.package if module == model.module else model.packages[module]
        lines.append(f"    from {package}.{name.lower()} import {name}")
    return ["", "if TYPE_CHECKING:", *sorted(lines)]
