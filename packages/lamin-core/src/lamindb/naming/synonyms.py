"""Synonyms as they are stored: in one text, separated by `|`, as LaminDB does; in the order in which they were added."""

from __future__ import annotations

from collections.abc import Iterable

from lamindb.errors import ValidationError

BAR = "|"


def split(stored: str | None) -> list[str]:
    """Return the synonyms in a stored text, each once."""
    return list(dict.fromkeys(one for one in (stored or "").split(BAR) if one))


def joined(synonyms: Iterable[str]) -> str | None:
    """Return the text that is stored, None without any synonym."""
    return BAR.join(dict.fromkeys(one for one in synonyms if one)) or None


def check(synonyms: Iterable[str]) -> None:
    """Check texts that are to be synonyms.

    Raises
    ------
    ValidationError: one has a bar in it.
    """
    for one in synonyms:
        if BAR in one:
            raise ValidationError(f"a synonym cannot have a bar in it, which separates synonyms where they are stored: {one!r}")
