"""Every shipped table can be made anew with rows in it: nothing stored about it changes, and no row does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lamin_codegen import check, load
from lamin_codegen.model import Column, Registry, SchemaModel
from lamin_codegen.render import ddl_sqlite, rebuild
from lamin_codegen.render.identifiers import listed, quoted

SCHEMAS = Path(__file__).parents[3] / "schemas"
ROWS = 3


@pytest.fixture(scope="module")
def core() -> SchemaModel:
    return check(load([SCHEMAS / "base.yaml", SCHEMAS / "core.yaml"]))


def value(column: Column, number: int) -> object:
    """Something that fits the column; the last row has NULL wherever that is possible."""
    if column.primary_key or column.references:
        return number
    if column.nullable and number == ROWS:
        return None
    if column.choices:
        return column.choices[0]
    return {"json": f'{{"row": {number}}}', "datetime": f"2026-01-0{number} 12:00:00.123456", "date": f"2026-01-0{number}"}.get(
        column.type,
        f"value {number}" if column.type in ("string", "text") else number % 2 if column.type == "boolean" else number,
    )


@pytest.fixture
def database(core: SchemaModel, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """All tables with rows 1 to 3, row n of a table referring to row n of others; a fourth row was there and is gone."""
    connection = sqlite3.connect(tmp_path / "rows.db", isolation_level=None)
    for statement in ddl_sqlite.statements(core.registries):
        connection.execute(statement)
    for registry in core.registries:
        names = [column.name for column in registry.columns]
        places = ", ".join("?" for _ in names)
        rows = [[value(column, number) for column in registry.columns] for number in range(1, ROWS + 1)]
        connection.executemany(f"INSERT INTO {quoted(registry.table)} ({listed(names)}) VALUES ({places})", rows)
        connection.execute("UPDATE sqlite_sequence SET seq = 4 WHERE name = ?", [registry.table])
    assert connection.execute(rebuild.FOREIGN_KEY_CHECK).fetchall() == []
    yield connection
    connection.close()


def stored(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()


def rows_of(connection: sqlite3.Connection, registry: Registry) -> list[tuple[Any, ...]]:
    columns = listed(column.name for column in registry.columns)
    return connection.execute(f"SELECT {columns} FROM {quoted(registry.table)} ORDER BY id").fetchall()


def rebuild_all(connection: sqlite3.Connection, registries: tuple[Registry, ...]) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    for registry in registries:
        for statement in rebuild.statements(registry):
            connection.execute(statement)
    assert connection.execute(rebuild.FOREIGN_KEY_CHECK).fetchall() == []
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = ON")


def test_every_table_survives_being_rebuilt(core: SchemaModel, database: sqlite3.Connection) -> None:
    before, rows = stored(database), [rows_of(database, registry) for registry in core.registries]
    rebuild_all(database, core.registries)
    assert stored(database) == before
    assert [rows_of(database, registry) for registry in core.registries] == rows
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_numbers_of_deleted_rows_are_not_used_again(core: SchemaModel, database: sqlite3.Connection) -> None:
    before = database.execute("SELECT name, seq FROM sqlite_sequence ORDER BY 1").fetchall()
    rebuild_all(database, core.registries)
    assert database.execute("SELECT name, seq FROM sqlite_sequence ORDER BY 1").fetchall() == before
    assert {seq for _, seq in before} == {4}


def test_foreign_keys_still_lead_to_the_table(core: SchemaModel, database: sqlite3.Connection) -> None:
    rebuild_all(database, (core.registry("User"),))
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        database.execute("DELETE FROM lamindb_user WHERE id = 1")


def test_a_column_can_be_filled_by_an_expression(core: SchemaModel, database: sqlite3.Connection) -> None:
    user = core.registry("User")
    source = {column.name: quoted(column.name) for column in user.columns} | {"name": "upper(\"handle\") || '!'"}
    for statement in rebuild.statements(user, source):
        database.execute(statement)
    assert database.execute("SELECT name FROM lamindb_user ORDER BY id").fetchall() == [
        ("VALUE 1!",),
        ("VALUE 2!",),
        ("VALUE 3!",),
    ]


def test_a_rebuild_without_rows_keeps_the_counter(core: SchemaModel, database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM lamindb_recorduser")
    rebuild_all(database, (core.registry("RecordUser"),))
    assert database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'lamindb_recorduser'").fetchall() == [(4,)]
