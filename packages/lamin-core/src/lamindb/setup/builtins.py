"""The rows that every database has from the start: space `all`, the branches main, archive and trash, user and storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from lamindb_setup.modules import SeedContext

SPACE = {"id": 1, "uid": "a" * 12, "name": "all", "description": "Every record lives here unless it is put elsewhere."}
BRANCHES = [
    {"id": -1, "uid": "t" * 12, "name": "trash", "description": "Deleted records, until they are deleted for good."},
    {"id": 0, "uid": "a" * 12, "name": "archive", "description": "Records that are kept, but do not show up in queries."},
    {"id": 1, "uid": "m" * 12, "name": "main", "description": "Where records live unless they are put elsewhere."},
]


def seed(connection: sa.Connection, context: SeedContext) -> None:
    """Insert the first rows of a new database; the order follows the foreign keys.

    Written on bare tables: nothing of the registries is imported while an instance is made.
    """
    _insert(connection, "lamindb_space", SPACE)
    profile, storage = context.profile, context.storage
    _insert(connection, "lamindb_user", {"id": 1, "uid": profile.uid, "handle": profile.handle, "name": profile.name})
    for branch in BRANCHES:
        _insert(connection, "lamindb_branch", {**branch, "created_by_id": 1})
    row = {"uid": storage.uid, "root": storage.root, "type": storage.type, "region": storage.region}
    _insert(connection, "lamindb_storage", {**row, "instance_uid": context.instance.uid, "created_by_id": 1})
    if connection.dialect.name == "postgresql":
        for table, last in {"lamindb_space": 1, "lamindb_user": 1, "lamindb_branch": 1}.items():
            connection.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))


def _insert(connection: sa.Connection, table: str, values: dict[str, Any]) -> None:
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in values]
    connection.execute(sa.insert(sa.table(table, *columns)).values(values))
