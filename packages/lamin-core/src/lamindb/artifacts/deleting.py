"""Deleting artifacts for good: the rows go in one transaction, the bytes after it has committed.

An object that we named gets a journal before the commit, so that it goes even if the process dies in between: the next writer
finds the journal and no row. Files that somebody put into a storage are theirs, and go only when asked for.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.artifacts import locating
from lamindb.artifacts.comparing import is_unchanged
from lamindb.artifacts.folders import HOME, names_below
from lamindb.artifacts.storages import Place, places_of
from lamindb.artifacts.storing import Outgoing, remove_members
from lamindb.errors import IntegrityError, InvalidArgument
from lamindb.query.membership import within
from lamindb.records import context, deleting

if TYPE_CHECKING:
    from pathlib import Path

    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.columns.artifact import ArtifactColumns

log = logging.getLogger("lamindb")
Row = dict[str, Any]
_COLUMNS = ("id", "uid", "key", "_real_key", "_key_is_virtual", "suffix", "storage_id", "n_files", "_overwrite_versions")
_CONTENT = ("hash", "_hash_type", "size", "created_at")


def delete_permanently(
    database: Database, registry: type[ArtifactColumns], ids: Sequence[int], storage: bool | None
) -> deleting.Deleted:
    """Delete rows, and their bytes as `storage` says.

    Parameters
    ----------
    storage
        True deletes the bytes, False keeps them, None deletes what we named and refuses where files of others are concerned.

    Raises
    ------
    InvalidArgument: a file lies in the storage under its own name, and `storage` does not say what becomes of it, or it has
        other content by now.
    IntegrityError: the bytes lie in a storage of another instance, and `storage` is not False.
    ProtectedError, LockedRecord: see `BaseSQLRecord.delete`.
    """
    context.check_writable(database)
    with database.writing() as transaction:
        table = registry.__table__
        query = sa.select(*(table.c[name] for name in _COLUMNS + _CONTENT)).where(within(table.c.id, ids, database.dialect))
        rows = [dict(row) for row in transaction.connection.execute(query).mappings()]
        places = places_of(database, {row["storage_id"] for row in rows})
        for row in rows:
            _check(row, places[row["storage_id"]], storage)
        deleted = deleting.delete_permanently(database, registry, ids)
        if storage is not False:
            remove_after_commit(transaction, database, table, rows, places)
    return deleted


def _check(row: Row, place: Place, storage: bool | None) -> None:
    path = locating.path_below(place.root, row)
    if storage is False:
        return
    if row["_overwrite_versions"]:
        raise InvalidArgument(
            f"{str(path)!r} is shared by several versions, which this version does not delete; "
            "to delete the artifact and keep the bytes, pass storage=False"
        )
    if not place.is_managed:
        raise IntegrityError(
            f"{str(path)!r} lies in a storage that this instance does not manage; to delete the artifact and keep the file, "
            "pass storage=False"
        )
    if storage is None and not locating.is_ours(row):
        raise InvalidArgument(
            f"{str(path)!r} was in the storage before the artifact was made of it; pass storage=True to delete the file, too, "
            "or storage=False to keep it"
        )


def remove_after_commit(
    transaction: Transaction, database: Database, table: sa.Table, rows: Sequence[Row], places: Mapping[int, Place]
) -> None:
    """Have bytes go once the transaction commits, unless rows other than these have them there, too."""
    shared = _still_in_use(transaction.connection, database, table, rows)
    for row in rows:
        place = places[row["storage_id"]]
        path = locating.path_below(place.root, row)
        if _overlaps(row["storage_id"], locating.relative_path(row), shared):
            log.warning("%s stays: another artifact has its bytes there", path)
        elif path.parent == place.root / HOME:
            outgoing = Outgoing(place.root, path.name)
            transaction.on_commit(outgoing.go)
            transaction.on_rollback(outgoing.stay)
        elif path.exists():
            _check_unchanged(row, path)
            transaction.on_commit(functools.partial(remove_members, names_below(path)))


def _check_unchanged(row: Row, path: Path) -> None:
    """Refuse to delete what nobody has registered: it is in no other place."""
    if not is_unchanged(path, row):
        raise InvalidArgument(
            f"the {'folder' if path.is_dir() else 'file'} {str(path)!r} has other content than when artifact {row['uid']!r} was "
            "made of it, which would be lost; pass storage=False to keep it, "
            "or make a new version of it with Artifact(path).save()"
        )


def _still_in_use(connection: sa.Connection, database: Database, table: sa.Table, rows: Sequence[Row]) -> set[tuple[int, str]]:
    """Return where rows that stay have bytes that may be those of the deleted rows, or above or below them; one statement."""
    paths = {locating.relative_path(row) for row in rows}
    above = sorted({"/".join(path.split("/")[:end]) for path in paths for end in range(1, path.count("/") + 2)})
    told = sa.or_(*(within(column, above, database.dialect) for column in (table.c._real_key, table.c.key)))
    for folder in sorted(
        {locating.relative_path(row) for row in rows if row["n_files"] is not None and not locating.is_ours(row)}
    ):
        told = sa.or_(told, *(column.startswith(f"{folder}/", autoescape=True) for column in (table.c._real_key, table.c.key)))
    found = connection.execute(sa.select(*(table.c[name] for name in _COLUMNS)).where(told)).mappings()
    return {(row["storage_id"], locating.relative_path(dict(row))) for row in found}


def _overlaps(storage_id: int, path: str, others: set[tuple[int, str]]) -> bool:
    """Whether the bytes of other rows in a storage lie at a path, in a folder at it, or are a folder that it is in."""
    return any(
        place == storage_id and (path == other or path.startswith(f"{other}/") or other.startswith(f"{path}/"))
        for place, other in others
    )
