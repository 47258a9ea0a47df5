"""Hints at similar names when a new one is made, which may be a typo: asked for together with the name itself, told once.

What is looked for is an index's range: names that begin with the first four fifths of the new one, in the usual cases of letters.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.query.translation import DIALECTS
from lamindb.records.curation import CanCurate

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

log = logging.getLogger("lamindb")

search_names = True
"""Whether similar names are looked for: `ln.settings.creation.search_names`."""
LISTED = 3
SHORT = 5
"""Names up to this length are compared as a whole."""
_told: set[str] = set()
"""Registries of which a hint was given in this process."""


def similar(database: Database, registry: type[BaseSQLRecord], key: Mapping[str, Any]) -> sa.ColumnElement[bool] | None:
    """Return the condition that a row has a name like a new one, and could be meant; None if no hint is wanted."""
    name = key.get(catalog.entry(registry.__qualified__)["name_field"] or "")
    if not search_names or registry.__qualified__ in _told or not issubclass(registry, CanCurate) or not isinstance(name, str):
        return None
    prefix = name[: len(name) * 4 // 5] if len(name) > SHORT else name
    if not prefix.strip():
        return None
    table, name_column = registry.__table__, registry.__table__.c[next(iter(key))]
    cases = dict.fromkeys([prefix, prefix.lower(), prefix[:1].upper() + prefix[1:], prefix[:1].upper() + prefix[1:].lower()])
    comparisons = DIALECTS[database.dialect]
    conditions = [sa.or_(*(comparisons.startswith(name_column, each) for each in cases)), name_column != name]
    if "type_id" in key:
        conditions.append(table.c.type_id == key["type_id"])
    return sa.and_(*conditions)


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
