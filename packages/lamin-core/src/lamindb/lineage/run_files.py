"""Files that belong to runs, kept as artifacts: logs and environments. Equal ones are stored once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import lamindb_setup
import sqlalchemy as sa
from sqlalchemy.orm import class_mapper

from lamindb import catalog
from lamindb.artifacts import construction
from lamindb.artifacts.arguments import Arguments
from lamindb.artifacts.reading import OF_RUN
from lamindb.lineage.source import hash_of
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.run import Run
    from lamindb.artifacts.artifact import ArtifactBehavior

_environments: WeakKeyDictionary[Database, dict[str, int]] = WeakKeyDictionary()


def branch_of(database: Database, run: Run) -> int | None:
    """Return the branch that a run lives on by now, as its own may have been merged; None where nothing new can be put."""
    if (branch_id := run.__dict__["branch_id"]) != context.MAIN:
        table = catalog.registry("lamindb.Run").__table__
        with database.reading() as connection:
            branch_id = connection.execute(sa.select(table.c.branch_id).where(table.c.id == run.id)).scalar()
    return branch_id if branch_id != context.TRASH else None


def store(database: Database, path: Path, description: str, branch_id: int | None = None) -> ArtifactBehavior:
    """Save a file as an artifact without key and run; one with the same content is used as it is.

    Parameters
    ----------
    branch_id
        Where a new one lives, by default on the current branch.
    """
    registry = catalog.registry("lamindb.Artifact")
    artifact: Any = class_mapper(registry).class_manager.new_instance()
    columns = {"kind": OF_RUN, "description": description, "branch_id": branch_id}
    construction.construct(artifact, Arguments(path, None, None, None, True, None, columns, database=database, without_run=True))
    if artifact.database is None:
        artifact.save()
    saved: ArtifactBehavior = artifact
    return saved


def environment_id(database: Database, text: str) -> int:
    """Return the id of the artifact that holds an environment; made if there is none. Asked once per process and database."""
    known = _environments.setdefault(database, {})
    digest = hash_of(text.encode())
    if digest not in known:
        table = catalog.registry("lamindb.Artifact").__table__
        query = sa.select(table.c.id).where(table.c.hash == digest, table.c.kind == OF_RUN, table.c.branch_id != context.TRASH)
        with database.reading() as connection:
            found = connection.execute(query.limit(1)).scalar()
        known[digest] = found if found is not None else _stored_environment(database, text)
    return known[digest]


def _stored_environment(database: Database, text: str) -> int:
    with tempfile.TemporaryDirectory(prefix="lamin-") as folder:
        path = Path(folder, "requirements.txt")
        path.write_text(text, encoding="utf-8")
        return store(database, path, "requirements.txt").id


def log_path(uid: str) -> Path:
    """Return where the log of a run lies until the run ends."""
    return lamindb_setup.settings.cache_dir / f"run_logs_{uid}.txt"
