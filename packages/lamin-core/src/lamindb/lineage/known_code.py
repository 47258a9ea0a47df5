"""Transforms of code that this process knows already, so that calls need not look for them; and notebooks, which change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from lamindb.errors import ArtifactMissing, ArtifactUnreadable
from lamindb.lineage import resolution, source
from lamindb.lineage.resolution import Wanted
from lamindb.lineage.run_files import branch_of
from lamindb.lineage.source import Source
from lamindb.records import context, families

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.run import Run
    from lamindb._registries.transform import Transform
    from lamindb.lineage.transforms import TransformBehavior

_known: WeakKeyDictionary[Database, dict[str, Transform]] = WeakKeyDictionary()


def remember(transform: Transform, place: Path | str) -> None:
    """Note that the code in a file, or under a name, is a transform, for as long as the process lives."""
    if transform.database is not None:
        _known.setdefault(transform.database, {})[str(place)] = transform


def recall(database: Database, place: Path | str) -> Transform | None:
    """Return the transform of the code in a file, or under a name, if it was noted."""
    return _known.get(database, {}).get(str(place))


def provisional(database: Database, registry: type[TransformBehavior], found: Source, uid: str | None) -> Source:
    """Return the source of a notebook that begins: with its code if that is a known version, else without.

    Without code it is the newest version, or a first one that has no code yet; `settle` decides when the run ends.
    """
    wanted = Wanted(found, context.current_branch_id(database), context.current_user_id(database), uid)
    with database.reading() as connection:
        verdict = resolution.decide(resolution.find(connection, database, registry, wanted), wanted)
    is_known = verdict.same is not None and verdict.same["hash"] == wanted.hash
    return found if is_known else replace(found, code=None)


def settle(run: Run, began_as: Source) -> dict[str, Any]:
    """Find out which version of its notebook a run executed, from the file as it is now; returns the columns of the run."""
    assert run.database is not None and began_as.path is not None  # noqa: PT018  # both are so for runs of notebooks
    try:
        found = source.of_file(began_as.path, run.database, began_as.keys[0] if began_as.root is None else None, "notebook")
    except (ArtifactMissing, ArtifactUnreadable):  # the kernel may run elsewhere; the version stays as it was
        return {}
    registry = type(run.transform)
    transform: Any = registry._of(found, uid=run.transform.uid[: -families.COUNTER])
    if (branch_id := branch_of(run.database, run)) is not None:
        transform.branch_id = branch_id
    transform.save()
    return {"transform_id": transform.id}
