r"""The regular expressions that Python (on SQLite) and Postgres understand alike; all others are refused on both.

Shared are letters, `.`, `[…]`, groups, `|`, `*`, `+`, `?`, `{m,n}`, `^`, `$`, `\b`, and `\d`, `\w`, `\s` with their opposites,
which stand for ASCII here. A pattern is rewritten without what the two read differently: `.` never matches a line break, `^` and
`$` stand for the ends of the whole text.
"""

from __future__ import annotations

import functools
import re

from lamindb.errors import InvalidArgument

CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": " \\t\\n\\r\\f\\v"}
WORD = f"[{CLASSES['w']}]"
BOUNDARY = f"(?:(?<!{WORD})(?={WORD})|(?<={WORD})(?!{WORD}))"
CONTROLS = {"n": "\\n", "t": "\\t", "r": "\\r"}
BOUNDS = re.compile(r"\{(\d{1,3})(,(\d{1,3})?)?\}")
MOST = 255
"""The largest number of repetitions that Postgres takes."""
SPECIAL = frozenset("\\^$.|?*+()[]{}-")


@functools.lru_cache(maxsize=256)
def shared(pattern: str) -> str:
    """Return a pattern as both databases read it.

    Raises
    ------
    InvalidArgument: it is malformed, or uses what only one of them understands; says what.
    """
    rewritten = _Rewriter(pattern).rewrite()
    try:
        re.compile(rewritten)
    except re.error as error:
        raise InvalidArgument(f"{pattern!r} is not a regular expression: {error}") from error
    return rewritten


class _Rewriter:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.position = pattern, 0
        self.found: list[str] = []
        self.repeatable = False
        """Whether what was read last can be followed by a quantifier."""

    def rewrite(self) -> str:
        while self.position < len(self.pattern):
            letter = self.pattern[self.position]
            if letter in "*+?{":
                self._quantifier()
            elif letter == "[":
                self._add(self._set())
            elif letter == "(":
                self._group()
            elif letter == "\\":
                self._escape()
            else:
                self.position += 1
                self._add(*self._plain(letter))
        return "".join(self.found)

    def _plain(self, letter: str) -> tuple[str, bool]:
        match letter:
            case ".":
                return "[^\\n]", True
            case "^":
                return "\\A", False
            case "$":
                return "\\Z", False
            case "|":
                return "|", False
            case ")":
                return ")", True
        return quoted(letter), True

    def _add(self, text: str, repeatable: bool = True) -> None:
        self.found.append(text)
        self.repeatable = repeatable

    def _refuse(self, what: str) -> InvalidArgument:
        return InvalidArgument(
            f"the regular expression {self.pattern!r} uses {what!r}, which the databases do not read alike; "
            "write it without, or use contains, startswith or endswith"
        )

    def _quantifier(self) -> None:
        letter = self.pattern[self.position]
        text = letter
        if letter == "{":
            bounds = BOUNDS.match(self.pattern, self.position)
            if bounds is None or max(int(bounds[1]), int(bounds[3] or 0)) > MOST:
                raise self._refuse(self.pattern[self.position : self.position + 8])
            text = bounds[0]
        if not self.repeatable:
            raise self._refuse(text)
        self.position += len(text)
        if self.pattern[self.position : self.position + 1] == "?":
            self.position += 1  # how much a repetition takes does not matter for whether there is a match
        self._add(text, repeatable=False)

    def _group(self) -> None:
        start = "(?:" if self.pattern.startswith("(?:", self.position) else "("
        if start == "(" and self.pattern.startswith("(?", self.position):
            raise self._refuse(self.pattern[self.position : self.position + 3])
        self.position += len(start)
        self._add("(?:", repeatable=False)

    def _escape(self) -> None:
        letter = self.pattern[self.position + 1 : self.position + 2]
        self.position += 2
        if letter == "b":
            self._add(BOUNDARY, repeatable=False)
        elif letter in CLASSES:
            self._add(f"[{CLASSES[letter]}]")
        elif letter.lower() in CLASSES:
            self._add(f"[^{CLASSES[letter.lower()]}]")
        else:
            self._add(self._escaped(letter))

    def _escaped(self, letter: str) -> str:
        if letter in CONTROLS:
            return CONTROLS[letter]
        if not letter or (letter.isascii() and letter.isalnum()):
            raise self._refuse(f"\\{letter}")
        return quoted(letter)

    def _set(self) -> str:
        """Read `[…]`."""
        self.position += 1
        parts = ["["]
        if self.pattern.startswith("^", self.position):
            parts.append("^")
            self.position += 1
        first = True
        while not self.pattern.startswith("]", self.position) or first:
            parts.append(self._member())
            first = False
        self.position += 1
        return "".join([*parts, "]"])

    def _member(self) -> str:
        """Read one letter, range or class within `[…]`."""
        letter = self.pattern[self.position : self.position + 1]
        if not letter:
            raise InvalidArgument(f"{self.pattern!r} is not a regular expression: a '[' is never closed")
        if letter == "[" and self.pattern[self.position + 1 : self.position + 2] in (":", ".", "="):
            raise self._refuse(self.pattern[self.position : self.position + 2])
        if letter == "\\" and self.pattern[self.position + 1 : self.position + 2] in CLASSES:
            self.position += 2
            return CLASSES[self.pattern[self.position - 1]]
        start = self._letter()
        end = self.pattern[self.position : self.position + 2]
        if len(end) < 2 or end[0] != "-" or end[1] == "]":
            return start
        self.position += 1
        return f"{start}-{self._letter()}"

    def _letter(self) -> str:
        letter = self.pattern[self.position]
        self.position += 1
        if letter != "\\":
            return quoted(letter)
        self.position += 1
        return self._escaped(self.pattern[self.position - 1 : self.position])


def quoted(letter: str) -> str:
    """Return a letter that stands for itself."""
    return f"\\{letter}" if letter in SPECIAL else letter
