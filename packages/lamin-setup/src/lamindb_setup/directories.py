"""Where things of the user lie on this machine: settings and cache."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from lamindb_setup import files
from lamindb_setup.errors import InvalidArgument


def settings_dir() -> Path:
    """`~/.lamin`, or `.lamin` inside LAMIN_SETTINGS_DIR; not made by asking for it."""
    parent = os.environ.get("LAMIN_SETTINGS_DIR")
    return (Path(parent).expanduser() if parent else Path.home()).absolute() / ".lamin"


def system_cache_dir() -> Path:
    """Where the operating system wants caches of lamin to be."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "lamindb"
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification tells programs to ignore a relative path.
    return (Path(xdg) if os.path.isabs(xdg) else Path.home() / ".cache") / "lamindb"


def check_cache_dir(path: str | os.PathLike[str], said_by: str) -> Path:
    """The path, if it can be a cache directory.

    Raises
    ------
    InvalidArgument: it is relative, so that it would mean another folder after each `cd`.
    """
    found = files.expanded(path)
    if not found.is_absolute():
        raise InvalidArgument(f"the cache directory {os.fspath(path)!r} ({said_by}) is relative; write an absolute path")
    return Path(os.path.normpath(found))
