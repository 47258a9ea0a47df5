"""How far long work has come, for people who look: a bar on a terminal or in a notebook, nothing in a pipe or a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

AFTER = 2.0
"""Seconds that work takes before it is worth a bar."""
Advance = Callable[[int], object]


def is_watched() -> bool:
    """Whether somebody sees what is written to the standard error now."""
    return sys.stderr is not None and (sys.stderr.isatty() or "ipykernel" in sys.modules)


def progress(doing: str, total: int, unit: str, *, least: int) -> AbstractContextManager[Advance]:
    """Show a bar while the block runs; it yields what is called with how much was done.

    Parameters
    ----------
    doing
        What is done, as `hashing`.
    total, unit
        How much there is to do, and of what, as `B` for bytes.
    least
        How much is never worth a bar: less than this is done at once.
    """
    if total < least or not is_watched():
        return nullcontext(_nothing)  # quicker to enter than a generator, and small files are many
    return _bar(doing, total, unit)


def _nothing(done: int) -> None:
    """Stand in for a bar that nobody would see."""


@contextmanager
def _bar(doing: str, total: int, unit: str) -> Iterator[Advance]:
    from tqdm import tqdm  # late: who is quick needs none

    class Bar(tqdm):  # type: ignore[misc]  # it says nothing of its types
        monitor_interval = 0  # no thread that watches the bar

    with Bar(total=total, desc=doing, unit=unit, unit_scale=unit == "B", delay=AFTER, leave=False, file=sys.stderr) as bar:
        yield bar.update
