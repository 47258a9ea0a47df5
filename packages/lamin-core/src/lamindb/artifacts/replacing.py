"""Giving a stored artifact other bytes under the same uid.

An object never changes: the new bytes get a name of their own, the row that says so commits, then the former object goes. Whoever
dies in between leaves a row and bytes that agree, and the next writer removes what no row refers to; see `storing`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from lamindb_setup.uids import base62

from lamindb.artifacts import deleting, locating
from lamindb.artifacts.construction import OTYPES, Pending, stem_of
from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.finding import Wanted
from lamindb.artifacts.folders import HOME
from lamindb.artifacts.formats import reading
from lamindb.artifacts.looking import has_settled, look
from lamindb.artifacts.origins import Origin, origin_of
from lamindb.artifacts.placing import Spot
from lamindb.artifacts.referring import WHERE
from lamindb.artifacts.stat_cache import StatCache
from lamindb.artifacts.storages import Place, place_of, surroundings
from lamindb.artifacts.suffixes import CanonicalSuffix, physical_suffix
from lamindb.errors import IntegrityError, InvalidArgument, StaleRecord, UnsavedRecord
from lamindb.records import context, families, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.artifacts.artifact import ArtifactBehavior


def prepare(artifact: ArtifactBehavior, data: Any, run: Any) -> None:
    """Look at the new bytes; `save` stores them. Raises as `Artifact.replace`."""
    database = artifact._database
    if database is None:
        raise UnsavedRecord("this artifact is not saved, so there is nothing to replace; make it of the other bytes")
    place = place_of(database, artifact.storage_id)
    _check_replaceable(artifact, place)
    origin = origin_of(data, artifact.key or f"data{artifact.suffix}")
    _check_origin(artifact, database, origin)
    started_ns = time.time_ns()
    content, state = look(origin.path, StatCache.of_user())
    wanted = Wanted(
        key=artifact.key,
        content=content,
        suffix=artifact.suffix,
        storage_id=place.id,
        branch_id=artifact.branch_id,
        by_content=False,
        in_any_storage=False,
    )
    artifact._pending = Pending(
        database,
        origin,
        content,
        state if origin.staged is not None or has_settled(state, started_ns) else None,
        Spot(place, in_place=False, key=artifact.key, real_key=None, key_is_virtual=True),
        artifact.suffix if content.is_folder else physical_suffix(origin.path),
        wanted,
        {} if not run else {"run": run},
        without_run=run is False,
        replaces=True,
    )


def _check_replaceable(artifact: ArtifactBehavior, place: Place) -> None:
    if not place.is_managed:
        raise IntegrityError(
            f"the bytes of artifact {artifact.uid!r} lie in storage {place.root.as_posix()!r}, which this instance does not "
            "manage; make a new artifact with Artifact(path, key=…)"
        )
    if artifact._overwrite_versions:
        raise InvalidArgument(
            f"the bytes of artifact {artifact.uid!r} are those of its other versions, too; make a new version with "
            "Artifact(path, revises=…)"
        )
    if not locating.is_ours(artifact.__dict__):
        path = str(locating.path_below(place.root, artifact.__dict__))
        raise InvalidArgument(
            f"artifact {artifact.uid!r} is the file {path!r}, which was in the storage before and is not overwritten; "
            f"change the file yourself, then make a new version with Artifact({path!r}).save()"
        )


def _check_origin(artifact: ArtifactBehavior, database: Database, origin: Origin) -> None:
    if origin.staged is None and (there := surroundings(database, origin.path).around(origin.path)) is not None:
        raise InvalidArgument(
            f"{str(origin.path)!r} lies in storage {there.root.as_posix()!r}, where other artifacts may be made of it; "
            "pass a path outside of every storage, or make a new version with Artifact(path, revises=…)"
        )
    was, is_folder = artifact.n_files is not None, origin.path.is_dir()
    if was is not is_folder:
        names = {True: "folder", False: "file"}
        raise InvalidArgument(
            f"{str(origin.path)!r} is a {names[is_folder]}, but artifact {artifact.uid!r} is a {names[was]}; "
            "make a new version with Artifact(path, revises=…)"
        )
    if (suffix := str(CanonicalSuffix.from_path(origin.path))) != artifact.suffix:
        raise InvalidArgument(
            f"{str(origin.path)!r} has suffix {suffix!r}, but artifact {artifact.uid!r} has {artifact.suffix!r}; "
            "pass a file of the same type, or make a new artifact"
        )


def replace_bytes(transaction: Transaction, database: Database, artifacts: Sequence[ArtifactBehavior]) -> None:
    """Write rows with the new content, give the bytes their names, and have the former ones go after the commit.

    Raises
    ------
    StaleRecord: someone else replaced or deleted the artifact in the meantime.
    InvalidArgument: another version has this content.
    """
    if artifacts:
        families.lock(database, type(artifacts[0]), *sorted({stem_of(one.uid) for one in artifacts}))
    for one in artifacts:
        pending = one._pending
        assert pending is not None  # asked for before
        former = _former(transaction.connection, one)
        if pending.content == _content(one):
            one._pending = None
            continue
        _check_is_new(transaction.connection, one, pending)
        name = f"{one.uid}-{base62(8)}{pending.suffix}"
        for column, value in _described(one, pending, f"{HOME}/{name}").items():
            setattr(one, column, value)
        saving.update(transaction, one)
        assert pending.incoming is not None  # filled before the transaction
        assert pending.part is not None
        pending.incoming.publish([(pending.part, name)])
        deleting.remove_after_commit(transaction, database, type(one).__table__, [former], {pending.place.id: pending.place})
        if pending.origin.staged is not None:
            transaction.on_commit(pending.origin.staged.discard)
        one._pending = None


def _former(connection: sa.Connection, artifact: ArtifactBehavior) -> dict[str, Any]:
    """Return where the bytes are now, under the lock of the family; they must be those that the caller knew."""
    table = type(artifact).__table__
    row = connection.execute(sa.select(*(table.c[name] for name in WHERE)).where(table.c.id == artifact.id)).mappings().first()
    if row is None or row["hash"] != artifact.hash:
        what = "deleted" if row is None else "replaced"
        raise StaleRecord(f"the bytes of artifact {artifact.uid!r} were {what} since it was loaded; get it again, then decide")
    return dict(row)


def _check_is_new(connection: sa.Connection, artifact: ArtifactBehavior, pending: Pending) -> None:
    table = type(artifact).__table__
    same_key = table.c.key.is_(None) if artifact.key is None else table.c.key == artifact.key
    query = sa.select(table.c.uid).where(
        same_key, table.c.storage_id == artifact.storage_id, table.c.hash == pending.content.value, table.c.id != artifact.id
    )
    if (other := connection.execute(query).scalar()) is not None:
        of = f"key {artifact.key!r}" if artifact.key is not None else "artifacts without key"
        raise InvalidArgument(f"artifact {other!r} has this content already, and {of} can have it once only; use that one")


def _content(artifact: ArtifactBehavior) -> ContentHash:
    return ContentHash(artifact.hash or "", artifact._hash_type or "", artifact.size or 0, artifact.n_files)


def _described(artifact: ArtifactBehavior, pending: Pending, real_key: str) -> dict[str, Any]:
    """Return the columns that the new bytes say; what a user said about the artifact stays."""
    content, origin = pending.content, pending.origin
    values = {"size": content.size, "hash": content.value, "_hash_type": content.type, "n_files": content.n_files}
    values |= {"_real_key": real_key, "_key_is_virtual": True, "n_observations": _observations(artifact, origin)}
    if artifact.otype is None:
        values["otype"] = origin.otype or OTYPES.get(artifact.suffix)
    if (artifact._aux or {}).get("so"):
        values["_aux"] = {name: value for name, value in artifact._aux.items() if name != "so"} or None
    if (run := pending.passed.get("run")) is not None:
        values["run"] = run
    elif not pending.without_run and (run_id := context.current_run_id(pending.database)) is not None:
        values["run_id"] = run_id
    return values


def _observations(artifact: ArtifactBehavior, origin: Origin) -> int | None:
    """Count what is known to be countable; a number of the former bytes would be wrong."""
    if origin.n_observations is not None or artifact.n_observations is None:
        return origin.n_observations
    format = reading.find_format(origin.path)
    return reading.count(format, origin.path) if format is not None else None
