"""Where the bytes of an artifact lie below the root of its storage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lamindb.artifacts.folders import HOME
from lamindb.errors import ArtifactUnreadable

STEM = 16
"""Characters of a uid that all versions share; in LaminDB, versions that overwrite each other lie under them."""


def object_name(uid: str, suffix: str) -> str:
    """Return the name of an object that we name, in the folder `.lamindb` of its storage."""
    return f"{uid}{suffix}"


def relative_path(values: Mapping[str, Any]) -> str:
    """Return the path below the storage root for the columns of an artifact: its real key, an object of ours, or its key."""
    if values["_real_key"] is not None:
        return str(values["_real_key"])
    if values["key"] is None or values["_key_is_virtual"] or values["_overwrite_versions"]:
        stored = values["uid"][:STEM] if values["_overwrite_versions"] else values["uid"]
        return f"{HOME}/{object_name(stored, values['suffix'])}"
    return str(values["key"])


def is_ours(values: Mapping[str, Any]) -> bool:
    """Whether the bytes are an object that we named, rather than a file that somebody put into the storage."""
    return relative_path(values).startswith(f"{HOME}/")


def path_below(root: Path, values: Mapping[str, Any]) -> Path:
    """Return the path of the bytes.

    Raises
    ------
    ArtifactUnreadable: the row says a place outside of the storage; nothing there may be read or deleted.
    """
    relative = relative_path(values)
    if relative.startswith("/") or ".." in relative.split("/"):
        raise ArtifactUnreadable(
            f"artifact {values['uid']!r} says that its bytes lie at {relative!r}, outside of storage {str(root)!r}"
        )
    return root / relative
