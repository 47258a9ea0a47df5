"""Revisions that a module already has, read from its generated package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lamin_codegen.model import Registry
from lamin_codegen.render.revision import FOLDER
from lamin_codegen.render.snapshot import Snapshot, from_text

SUFFIX = ".model.json"


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
    """Read the snapshots in a module's generated package; a new module has none."""
    files = (package / FOLDER).glob(f"*{SUFFIX}")
    snapshots = [from_text(file.read_text(encoding="utf-8")) for file in files]
    return History(tuple(sorted(snapshots, key=lambda snapshot: snapshot.number)))
