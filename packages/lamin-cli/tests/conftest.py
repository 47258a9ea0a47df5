"""The command as a process of its own, in an empty project folder, with a home of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.testing import PostgresServer, postgres_server  # noqa: F401  # a fixture

LAMIN = str(Path(sys.executable).with_name("lamin"))
WHEN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+\+00:00)?")


@dataclass(frozen=True)
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str
    raw: str = field(default="", compare=False)
    """Standard output as it was, so that columns stand below each other."""

    def rows(self) -> list[dict[str, str]]:
        """The rows of a printed table. Columns begin where their names begin, or the table is not aligned."""
        header, *lines = self.raw.splitlines()
        starts = [found.start() for found in re.finditer(r"\S+", header)]
        ends = [*starts[1:], max(map(len, [header, *lines])) + 2]
        for line in lines:
            assert all(line[start - 2 : start].isspace() for start in starts[1:] if start < len(line)), self.raw
        cells = [[line[start:end].rstrip() for start, end in zip(starts, ends, strict=True)] for line in [header, *lines]]
        return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


@dataclass(frozen=True)
class Shell:
    """Runs `lamin` in a folder, with the words of a prefix before the command."""

    home: Path
    folder: Path
    prefix: tuple[str, ...] = ()

    def __call__(self, *arguments: str, folder: Path | None = None, **environment: str) -> Outcome:
        """Run a command; texts have FOLDER, HOME and WHEN instead of the places and times of this test."""
        done = self._run([LAMIN, *arguments], folder, environment)
        return Outcome(done.returncode, self.neutral(done.stdout), self.neutral(done.stderr), done.stdout)

    def python(self, code: str, **environment: str) -> str:
        """What Python code prints, run beside the command."""
        done = self._run([sys.executable, "-c", f"import lamindb as ln\n{code}"], None, environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, name: str, content: str) -> Path:
        """Make a file in the folder."""
        path = self.folder / name
        path.write_text(content)
        return path

    def neutral(self, text: str) -> str:
        """The text without what is different in each test."""
        return WHEN.sub("WHEN", text.replace(str(self.folder), "FOLDER").replace(str(self.home), "HOME"))

    def _run(self, command: list[str], folder: Path | None, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        own: dict[str, Any] = {"HOME": self.home, "LAMIN_SETTINGS_DIR": self.home, "LAMIN_CACHE_DIR": self.home / "cache"}
        whole = {**os.environ, **{name: str(value) for name, value in own.items()}, **environment}
        return subprocess.run(
            [*self.prefix, *command], cwd=folder or self.folder, env=whole, capture_output=True, text=True, timeout=120
        )


def shell_in(folder: Path) -> Shell:
    """A shell with a home and an empty project below a folder."""
    for name in ("home", "project", "elsewhere"):
        (folder / name).mkdir()
    return Shell(folder / "home", folder / "project")


def copied(template: Shell, shell: Shell) -> Shell:
    """Give a shell the project and the settings of another one: both can be moved, but known instances have whole paths."""
    shutil.copytree(template.folder, shell.folder, dirs_exist_ok=True)
    shutil.copytree(template.home, shell.home, dirs_exist_ok=True)
    known = shell.home / ".lamin/instances.json"
    known.write_text(known.read_text().replace(str(template.folder), str(shell.folder)))
    return shell


@pytest.fixture
def lamin(tmp_path: Path) -> Shell:
    """A shell in an empty folder."""
    return shell_in(tmp_path)


@pytest.fixture
def elsewhere(tmp_path: Path, lamin: Shell) -> Path:
    """An empty folder beside the project."""
    return tmp_path / "elsewhere"


@pytest.fixture(scope="session")
def _database(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    shell = shell_in(tmp_path_factory.mktemp("database"))
    assert shell("init", "--storage", "./mydir").code == 0
    return shell


@pytest.fixture(scope="session")
def _greeting(tmp_path_factory: pytest.TempPathFactory, _database: Shell) -> Shell:
    shell = copied(_database, shell_in(tmp_path_factory.mktemp("greeting")))
    shell.write("f.txt", "hello")
    assert shell("save", "f.txt", "--key", "k/f.txt", "--description", "a greeting").code == 0
    return shell


@pytest.fixture
def database(_database: Shell, lamin: Shell) -> Shell:
    """A shell in a project with a database in ./mydir."""
    return copied(_database, lamin)


@pytest.fixture
def greeting(_greeting: Shell, lamin: Shell) -> Shell:
    """The same, with one artifact: f.txt as k/f.txt."""
    return copied(_greeting, lamin)


@pytest.fixture
def server_url(postgres_server: PostgresServer) -> Iterator[str]:  # noqa: F811
    """The URL of an empty database on a server."""
    with postgres_server.clone() as url:
        yield url
