"""Databases to measure: one for lamin, and one of the same tables for the bare driver."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lamindb_setup.testing import QueryLog


@contextmanager
def scratch() -> Iterator[tuple[Any, Path]]:
    """Give the package `lamindb` and a folder; settings and cache of the person are neither read nor written."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ |= {"LAMIN_SETTINGS_DIR": str(folder / "settings"), "LAMIN_CACHE_DIR": str(folder / "cache")}
        os.environ["LAMIN_USER_HANDLE"] = "bench"
        import lamindb as ln

        yield ln, folder


def sqlite(ln: Any, folder: Path) -> sqlite3.Connection:
    """Make an instance in `mine`, which is the current one then, and one in `bare`; returns a connection to the latter."""
    for name in ("bare", "mine"):
        (folder / name).mkdir()
        ln.setup.init(storage="./storage", folder=folder / name)
    return connection(folder / "bare")


def connection(project: Path) -> sqlite3.Connection:
    """Connect as lamin does, without what it adds."""
    bare = sqlite3.connect(project / "storage/.lamindb/lamin.db", isolation_level=None)
    bare.execute("PRAGMA synchronous = NORMAL")
    return bare


def counted(call: Callable[[], object]) -> int:
    """Return the number of statements that a call sends."""
    import lamindb_setup

    with QueryLog(lamindb_setup.current()) as log:
        call()
    return len(log.statements)
