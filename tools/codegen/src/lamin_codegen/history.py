"""Revisions that a module already has, read from its generated package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lamin_codegen.model import Registry
from lamin_codegen.render.revision import FOLDER
from lamin_codegen.render.snapshot import Snapshot, from_text

SUFFIX = ".model.json"


class HistoryError(ValueError):
    """The snapshot of a revision can't be read."""


@dataclass(frozen=True, slots=True)
class History:
    """Snapshots of all revisions, oldest first."""

    snapshots: tuple[Snapshot, ...] = ()

    @property
    def newest(self) -> Snapshot | None:
        return self.snapshots[-1] if self.snapshots else None

    @property
    def registries(self) -> tuple[Registry, ...] | None:
        return self.snapshots[-1].registries if self.snapshots else None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(snapshot.revision for snapshot in self.snapshots)

    def before_newest(self) -> History:
        """Return the history without its newest revision, for writing that one anew."""
        return History(self.snapshots[:-1])


def read_history(package: Path) -> History:
    """Read the snapshots in a module's generated package; a new module has none.

    Raises
    ------
    HistoryError: a file is no snapshot.
    """
    snapshots = [read_snapshot(file) for file in (package / FOLDER).glob(f"*{SUFFIX}")]
    return History(tuple(sorted(snapshots, key=lambda snapshot: snapshot.number)))


def read_snapshot(file: Path) -> Snapshot:
    """Read one snapshot; raises HistoryError."""
    try:
        return from_text(file.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise HistoryError(f"{file} is no snapshot of a revision ({reason}); restore it from version control") from error
