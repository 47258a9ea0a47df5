"""The current branch and space are known by their names: what happens to that when one is renamed or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from lamindb_setup.instances.settings import choose
from sqlalchemy.orm.attributes import instance_state

from lamindb import catalog
from lamindb.errors import InvalidArgument
from lamindb.query.membership import within
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord


def follow(transaction: Transaction, record: BaseSQLRecord) -> None:
    """Forget the old name of a branch or space once it is renamed; where it is the current one, go on under the new name."""
    database, kind = record._database, type(record).__name__.lower()
    assert database is not None  # it is renamed where it is stored
    before, name = instance_state(record).committed_state["name"], record.__dict__["name"]

    def renamed() -> None:
        context.forget(database)
        context.rename_of_run(database, kind, before, name)
        if getattr(database.instance, kind) == before:
            choose(database, **{kind: name})

    transaction.on_commit(renamed)


def forget(database: Database | None) -> None:
    """Drop the remembered ids of a database: a branch or space was deleted."""
    if database is not None:
        context.forget(database)


def check_not_current(
    connection: sa.Connection, database: Database, kind: Literal["Branch", "Space"], ids: list[int]
) -> dict[int, str]:
    """Raise if one of some branches or spaces is the current one; returns their names by id.

    Raises
    ------
    InvalidArgument: naming it.
    """
    table = catalog.registry(f"lamindb.{kind}").__table__
    query = sa.select(table.c.id, table.c.name).where(within(table.c.id, ids, database.dialect))
    names: dict[int, Any] = {row.id: row.name for row in connection.execute(query)}
    current = getattr(database.instance, kind.lower())
    if current in names.values():
        to = "main" if kind == "Branch" else "--space all"
        raise InvalidArgument(f"{current!r} is the current {kind.lower()}; to delete it, run `lamin switch {to}` first")
    return names
