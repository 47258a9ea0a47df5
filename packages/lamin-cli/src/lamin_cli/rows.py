"""Which row a command is about: the options that name one, and the record that they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord


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


def find(registry: str, uid: str | None, key: str | None, name: str | None) -> BaseSQLRecord:
    """Return the record that the options name.

    Raises
    ------
    click.UsageError: none or several of the options were passed.
    RegistryNotFound, ObjectDoesNotExist, MultipleObjectsReturned: as `get` of the registry.
    """
    given = {option: value for option, value in (("uid", uid), ("key", key), ("name", name)) if value is not None}
    if len(given) != 1:
        raise click.UsageError("say which row by one of --uid, --key, --name")
    from lamindb import catalog

    found = catalog.registry(catalog.find(registry))
    return found.get(uid) if uid is not None else found.get(**given)


def public_columns(record: BaseSQLRecord) -> list[str]:
    """Return the columns that are shown, in the order of the schema."""
    from lamindb import catalog

    return [column for column in catalog.entry(type(record).__qualified__)["columns"] if not column.startswith("_")]
