"""What is compared, and how a difference is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

Fetch: TypeAlias = Callable[[str], Sequence[Sequence[Any]]]
"""Executes one query without parameters and returns all rows."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table; each fact is a line of text, so that a difference can be read."""

    columns: frozenset[str]
    """Name, type, nullability and default; `primary key` and `counts up` for the key."""
    foreign_keys: frozenset[str]
    indexes: frozenset[str]
    """Indexes and unique constraints, which are told apart."""
    checks: frozenset[str]


Shape: TypeAlias = dict[str, TableShape]
SEARCH_PARTS = tuple(f"_search{kind}_{part}" for kind in ("", "_texts") for part in ("data", "idx", "config"))
"""Ends of the names of the tables in which FTS5 keeps an index."""


def differences(found: Shape, expected: Shape, *, extra_tables: Collection[str] | None = None) -> list[str]:
    """Return one line for each difference, sorted by table; none if the shapes are equal.

    Parameters
    ----------
    extra_tables
        Tables that may be there although they are not expected. By default any may.
    """
    lines = []
    for table in sorted({*found, *expected}):
        if table not in found:
            lines.append(f"{table}: missing")
        elif table in expected:
            lines += _table_differences(table, found[table], expected[table])
        elif extra_tables is not None and table not in extra_tables:
            lines.append(f"{table}: not expected")
    return lines


def without_search(shape: Shape) -> Shape:
    """Return the shape without what makes names searchable, which LaminDB has not: the parts of FTS5 tables, trigram indexes."""
    tables = {name: facts for name, facts in shape.items() if not name.endswith(SEARCH_PARTS)}
    return {
        name: replace(facts, indexes=frozenset(index for index in facts.indexes if "gin_trgm_ops" not in index))
        for name, facts in tables.items()
    }


def _table_differences(table: str, found: TableShape, expected: TableShape) -> Iterator[str]:
    for field in fields(TableShape):
        has, wants = getattr(found, field.name), getattr(expected, field.name)
        yield from (f"{table}: {field.name}: missing {fact}" for fact in sorted(wants - has))
        yield from (f"{table}: {field.name}: not expected {fact}" for fact in sorted(has - wants))
