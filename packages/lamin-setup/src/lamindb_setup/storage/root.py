"""The root of a storage location."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lamindb_setup import files
from lamindb_setup.errors import InvalidArgument

StorageType = Literal["local", "s3", "gs", "hf", "http", "https"]
RESERVED = ".lamindb"
"""Folder inside a root that is ours: marker, SQLite file, and objects that we name."""


@dataclass(frozen=True, slots=True)
class StorageRoot:
    """A storage location of an instance.

    Parameters
    ----------
    root: absolute posix path or URL, without a slash at its end; what stands in `lamindb_storage.root`.
    path: the same as a path, None for object stores.
    uid: 12 base62 characters, also the first line of the marker.
    type: `local` or the protocol of the URL.
    region: of an object store, where known.
    """

    root: str
    path: Path | None
    uid: str
    type: StorageType = "local"
    region: str | None = None

    @property
    def reserved(self) -> Path:
        """The `.lamindb` folder of a local root."""
        if self.path is None:
            raise InvalidArgument(f"storage {self.root!r} is not a folder of this machine")
        return self.path / RESERVED


def local_path(storage: str | os.PathLike[str], folder: Path) -> Path:
    """The absolute path of a local root; a relative one starts at `folder`.

    Raises
    ------
    InvalidArgument: it is a URL, or lies inside a `.lamindb` folder.
    """
    text = os.fspath(storage)
    if "://" in text and not text.startswith("file://"):
        raise InvalidArgument(
            f"storage {text!r} is not a folder of this machine; this version keeps files in local folders, write a path"
        )
    path = Path(os.path.normpath(folder / files.expanded(text.removeprefix("file://"))))
    if RESERVED in path.parts:
        raise InvalidArgument(
            f"storage {text!r} lies inside a {RESERVED!r} folder, which belongs to lamin; choose the folder above it"
        )
    return path
