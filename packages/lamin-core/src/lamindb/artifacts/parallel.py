"""Doing the same to many files in several threads. Reading, writing, flushing and hashing let other threads run meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lamindb.progress import Advance, progress

T = TypeVar("T")
R = TypeVar("R")

WORKERS = min(8, 2 * (os.cpu_count() or 1))
"""More than cores, as much of the time is spent waiting for disks; with four for each core they get into each other's way."""
QUICK, BUSY = 0.0005, 0.6
"""Seconds a file, and share of them spent computing: what is quicker and waits less is quicker still in one thread."""
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
    with progress(doing, len(items), " files", least=100) as advance:
        for done, chunk in enumerate(chunks, 1):
            wall, busy = time.perf_counter(), time.thread_time()
            found += [work(item) for item in chunk]
            advance(len(chunk))
            wall, busy = time.perf_counter() - wall, time.thread_time() - busy
            # The first ones pay for what is loaded when first used.
            if done > 1 and (wall > QUICK * len(chunk) or busy < BUSY * wall):
                return found + _in_pool(work, chunks[done:], advance)
    return found


def _in_pool(work: Callable[[T], R], chunks: Sequence[Sequence[T]], advance: Advance) -> list[R]:
    if not chunks:
        return []
    found: list[R] = []
    with ThreadPoolExecutor(min(WORKERS, len(chunks))) as pool:
        try:
            for results in pool.map(lambda chunk: [work(item) for item in chunk], chunks):
                found += results
                advance(len(results))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return found
