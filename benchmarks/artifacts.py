"""Artifacts in bulk and large files, on SQLite, against the same work by the operating system and the bare driver."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from instances import counted, scratch, sqlite
from measuring import Figure, in_turns

FILES, FOLDERS = 10_000, 100
INSERT = (
    "INSERT INTO lamindb_artifact (uid, key, suffix, size, hash, _hash_type, storage_id, is_latest, _key_is_virtual, "
    "_overwrite_versions, created_by_id) VALUES (?, ?, '.csv', ?, ?, 'md5', 1, 1, 1, 0, 1)"
)
LARGE = 2 * 1024**3


def figures(runs: int) -> Iterator[Figure]:
    with scratch() as (ln, folder):
        bare = sqlite(ln, folder)
        yield _folder(ln, bare, folder)
        yield _large(ln, folder, runs)
        bare.close()


def _folder(ln: Any, bare: sqlite3.Connection, folder: Path) -> Figure:
    def files(number: int) -> Path:
        made = folder / "files" / str(number)
        for first in range(FOLDERS):
            (made / str(first)).mkdir(parents=True)
            for second in range(FILES // FOLDERS):
                (made / str(first) / f"{second}.csv").write_bytes(f"{number},{first},{second}\n".encode() * 100)
        return made

    sources = {number: files(number) for number in range(-1, 4)}
    target = folder / "bare/storage/.lamindb"

    def baseline(number: int) -> None:
        rows: list[tuple[str, str, int, str]] = []
        for path, name in _scanned(sources[number], f"{number}"):
            content = Path(path).read_bytes()
            uid = f"{number + 1}{len(rows):019d}"
            with open(target / f"{uid}.csv", "xb", buffering=0) as file:
                file.write(content)
                os.fsync(file.fileno())
            rows.append((uid, name, len(content), hashlib.md5(content).hexdigest()[:22]))
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(INSERT, rows)
        bare.execute("COMMIT")

    samples = in_turns(lambda number: ln.Artifact.from_dir(sources[number], key=f"f/{number}").save(), baseline, 3)
    statements = counted(lambda: ln.Artifact.from_dir(sources[3], key="f/last").save())
    shutil.rmtree(folder / "files")
    return Figure(
        f"`Artifact.from_dir` of {FILES:,} files of 1 kB, saved",
        samples.seconds,
        "scandir, md5, copy with fsync, executemany and COMMIT",
        samples.baseline_seconds,
        "≤ 5 s, ≤ 2.5 x, ≤ 50 statements",
        samples.seconds <= 5 and samples.seconds <= 2.5 * samples.baseline_seconds and statements <= 50,
        statements,
    )


def _scanned(folder: Path, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _scanned(Path(entry.path), f"{prefix}/{entry.name}")
        else:
            yield entry.path, f"{prefix}/{entry.name}"


def _large(ln: Any, folder: Path, runs: int) -> Figure:
    path = folder / "mine/storage/large.bin"  # where it stays, so that the disk need not hold it twice
    with path.open("wb") as file:
        file.truncate(LARGE)
        file.write(b"not only zeros")
    time.sleep(2.1)  # a file that was just written may be written again within the same tick of its clock
    ln.Artifact(path).save()

    def read_hundred_megabytes(number: int) -> None:
        with path.open("rb", buffering=0) as file:
            view = memoryview(bytearray(4 * 1024**2))
            for _ in range(25):
                file.readinto(view)

    samples = in_turns(lambda number: ln.Artifact(path).save(), read_hundred_megabytes, runs * 3)
    return Figure(
        "the same unchanged 2 GB file saved again",
        samples.seconds,
        "reading 100 MB of it",
        samples.baseline_seconds,
        "≤ 50 ms",
        samples.seconds <= 0.05,
        counted(lambda: ln.Artifact(path).save()),
    )
