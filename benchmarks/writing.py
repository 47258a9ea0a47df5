"""Many records at once and many writers at once, on SQLite and Postgres, against one statement of the bare driver."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import instances
from instances import counted, scratch
from measuring import Figure, in_turns

MANY, SOME, MEGABYTES, WRITERS, SECONDS = 100_000, 5_000, 600, 8, 5.0
LIMITS = {"SQLite": (6, 0.002), "Postgres": (8, 0.004)}
"""Seconds for `MANY` new records and for one, by database."""
COLUMNS = "uid, name, is_type, is_locked, branch_id, created_on_id, space_id, created_by_id"
SAVE = """
import resource, sys, time
import lamindb as ln
ln.ULabel.filter().count()
started = time.perf_counter()
ln.save([ln.ULabel(name=f"{sys.argv[1]} {n}") for n in range(int(sys.argv[2]))])
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
VERSIONS = """
import sys, time
import lamindb as ln
ln.Transform.filter().count()
while time.time() < float(sys.argv[2]):
    time.sleep(0.001)
uids = []
while time.time() < float(sys.argv[3]):
    uids.append(ln.Transform(key="raced.py", source_code=f"{sys.argv[1]} {len(uids)}").save().uid)
print(*uids)
"""


class Bare(Protocol):
    """A driver without anything on top."""

    name: str

    def insert(self, rows: list[tuple[str, str]]) -> None: ...
    def execute(self, statement: str) -> None: ...


class Sqlite:
    """sqlite3, with all rows as one JSON text."""

    name = "INSERT … SELECT FROM json_each"

    def __init__(self, project: Path) -> None:
        self._connection = instances.connection(project)

    def insert(self, rows: list[tuple[str, str]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(
            f"INSERT INTO lamindb_ulabel ({COLUMNS}) SELECT value ->> 0, value ->> 1, 0, 0, 1, 1, 1, 1 FROM json_each(?)",
            (json.dumps(rows),),
        )
        self._connection.execute("COMMIT")

    def execute(self, statement: str) -> None:
        self._connection.execute(statement)


class Postgres:
    """psycopg, with COPY."""

    name = "COPY"

    def __init__(self, url: str) -> None:
        import psycopg

        self._connection = psycopg.connect(url, autocommit=True)

    def insert(self, rows: list[tuple[str, str]]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f"COPY lamindb_ulabel ({COLUMNS}) FROM STDIN") as copy:
            for uid, name in rows:
                copy.write_row((uid, name, False, False, 1, 1, 1, 1))

    def execute(self, statement: str) -> None:
        self._connection.execute(statement)


def databases() -> Iterator[tuple[Any, str, Path, Bare]]:
    """Give the library with an instance on each database, the name, its project, and the bare driver for another one."""
    from lamindb_setup.testing import run_postgres

    with scratch() as (ln, folder):
        instances.sqlite(ln, folder).close()
        yield ln, "SQLite", folder / "mine", Sqlite(folder / "bare")
    with scratch() as (ln, folder), run_postgres() as server:
        urls = {name: server.url(server.create()) for name in ("bare", "mine")}
        for name, url in urls.items():
            (folder / name).mkdir()
            ln.setup.init(storage="./storage", db=url, folder=folder / name)
        yield ln, "Postgres", folder / "mine", Postgres(urls["bare"])


def figures(runs: int) -> Iterator[Figure]:
    for ln, where, project, bare in databases():
        most, single = LIMITS[where]
        yield from _measure(ln, where, project, bare, most, single)


def _measure(ln: Any, where: str, project: Path, bare: Bare, most: float, single: float) -> Iterator[Figure]:
    yield _one(ln, where, bare, single)
    yield _new(where, project, bare, most)
    yield from _again(ln, where, bare)
    yield _deleted(ln, where, bare)
    yield _raced(ln, where, project)


def _one(ln: Any, where: str, bare: Bare, most: float) -> Figure:
    samples = in_turns(
        lambda number: ln.ULabel(name=f"one {number}").save(),
        lambda number: bare.insert([(f"o{number:07d}", f"one {number}")]),
        200,
    )
    statements = counted(lambda: ln.ULabel(name="one more").save())
    return Figure(
        f"`ULabel(name).save()`, {where}",
        samples.seconds,
        f"{bare.name} and COMMIT",
        samples.baseline_seconds,
        f"≤ {1000 * most:.0f} ms, ≤ 3 statements",
        samples.seconds <= most and statements <= 3,
        statements,
    )


def _new(where: str, project: Path, bare: Bare, most: float) -> Figure:
    environment = {**os.environ, "LAMIN_CURRENT_INSTANCE": str(project)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    mine, baseline, memory = [], [], []
    for number in range(3):
        started = time.perf_counter()
        bare.insert([(f"{number}{n:07d}", f"{number} {n}") for n in range(MANY)])
        baseline.append(time.perf_counter() - started)
        command = [sys.executable, "-c", SAVE, str(number), str(MANY)]
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True)
        seconds, megabytes = done.stdout.split()
        mine.append(float(seconds))
        memory.append(float(megabytes))
    seconds, ratio = statistics.median(mine), statistics.median(mine) / statistics.median(baseline)
    return Figure(
        f"`ln.save` of {MANY:,} new ULabels, constructed, {where}, {max(memory):.0f} MB",
        seconds,
        bare.name,
        statistics.median(baseline),
        f"≤ {most} s, ≤ {MEGABYTES} MB, ≤ 3 x",
        seconds <= most and max(memory) <= MEGABYTES and ratio <= 3,
    )


def _again(ln: Any, where: str, bare: Bare) -> Iterator[Figure]:
    labels = list(ln.ULabel.filter(name__startswith="0 ")[:SOME])

    def change(number: int) -> None:
        for label in labels:
            label.description = f"{number}"
        ln.save(labels)

    def update(number: int) -> None:
        bare.execute(
            f"UPDATE lamindb_ulabel SET description = '{number}' WHERE id IN (SELECT id FROM lamindb_ulabel LIMIT {SOME})"
        )

    for what, mine, most in (("unchanged", lambda _: ln.save(labels), 0.1), ("with one column changed", change, 0.5)):
        samples = in_turns(mine, update, 5)
        statements = counted(lambda mine=mine: mine(99))  # type: ignore[misc]  # mypy infers no type for a default
        yield Figure(
            f"`ln.save` of {SOME:,} ULabels {what}, {where}",
            samples.seconds,
            "one UPDATE",
            samples.baseline_seconds,
            f"≤ {most} s",
            samples.seconds <= most,
            statements,
        )


def _deleted(ln: Any, where: str, bare: Bare) -> Figure:
    calls: tuple[Callable[[], object], ...] = (
        lambda: bare.execute("DELETE FROM lamindb_ulabel WHERE name LIKE '1 %'"),
        lambda: ln.ULabel.filter(name__startswith="1 ").delete(permanent=True),
    )
    times = []
    for call in calls:
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    statements = counted(lambda: ln.ULabel.filter(name__startswith="2 ").delete(permanent=True))
    return Figure(
        f"deleting {MANY:,} ULabels for good, {where}", times[1], "one DELETE", times[0], "≤ 3 s", times[1] <= 3, statements
    )


def _raced(ln: Any, where: str, project: Path) -> Figure:
    """Saves per second are given as the time of one of them."""
    environment = {**os.environ, "LAMIN_CURRENT_INSTANCE": str(project)}

    def race(writers: int) -> float:
        begin = time.time() + 2 + writers
        command = [sys.executable, "-c", VERSIONS]
        processes = [
            subprocess.Popen(
                [*command, f"{writers}.{n}", f"{begin}", f"{begin + SECONDS}"], cwd=project, env=environment, stdout=-1
            )
            for n in range(writers)
        ]
        uids = [uid for process in processes for uid in process.communicate()[0].decode().split()]
        stored = set(ln.Transform.filter(key="raced.py").to_list("uid"))
        if lost := [uid for uid in uids if uid not in stored]:
            sys.exit(f"{len(lost)} acknowledged versions are lost")
        return SECONDS / len(uids)

    alone, together = race(1), race(WRITERS)
    return Figure(
        f"a version of one key, {WRITERS} processes at once, {where}: {1 / together:.0f} saves a second, all there",
        together,
        "one process alone",
        alone,
        "≥ 100 saves a second",
        together <= 0.01,
    )
