"""A bar where somebody looks and it takes long, nothing elsewhere."""

import io
import sys
import time
from pathlib import Path

import pytest

from lamindb import progress
from lamindb.artifacts import hashing
from lamindb.artifacts.parallel import in_threads


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Somebody looks from now on; called by the test itself, because pytest sets the streams between fixtures and test."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(progress, "AFTER", 0.01)
    return shown


def slowly(number: int) -> int:
    time.sleep(0.002)
    return number


def test_many_files_have_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    assert in_threads(slowly, range(2000), "hashing") == list(range(2000))
    assert "hashing" in shown.getvalue()
    assert "/2000 [" in shown.getvalue()
    assert shown.getvalue().rpartition("\r")[0].rpartition("\r")[2].strip() == ""  # the bar is gone at the end


def test_what_is_quick_or_little_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    in_threads(slowly, range(50), "hashing")
    monkeypatch.setattr(progress, "AFTER", 60)
    in_threads(slowly, range(500), "hashing")
    assert shown.getvalue() == ""


def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.StringIO()
    monkeypatch.setattr(sys, "stderr", piped)
    monkeypatch.setattr(progress, "AFTER", 0)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    in_threads(slowly, range(500), "hashing")
    assert piped.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", None)
    assert not progress.is_watched()


def test_a_large_file_has_a_bar_of_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    monkeypatch.setattr(hashing, "WORTH_A_BAR", 1)
    monkeypatch.setattr(progress, "AFTER", 0)
    path = tmp_path / "large.bin"
    path.write_bytes(b"x" * 9_000_000)
    with path.open("rb") as file:
        for _ in hashing.pieces(path, file.fileno(), 9_000_000):
            time.sleep(0.15)
    assert "reading large.bin" in shown.getvalue()
