"""A project folder with scripts that are really run, by processes of their own; instances come from the conftest above."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln

HEAD = "import lamindb as ln\n"


class Lab:
    """The project of an instance, its scripts and what the database knows of them."""

    def __init__(self, database: Database) -> None:
        assert database.instance.folder is not None
        self.database, self.folder = database, database.instance.folder
        self.started: list[subprocess.Popen[str]] = []

    def write(self, name: str, code: str, *, head: str = HEAD) -> Path:
        """Write a script; `name` is relative to the project, or absolute."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + textwrap.dedent(code), encoding="utf-8")
        return path

    def run(self, script: str | Path, *arguments: str, status: int | None = 0, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a script to its end with a closed standard input; `status` is the exit status that is expected."""
        command = [sys.executable, str(self.folder / script), *arguments]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert status is None or done.returncode == status, f"exit status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, script: str | Path, *arguments: str, **env: str) -> subprocess.Popen[str]:
        """Start a script and wait until it prints a line."""
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, str(self.folder / script), *arguments],
            cwd=self.folder,
            env=self.environment(env),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        self.started.append(process)
        assert process.stdout is not None
        if not process.stdout.readline():
            raise AssertionError(process.communicate()[1])
        return process

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        return {**os.environ, "LAMIN_CURRENT_INSTANCE": str(self.folder), **more}

    def runs(self) -> list[Any]:
        """All runs, oldest first."""
        return list(ln.Run.filter().order_by("id"))

    def transforms(self, **lookups: Any) -> list[Any]:
        """All versions of all transforms, oldest first."""
        return list(ln.Transform.filter(**lookups).order_by("id"))


@pytest.fixture
def lab(database: Database) -> Iterator[Lab]:
    """The project of the current instance."""
    made = Lab(database)
    yield made
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def only_sqlite(request: pytest.FixtureRequest) -> None:
    """Skip the second database where it makes no difference; kept beside `lab`, which decides on the database."""
    if request.node.callspec.params.get("make") == "postgresql":
        pytest.skip("the database makes no difference here")


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """The exit status of a process that was told to end, and what it said."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def killed(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    """Send a signal; as `ended`."""
    time.sleep(0.05)
    process.send_signal(number)
    return ended(process)
