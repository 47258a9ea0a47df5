"""Runs, steps and lineage graphs on SQLite, against writing and reading such rows by the bare driver."""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from instances import connection, counted, scratch
from lamindb_setup.testing import QueryLog
from measuring import Figure, in_turns

LEVELS, WIDTH = 5, 6
"""Runs in a row, and datasets that each of them reads and makes."""
RUNS = 1_000
RUN = (
    "INSERT INTO lamindb_run (id, uid, transform_id, _status_code, is_locked, created_by_id, branch_id, created_on_id, space_id) "
    "VALUES (?, ?, 1, 0, 0, 1, 1, 1, 1)"
)
ARTIFACT = (
    "INSERT INTO lamindb_artifact (id, uid, key, run_id, storage_id, suffix, _key_is_virtual, _overwrite_versions, is_latest, "
    "is_locked, created_by_id, branch_id, created_on_id, space_id) VALUES (?, ?, ?, ?, 1, '.parquet', 1, 0, 1, 0, 1, 1, 1, 1)"
)
INPUT = "INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id) VALUES (?, ?)"
SCRIPT = """
import sqlite3, sys, time
import lamindb as ln
ln.User.filter().count()
started = time.perf_counter()
ln.track()
ln.finish()
mine = time.perf_counter() - started
bare = sqlite3.connect(sys.argv[1], isolation_level=None)
bare.execute("PRAGMA synchronous = NORMAL")
started = time.perf_counter()
for statement in sys.argv[2:]:
    bare.execute("BEGIN IMMEDIATE")
    bare.execute(statement)
    bare.execute("COMMIT")
print(mine, time.perf_counter() - started)
"""
BEGUN_AND_ENDED = (
    RUN.replace("(?, ?,", "(NULL, hex(randomblob(8)),"),
    "UPDATE lamindb_run SET _status_code = 0 WHERE id = (SELECT max(id) FROM lamindb_run)",
)
BASELINE = (
    "SELECT id, uid, key, run_id FROM lamindb_artifact",
    "SELECT artifact_id, run_id FROM lamindb_artifact_input_of_runs",
    "SELECT run.id, run.uid, run.started_at, transform.key FROM lamindb_run AS run "
    "JOIN lamindb_transform AS transform ON transform.id = run.transform_id",
)


def figures(runs: int) -> Iterator[Figure]:
    with scratch() as (ln, folder):
        yield from _calls(ln, folder / "calls", runs)
        ways = {f"one of {RUNS // LEVELS} graphs of {LEVELS} runs": LEVELS, f"one graph of {RUNS:,} runs": RUNS}
        for name, levels in ways.items():
            (folder / name).mkdir()
            ln.setup.init(storage="./storage", folder=folder / name)
            ln.Transform(key="step.py").save()
            yield _graph(ln, connection(folder / name), f"`view_lineage()`, {WIDTH} datasets between runs, {name}", levels, runs)


def _calls(ln: Any, folder: Path, runs: int) -> Iterator[Figure]:
    folder.mkdir()
    ln.setup.init(storage="./storage", folder=folder)
    ln.Transform(key="bare.py").save()
    script, database = folder / "script.py", folder / "storage/.lamindb/lamin.db"
    script.write_text(SCRIPT)
    bare = connection(folder)

    def begin_and_end(_: int) -> None:
        for statement in BEGUN_AND_ENDED:
            bare.execute("BEGIN IMMEDIATE")
            bare.execute(statement)
            bare.execute("COMMIT")

    def tracked(_: int) -> None:
        ln.track(path=script, stream_tracking=True)
        ln.finish()

    environment = {**os.environ, "LAMIN_CURRENT_INSTANCE": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # targets are for compiled code
    command = [sys.executable, str(script), str(database), *BEGUN_AND_ENDED]
    times: list[list[float]] = []
    for _ in range(max(runs, 5) + 1):
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        times.append([float(each) for each in done.stdout.split()])
    mine, baseline = (statistics.median(each) for each in zip(*times[1:], strict=True))
    target, what = "≤ 100 ms", "sqlite3 INSERT and UPDATE of a run, 2 COMMITs"
    yield Figure("`ln.track()` and `ln.finish()`, the first of a process", mine, what, baseline, target, mine <= 0.1)
    with Path(os.devnull).open("w") as nothing, redirect_stderr(nothing):  # each run says which it is
        later = _figure("`ln.track()` and `ln.finish()`, later ones", tracked, what, begin_and_end, 0.1, None, runs * 10)
        ln.track(transform=ln.Transform(key="around"), stream_tracking=False)
        step = _figure("a call of a `@ln.step()`", ln.step()(_add), what, begin_and_end, None, 4, runs * 30)
        ln.finish()
    yield from (later, step)


def _add(number: int, other: int = 1) -> int:
    return number + other


def _figure(
    what: str,
    mine: Callable[[int], object],
    baseline_name: str,
    baseline: Callable[[int], object],
    seconds: float | None,
    most: int | None,
    runs: int,
) -> Figure:
    """Measure one operation, with a target for its time, its statements, or both."""
    samples = in_turns(mine, baseline, runs)
    statements = counted(lambda: mine(0))
    reached = (seconds is None or samples.seconds <= seconds) and (most is None or statements <= most)
    wanted = [f"≤ {seconds * 1000:.0f} ms"] if seconds is not None else []
    wanted += [f"≤ {most} statements"] if most is not None else []
    return Figure(what, samples.seconds, baseline_name, samples.baseline_seconds, ", ".join(wanted), reached, statements)


def _graph(ln: Any, bare: sqlite3.Connection, what: str, levels: int, runs: int) -> Figure:
    _fill(bare, levels)
    import lamindb_setup

    artifact = ln.Artifact.get(WIDTH * (levels // 2) + 1)
    expected = levels + WIDTH * (levels + 1)
    assert len(artifact.view_lineage(return_graph=True).nodes) == expected
    samples = in_turns(
        lambda _: artifact.view_lineage(return_graph=True),
        lambda _: [bare.execute(query).fetchall() for query in BASELINE],
        max(runs, 5),
    )
    with QueryLog(lamindb_setup.current()) as log:
        artifact.view_lineage(return_graph=True)
    statements = len(log.statements)
    reached = samples.seconds <= 0.2 and statements == 4
    target = "≤ 0.2 s, 4 statements"
    return Figure(what, samples.seconds, "all rows by sqlite3", samples.baseline_seconds, target, reached, statements)


def _fill(bare: sqlite3.Connection, levels: int) -> None:
    """Write graphs of runs in a row, each of which reads all that the one before made; `RUNS` runs in all."""
    run_rows, artifact_rows, input_rows = [], [], []
    for number in range(RUNS // levels):
        first_run, first_artifact = number * levels + 1, number * (levels + 1) * WIDTH + 1
        run_rows += [(first_run + level, f"{first_run + level:016d}") for level in range(levels)]
        for place in range((levels + 1) * WIDTH):
            at, level = first_artifact + place, place // WIDTH
            made_by = first_run + level - 1 if level else None
            artifact_rows.append((at, f"{at:016d}0000", f"{number}/{level}/{place % WIDTH}.parquet", made_by))
            if level < levels:
                input_rows.append((at, first_run + level))
    bare.execute("BEGIN IMMEDIATE")
    bare.executemany(RUN, run_rows)
    bare.executemany(ARTIFACT, artifact_rows)
    bare.executemany(INPUT, input_rows)
    bare.execute("COMMIT")
