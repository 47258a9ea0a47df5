"""Making an artifact of every file in a folder, in sets: one look at the storages, one at the rows, files in several threads."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import lamindb_setup
from lamindb_setup.uids import base62_many
from sqlalchemy.orm import class_mapper

from lamindb.artifacts import finding, keys
from lamindb.artifacts.arguments import Arguments, checked_path
from lamindb.artifacts.construction import Pending, become, begin, described, tell_that_they_exist
from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.finding import Wanted
from lamindb.artifacts.folders import Member, members
from lamindb.artifacts.origins import Origin
from lamindb.artifacts.parallel import in_threads
from lamindb.artifacts.placing import Spot, copied, in_place
from lamindb.artifacts.sources import readable
from lamindb.artifacts.stat_cache import StatCache, is_settled
from lamindb.artifacts.storages import Surroundings, surroundings
from lamindb.artifacts.suffixes import CanonicalSuffix, physical_suffix
from lamindb.errors import FieldValidationError, InvalidArgument
from lamindb.records import context, families
from lamindb.records.lists import SQLRecordList

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.artifacts.artifact import ArtifactBehavior

A = TypeVar("A", bound="ArtifactBehavior")


@dataclass(frozen=True, slots=True)
class _File:
    """What is found out about a file before rows are looked for."""

    origin: Origin
    content: ContentHash
    state: FileState | None
    spot: Spot


def artifacts_in(registry: type[A], path: Any, key: str | None, run: Any) -> SQLRecordList[A]:
    """Make an artifact of every file in a folder.

    Raises
    ------
    FieldValidationError, InvalidArgument, ArtifactMissing, ArtifactUnreadable: see `Artifact.from_dir`.
    """
    database = lamindb_setup.current()
    folder = _checked_folder(path)
    given = Arguments(folder, key, None, None, None, None, {"run": run or None}, without_run=run is False)
    given.check()
    _check_run(run)
    around = surroundings(database, folder, below=True)
    prefix = _prefix(key, folder, around)
    cache = StatCache.of_user()
    found = members(folder, skip_home=True)
    spots = [_spot(member, f"{prefix}{member.name}", around) for member in found]
    started_ns = time.time_ns()
    hashed = in_threads(lambda origin: cache.hash_file(origin.path), [origin for origin, _ in spots], "hashing")
    files = [
        _File(origin, content, state if is_settled(state, started_ns) else None, spot)
        for (origin, spot), (content, state) in zip(spots, hashed, strict=True)
    ]
    return SQLRecordList(_as_artifacts(registry, database, given, files))


def _checked_folder(path: Any) -> Path:
    folder = checked_path(path)
    with readable(folder):
        folder.stat()
    if not folder.is_dir():
        raise InvalidArgument(f"{str(folder)!r} is a file; pass a folder, or call Artifact({folder.name!r}, key=…)")
    return folder.resolve()


def _check_run(run: Any) -> None:
    if run not in (None, False) and getattr(type(run), "__qualified__", None) != "lamindb.Run":
        raise FieldValidationError(f"run must be a Run, not {run!r}")


def _prefix(key: str | None, folder: Path, around: Surroundings) -> str:
    """What all keys begin with: the key of the folder, by default its place in a storage, else its name."""
    if key is None:
        place = around.around(folder)
        key = folder.relative_to(place.root).as_posix() if place is not None else folder.name
        key = "" if key == "." else key
    return f"{keys.check_key(key)}/" if key else ""


def _spot(member: Member, key: str, around: Surroundings) -> tuple[Origin, Spot]:
    path = member.path.resolve() if member.is_linked else member.path
    keys.check_key(key)
    place = around.around(path)
    if place is None:
        return Origin(path), copied(key, around.own, None)
    return Origin(path), in_place(Arguments(path, key, None, None, None, None), place, path)


def _as_artifacts(registry: type[A], database: Database, given: Arguments, files: Sequence[_File]) -> list[A]:
    """Fill new artifacts, or make them the rows that they are; one statement."""
    branch_id = context.current_branch_id(database) if files else 0
    pending = [_pending(database, given, file, branch_id) for file in files]
    with database.reading() as connection:
        found = finding.find_many(connection, database, registry, [each.wanted for each in pending])
    new_instance = class_mapper(registry).class_manager.new_instance
    stems = base62_many(20 - families.COUNTER, len(files))
    artifacts: list[A] = []
    for file, each, row, stem in zip(files, pending, found, stems, strict=True):
        artifact: A = new_instance()
        artifacts.append(artifact)
        if row.same is not None:
            become(artifact, each, row.same)
        else:
            _fill(artifact, each, file)
            begin(artifact, each, row, stem + families.counter(0))
    tell_that_they_exist([artifact for artifact in artifacts if artifact._database is not None])
    return artifacts


def _fill(artifact: ArtifactBehavior, pending: Pending, file: _File) -> None:
    """Set the columns, all of which are known to fit."""
    suffix = pending.wanted.suffix
    values = {"key": file.spot.key, "storage_id": file.spot.place.id, "suffix": suffix}
    artifact.__dict__.update(values | described(file.origin, file.content, file.spot, suffix))
    if (run := pending.passed.get("run")) is not None:
        artifact.run = run
    elif pending.without_run:
        artifact.__dict__["run_id"] = None


def _pending(database: Database, given: Arguments, file: _File, branch_id: int) -> Pending:
    suffix = str(CanonicalSuffix.from_path(file.origin.path))
    wanted = Wanted(
        key=file.spot.key,
        content=file.content,
        suffix=suffix,
        storage_id=file.spot.place.id,
        branch_id=branch_id,
        by_content=file.content.size > 0,
        in_any_storage=True,
    )
    kept = physical_suffix(file.origin.path)
    passed, without_run = given.passed | {"key": file.spot.key}, given.without_run
    return Pending(database, file.origin, file.content, file.state, file.spot, kept, wanted, passed, without_run=without_run)
