"""What `Artifact(path, …)` does: check the arguments, find out where the bytes are and what they are, and which row that is."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import lamindb_setup
import sqlalchemy as sa

from lamindb.artifacts import comparing, finding, locating
from lamindb.artifacts.arguments import Arguments
from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.finding import Found, Row, Wanted
from lamindb.artifacts.looking import State, has_settled, look
from lamindb.artifacts.origins import Origin, origin_of
from lamindb.artifacts.placing import Spot, find_spot
from lamindb.artifacts.stat_cache import StatCache
from lamindb.artifacts.storages import Place, places_of, surroundings
from lamindb.artifacts.suffixes import CanonicalSuffix, physical_suffix
from lamindb.records import construction, context, families, identity, revising

if TYPE_CHECKING:
    from pathlib import Path

    from lamindb_setup.databases import Database

    from lamindb.artifacts.artifact import ArtifactBehavior
    from lamindb.artifacts.storing import Incoming

log = logging.getLogger("lamindb")

OTYPES = {".csv": "DataFrame", ".tsv": "DataFrame", ".parquet": "DataFrame", ".h5ad": "AnnData", ".h5mu": "MuData"}
"""What files of some formats are in memory; told by the suffix, no file is opened for it."""
APPLIED = frozenset({"description", "kind", "otype", "version_tag"})
"""Arguments that change a row which exists already. Branch and space never move; key and run are only filled in."""


@dataclass(slots=True)
class Pending:
    """What `save` has to do for an artifact: bytes that wait to be stored, and the row that they belong to."""

    database: Database
    origin: Origin
    content: ContentHash
    state: State | None
    """Of the bytes when they were hashed; None if they can change and still be in the same state."""
    spot: Spot
    suffix: str
    """Of the stored object."""
    wanted: Wanted
    passed: dict[str, Any]
    revises: ArtifactBehavior | None = None
    """The version that the caller named."""
    head_uid: str | None = None
    """Its uid, if it was the latest version."""
    without_run: bool = False
    """Whether no run made the bytes, whatever is tracked."""
    replaces: bool = False
    """Whether the bytes take the place of those that a stored artifact has."""
    incoming: Incoming | None = None
    part: Path | None = None
    """The bytes on their way into the storage."""

    @property
    def place(self) -> Place:
        """The storage."""
        return self.spot.place

    @property
    def path(self) -> Path:
        """The bytes."""
        return self.origin.path


def construct(artifact: ArtifactBehavior, given: Arguments) -> None:
    """Fill a new artifact from its arguments, or make it the row that it is; two statements.

    Raises
    ------
    FieldValidationError, InvalidArgument, InconsistentKey, ArtifactMissing, ArtifactUnreadable: see `Artifact`.
    """
    database = given.database or lamindb_setup.current()
    given.check()
    if given.revises is not None:
        revising.check_revises(artifact, given.revises)
    given.inherit()
    origin = origin_of(given.path, given.key)
    spot = find_spot(given, database, origin, surroundings(database, origin.path))
    suffix = str(CanonicalSuffix.from_path(origin.path))
    construction.fill(artifact, (), given.passed | {"key": spot.key, "storage_id": spot.place.id, "suffix": suffix})
    pending = _read(artifact, given, database, spot, origin)
    with database.reading() as connection:
        found = _find(connection, database, artifact, pending)
    if found.same is not None:
        become(artifact, pending, found.same)
        tell_that_they_exist([artifact])
    else:
        begin(artifact, pending, found)
        if given.without_run:
            artifact.run_id = None


def _read(artifact: ArtifactBehavior, given: Arguments, database: Database, spot: Spot, origin: Origin) -> Pending:
    """Hash the bytes and set the columns that follow from them."""
    started_ns = time.time_ns()
    content, state = look(origin.path, StatCache.of_user())
    values = described(origin, content, spot, artifact.suffix)
    for name, value in values.items():
        if name not in given.passed:
            setattr(artifact, name, value)
    wanted = Wanted(
        key=spot.key,
        content=content,
        suffix=artifact.suffix,
        storage_id=spot.place.id,
        branch_id=revising.branch_of(artifact, database),
        by_content=not given.skip_hash_lookup and content.size > 0,
        in_any_storage=given.storage is None,
    )
    known = state if origin.staged is not None or has_settled(state, started_ns) else None
    kept = physical_suffix(origin.path) if not content.is_folder else artifact.suffix
    return Pending(
        database, origin, content, known, spot, kept, wanted, given.passed, given.revises, without_run=given.without_run
    )


def described(origin: Origin, content: ContentHash, spot: Spot, suffix: str) -> dict[str, Any]:
    """Return the columns of an artifact that its bytes and their place say."""
    values = {"size": content.size, "hash": content.value, "_hash_type": content.type, "n_files": content.n_files}
    values |= {"_real_key": spot.real_key, "_key_is_virtual": spot.key_is_virtual, "_overwrite_versions": False}
    values |= {"otype": origin.otype or OTYPES.get(suffix), "kind": origin.kind, "n_observations": origin.n_observations}
    return values


def _find(connection: sa.Connection, database: Database, artifact: ArtifactBehavior, pending: Pending) -> Found:
    """Look for the row, comparing bytes where a hash of LaminDB proves nothing."""
    found = finding.find(connection, database, type(artifact), pending.wanted)
    if found.same is None and found.alike:
        places = places_of(database, {row["storage_id"] for row in found.alike})
        if equal := comparing.equal_rows(pending.path, pending.content, found.alike, places):
            pending.wanted = replace(pending.wanted, equal=equal)
            return finding.find(connection, database, type(artifact), pending.wanted)
    return found


def become(artifact: ArtifactBehavior, pending: Pending, row: Row) -> None:
    """Make a new artifact the row it is. What the caller passed applies; the rest is as stored."""
    identity.load(artifact, pending.database, row)
    artifact._related = None
    for name, value in pending.passed.items():
        if (name in APPLIED and row.get(name) != value) or (name == "key" and row["key"] is None):
            setattr(artifact, name, value)
        elif name == "run" and row["run_id"] is None:
            artifact.run = value
    artifact._is_remade = not pending.without_run and "run" not in pending.passed
    waits = row["branch_id"] == context.TRASH or lacks_bytes(pending, row)
    artifact._pending = pending if waits else None


def tell_that_they_exist(artifacts: Sequence[ArtifactBehavior]) -> None:
    """Say once, for one or many, that nothing new is stored."""
    if len(artifacts) == 1:
        log.info("artifact %r has this content already; it is used", artifacts[0].uid)
    elif artifacts:
        log.info("%s artifacts, as %r, have their content already; they are used", f"{len(artifacts):,}", artifacts[0].uid)


def lacks_bytes(pending: Pending, row: Mapping[str, Any]) -> bool:
    """Whether the bytes of a row are gone from our storage, or never got there, so that saving the same file can bring them."""
    if row["storage_id"] != pending.place.id or not pending.place.is_managed or pending.spot.in_place:
        return False
    return bool((row["_aux"] or {}).get("so")) or not locating.path_below(pending.place.root, row).exists()


def begin(artifact: ArtifactBehavior, pending: Pending, found: Found, uid: str | None = None) -> None:
    """Give a new artifact the uid that it most likely will have; it is settled under a lock when it is saved."""
    artifact._pending = pending
    artifact._resolved = True
    before = found.head["uid"] if found.head is not None else None
    if (revises := pending.revises) is not None:
        before = revises.uid
        if revises.is_latest and revises.branch_id == pending.wanted.branch_id:
            pending.head_uid = before
    if before is None:
        artifact.__dict__["uid"] = uid or new_uid()
    else:
        artifact.__dict__["uid"] = stem_of(before) + families.counter(families.count_of(before) + 1)


def new_uid() -> str:
    """Return the uid of the first version of a new family."""
    return families.new_stem(20) + families.counter(0)


def is_first(uid: str) -> bool:
    """Whether a uid belongs to the first version of its family."""
    return uid.endswith(families.counter(0))


def stem_of(uid: str) -> str:
    """Return the part of a uid that all versions share."""
    return uid[: -families.COUNTER]
