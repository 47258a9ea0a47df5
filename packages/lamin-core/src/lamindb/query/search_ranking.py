"""How well a row answers a search: what is called so comes first, then what begins so, then what contains it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from lamindb.query import search_patterns as patterns

Texts: TypeAlias = Sequence[str | None]
Rank: TypeAlias = tuple[int, int, str]
"""Smaller is better: how it was found, the length of the name, the name."""
Ranking: TypeAlias = Callable[[Texts, Texts], Rank | None]
"""From the names and the longer texts of a row; None for a row that is no answer."""

IN_TEXT = 20
"""Added where not a name but a longer text answers."""


def by_phrase(query: str, *, case_sensitive: bool) -> Ranking:
    """Rank rows that contain a text as it stands."""
    fold = _fold(case_sensitive)
    wanted = fold(query)
    word = re.compile(rf"(?<![^\W_]){re.escape(wanted)}")

    def rank(names: Texts, texts: Texts) -> Rank | None:
        best = min(
            (_of_name(name, query, wanted, word, fold, first=not at) for at, name in enumerate(names) if name), default=None
        )
        if best is None or best > NO_NAME:
            found = [fold(text) for text in texts if text and wanted in fold(text)]
            best = IN_TEXT + (not any(word.search(text) for text in found)) if found else None
        return None if best is None else _ranked(best, names)

    return rank


NO_NAME = 9


def _of_name(name: str, query: str, wanted: str, word: re.Pattern[str], fold: Callable[[str], str], *, first: bool) -> int:
    """Rank one column of names: the first one holds one name, the others several with `|` between them."""
    if name == query:
        return 0
    elements = [fold(name)] if first else fold(name).split("|")
    if wanted in elements:
        return 1 if first else 2
    if any(element.startswith(wanted) for element in elements):
        return 3 if first else 4
    if any(word.search(element) for element in elements):
        return 5 if first else 6
    return (7 if first else 8) if wanted in fold(name) else NO_NAME + 1


def by_words(query: str, *, case_sensitive: bool) -> Ranking:
    """Rank rows that have all words of a text, in any order."""
    fold = _fold(case_sensitive)
    wanted = [_word(fold(word)) for word in patterns.split(query)]

    def rank(names: Texts, texts: Texts) -> Rank | None:
        for way, several in enumerate((names, texts)):
            text = fold("|".join(filter(None, several)))
            if all(word.search(text) for word in wanted):
                return _ranked(way * IN_TEXT, names)
        return None

    return rank


def by_typos(query: str, *, case_sensitive: bool) -> Ranking:
    """Rank rows whose names have all words of a text, some with a typo: the fewer, the better."""
    fold = _fold(case_sensitive)
    wanted = [fold(word) for word in patterns.split(query)]

    def rank(names: Texts, texts: Texts) -> Rank | None:
        found = patterns.split(fold("|".join(filter(None, names))))
        wrong = 0
        for word in wanted:
            if any(other.startswith(word) for other in found):
                continue
            if len(word) not in patterns.FUZZY or not any(patterns.alike(word, other) for other in found):
                return None
            wrong += 1
        return _ranked(wrong, names)

    return rank


def _word(word: str) -> re.Pattern[str]:
    """Return what finds a word, a short one only where a word begins."""
    return re.compile(rf"(?<![^\W_]){re.escape(word)}" if len(word) <= patterns.SHORT else re.escape(word))


def _ranked(how: int, names: Texts) -> Rank:
    name = next(filter(None, names), "")
    return how, len(name), name


def _fold(case_sensitive: bool) -> Callable[[str], str]:
    return str if case_sensitive else str.casefold
