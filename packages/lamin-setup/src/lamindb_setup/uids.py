"""Random identifiers in base62: digits, upper case, lower case."""

from __future__ import annotations

import os

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# A byte below 248 = 4 * 62 stands for each character equally often; the others are thrown away, so that there is no bias.
_USABLE = 4 * len(ALPHABET)
_TRANSLATE = bytes(ord(ALPHABET[value % len(ALPHABET)]) for value in range(256))
_UNUSABLE = bytes(range(_USABLE, 256))


def base62(n: int) -> str:
    """A cryptographically random text of `n` characters.

    >>> len(base62(12))
    12
    """
    return base62_many(n, 1)[0]


def base62_many(n: int, count: int) -> list[str]:
    """`count` random texts of `n` characters each, from one call to the operating system in most cases."""
    wanted = n * count
    text = ""
    while len(text) < wanted:
        missing = wanted - len(text)
        noise = os.urandom(missing + missing // 16 + 16)  # one in 32 bytes is unusable, so that a second round is rare
        text += noise.translate(_TRANSLATE, _UNUSABLE).decode("ascii")
    return [text[start : start + n] for start in range(0, wanted, n)] if n else [""] * count
