"""The command as a process of its own, in an empty project folder, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lamindb_setup.testing import PostgresServer, postgres_server  # noqa: F401  # a fixture

LAMIN = str(Path(sys.executable).with_name("lamin"))


@dataclass(frozen=True)
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Runs `lamin` in a folder."""

    home: Path
    folder: Path

    def __call__(self, *arguments: str, folder: Path | None = None, **environment: str) -> Outcome:
        """Run a command; texts have FOLDER and HOME instead of the places of this test."""
        own = {"HOME": str(self.home), "LAMIN_SETTINGS_DIR": str(self.home), "LAMIN_CACHE_DIR": str(self.home / "cache")}
        done = subprocess.run(
            [LAMIN, *arguments],
            cwd=folder or self.folder,
            env={**os.environ, **own, **environment},
            capture_output=True,
            text=True,
        )
        return Outcome(done.returncode, self._neutral(done.stdout), self._neutral(done.stderr))

    def _neutral(self, text: str) -> str:
        return text.replace(str(self.folder), "FOLDER").replace(str(self.home), "HOME")


@pytest.fixture
def lamin(tmp_path: Path) -> Shell:
    """A shell in an empty folder."""
    for name in ("home", "project"):
        (tmp_path / name).mkdir()
    return Shell(tmp_path / "home", tmp_path / "project")


@pytest.fixture
def database(lamin: Shell) -> Shell:
    """The same, with a database in ./mydir."""
    assert lamin("init", "--storage", "./mydir").code == 0
    return lamin


@pytest.fixture
def server_url(postgres_server: PostgresServer) -> Iterator[str]:  # noqa: F811
    """The URL of an empty database on a server."""
    with postgres_server.clone() as url:
        yield url
