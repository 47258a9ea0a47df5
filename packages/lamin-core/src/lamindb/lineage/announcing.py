"""The one place where lineage speaks to the person at the terminal; everything else goes to the logger `lamindb`."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Write a line to the standard error, where it does not mix with what a program prints."""
    if sys.stderr is not None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
