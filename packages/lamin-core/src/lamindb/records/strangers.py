"""References from tables of modules that this client does not have: they are found in the database itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa
from lamindb_setup import modules

from lamindb import catalog
from lamindb.errors import ProtectedError
from lamindb.query.membership import within

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

FOREIGN_KEYS = {
    "sqlite": """
        SELECT holder.name, reference."from", reference."table"
        FROM sqlite_master AS holder, pragma_foreign_key_list(holder.name) AS reference WHERE holder.type = 'table'""",
    "postgresql": """
        SELECT holder.relname, attribute.attname, target.relname
        FROM pg_constraint AS reference
        JOIN pg_class AS holder ON holder.oid = reference.conrelid
        JOIN pg_class AS target ON target.oid = reference.confrelid
        JOIN pg_attribute AS attribute ON attribute.attrelid = holder.oid AND attribute.attnum = reference.conkey[1]
        WHERE reference.contype = 'f' AND cardinality(reference.conkey) = 1 AND pg_table_is_visible(holder.oid)""",
}
"""All foreign keys of a database: table, column, table it points to."""


def unknown_modules(database: Database) -> set[str]:
    """Return the modules of a database that are not installed here."""
    known = database.contents.modules if database.contents is not None else {}
    return set(known) - set(modules.installed())


def check_unreferenced(connection: sa.Connection, database: Database, doomed: Mapping[str, set[int]]) -> None:
    """Raise if rows of a module that is not installed refer to rows that are to be deleted; what to do with those is unknown.

    Raises
    ------
    ProtectedError: how many rows of which table.
    """
    for holder, count in count_references(connection, database, doomed).items():
        name = next(iter(doomed)).rpartition(".")[2]
        raise ProtectedError(
            f"cannot delete this {name}: {count} {'rows' if count > 1 else 'row'} of {holder} "
            f"{'refer' if count > 1 else 'refers'} to it, a table of a module that is not installed here; "
            "install the module, or move it to the trash with permanent=False"
        )


def count_references(
    connection: sa.Connection, database: Database, rows: Mapping[str, set[int]], through: str | None = None
) -> dict[str, int]:
    """Return how many rows of which table of a module that is not installed refer to rows; nothing where every module is known.

    Parameters
    ----------
    rows
        Ids by qualified name of their registry.
    through
        The only column that counts.
    """
    if not unknown_modules(database):
        return {}
    targets = {catalog.entry(qualified)["table"]: ids for qualified, ids in rows.items()}
    counts = []
    for holder, column, target in connection.execute(sa.text(FOREIGN_KEYS[database.dialect])):
        if holder not in catalog.tables() and target in targets and through in (None, column):
            pointing = within(sa.column(column, sa.BigInteger), sorted(targets[target]), database.dialect)
            counts.append(sa.select(sa.literal(holder), sa.func.count()).select_from(sa.table(holder)).where(pointing))
    if not counts:
        return {}
    found: dict[str, int] = {}
    for holder, count in connection.execute(sa.union_all(*counts)):
        if count:
            found[holder] = found.get(holder, 0) + count
    return found
