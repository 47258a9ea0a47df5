import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from lamindb.artifacts.hashing import hash_file
from lamindb.artifacts.stat_cache import SETTLED_NS, WORTH_IT, StatCache

MB = 1024 * 1024


def bytes_read() -> int:
    """How many bytes this process has read from files so far."""
    return int(Path("/proc/self/io").read_text().split()[1])


def bytes_read_by_hashing(cache: StatCache, path: Path) -> int:
    before = bytes_read()
    assert cache.hash_file(path)[0] == hash_file(path)[0]
    return bytes_read() - before - path.stat().st_size


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(4 * MB))
    return path


@pytest.fixture
def cache(tmp_path: Path) -> StatCache:
    return StatCache(tmp_path / "cache", settled_ns=0)


def test_an_unchanged_file_is_read_once(cache: StatCache, large: Path) -> None:
    assert bytes_read_by_hashing(cache, large) >= 4 * MB
    assert bytes_read_by_hashing(cache, large) < 100_000


def test_a_changed_file_is_read_again(cache: StatCache, large: Path) -> None:
    cache.hash_file(large)
    kept = large.stat()
    with large.open("r+b") as file:
        file.write(b"other")
    os.utime(large, ns=(kept.st_atime_ns, kept.st_mtime_ns))  # a program that puts the time back cannot put ctime back
    assert bytes_read_by_hashing(cache, large) >= 4 * MB


def test_a_replaced_file_is_read_again(cache: StatCache, large: Path) -> None:
    cache.hash_file(large)
    kept, other = large.stat(), large.with_name("other")
    other.write_bytes(os.urandom(4 * MB))
    os.utime(other, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    other.replace(large)
    assert bytes_read_by_hashing(cache, large) >= 4 * MB


def test_a_hash_taken_within_two_seconds_of_a_change_is_not_kept(tmp_path: Path, large: Path) -> None:
    cache = StatCache(tmp_path / "cache")
    assert SETTLED_NS == 2_000_000_000
    cache.hash_file(large)
    assert bytes_read_by_hashing(cache, large) >= 4 * MB
    time.sleep(2.1)
    cache.hash_file(large)
    assert bytes_read_by_hashing(cache, large) < 100_000


def test_a_file_from_the_future_is_not_kept(cache: StatCache, large: Path) -> None:
    os.utime(large, (time.time() + 1000,) * 2)
    cache.hash_file(large)
    assert bytes_read_by_hashing(cache, large) >= 4 * MB


def test_small_files_leave_no_trace(cache: StatCache, tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"x" * (WORTH_IT - 1))
    cache.hash_file(path)
    assert not cache.path.exists()


@pytest.mark.parametrize("damage", ["garbage", "truncated", "empty", "folder", "other table", "wrong hash"])
def test_a_damaged_cache_never_fails_and_never_lies(cache: StatCache, large: Path, damage: str) -> None:
    cache.hash_file(large)
    match damage:
        case "garbage":
            cache.path.write_bytes(os.urandom(20_000))
        case "truncated":
            os.truncate(cache.path, 5000)
        case "empty":
            cache.path.write_bytes(b"")
        case "folder":
            cache.path.unlink()
            cache.path.mkdir()
        case "other table":
            with closing(sqlite3.connect(cache.path)) as connection, connection:
                connection.executescript("DROP TABLE hashes; CREATE TABLE hashes (a)")
        case "wrong hash":
            with closing(sqlite3.connect(cache.path)) as connection, connection:
                connection.execute("UPDATE hashes SET hash = 'AAAAAAAAAAAAAAAAAAAAAA'")
    assert bytes_read_by_hashing(cache, large) >= 4 * MB
    if damage not in ("folder", "other table"):
        assert bytes_read_by_hashing(cache, large) < 100_000, "a dropped cache is made anew"


def test_a_place_that_cannot_be_written_does_not_matter(as_somebody_else: Callable[[], AbstractContextManager[None]]) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        path, folder = Path(place, "large"), Path(place, "cache")
        path.write_bytes(os.urandom(2 * MB))
        folder.mkdir(mode=0o555)
        Path(place).chmod(0o555)
        with as_somebody_else():
            for directory in (folder, folder / "new", path):
                assert StatCache(directory, settled_ns=0).hash_file(path) == hash_file(path)
        Path(place).chmod(0o755)
        assert not list(folder.iterdir())


def test_a_cache_locked_by_another_process_does_not_matter(cache: StatCache, large: Path) -> None:
    cache.hash_file(large)
    with closing(sqlite3.connect(cache.path, isolation_level="EXCLUSIVE")) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert bytes_read_by_hashing(cache, large) >= 4 * MB
    assert bytes_read_by_hashing(cache, large) < 100_000


PROCESS = """
import sys
from pathlib import Path
from lamindb.artifacts.stat_cache import StatCache
cache = StatCache(Path(sys.argv[1]), settled_ns=0, worth_it=0)
for path in sorted(Path(sys.argv[2]).iterdir()) * 5:
    print(path.name, cache.hash_file(path)[0].value)
"""


def test_several_processes_share_a_cache(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(20):
        (folder / str(number)).write_bytes(os.urandom(1000))
    command = [sys.executable, "-c", PROCESS, tmp_path / "cache", folder]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate() for process in running]
    assert [error for _, error in said] == ["", "", ""]
    expected = {f"{path.name} {hash_file(path)[0].value}" for path in folder.iterdir()}
    assert all(set(out.splitlines()) == expected for out, _ in said)
    cache = StatCache(tmp_path / "cache", settled_ns=0, worth_it=0)
    assert all(bytes_read_by_hashing(cache, path) < 100_000 for path in folder.iterdir())
    with closing(sqlite3.connect(cache.path)) as connection:
        assert connection.execute("SELECT count(*) FROM hashes").fetchone() == (20,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
