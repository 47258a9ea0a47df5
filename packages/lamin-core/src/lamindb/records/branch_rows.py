"""How many rows live on a branch, or were made on it, registry by registry: one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb import catalog
from lamindb.query.scope import has_branches

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def registries(database: Database) -> Iterator[str]:
    """Iterate over the qualified names of the registries of a database whose rows live on branches."""
    for qualified, entry in catalog.entries().items():
        if has_branches(qualified) and database.has_column(entry["table"], "branch_id"):
            yield qualified


def count(
    connection: sa.Connection, database: Database, branch_id: int, column: str = "branch_id"
) -> dict[type[BaseSQLRecord], int]:
    """Return the numbers of rows on a branch, of the registries that have any; with `created_on_id`, of those made on it."""
    queries = []
    for qualified in registries(database):  # bare tables: most registries have no row there, and need not be mapped
        table = sa.table(catalog.entry(qualified)["table"], sa.column(column, sa.Integer))
        number = sa.select(sa.func.count()).select_from(table).where(table.c[column] == branch_id).scalar_subquery()
        queries.append(sa.select(sa.literal(qualified), number))
    counts = {qualified: number for qualified, number in connection.execute(sa.union_all(*queries)) if number}
    return {catalog.registry(qualified): number for qualified, number in sorted(counts.items())}


def listed(counts: Iterable[tuple[str, int]]) -> str:
    """Return `2 Artifact, 1 ULabel`."""
    return ", ".join(f"{number} {name}" for name, number in counts)


def listed_by_name(counts: Mapping[type[BaseSQLRecord], int]) -> str:
    """Return the same for registries."""
    return listed((short(registry), number) for registry, number in counts.items())


def short(registry: type[BaseSQLRecord]) -> str:
    """Return the name of a registry, with its module unless that is the core."""
    return registry.__qualified__.removeprefix("lamindb.")
