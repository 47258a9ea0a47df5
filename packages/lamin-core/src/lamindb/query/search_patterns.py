"""What a searched text may look like where it is found: as a pattern that both databases and Python understand.

A pattern is a conjunction of terms; a term is met if one of its ways is; a way is a list of pieces that stand one after the other
with up to three letters between them. The trigrams of the pieces are what an index can find; Python then looks exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

BOUNDARIES = " |-_/.,:;()[]+\"'"
"""Characters at which words are taken to begin and end."""
GAP = 3
"""Letters that may stand where a typo was taken out: the two it was looked for in, and one that was forgotten."""
SHORT = 2
"""Letters of a text for which there are no trigrams."""
FUZZY = range(4, 65)
"""Letters of words in which a typo is looked for."""
MOST_WORDS = 12
"""Further words of a text are compared by Python alone."""
FEW = 6
"""Of texts with more trigrams only every third is asked for: all letters are in one of them, and an index reads a third."""
MOST_TRIGRAMS = 24
"""Trigrams that are asked for: those of the beginning and the end of a text that has more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that are found as they stand, in any case."""

    text: str
    starts: bool = False
    """Only at the beginning of a word."""
    ends: bool = False
    """Only at the end of a word."""


Way: TypeAlias = tuple[Piece, ...]
Term: TypeAlias = tuple[Way, ...]
Pattern: TypeAlias = tuple[Term, ...]


def phrase(text: str, *, starts: bool = False) -> Pattern:
    """Return the pattern of a text as it stands."""
    return (((Piece(text, starts=starts),),),)


def words(text: str) -> Pattern:
    """Return the pattern of the words of a text in any order; short ones begin a word."""
    return tuple(((Piece(word, starts=len(word) <= SHORT),),) for word in split(text)[:MOST_WORDS])


def typos(text: str) -> Pattern:
    """Return the pattern of words that may each have a letter too many, too few, another, or two in the wrong order."""
    return tuple(
        tuple(_around(word)) if len(word) in FUZZY else ((Piece(word, starts=len(word) <= SHORT),),)
        for word in split(text)[:MOST_WORDS]
    )


def _around(word: str) -> Iterator[Way]:
    """Return what is left of a word when two neighbouring letters are taken out, for each two: in one of them lies the typo."""
    for position in range(len(word) - 1):
        left, right = word[:position], word[position + 2 :]
        way = []
        if left:
            way.append(Piece(left, starts=len(left) <= SHORT))
        if right:
            way.append(Piece(right, ends=len(right) <= SHORT))
        if any(trigrams(piece) for piece in way):
            yield tuple(way)
        else:  # too few letters on either side for an index: what two letters in the wrong order stand for is looked for itself
            yield (Piece(left + word[position + 1] + word[position] + right),)


def split(text: str) -> list[str]:
    """Return the words of a text, each once."""
    return list(dict.fromkeys(word for word in re.split(f"[{re.escape(BOUNDARIES)}\\s]+", text) if word))


# ---- for indexes -------------------------------------------------------------------------------------------------------------
def trigrams(piece: Piece) -> list[tuple[str, ...]]:
    """Return the trigrams that a piece needs; several in one place are alternatives."""
    text = piece.text
    last = len(text) - 3
    places = range(last + 1) if last < FEW else sorted({*range(0, last, 3), last})
    found: list[tuple[str, ...]] = [(text[at : at + 3],) for at in places]
    if len(found) > MOST_TRIGRAMS:
        found = found[: MOST_TRIGRAMS // 2] + found[-MOST_TRIGRAMS // 2 :]
    if piece.starts and len(text) >= 2:
        found.insert(0, tuple(edge + text[:2] for edge in BOUNDARIES))
    if piece.ends and len(text) >= 2:
        found.append(tuple(text[-2:] + edge for edge in BOUNDARIES))
    return found


def fts(pattern: Pattern) -> str | None:
    """Return the pattern as FTS5 is asked for it, None if it has no trigram."""
    terms = [asked for term in pattern if (asked := _fts_term(term))]
    return " AND ".join(terms) or None


def _fts_term(term: Term) -> str | None:
    ways = [" AND ".join(_alternatives(one) for piece in way for one in trigrams(piece)) for way in term]
    return f"({' OR '.join(f'({way})' for way in ways)})" if all(ways) else None


def _alternatives(trigrams: tuple[str, ...]) -> str:
    texts = ['"' + one.replace('"', '""') + '"' for one in trigrams]
    return texts[0] if len(texts) == 1 else f"({' OR '.join(texts)})"


# ---- for comparing -----------------------------------------------------------------------------------------------------------
def literal(term: Term) -> str | None:
    """Return the text that a term is, None for one that is more than a text anywhere."""
    ((piece, *more), *others) = term
    return None if more or others or piece.starts or piece.ends else piece.text


def regex(term: Term) -> str:
    """Return the term as a regular expression, of the kind that Postgres and Python share."""
    return "|".join(f".{{0,{GAP}}}".join(map(_regex_piece, way)) for way in term)


def _regex_piece(piece: Piece) -> str:
    edge = f"[{re.escape(BOUNDARIES)}]"
    return f"{edge if piece.starts else ''}{escaped(piece.text)}{edge if piece.ends else ''}"


def escaped(text: str) -> str:
    """Return a text as a regular expression that matches nothing else."""
    return re.sub(r"([^\w\s])", r"\\\1", text)


def alike(word: str, other: str) -> bool:
    """Whether another word begins like a word with at most one typo: a letter too many, too few, another, or two swapped."""
    length = len(word)
    return any(_differs_once(word, other[:end]) for end in (length, length + 1, length - 1) if end <= len(other))


def _differs_once(word: str, other: str) -> bool:
    shortest = min(len(word), len(other))
    begin = 0
    while begin < shortest and word[begin] == other[begin]:
        begin += 1
    end = 0
    while end < shortest - begin and word[-1 - end] == other[-1 - end]:
        end += 1
    left, right = word[begin : len(word) - end], other[begin : len(other) - end]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == 2 and left == right[::-1])
