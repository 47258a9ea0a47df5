"""While a signal ends the program, other threads begin and end no runs: nobody would be there to end what began."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Lets threads in while it is open; whoever closes it can wait until those inside have left."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Be open and empty: in a forked child the threads that were inside do not exist."""
        self._changed = threading.Condition()
        self._inside = 0
        self._is_open = True

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait until it is open, and be inside within the block."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_open)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Let nobody in within the block."""
        self._set(is_open=False)
        try:
            yield
        finally:
            self._set(is_open=True)

    def _set(self, *, is_open: bool) -> None:
        with self._changed:
            self._is_open = is_open
            self._changed.notify_all()

    def wait_until_empty(self, seconds: float) -> None:
        """Wait until nobody is inside, not longer than that."""
        with self._changed:
            self._changed.wait_for(lambda: self._inside == 0, seconds)


gate = Gate()
os.register_at_fork(after_in_child=gate.reset)
