"""How figures are taken: medians of interleaved runs, each against a baseline named beside it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report.

    Parameters
    ----------
    what: the operation.
    seconds: median wall-clock time of one operation.
    baseline: what it is compared with, in words.
    baseline_seconds: median of the same number of runs of the baseline, taken in turns with the operation.
    target: what we promise, in words.
    reached: whether this run kept the promise.
    statements: SQL statements besides BEGIN and COMMIT, where they were counted.
    """

    what: str
    seconds: float
    baseline: str
    baseline_seconds: float
    target: str
    reached: bool
    statements: int | None = None

    @property
    def ratio(self) -> float:
        return self.seconds / self.baseline_seconds


@dataclass(slots=True)
class Samples:
    """Times of two things that are run in turns."""

    mine: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return statistics.median(self.mine)

    @property
    def baseline_seconds(self) -> float:
        return statistics.median(self.baseline)


def in_turns(mine: Callable[[int], object], baseline: Callable[[int], object], runs: int, warm_up: int = 1) -> Samples:
    """Time two functions alternately; each is given the number of the run."""
    samples = Samples()
    for number in range(-warm_up, runs):
        for call, times in ((baseline, samples.baseline), (mine, samples.mine)):
            started = time.perf_counter()
            call(number)
            if number >= 0:
                times.append(time.perf_counter() - started)
    return samples


def process(arguments: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    """Run a command to its end; its output is thrown away unless it fails."""
    inherited = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }  # targets are for compiled code
    done = subprocess.run(arguments, cwd=folder, env={**inherited, **(environment or {})}, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr.decode()}")


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.2f} ms" if seconds < 0.1 else f"{1000 * seconds:.0f} ms"


def report(figures: Sequence[Figure]) -> str:
    """Write figures as a Markdown table."""
    lines = ["| what | time | statements | baseline, same run | ratio | target | |", "|---|---|---|---|---|---|---|"]
    for each in figures:
        counted = "" if each.statements is None else str(each.statements)
        lines.append(
            f"| {each.what} | {milliseconds(each.seconds)} | {counted} | {each.baseline}: {milliseconds(each.baseline_seconds)} "
            f"| {each.ratio:.2f} | {each.target} | {'reached' if each.reached else '**missed**'} |"
        )
    return "\n".join(lines)
