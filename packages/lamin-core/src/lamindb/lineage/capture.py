"""What a program prints, written down while it still reaches where it is meant to go.

`sys.stdout` and `sys.stderr` are replaced by tees as long as someone keeps a log. A tee is the original stream in every respect
but that what is written goes to the log of the run that is current where it is written: two flows in two threads share the
streams, not the log. What child processes and C libraries write to the descriptors is not seen.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lamindb.records import context

HEAD = 4 * 1024 * 1024
"""Bytes at the beginning of a log that are kept whatever follows."""
TAIL = 4 * 1024 * 1024
"""Bytes at the end that are kept at least."""


_logs: weakref.WeakSet[Log] = weakref.WeakSet()


def _make_locks_in_child() -> None:
    """In a forked child, nobody would release what other threads of the parent held."""
    for log in list(_logs):
        log.make_lock()
    streams.make_lock()


os.register_at_fork(after_in_child=_make_locks_in_child)


class Log:
    """A file with what was printed. It grows to `HEAD + 2 * TAIL` bytes; then the middle is left out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.make_lock()
        self._owner = os.getpid()
        self._size = os.fstat(self._descriptor).st_size
        self._left_out = 0
        self._lines: dict[int, str] = {}
        _logs.add(self)

    def make_lock(self) -> None:
        """Let one thread write at a time."""
        self._guard = threading.RLock()

    def write(self, text: str, source: int = 0) -> None:
        """Add text; a line is written when it is complete, without what a carriage return in it overwrites.

        Parameters
        ----------
        source
            Number of the stream, so that half lines of two streams are not mixed.
        """
        with self._guard:
            if self._descriptor is None:
                return
            *complete, rest = (self._lines.get(source, "") + text).split("\n")
            self._lines[source] = _visible(rest) if len(rest) > HEAD else rest
            if complete:
                self._append("".join(f"{_visible(line)}\n" for line in complete))

    def close(self) -> None:
        """Write half lines and close the file."""
        with self._guard:
            if self._descriptor is not None:
                self._append("".join(f"{_visible(line)}\n" for line in self._lines.values() if line))
                self._lines.clear()
                os.close(self._descriptor)
                self._descriptor = None

    def _append(self, text: str) -> None:
        data = text.encode("utf-8", "backslashreplace")
        if not data or self._descriptor is None:
            return
        try:
            for start in range(0, len(data), TAIL):
                self._write(data[start : start + TAIL])
        except OSError:  # a full disk must not stop what is logged
            return

    def _write(self, data: bytes) -> None:
        assert self._descriptor is not None  # checked by the caller
        self._size += os.write(self._descriptor, data)
        if self._size > HEAD + 2 * TAIL and os.getpid() == self._owner:
            self._leave_out()

    def _leave_out(self) -> None:
        assert self._descriptor is not None  # checked by the caller
        tail = os.pread(self._descriptor, TAIL, self._size - TAIL)
        self._left_out += self._size - HEAD - TAIL
        os.ftruncate(self._descriptor, HEAD)
        note = f"\n[… about {self._left_out:,} bytes are left out …]\n".encode()
        self._size = HEAD + os.write(self._descriptor, note + tail)


def _visible(line: str) -> str:
    """What a terminal shows of a line: progress bars overwrite themselves."""
    return line.rstrip("\r").rpartition("\r")[2]


def current_log() -> Log | None:
    """Return the log of the run that is current here."""
    log: Log | None = getattr(context.tracker(), "log", None)
    return log


class Tee:
    """A text stream that also writes to the current log; in everything else it is the stream it stands for."""

    def __init__(self, stream: Any, number: int) -> None:
        self._stream, self._number = stream, number

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write to the stream, then to the log."""
        written: int = self._stream.write(text)
        if (log := current_log()) is not None:
            log.write(text, self._number)
        return written

    def writelines(self, lines: Iterable[str]) -> None:
        """Write all lines."""
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> BinaryTee:
        """The stream of bytes below."""
        return BinaryTee(self._stream.buffer, self._number, self._stream.encoding or "utf-8")

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __next__(self) -> str:
        line: str = next(self._stream)
        return line

    def __enter__(self) -> Tee:
        self._stream.__enter__()
        return self

    def __exit__(self, *failure: object) -> Any:
        return self._stream.__exit__(*failure)

    def __repr__(self) -> str:
        return f"<logged {self._stream!r}>"


class BinaryTee:
    """The stream of bytes below a tee."""

    def __init__(self, stream: Any, number: int, encoding: str) -> None:
        self._stream, self._number, self._encoding = stream, number, encoding

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, data: bytes) -> int:
        """Write to the stream, then to the log."""
        written: int = self._stream.write(data)
        if (log := current_log()) is not None:
            log.write(bytes(data).decode(self._encoding, "replace"), self._number)
        return written


class Streams:
    """The standard streams of the process: tees while at least one log is written, afterwards what they were."""

    def __init__(self) -> None:
        self.make_lock()
        self._users = 0
        self._before: dict[str, Any] = {}
        self._tees: dict[str, Tee] = {}

    def make_lock(self) -> None:
        """Let one thread tap or release at a time."""
        self._guard = threading.RLock()

    def tap(self) -> None:
        """Begin to listen, if nobody does."""
        with self._guard:
            self._users += 1
            if self._users > 1:
                return
            for number, name in enumerate(("stdout", "stderr"), 1):
                stream = getattr(sys, name)
                if stream is not None:
                    self._before[name], self._tees[name] = stream, Tee(stream, number)
                    setattr(sys, name, self._tees[name])
                else:
                    self._tees.pop(name, None)

    def release(self) -> None:
        """Put the streams back, if nobody listens any more; one that somebody else replaced meanwhile stays."""
        with self._guard:
            self._users -= 1
            if self._users > 0:
                return
            for name, before in self._before.items():
                if getattr(sys, name) is self._tees[name]:
                    setattr(sys, name, before)
            self._before.clear()
            # The tees live on until the next ones: a signal may have interrupted a `print`, which goes on with its stream
            # without owning it.


streams = Streams()
