"""Signals that tell the process to end wait where half of the work would be worse than none or all of it.

Python runs handlers in the main thread, between two steps of whatever it is doing; an exception that one of them raises appears
there. In a block of `held` the handlers are replaced by one that takes notes, and what was noted happens when the block is left.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name))
"""Signals that end a process unless it handles them; of SIGKILL it hears nothing."""
PATIENCE = 5.0
"""Seconds after which a second signal of a kind does not wait: whatever the block waits for may never come."""


class _Hold:
    """One block: which handlers it replaced, and what arrived."""

    def __init__(self) -> None:
        self.former: dict[int, Any] = {}
        self._arrived: dict[int, float] = {}

    def begin(self) -> None:
        global _hold
        _hold = self
        for number in ENDING:
            former = signal.getsignal(number)
            if callable(former) or former is signal.SIG_DFL:
                self.former[number] = former
                signal.signal(number, self.note)

    def end(self) -> None:
        try:
            self._put_back()
        finally:
            _deliver(sorted(self._arrived, key=ENDING.index))

    def _put_back(self) -> None:
        """Restore all handlers, though one that is restored already may be called meanwhile, and raise."""
        global _hold
        raised: BaseException | None = None
        try:
            while self.former:
                number = next(iter(self.former))
                try:
                    if signal.getsignal(number) == self.note:
                        signal.signal(number, self.former[number])
                    del self.former[number]
                except BaseException as error:  # raised below
                    raised = error
        finally:
            _hold = None
        if raised is not None:
            raise raised

    def note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._arrived.setdefault(number, now) > PATIENCE or _hold is not self:
            del self._arrived[number]
            act(number, self.former[number], frame)


_hold: _Hold | None = None


@contextmanager
def held() -> Iterator[None]:
    """Let signals wait until the outermost block is left; only in the main thread, the only one that they interrupt."""
    if threading.current_thread() is not threading.main_thread() or _hold is not None:
        yield
        return
    hold = _Hold()
    try:
        hold.begin()
        yield
    finally:
        hold.end()


def handler(number: int) -> Any:
    """Return what handles a signal; within `held`, what will handle it afterwards."""
    found = signal.getsignal(number)
    return _hold.former[number] if _hold is not None and found == _hold.note else found


def handle(number: int, by: Any) -> None:
    """Let something handle a signal; within `held`, afterwards."""
    if _hold is not None and signal.getsignal(number) == _hold.note:
        _hold.former[number] = by
    else:
        signal.signal(number, by)


def act(number: int, by: Any, frame: FrameType | None) -> None:
    """Do what a handler does about a signal, or the system where there is none."""
    if callable(by):
        by(number, frame)
    elif by is signal.SIG_DFL:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _deliver(numbers: list[int]) -> None:
    """Act on every signal, though the handler of one may raise.

    The handlers are called, not the signals sent again: an event loop that listens at a file descriptor has heard of them.
    """
    if numbers:
        try:
            act(numbers[0], signal.getsignal(numbers[0]), sys._getframe())
        finally:
            _deliver(numbers[1:])
