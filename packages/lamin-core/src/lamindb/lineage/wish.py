"""What the caller of `track()` said about the code that runs, and the transform that this means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from lamindb import catalog, shells
from lamindb.errors import InvalidArgument
from lamindb.lineage import detection, known_code, resolution
from lamindb.lineage import source as sources
from lamindb.lineage.source import Source
from lamindb.lineage.transforms import TransformBehavior

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.transform import Transform


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller said about the code."""

    transform: str | Transform | None
    key: str | None
    path: str | os.PathLike[str] | None
    source_code: str | None
    kind: str | None

    def find(self, database: Database, frame: FrameType) -> Source | None:
        """Return the source code; None for a pipeline, which has none here.

        Raises
        ------
        InvalidArgument: arguments contradict each other.
        UnknownSource: the code is in no file.
        """
        if isinstance(self.transform, TransformBehavior):
            self._check_pipeline(self.transform)
            return None
        if self.transform is not None:
            resolution.check_uid(self.transform)
        if self.source_code is not None:
            if self.key is None or self.path is not None:
                raise InvalidArgument("source_code needs key=… and goes without path")
            return sources.of_text(self.source_code, self.key, self.kind or "function")
        path = Path(self.path).expanduser().absolute() if self.path is not None else detection.source_path(frame)
        return sources.of_file(path, database, self.key, self.kind or ("notebook" if shells.is_kernel() else None))

    def _check_pipeline(self, transform: TransformBehavior) -> None:
        if transform.kind in ("script", "notebook"):
            raise InvalidArgument(f"a {transform.kind} is found by its file: call ln.track() in it, with the uid if you like")
        for name in ("key", "path", "source_code", "kind"):
            if getattr(self, name) is not None:
                raise InvalidArgument(f"{name} goes without a Transform, which has its own")

    def transform_of(self, found: Source | None, database: Database, asked: Mapping[str, str | None]) -> TransformBehavior:
        """Return the transform, which may be new."""
        if isinstance(self.transform, TransformBehavior):
            return self.transform
        assert found is not None  # it is None for pipelines only
        registry: Any = catalog.registry("lamindb.Transform")
        if found.kind == "notebook":
            found = known_code.provisional(database, registry, found, self.transform)
        record: TransformBehavior = registry._of(
            found, uid=self.transform, version=asked.get("version"), description=asked.get("description")
        )
        return record
