"""Lineage graphs on SQLite, against reading the same rows by the bare driver."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
BASELINE = (
    "SELECT id, uid, key, run_id FROM lamindb_artifact",
    "SELECT artifact_id, run_id FROM lamindb_artifact_input_of_runs",
    "SELECT run.id, run.uid, run.started_at, transform.key FROM lamindb_run AS run "
    "JOIN lamindb_transform AS transform ON transform.id = run.transform_id",
)


def figures(runs: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ |= {"LAMIN_SETTINGS_DIR": str(folder / "settings"), "LAMIN_CACHE_DIR": str(folder / "cache")}
        os.environ["LAMIN_USER_HANDLE"] = "bench"
        import lamindb as ln

        ways = {f"one of {RUNS // LEVELS} graphs of {LEVELS} runs": LEVELS, f"one graph of {RUNS:,} runs": RUNS}
        for name, levels in ways.items():
            (folder / name).mkdir()
            ln.setup.init(storage="./storage", folder=folder / name)
            ln.Transform(key="step.py").save()
            bare = sqlite3.connect(folder / name / "storage/.lamindb/lamin.db", isolation_level=None)
            yield _graph(ln, bare, f"`view_lineage()`, {WIDTH} datasets between runs, {name}", levels, runs)


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
