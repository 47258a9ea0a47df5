"""Names and literals in SQL, the same on both dialects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

LONGEST = 63
"""Bytes of a name that Postgres keeps; it would cut longer ones silently, and two could become one."""


def quoted(name: str) -> str:
    """Return the name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: Iterable[str]) -> str:
    """Return the quoted names, separated by commas."""
    return ", ".join(quoted(name) for name in names)


def fitted(*parts: str) -> str:
    """Join the parts with underscores; a name that is too long ends in a hash of itself instead."""
    name = "_".join(parts)
    if len(name.encode()) <= LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return name.encode()[: LONGEST - 9].decode(errors="ignore") + "_" + digest


def literal(value: str | float) -> str:
    """Return a number or text as SQL; booleans differ between the dialects and are not for here."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
