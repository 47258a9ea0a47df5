"""The table of all registries of the installed modules, read from their indexes; classes are imported when first asked for.

This room knows names, tables and relations. It knows no record, no query and no database.
"""

from __future__ import annotations

import functools
from importlib import import_module
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from lamindb_setup import modules

from lamindb.errors import RegistryNotFound, closest

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

Relation = tuple[str, ...]
"""`("one", target, column)`, `("reverse", target, its column)` or `("many", target, link, column here, column there)`."""


class Entry(TypedDict):
    """What the index says of one registry."""

    table: str
    home: str
    since: int
    link: bool
    name_field: str | None
    uid_length: int | None
    columns: dict[str, int]
    references: dict[str, tuple[str, str]]
    relations: dict[str, Relation]
    search: NotRequired[tuple[int, tuple[str, ...], tuple[str, ...]] | None]
    """The revision that made it searchable, its names and its longer texts; absent in modules that were generated before."""


@functools.cache
def entries() -> dict[str, Entry]:
    """All registries by qualified name (`lamindb.ULabel`), with the relations that other modules add to them."""
    found: dict[str, Entry] = {}
    added: list[tuple[str, dict[str, Relation]]] = []
    for name, module in modules.installed().items():
        for registry_name, data in module.index.REGISTRIES.items():
            found[f"{name}.{registry_name}"] = cast("Entry", data)
        added += module.index.ELSEWHERE.items()
    for host, relations in added:
        if host in found:
            found[host] = {**found[host], "relations": found[host]["relations"] | relations}
    return found


def entry(qualified: str) -> Entry:
    """Return what the index says of a registry."""
    return entries()[qualified]


@functools.cache
def registry(qualified: str) -> type[BaseSQLRecord]:
    """Import, and thereby map, the class of a registry."""
    name = qualified.rpartition(".")[2]
    found: type[BaseSQLRecord] = getattr(import_module(entry(qualified)["home"]), name)
    return found


def find(name: str) -> str:
    """Return the qualified name for `ULabel`, `ulabel` or `bionty.Gene`, in any case of letters.

    Raises
    ------
    RegistryNotFound: no installed module has a registry of that name.
    """
    wanted = name.lower()
    known = entries()
    for qualified in known:
        if wanted in (qualified.lower(), qualified.rpartition(".")[2].lower()):
            return qualified
    names = [qualified.removeprefix("lamindb.") for qualified, data in known.items() if not data["link"]]
    raise RegistryNotFound(f"no registry is called {name!r}{closest(name, names)}")


@functools.cache
def tables() -> dict[str, str]:
    """Qualified names of the registries by table."""
    return {data["table"]: qualified for qualified, data in entries().items()}


def by_table(table: str) -> str:
    """Return the qualified name of the registry behind a table."""
    return tables()[table]


@functools.cache
def references_to(qualified: str) -> tuple[tuple[str, str, str], ...]:
    """Every foreign key that points to a registry: (registry that holds it, column, what deleting does)."""
    return tuple(
        (holder, column, on_delete)
        for holder, data in entries().items()
        for column, (target, on_delete) in data["references"].items()
        if target == qualified
    )
