"""Small files appear complete or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lamindb_setup import files
from lamindb_setup.errors import InvalidArgument


def test_write_new_never_replaces(tmp_path: Path) -> None:
    files.write_new(tmp_path / "a", b"first", mode=0o600)
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_write_new_where_files_cannot_be_unnamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS and on network file systems."""
    monkeypatch.delattr(os, "O_TMPFILE")
    files.write_new(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_replace_keeps_the_old_file_when_it_fails(tmp_path: Path) -> None:
    target = tmp_path / "a"
    files.replace(target, b"first", mode=0o600)
    files.replace(target, b"second", mode=0o600)
    assert target.read_bytes() == b"second"
    assert target.stat().st_mode & 0o777 == 0o600
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        files.replace(tmp_path / "folder", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder"]


def test_readers_never_see_half_of_a_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    code = f"""
from pathlib import Path
from lamindb_setup import files
for number in range(10**6):
    files.replace(Path({str(target)!r}), str(number % 10).encode() * 50_000)
"""
    files.replace(target, b"0" * 50_000)
    writer = subprocess.Popen([sys.executable, "-c", code])
    for _ in range(300):
        content = target.read_bytes()
        assert len(content) == 50_000
        assert len(set(content)) == 1
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert len(target.read_bytes()) == 50_000


def test_locked_is_exclusive(tmp_path: Path) -> None:
    """20 processes add one each."""
    counter = tmp_path / "counter"
    counter.write_text("0")
    code = f"""
from pathlib import Path
from lamindb_setup import files
counter = Path({str(counter)!r})
with files.locked(counter.parent):
    number = int(counter.read_text())
    counter.write_text(str(number + 1))
"""
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(20)]
    assert [process.wait() for process in processes] == [0] * 20
    assert counter.read_text() == "20"


def test_the_home_of_nobody() -> None:
    with pytest.raises(InvalidArgument, match="'~nobody-here/x' begins with the home of a user who does not exist here"):
        files.expanded("~nobody-here/x")
    assert files.expanded("~/x") == Path.home() / "x"
