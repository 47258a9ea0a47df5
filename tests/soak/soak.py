"""Starts the processes, ends some of them as if the power was cut, and compares what is there with what was acknowledged."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import lamindb as ln
import sqlalchemy as sa
from lamindb.artifacts.locating import relative_path
from lamindb_setup.databases import Database

WORKER = Path(__file__).with_name("worker.py")
NOT_OBJECTS = ("lamin.db", "storage_uid.txt")


def work(database: Database, folder: Path, seconds: float, *, processes: int = 8, seed: int) -> list[dict[str, Any]]:
    """Let processes write for a while, one killed and replaced now and then in the second half; returns what they noted.

    Raises
    ------
    AssertionError: a process ended with an error of its own.
    """
    chance, end = random.Random(seed), time.monotonic() + seconds
    alone = end - seconds / 2
    started = 0
    running: list[subprocess.Popen[bytes]] = []
    killed: set[int] = set()

    def start() -> None:
        nonlocal started
        started += 1
        rest = max(0.5, end - time.monotonic())
        arguments = [str(database.instance.folder), str(folder / f"{started}.ledger"), str(seed * 1000 + started), str(rest)]
        with (folder / f"{started}.errors").open("wb") as errors:
            running.append(subprocess.Popen([sys.executable, str(WORKER), *arguments], stderr=errors, stdout=errors))

    for _ in range(processes):
        start()
    time.sleep(max(0.0, alone - time.monotonic()))
    while time.monotonic() < end - 1:
        time.sleep(chance.uniform(0.3, 1.0))
        if not (alive := [process for process in running if process.poll() is None]):
            break
        victim = chance.choice(alive)
        victim.kill()
        killed.add(victim.pid)
        victim.wait()
        start()
    for number, process in enumerate(running, 1):
        process.wait(timeout=120)
        if process.pid not in killed:
            assert process.returncode == 0, (folder / f"{number}.errors").read_text()[-3000:]
    return [json.loads(line) for path in folder.glob("*.ledger") for line in path.read_text().splitlines() if line.endswith("}")]


def check(database: Database, root: Path, ledger: list[dict[str, Any]]) -> Counter[str]:
    """Compare the database and the storage with what was acknowledged; returns how often what was done.

    Raises
    ------
    AssertionError: something is lost, twice, or not what its row says.
    """
    with database.reading() as connection:
        rows = {
            registry: [dict(row) for row in connection.execute(sa.select(registry.__table__)).mappings()]
            for registry in (ln.ULabel, ln.Transform, ln.Artifact)
        }
    _check_names(rows[ln.ULabel], ledger)
    _check_versions(rows[ln.Transform], ledger)
    _check_artifacts(rows[ln.Artifact], ledger, root)
    told = Counter(f"{entry['what']} {entry['error']}" for entry in ledger if entry["what"] == "told")
    return Counter(entry["what"] for entry in ledger if entry["what"] not in ("told", "end")) + told


def _check_names(labels: list[dict[str, Any]], ledger: list[dict[str, Any]]) -> None:
    live = [(label["type_id"], label["name"]) for label in labels if label["branch_id"] == 1]
    assert not (twins := [name for name, count in Counter(live).items() if count > 1]), f"twins: {twins}"
    uids = {label["uid"]: label for label in labels}
    for entry in ledger:
        if entry["what"] in ("name", "member"):
            assert entry["uid"] in uids, f"a lost label: {entry}"
            assert uids[entry["uid"]]["name"] == entry["name"]


def _check_versions(transforms: list[dict[str, Any]], ledger: list[dict[str, Any]]) -> None:
    _check_heads(transforms, 12)
    stored = {transform["uid"]: transform["source_code"] for transform in transforms}
    for entry in ledger:
        if entry["what"] == "version":
            assert stored.get(entry["uid"]) == entry["source_code"], f"a lost version: {entry}"


def _check_heads(rows: list[dict[str, Any]], stem: int) -> None:
    families = {row["key"]: set[str]() for row in rows}
    for row in rows:
        families[row["key"]].add(row["uid"][:stem])
    heads = Counter(row["key"] for row in rows if row["is_latest"] and row["branch_id"] == 1)
    assert all(len(family) == 1 for family in families.values()), families
    assert heads == dict.fromkeys(families, 1), "one head for each key"


def _check_artifacts(artifacts: list[dict[str, Any]], ledger: list[dict[str, Any]], root: Path) -> None:
    heads = Counter(row["key"] for row in artifacts if row["is_latest"] and row["branch_id"] == 1)
    assert heads == dict.fromkeys((row["key"] for row in artifacts), 1), heads
    stored = {}
    for row in artifacts:
        text = (root / relative_path(row)).read_text()
        stored[row["uid"]] = text
        assert len(text) == row["size"], row
    gone = {entry["uid"] for entry in ledger if entry["what"] == "artifact about to go"}
    for entry in ledger:
        if entry["what"] == "artifact" and entry["uid"] not in gone:
            assert stored.get(entry["uid"]) == entry["text"], f"lost bytes: {entry}"
    home = root / ".lamindb"
    there = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    there = {name for name in there if not name.startswith(NOT_OBJECTS)}
    expected = {relative_path(row).removeprefix(".lamindb/") for row in artifacts}
    assert there == expected, f"too many: {sorted(there - expected)}, lacking: {sorted(expected - there)}"


def clear_up(folder: Path) -> None:
    """Save something, which removes what the dead have left."""
    (folder / "after.txt").write_text(f"after {os.getpid()}")
    ln.Artifact(folder / "after.txt", key="after.txt").save()
