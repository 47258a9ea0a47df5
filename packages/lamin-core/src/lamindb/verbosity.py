"""How much is said: the level of the logger `lamindb`, with a name for each."""

from __future__ import annotations

import logging
import sys

from lamindb.errors import InvalidArgument, closest

LEVELS = {
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "success": 25,
    "info": logging.INFO,
    "hint": 15,
    "debug": logging.DEBUG,
}
"""From the least to the most; LaminDB counts them from 0 to 5."""
log = logging.getLogger("lamindb")


class _Stderr(logging.Handler):
    """Prints on standard error, until the program has handlers of its own, which then get everything."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.getLogger().handlers:
            sys.stderr.write(f"{self.format(record)}\n")


_own = _Stderr()


def current() -> str:
    """Return how much is said, by name."""
    level = log.getEffectiveLevel()
    return next((name for name, known in LEVELS.items() if known <= level), "debug")


def choose(value: object) -> None:
    """Say more or less from now on.

    Raises
    ------
    InvalidArgument: there is no such level.
    """
    names = tuple(LEVELS)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
        value = names[value]
    if not isinstance(value, str) or value not in LEVELS:
        near = closest(value, names) if isinstance(value, str) else ""
        raise InvalidArgument(f"verbosity is one of {', '.join(names)}, or 0 to 5, not {value!r}{near}")
    # The default is left to `logging`, so that a program that configures it is obeyed.
    log.setLevel(logging.NOTSET if value == "warning" and logging.getLogger().level in (0, LEVELS["warning"]) else LEVELS[value])
    if LEVELS[value] < LEVELS["warning"] and _own not in log.handlers:
        log.addHandler(_own)
