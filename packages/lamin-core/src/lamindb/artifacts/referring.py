"""Which objects in a storage rows refer to, asked so that no write of those rows can be on its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb.artifacts import locating
from lamindb.artifacts.folders import HOME
from lamindb.artifacts.storing import Referenced
from lamindb.query.membership import within
from lamindb.records import families

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.columns.artifact import ArtifactColumns

WHERE = ("id", "uid", "key", "_real_key", "_key_is_virtual", "suffix", "storage_id", "n_files", "_overwrite_versions", "hash")
"""Columns that say where the bytes of a row are, and what they are."""
UID = 20


def referenced(database: Database, registry: type[ArtifactColumns]) -> Referenced:
    """Return the question which objects rows refer to."""

    @contextmanager
    def asked(names: Sequence[str]) -> Iterator[AbstractSet[str]]:
        stems = sorted({name[: locating.STEM] for name in names})
        with database.writing() as transaction:
            families.lock(database, registry, *stems)
            yield _in_use(transaction.connection, registry.__table__, names, database.dialect)

    return asked


def _in_use(connection: sa.Connection, table: sa.Table, names: Sequence[str], dialect: str) -> set[str]:
    paths = {f"{HOME}/{name}": name for name in names}
    uids = sorted({name[:UID] for name in names})
    told = sa.or_(within(table.c.uid, uids, dialect), within(table.c._real_key, list(paths), dialect))
    if stems := [name[: locating.STEM] for name in names if len(name.partition(".")[0]) == locating.STEM]:  # of LaminDB
        told = sa.or_(told, *(families.in_family(table, stem) for stem in stems))
    rows = connection.execute(sa.select(*(table.c[name] for name in WHERE)).where(told)).mappings()
    return {paths[found] for row in rows if (found := locating.relative_path(dict(row))) in paths}
