"""What is wrong in a schema: each problem with its place, what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a schema.

    `str()` is the line that a person reads: `core.yaml:12:14: message; hint`. Problems sort by position.
    """

    file: str
    line: int
    column: int
    rule: str
    """Id of the rule that was broken, as `unknown-range`."""
    message: str
    hint: str

    @classmethod
    def at(cls, place: Place, rule: str, message: str, hint: str) -> Problem:
        return cls(place.file, place.line, place.column, rule, message, hint)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}; {self.hint}"


MANY = 20
"""Names that a hint does not list any more."""


class SchemaError(ValueError):
    """Schemas can't be used. `problems` holds every problem, sorted by position; the text has one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, allowed: Iterable[str], otherwise: str = "correct the name") -> str:
    """Return the hint for a name that is not allowed: the nearest allowed one, else all of them; if they are many, `otherwise`.

    Capitals are ignored, so that `String` finds `string`.
    """
    by_lower = {one.lower(): one for one in allowed}
    longer = sorted((one for one in by_lower if len(name) > 2 and one.startswith(name.lower())), key=len)  # `int`
    if close := longer or get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6):
        return f"write `{by_lower[close[0]]}`"
    if not by_lower:
        return "remove it"
    if len(by_lower) > MANY:
        return otherwise
    return f"allowed are {listing(by_lower.values())}"


def listing(names: Iterable[str]) -> str:
    """Names in backticks, sorted, as they stand in messages."""
    return ", ".join(f"`{name}`" for name in sorted(names))
