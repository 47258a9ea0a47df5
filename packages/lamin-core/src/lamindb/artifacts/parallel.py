"""Doing the same to many files in several threads. Reading, writing, flushing and hashing let other threads run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lamindb.progress import progress

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 8
"""More than cores: most of the time is spent waiting for disks."""
AT_ONCE = 32
"""Files that a thread takes at a time: handing over one by one costs more than a small file."""


def in_threads(work: Callable[[T], R], items: Sequence[T], doing: str) -> list[R]:
    """Return the results of `work` in the order of the items; the first error ends it, and no thread is left behind.

    Parameters
    ----------
    doing
        What the work is, as `hashing`, for people who see it take long.

    Raises
    ------
    Whatever `work` raises.
    """
    if len(items) < 2:
        return [work(item) for item in items]
    size = max(1, min(AT_ONCE, len(items) // (2 * WORKERS)))
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    found: list[R] = []
    with progress(doing, len(items), " files", least=100) as advance, ThreadPoolExecutor(min(WORKERS, len(chunks))) as pool:
        try:
            for results in pool.map(lambda chunk: [work(item) for item in chunk], chunks):
                found += results
                advance(len(results))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return found
