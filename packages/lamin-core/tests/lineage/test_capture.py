"""The log of a run: complete lines, bounded, and the streams as they were."""

import io
import sys
import threading
from pathlib import Path

import pytest

from lamindb.lineage import capture
from lamindb.lineage.capture import Log, streams
from lamindb.records import context


class Listener:
    """Someone who tracks and keeps a log."""

    def __init__(self, log: Log) -> None:
        self.log = log


def test_lines_are_written_when_they_are_complete(tmp_path: Path) -> None:
    log = Log(tmp_path / "deep" / "log.txt")
    log.write("one\ntw")
    log.write("err", 2)
    assert log.path.read_text() == "one\n"
    log.write("o\nthree")
    log.write("or\n", 2)
    log.close()
    log.close()
    log.write("too late\n")
    assert log.path.read_text() == "one\ntwo\nerror\nthree\n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("10%\r20%\r\n", "20%"), ("\r10%\r100%\n", "100%"), ("windows\r\n", "windows"), ("\ud800\n", "\\ud800")],
)
def test_what_a_terminal_would_show(tmp_path: Path, written: str, shown: str) -> None:
    log = Log(tmp_path / "log.txt")
    log.write(written)
    assert log.path.read_text() == f"{shown}\n"


def test_the_middle_of_a_long_log_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "HEAD", 1000)
    monkeypatch.setattr(capture, "TAIL", 2000)
    log = Log(tmp_path / "log.txt")
    for number in range(10_000):
        log.write(f"line {number}\n")
        assert log.path.stat().st_size <= 1000 + 2 * 2000 + 100
    log.close()
    text = log.path.read_text()
    assert text.startswith("line 0\nline 1\n")
    assert text.endswith("line 9998\nline 9999\n")
    assert "bytes are left out" in text
    tail = text.rpartition("left out …]\n")[2].splitlines()[1:]
    assert [int(line.split()[1]) for line in tail] == list(range(10_000 - len(tail), 10_000))


def test_a_log_without_an_end_of_line_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "HEAD", 100)
    log = Log(tmp_path / "log.txt")
    for number in range(1000):
        log.write(f"\r{number}")
    log.close()
    assert log.path.read_text() == "999\n"


def test_streams_come_back_when_the_last_one_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", before := io.StringIO())
    streams.tap()
    streams.tap()
    with context.tracked(Listener(Log(tmp_path / "log.txt"))):  # type: ignore[arg-type]  # as much of a tracker as streams need
        print("one")
        with sys.stdout as out:
            out.writelines(["two\n"])
    streams.release()
    assert sys.stdout is not before
    streams.release()
    assert sys.stdout is before
    assert (tmp_path / "log.txt").read_text() == "one\ntwo\n"


def test_a_stream_that_somebody_else_put_there_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    streams.tap()
    sys.stdout = theirs = io.StringIO()
    streams.release()
    assert sys.stdout is theirs


def test_a_process_without_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    streams.tap()
    streams.release()
    assert sys.stdout is None


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.txt")
    threads = [threading.Thread(target=lambda n=n: [log.write(f"{n}" * 50 + "\n", n) for _ in range(200)]) for n in range(4)]  # type: ignore[misc]  # mypy infers no type for a default
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(set(line)) for line in log.path.read_text().splitlines()} == {1}
