"""Hints at similar names when a new one is made, which may be a typo: asked for together with the name itself, told once.

What is looked for is an index's range: names that begin with the first four fifths of the new one, in the usual cases of letters.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.query.postgresql import escaped
from lamindb.query.sqlite import text_after

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

log = logging.getLogger("lamindb")

search_names = True
"""Whether similar names are looked for: `ln.settings.creation.search_names`."""
LISTED = 3
SHORT = 5
"""Names up to this length are compared as a whole."""
CASES = range(4)
"""Numbers of the prefixes."""
_told: set[str] = set()
"""Registries of which a hint was given in this process."""


def prefixes(registry: type[BaseSQLRecord], key: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how names begin that are like a new one, in the usual cases of letters; nothing if no hint is wanted."""
    name = key.get(catalog.entry(registry.__qualified__)["name_field"] or "")
    if not search_names or registry.__qualified__ in _told or not registry._hints_at_names or not isinstance(name, str):
        return ()
    prefix = name[: len(name) * 4 // 5] if len(name) > SHORT else name
    if not prefix.strip() or text_after(prefix) is None:
        return ()
    first, rest = prefix[:1].upper(), prefix[1:]
    return (prefix, prefix.lower(), first + rest, first + rest.lower())


def similar(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[bool]:
    """Return the condition that a text begins with one of the prefixes, which are parameters: ranges of an index."""
    if dialect == "sqlite":
        ranges = [
            (sa.bindparam(f"from_{number}", type_=sa.String), sa.bindparam(f"to_{number}", type_=sa.String)) for number in CASES
        ]
        return sa.or_(*(sa.and_(column >= first, column < after) for first, after in ranges))
    return sa.or_(*(column.like(sa.bindparam(f"like_{number}", type_=sa.String)) for number in CASES))


def parameters(found: Sequence[str], dialect: str) -> dict[str, str | None]:
    """Return the parameters of `similar`."""
    if dialect == "sqlite":
        bounds = {f"from_{number}": prefix for number, prefix in enumerate(found)}
        return {**bounds, **{f"to_{number}": text_after(prefix) for number, prefix in enumerate(found)}}
    return {f"like_{number}": f"{escaped(prefix)}%" for number, prefix in enumerate(found)}


def tell(registry: type[BaseSQLRecord], name: str, names: Iterable[str]) -> None:
    """Tell which similar names there are; once per registry and process."""
    if listed := sorted(names):
        _told.add(registry.__qualified__)
        log.warning(
            "new %s %r: there %s already; if you mean one of them, use its name "
            "(told once; ln.settings.creation.search_names = False turns it off)",
            registry.__name__,
            name,
            f"are {', '.join(map(repr, listed))}" if len(listed) > 1 else f"is {listed[0]!r}",
        )


def forget() -> None:
    """Tell again what was told already."""
    _told.clear()
