"""Which row a command is about: the options that name one, and the record that they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord


CURRENT = ("branch", "space")
"""Registries that have a current row."""


def names_a_row(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the argument REGISTRY and the options --uid, --key and --name."""
    for decorate in (
        click.option("--name", help="Its name."),
        click.option("--key", help="Its key; of several versions the latest is meant."),
        click.option("--uid", help="The uid of the row, or how it begins."),
        click.argument("registry", default="artifact"),
    ):
        function = decorate(function)
    return function


def find(registry: str, uid: str | None, key: str | None, name: str | None, *, or_current: bool = False) -> BaseSQLRecord:
    """Return the record that the options name.

    Parameters
    ----------
    or_current
        Without any, the current branch or space is meant.

    Raises
    ------
    click.UsageError: none or several of the options were passed.
    RegistryNotFound, ObjectDoesNotExist, MultipleObjectsReturned: as `get` of the registry.
    """
    given = {option: value for option, value in (("uid", uid), ("key", key), ("name", name)) if value is not None}
    if not given and or_current and (current := _current(registry)) is not None:
        given = {"name": (name := current)}
    if len(given) != 1:
        raise click.UsageError("say which row by one of --uid, --key, --name")
    found = registry_named(registry)
    return found.get(uid) if uid is not None else found.get(**given)


def registry_named(name: str) -> type[BaseSQLRecord]:
    """Return the registry of that name, as artifact or bionty.Gene, in any case of letters.

    Raises
    ------
    RegistryNotFound: no installed module has one, with the nearest names.
    """
    from lamindb import catalog

    return catalog.registry(catalog.find(name))


def has_keys(registry: str) -> bool:
    """Whether the rows of a registry are known by keys instead of names."""
    from lamindb import catalog

    return catalog.entry(catalog.find(registry))["name_field"] == "key"


def _current(registry: str) -> str | None:
    import lamindb

    return getattr(lamindb.settings, registry.lower()) if registry.lower() in CURRENT else None


def is_current(record: BaseSQLRecord) -> bool:
    """Whether a branch or space is the one to which new rows go."""
    return bool(getattr(record, "name", None) == _current(type(record).__name__))


def fields(registry: type[BaseSQLRecord]) -> set[str]:
    """Return the columns and to-one relations of a registry."""
    from lamindb import catalog

    entry = catalog.entry(registry.__qualified__)
    return {*entry["columns"], *(name for name, relation in entry["relations"].items() if relation[0] == "one")}


def columns(registry: type[BaseSQLRecord]) -> list[str]:
    """Return the columns that are shown, in the order of the schema; those only that the current database has.

    A status is shown by its name.
    """
    import lamindb_setup
    from lamindb import catalog

    entry, database = catalog.entry(registry.__qualified__), lamindb_setup.current()
    found = [name for name in entry["columns"] if not name.startswith("_") and database.has_column(entry["table"], name)]
    return [*found, "status"] if "_status_code" in registry._value_names else found


def related_names(registry: type[BaseSQLRecord], records: list[BaseSQLRecord]) -> dict[str, dict[int, str]]:
    """Return by column what the rows that it points to are called, by id: one query for each registry that is pointed to."""
    from lamindb import catalog

    references = {column: target for column, (target, _) in catalog.entry(registry.__qualified__)["references"].items()}
    names: dict[str, dict[int, str]] = {}
    for target in dict.fromkeys(references.values()):
        ids = {getattr(record, column) for record in records for column, other in references.items() if other == target}
        label = catalog.entry(target)["name_field"] or "uid"
        found = catalog.registry(target).filter(id__in=sorted(ids - {None})) if ids - {None} else ()
        names[target] = {row.id: getattr(row, label) or getattr(row, "uid", None) or str(row.id) for row in found}
    return {column: names[target] for column, target in references.items()}
