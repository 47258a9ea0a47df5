"""Whole processes: what a person waits for at the prompt."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measuring import Figure, Samples, in_turns, process

BASELINE = 'python -c "import sqlalchemy.orm"'
LAMIN = str(Path(sys.executable).with_name("lamin"))
FIRST_QUERY = "import lamindb as ln; ln.connect(); ln.ULabel.filter(name='a').first()"


def figures(runs: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        environment = {"LAMIN_SETTINGS_DIR": str(folder / "settings"), "LAMIN_USER_HANDLE": "bench"}

        def baseline(_: int) -> None:
            process([sys.executable, "-c", "import sqlalchemy.orm"], folder)

        def compared(arguments: list[str], where: Path | None = None) -> Samples:
            return in_turns(lambda _: process(arguments, where or folder, environment), baseline, runs)

        def figure(what: str, samples: Samples, most: float) -> Figure:
            reached = samples.seconds <= most * samples.baseline_seconds
            return Figure(what, samples.seconds, BASELINE, samples.baseline_seconds, f"≤ {most} x", reached)

        yield figure("`lamin --help`", compared([LAMIN, "--help"]), 0.4)
        project = folder / "project"
        project.mkdir()
        process([LAMIN, "init", "--storage", "./mydir"], project, environment)
        yield figure("`import lamindb`, connect, first query", compared([sys.executable, "-c", FIRST_QUERY], project), 1.6)

        def init(number: int) -> None:
            new = folder / f"new{number}"
            new.mkdir()
            process([LAMIN, "init", "--storage", "./mydir"], new, environment)

        yield figure("`lamin init` on SQLite", in_turns(init, baseline, runs), 2.0)
        yield from _postgres(folder, environment, runs, baseline)


def _postgres(folder: Path, environment: dict[str, str], runs: int, baseline: object) -> Iterator[Figure]:
    from lamindb_setup.testing import run_postgres

    with run_postgres() as server:

        def init(number: int) -> None:
            new = folder / f"postgres{number}"
            new.mkdir()
            process([LAMIN, "init", "--storage", "./mydir", "--db", server.url(server.create())], new, environment)

        samples = in_turns(init, baseline, max(3, runs // 2))  # type: ignore[arg-type]  # a function of the run's number
        yield Figure(
            "`lamin init` on Postgres", samples.seconds, BASELINE, samples.baseline_seconds, "≤ 3 s", samples.seconds <= 3
        )
