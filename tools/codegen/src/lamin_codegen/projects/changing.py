"""`lamin migrate create`: an edited schema into classes and one new revision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lamin_codegen.generating import copies, render_all
from lamin_codegen.history import read_history
from lamin_codegen.output import write
from lamin_codegen.projects.checks import checked
from lamin_codegen.projects.project import Project
from lamin_codegen.render.diff import operations
from lamin_codegen.render.operations import describe
from lamin_codegen.render.snapshot import numbered, take


@dataclass(frozen=True, slots=True)
class Change:
    """What was written for a module.

    Attributes
    ----------
    revision: name of the new revision; None where no table changed.
    steps: what the revision does, one line a change.
    files: what was written or removed.
    """

    module: str
    revision: str | None
    steps: tuple[str, ...]
    files: tuple[Path, ...]


def change(project: Project, message: str | None = None, *, allow_drop: bool = False) -> Change:
    """Regenerate a module, with a revision if its tables changed; writes nothing if nothing did.

    Parameters
    ----------
    project
        The module.
    message
        What the revision is for; what it does, unless given.
    allow_drop
        Whether tables and columns that are no longer declared are dropped with their rows.

    Raises
    ------
    SchemaError, HistoryError, RevisionError: nothing was written.
    """
    raw, model = checked(project)
    history = read_history(project.package)
    steps: list[str] = []
    if newest := history.newest:
        planned = operations(newest, take(numbered(model, newest), newest), allow_drop=allow_drop)
        steps = [line for line in map(describe, planned) if line]
    else:
        steps = [f"create table {registry.table}" for registry in model.registries]
    said = message or ("; ".join(steps)[:200] if history.newest else None)
    files = render_all(model, copies(raw), history, said, allow_drop=allow_drop)
    written = write(files, project.package, project.folder)
    after = read_history(project.package)
    new = after.names[-1] if len(after.names) > len(history.names) else None
    return Change(project.name, new, tuple(steps) if new else (), tuple(written))
