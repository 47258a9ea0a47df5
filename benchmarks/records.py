"""Records and artifacts in a warm process, on SQLite, against the same work by the bare driver."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from instances import counted, scratch, sqlite
from measuring import Figure, in_turns

MANY, LABELS = 10_000, 500
INSERT = (
    "INSERT INTO lamindb_ulabel (uid, name, is_type, is_locked, branch_id, created_on_id, space_id, created_by_id) "
    "VALUES (?, ?, 0, 0, 1, 1, 1, 1)"
)


def figures(runs: int) -> Iterator[Figure]:
    with scratch() as (ln, folder):
        bare = sqlite(ln, folder)
        yield from _labels(ln, bare, runs)
        yield _bulk(ln, bare)
        yield _artifact(ln, bare, folder, runs)
        yield _description(ln, bare, folder, runs)


def _labels(ln: Any, bare: sqlite3.Connection, runs: int) -> Iterator[Figure]:
    label = ln.ULabel

    def insert(number: int) -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(INSERT, (f"s{number:07d}"[:8], f"single {number}"))
        bare.execute("COMMIT")

    samples = in_turns(lambda number: label(name=f"single {number}").save(), insert, runs * 30)
    statements = counted(lambda: label(name="one more").save())
    reached = samples.seconds <= 0.002 and statements <= 3
    yield Figure(
        "`ULabel(name).save()`",
        samples.seconds,
        "sqlite3 INSERT and COMMIT",
        samples.baseline_seconds,
        "≤ 2 ms, ≤ 3 statements",
        reached,
        statements,
    )
    query = "SELECT * FROM lamindb_ulabel WHERE name = ?"
    samples = in_turns(
        lambda number: label.get(name=f"single {max(number, 0)}"),
        lambda number: bare.execute(query, (f"single {max(number, 0)}",)).fetchone(),
        runs * 30,
    )
    statements = counted(lambda: label.get(name="single 1"))
    reached = samples.seconds <= 0.0008 and statements == 1
    yield Figure(
        "`ULabel.get(name=)`",
        samples.seconds,
        "sqlite3 SELECT",
        samples.baseline_seconds,
        "≤ 0.8 ms, 1 statement",
        reached,
        statements,
    )


def _bulk(ln: Any, bare: sqlite3.Connection) -> Figure:
    label, save = ln.ULabel, ln.save

    def mine(number: int) -> None:
        save([label(name=f"{number} bulk {i}") for i in range(MANY)])

    def driver(number: int) -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(INSERT, [(f"{number + 2}{i:07d}", f"{number} bulk {i}") for i in range(MANY)])
        bare.execute("COMMIT")

    samples = in_turns(mine, driver, 5)
    statements = counted(lambda: mine(99))
    reached = samples.seconds <= 1.0 and statements <= 12
    return Figure(
        f"`ln.save` of {MANY:,} new ULabels, constructed",
        samples.seconds,
        "sqlite3 executemany and COMMIT",
        samples.baseline_seconds,
        "≤ 1.0 s, ≤ 12 statements",
        reached,
        statements,
    )


def _artifact(ln: Any, bare: sqlite3.Connection, folder: Path, runs: int) -> Figure:
    artifact = ln.Artifact
    files = folder / "files"
    files.mkdir()
    for number in range(-1, runs * 10 + 1):
        (files / f"{number}.csv").write_text(f"a,b\n{number},2\n")

    def copied(number: int) -> None:
        target = folder / f"bare/storage/{number}.csv"
        with target.open("wb") as file:
            file.write((files / f"{number}.csv").read_bytes())
            file.flush()
            os.fsync(file.fileno())
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(INSERT, (f"a{number:07d}"[:8], f"artifact {number}"))
        bare.execute("COMMIT")

    samples = in_turns(lambda number: artifact(files / f"{number}.csv", key=f"d/{number}.csv").save(), copied, runs * 10)
    last = files / f"{runs * 10}.csv"
    statements = counted(lambda: artifact(last, key="d/last.csv").save())
    return Figure(
        "`Artifact(path, key).save()`, small file",
        samples.seconds,
        "copy, fsync, INSERT and COMMIT",
        samples.baseline_seconds,
        "≤ 5 ms",
        samples.seconds <= 0.005,
        statements,
    )


def _description(ln: Any, bare: sqlite3.Connection, folder: Path, runs: int) -> Figure:
    path = folder / "labelled.csv"
    path.write_text("a,b\n1,2\n")
    artifact = ln.Artifact(path, key="labelled.csv").save()
    labels = [ln.ULabel(name=f"label {number}") for number in range(LABELS)]
    ln.save(labels)
    artifact.ulabels.add(*labels)
    query = "SELECT name FROM lamindb_ulabel ORDER BY id LIMIT ?"
    samples = in_turns(
        lambda number: artifact.describe(return_str=True),
        lambda number: bare.execute(query, (LABELS,)).fetchall(),
        runs * 10,
        warm_up=0,
    )
    statements = counted(lambda: artifact.describe(return_str=True))
    return Figure(
        f"`describe()` of an artifact with {LABELS} labels",
        samples.seconds,
        f"sqlite3 SELECT of {LABELS} names",
        samples.baseline_seconds,
        "≤ 20 ms, ≤ 12 statements",
        samples.seconds <= 0.02 and statements <= 12,
        statements,
    )
