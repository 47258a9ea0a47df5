"""Whether what a data type names exists: registries and fields in the installed modules, types in the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa
from lamindb_setup import modules

from lamindb import catalog
from lamindb.errors import FieldError, ValidationError, closest
from lamindb.features.dtypes import Categorical, Dtype, ListOf, Ref
from lamindb.query.paths import resolve

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

OF_CORE = ("Artifact", "Collection", "Project", "Record", "Reference", "Run", "Schema", "Transform", "ULabel", "User")
"""Registries of the core whose records can be values of a feature: those that artifacts, runs or records can link."""


def refs_of(dtype: Dtype) -> tuple[Ref, ...]:
    """Return the registries that a data type names, also within lists."""
    while isinstance(dtype, ListOf):
        dtype = dtype.item
    return dtype.refs if isinstance(dtype, Categorical) else ()


def check_names(dtype: Dtype) -> None:
    """Raise if a registry, a field or a filter does not exist. Names of modules that are not installed are taken on trust.

    Raises
    ------
    ValidationError: one of them does not, with the nearest name.
    """
    item = dtype
    while isinstance(item, ListOf):
        item = item.item
    if isinstance(item, Categorical) and not item.refs:
        raise ValidationError(f"the dtype {str(dtype)!r} names no registry; write one into the brackets, as cat[ULabel]")
    for ref in refs_of(dtype):
        if problem := next(_problems(ref), None):
            raise ValidationError(f"in the dtype {str(dtype)!r}, {problem}")


def _problems(ref: Ref) -> Iterator[str]:
    module, _, name = ref.qualified.partition(".")
    if module not in modules.installed():
        if near := closest(module, modules.installed()):
            yield f"the module {module!r} is not installed{near}"
        return
    if problem := _registry_problem(ref.qualified, module, name):
        yield problem
        return
    entry = catalog.entry(ref.qualified)
    if ref.field is not None and ref.field not in entry["columns"]:
        yield f"{name} has no field {ref.field!r}{closest(ref.field, entry['columns'])}"
    if ref.type_uid is not None and "is_type" not in entry["columns"]:
        yield f"records of {name} have no types, so that {ref.type_uid!r} is none; write a filter as field=value"
    for key, _value in ref.filters:
        try:
            resolve(ref.qualified, key)
        except FieldError as error:
            yield str(error)


def _registry_problem(qualified: str, module: str, name: str) -> str | None:
    entries = {other.partition("."): entry for other, entry in catalog.entries().items() if not entry["link"]}
    known = sorted(other for (home, _, other) in entries if home == module)
    usable = [other for other in known if module != "lamindb" or other in OF_CORE]
    if name in usable:
        return None
    if name in known:
        return f"records of {name} cannot be values of a feature; those of {', '.join(usable)} can"
    return f"there is no registry {qualified.removeprefix('lamindb.')!r}{closest(name, usable)}"


def check_types(database: Database, dtype: Dtype) -> None:
    """Raise if a type that a data type names is not in the database; one statement for each registry named with a type.

    Raises
    ------
    ValidationError: it is not.
    """
    for ref in refs_of(dtype):
        if ref.type_uid is None:
            continue
        table = catalog.registry(ref.qualified).__table__
        query = sa.select(table.c.uid, table.c.is_type).where(sa.or_(table.c.uid == ref.type_uid, table.c.name == ref.type_uid))
        with database.reading() as connection:
            found = {row.uid: row.is_type for row in connection.execute(query)}
        if found.get(ref.type_uid):
            continue
        if ref.type_uid in found:
            raise ValidationError(f"in the dtype {str(dtype)!r}, the {ref.registry} {ref.type_uid!r} is no type")
        named = next((uid for uid, is_type in found.items() if is_type), None)
        hint = f"; {ref.type_uid!r} is the name of a type with the uid {named!r}" if named else ""
        raise ValidationError(f"in the dtype {str(dtype)!r}, no type of {ref.registry} has the uid {ref.type_uid!r}{hint}")
