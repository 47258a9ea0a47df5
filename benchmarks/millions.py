"""A million artifacts, five million links to a million labels, and a hierarchy, made by the database itself.

The same numbers give the same rows on SQLite and Postgres. Indexes are made after the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

LINKS, PROJECTS, TERMS, MORE_EDGES = 5, 100, 30_000, 12_000
TYPE, OFTEN, OFTEN_TOO, SELDOM = 1, 2, 3, 4
"""Ids of labels: a type with a tenth of the others, one on 30 % of the artifacts, one on 25 %, one on a thousand of a million."""
FIRST = 10
"""The first label that is like the others."""

TABLES = (
    "lamindb_artifact",
    "lamindb_ulabel",
    "lamindb_project",
    "lamindb_artifactulabel",
    "lamindb_artifactproject",
    "lamindb_ulabel_parents",
)
Execute = Callable[[str], list[tuple[Any, ...]]]


def fill(execute: Execute, dialect: str, artifacts: int) -> None:
    """Fill a fresh instance.

    Parameters
    ----------
    execute: runs a statement of the bare driver and returns its rows.
    dialect: `sqlite` or `postgresql`.
    artifacts: their number, which is that of labels, too.
    """
    for setting in SETTINGS[dialect]:
        execute(setting)
    indexes = list(_indexes(execute, dialect))
    for name, _ in indexes:
        execute(f'DROP INDEX "{name}"')
    execute("BEGIN")
    for statement in _rows(artifacts):
        execute(statement)
    execute("COMMIT")
    for _, statement in indexes:
        execute(statement)


SETTINGS = {
    "sqlite": (
        "PRAGMA foreign_keys = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA cache_size = -400000",
        "PRAGMA temp_store = MEMORY",
    ),
    "postgresql": ("SET session_replication_role = replica", "SET maintenance_work_mem = '400MB'"),
}


def _indexes(execute: Execute, dialect: str) -> Iterator[tuple[str, str]]:
    """Yield name and statement of the indexes that are not part of a table's definition."""
    names = ", ".join(f"'{table}'" for table in TABLES)
    if dialect == "sqlite":
        query = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
    else:
        query = (
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({names}) "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
    yield from execute(query)


def _rows(artifacts: int) -> Iterator[str]:
    terms, members = min(TERMS, artifacts // 2), artifacts // 10
    yield (
        "INSERT INTO lamindb_artifact (uid, key, storage_id, suffix, kind, size, hash, n_observations, _key_is_virtual, "
        "created_by_id, _overwrite_versions, is_latest, branch_id, created_on_id, space_id, is_locked) "
        f"{_numbers(artifacts)} SELECT {_digits('i', 16)} || '0000', 'study ' || (i / 1000) || '/' || i || '.csv', 1, '.csv', "
        f"'dataset', {_random('i', 7, 1_000_000)}, 'h' || {_digits('i', 21)}, CASE WHEN i % 3 = 0 THEN NULL ELSE i END, true, "
        "1, false, true, 1, 1, 1, false FROM n"
    )
    named = (
        f"CASE i WHEN {TYPE} THEN 'Study' WHEN {OFTEN} THEN 'often' WHEN {OFTEN_TOO} THEN 'often too' WHEN {SELDOM} THEN 'seldom'"
    )
    yield (
        "INSERT INTO lamindb_ulabel (uid, name, type_id, is_type, created_by_id, branch_id, created_on_id, space_id, is_locked) "
        f"{_numbers(artifacts)} SELECT {_digits('i', 8)}, {named} ELSE 'label ' || i END, "
        f"CASE WHEN i > {FIRST} AND i <= {FIRST} + {members} THEN {TYPE} END, i = {TYPE}, 1, 1, 1, 1, false FROM n"
    )
    yield (
        "INSERT INTO lamindb_project (uid, name, _status_code, is_type, created_by_id, branch_id, "
        "created_on_id, space_id, is_locked) "
        f"{_numbers(PROJECTS)} SELECT {_digits('i', 12)}, 'project ' || i, 0, false, 1, 1, 1, 1, false FROM n"
    )
    # Each of the five links of an artifact takes its label from another fifth of them: no artifact has one twice.
    each = (artifacts - FIRST) // LINKS
    yield (
        "INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id) "
        f"{_numbers(artifacts)}, k(j) AS (VALUES (0), (1), (2), (3), (4)) "
        f"SELECT i, CASE WHEN j = 0 AND {_random('i', 1, 100)} < 30 THEN {OFTEN} WHEN j = 1 AND {_random('i', 2, 100)} < 25 "
        f"THEN {OFTEN_TOO} WHEN j = 2 AND {_random('i', 3, 1200)} = 0 THEN {SELDOM} "
        f"ELSE {FIRST} + {LINKS} * {_random(f'(i * {LINKS} + j)', 4, each)} + j END, 1 FROM n, k"
    )
    yield (
        "INSERT INTO lamindb_artifactproject (artifact_id, project_id, created_by_id) "
        f"{_numbers(artifacts)} SELECT i, CASE WHEN {_random('i', 5, 100)} < 40 THEN 1 "
        f"ELSE 2 + {_random('i', 6, PROJECTS - 1)} END, 1 "
        "FROM n WHERE i % 2 = 0 OR i % 5 < 2"
    )
    yield (
        "INSERT INTO lamindb_ulabel_parents (from_ulabel_id, to_ulabel_id) "
        f"{_numbers(terms)} SELECT {FIRST} + i, {FIRST} + {_random('i', 8, '(i - 1)')} FROM n WHERE i > 1"
    )
    yield (
        "INSERT INTO lamindb_ulabel_parents (from_ulabel_id, to_ulabel_id) "
        f"{_numbers(terms)} SELECT {FIRST} + i, {FIRST} + {_random('i', 9, '(i - 1)')} FROM n "
        f"WHERE i > 2 AND i % {terms} < {terms * MORE_EDGES // TERMS} "
        f"AND {_random('i', 9, '(i - 1)')} <> {_random('i', 8, '(i - 1)')}"
    )


def _numbers(last: int) -> str:
    return f"WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < {last})"


def _digits(number: str, count: int) -> str:
    return f"substr('{'0' * count}' || {number}, length({number} || '') + 1)"


def _random(number: str, seed: int, below: int | str) -> str:
    """Return a whole number from 0 that looks random, by multiplication alone, which both dialects do alike."""
    odd = 2_654_435_761 + 2 * seed * 7_919_113
    mixed = f"(({number} + {seed}) * {odd} % 4294967291)"
    return f"(({mixed} % 65521 * 65537 + {mixed} / 65521) % 4294967291 * {below} / 4294967291)"
