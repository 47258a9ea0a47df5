"""What `Artifact(path, …)` does: check the arguments, find out where the file is and what is in it, and which row that is."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lamindb_setup

from lamindb.artifacts import finding, locating, sources
from lamindb.artifacts.arguments import Arguments, checked_path
from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.finding import Found, Row, Wanted
from lamindb.artifacts.placing import Spot, find_spot
from lamindb.artifacts.stat_cache import StatCache, is_settled
from lamindb.artifacts.storages import Place
from lamindb.artifacts.storing import Incoming
from lamindb.artifacts.suffixes import CanonicalSuffix, physical_suffix
from lamindb.records import construction, context, families, identity, revising

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.artifacts.artifact import ArtifactBehavior

log = logging.getLogger("lamindb")

OTYPES = {".csv": "DataFrame", ".tsv": "DataFrame", ".parquet": "DataFrame", ".h5ad": "AnnData", ".h5mu": "MuData"}
"""What files of some formats are in memory; told by the suffix, no file is opened for it."""
APPLIED = frozenset({"description", "kind", "otype", "version_tag"})
"""Arguments that change a row which exists already. Branch and space never move; key and run are only filled in."""


@dataclass(slots=True)
class Pending:
    """What `save` has to do for an artifact: bytes that wait to be stored, and the row that they belong to."""

    database: Database
    path: Path
    content: ContentHash
    state: FileState | None
    """Of the file when it was hashed; None if it can change and still be in the same state."""
    place: Place
    in_place: bool
    suffix: str
    """Of the stored object."""
    wanted: Wanted
    passed: dict[str, Any]
    revises: ArtifactBehavior | None
    """The version that the caller named."""
    head_uid: str | None = None
    """Its uid, if it was the latest version."""
    without_run: bool = False
    """Whether no run made the file, whatever is tracked."""
    incoming: Incoming | None = None
    """The bytes on their way into the storage."""


def construct(artifact: ArtifactBehavior, given: Arguments) -> None:
    """Fill a new artifact from its arguments, or make it the row that it is; two statements.

    Raises
    ------
    FieldValidationError, InvalidArgument, InconsistentKey, ArtifactMissing, ArtifactUnreadable: see `Artifact`.
    """
    database = given.database or lamindb_setup.current()
    path = checked_path(given.path)
    sources.state_of(path)
    given.check()
    if given.revises is not None:
        revising.check_revises(artifact, given.revises)
    given.inherit()
    path = path.resolve()
    spot = find_spot(given, database, path)
    suffix = str(CanonicalSuffix.from_path(path))
    construction.fill(artifact, (), given.passed | {"key": spot.key, "storage_id": spot.place.id, "suffix": suffix})
    pending = _read(artifact, given, database, spot, path)
    with database.reading() as connection:
        found = finding.find(connection, database, type(artifact), pending.wanted)
    if found.same is not None:
        become(artifact, pending, found.same)
    else:
        _begin(artifact, pending, found)
        if given.without_run:
            artifact.run_id = None


def _read(artifact: ArtifactBehavior, given: Arguments, database: Database, spot: Spot, path: Path) -> Pending:
    """Hash the file and set the columns that follow from it."""
    started_ns = time.time_ns()
    content, state = StatCache(lamindb_setup.settings.cache_dir).hash_file(path)
    known = state if is_settled(state, started_ns) else None
    values = {"size": content.size, "hash": content.value, "_hash_type": content.type, "_overwrite_versions": False}
    values |= {"_real_key": spot.real_key, "_key_is_virtual": spot.key_is_virtual}
    if "otype" not in given.passed:
        values["otype"] = OTYPES.get(artifact.suffix)
    for name, value in values.items():
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
    kept = physical_suffix(path)
    return Pending(
        *(database, path, content, known, spot.place, spot.in_place, kept, wanted, given.passed, given.revises),
        without_run=given.without_run,
    )


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
    log.info("artifact %r has this content already; it is used", row["uid"])


def lacks_bytes(pending: Pending, row: Mapping[str, Any]) -> bool:
    """Whether the bytes of a row are gone from our storage, so that saving the same file can bring them back."""
    if row["storage_id"] != pending.place.id or not pending.place.is_managed or pending.in_place:
        return False
    return not locating.path_below(pending.place.root, row).exists()


def _begin(artifact: ArtifactBehavior, pending: Pending, found: Found) -> None:
    """Give a new artifact the uid that it most likely will have; it is settled under a lock when it is saved."""
    artifact._pending = pending
    artifact._resolved = True
    before = found.head["uid"] if found.head is not None else None
    if (revises := pending.revises) is not None:
        before = revises.uid
        if revises.is_latest and revises.branch_id == pending.wanted.branch_id:
            pending.head_uid = before
    artifact.__dict__["uid"] = new_uid() if before is None else stem_of(before) + families.counter(families.count_of(before) + 1)


def new_uid() -> str:
    """Return the uid of the first version of a new family."""
    return families.new_stem(20) + families.counter(0)


def is_first(uid: str) -> bool:
    """Whether a uid belongs to the first version of its family."""
    return uid.endswith(families.counter(0))


def stem_of(uid: str) -> str:
    """Return the part of a uid that all versions share."""
    return uid[: -families.COUNTER]
