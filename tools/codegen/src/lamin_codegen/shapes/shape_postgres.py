"""The shape of a Postgres database, from its catalogs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from lamin_codegen.shapes.shape import Fetch, Shape, TableShape

TABLES = """
SELECT oid, relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"""

COLUMNS = f"""
SELECT attrelid, concat_ws(' ', attname, format_type(atttypid, atttypmod),
  CASE WHEN attnotnull THEN 'not null' ELSE 'null' END, 'default ' || pg_get_expr(adbin, adrelid),
  CASE attidentity WHEN 'd' THEN 'counts up' WHEN 'a' THEN 'always counts up' END,
  CASE WHEN attcollation <> typcollation THEN 'collation ' || attcollation::regcollation END)
FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped AND attrelid IN (SELECT oid FROM ({TABLES}) AS tables)"""

CONSTRAINTS = f"""
SELECT conrelid, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('p', 'u', 'f', 'c', 'x') AND conrelid IN (SELECT oid FROM ({TABLES}) AS tables)"""

INDEXES = f"""
SELECT indrelid, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid IN (SELECT oid FROM ({TABLES}) AS tables)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))"""


def shape_of_postgres(fetch: Fetch) -> Shape:
    """Return the shape of all tables in the current schema, by four queries whatever their number."""
    columns = _grouped(fetch(COLUMNS))
    indexes = _grouped((table, _without_name(index)) for table, index in fetch(INDEXES))
    kinds: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for table, kind, definition in fetch(CONSTRAINTS):
        kinds[kind].append((table, definition))
    keys, checks = _grouped(kinds["f"]), _grouped(kinds["c"])
    uniques = _grouped(kinds["p"] + kinds["u"] + kinds["x"])
    return {
        name: TableShape(columns[oid], foreign_keys=keys[oid], indexes=indexes[oid] | uniques[oid], checks=checks[oid])
        for oid, name in fetch(TABLES)
    }


def _grouped(rows: Iterable[Iterable[object]]) -> dict[int, frozenset[str]]:
    groups: dict[int, set[str]] = defaultdict(set)
    for table, fact in rows:
        groups[int(str(table))].add(str(fact))
    return defaultdict(frozenset, {table: frozenset(facts) for table, facts in groups.items()})


def _without_name(index: str) -> str:
    """Return CREATE INDEX without the name of the index and the schema of the table."""
    return re.sub(r"INDEX (?:\"[^\"]+\"|\S+) ON (?:ONLY )?(?:\S+\.)?", "INDEX ON ", index)
