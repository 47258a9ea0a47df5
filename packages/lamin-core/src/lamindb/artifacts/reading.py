"""Reading artifacts: where the bytes are, whether they are still those that were registered, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.artifacts import locating
from lamindb.artifacts.comparing import is_unchanged
from lamindb.artifacts.formats import reading as formats
from lamindb.artifacts.storages import place_of
from lamindb.errors import ArtifactIncomplete, ArtifactMissing, ArtifactUnreadable, StaleRecord, UnsavedRecord
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb._registries.columns.run import RunColumns
    from lamindb.artifacts.artifact import ArtifactBehavior


def local_path(artifact: ArtifactBehavior, *, fresh: bool = False) -> Path:
    """Return where the bytes are; of an artifact that is not saved, the file that it was made from."""
    if artifact._database is None:
        if artifact._pending is None:
            raise UnsavedRecord("this artifact was not made from a file and is not saved, so there are no bytes")
        return artifact._pending.path
    return locating.path_below(place_of(artifact._database, artifact.storage_id, fresh=fresh).root, artifact.__dict__)


def checked_path(artifact: ArtifactBehavior) -> Path:
    """Return where the bytes are, after making sure that they are there and are those that were registered.

    Raises
    ------
    ArtifactMissing: they are not there.
    ArtifactIncomplete: LaminDB has begun to store them and did not come to the end.
    ArtifactUnreadable: a file that others can change has other content by now.
    StaleRecord: someone else has replaced or deleted them since the artifact was loaded.
    """
    if artifact._database is not None and (artifact._aux or {}).get("so"):
        raise ArtifactIncomplete(
            f"the bytes of artifact {artifact.uid!r} were never stored completely; save the file again under the same key, "
            f"with Artifact(path, key={artifact.key!r}).save()"
        )
    path = local_path(artifact)
    if not path.exists() and not (path := local_path(artifact, fresh=True)).exists():
        raise _missing(artifact, path)
    if artifact._database is not None and not locating.is_ours(artifact.__dict__):
        _check_content(artifact, path)
    return path


def _missing(artifact: ArtifactBehavior, path: Path) -> ArtifactMissing | StaleRecord:
    """Return the error for bytes that are not there, which may be because the artifact has others by now."""
    if artifact._database is not None:
        table = type(artifact).__table__
        with artifact._database.reading() as connection:
            row = connection.execute(sa.select(table.c.hash).where(table.c.id == artifact.id)).one_or_none()
        if row is None or row.hash != artifact.hash:
            what = "deleted" if row is None else "replaced by others"
            return StaleRecord(
                f"the bytes of artifact {artifact.uid!r} were {what} since it was loaded; get it again with "
                f"Artifact.get({artifact.uid!r})"
            )
    return ArtifactMissing(
        f"the bytes of artifact {artifact.uid!r} are not at {str(path)!r}; "
        "put the file back, or save it again with Artifact(path, …).save()"
    )


def _check_content(artifact: ArtifactBehavior, path: Path) -> None:
    """Compare what lies in its own place with what was registered."""
    if not is_unchanged(path, artifact.__dict__):
        raise ArtifactUnreadable(
            f"the {'folder' if path.is_dir() else 'file'} {str(path)!r} has other content than when artifact {artifact.uid!r} "
            "was made of it; make a new version of it with Artifact(path).save()"
        )


def cache(artifact: ArtifactBehavior, is_run_input: bool | RunColumns | None) -> Path:
    """Return where the bytes are, as `checked_path`, and note that they are read."""
    path = checked_path(artifact)
    context.note_read(artifact, is_input=is_run_input)
    return path


def load(artifact: ArtifactBehavior, is_run_input: bool | RunColumns | None, **options: Any) -> Any:
    """Read the bytes into memory by the format of the stored file."""
    found = formats.load(checked_path(artifact), **options)
    context.note_read(artifact, is_input=is_run_input)
    return found


def open_(artifact: ArtifactBehavior, mode: str, is_run_input: bool | RunColumns | None, **options: Any) -> Any:
    """Open the bytes without reading them all."""
    found = formats.open_(checked_path(artifact), mode, **options)
    context.note_read(artifact, is_input=is_run_input)
    return found
