"""The core as its schema files declare it, and databases to compare."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import psycopg
import pytest
from lamin_codegen import check, load
from lamin_codegen.model import SchemaModel
from lamin_codegen.shapes import Shape, shape_of_postgres, shape_of_sqlite
from lamindb_setup.testing import PostgresServer, postgres_server, project

__all__ = ["postgres_server", "project"]

ROOT = Path(__file__).parents[2]

ShapeOf: TypeAlias = Callable[[str], Shape]
"""The shape of a new database after a script has run in it."""


@pytest.fixture(scope="session")
def schemas() -> Path:
    return ROOT / "schemas"


@pytest.fixture(scope="session")
def reference() -> Path:
    return ROOT / "tests" / "data" / "lamindb_2_12"


@pytest.fixture(scope="session")
def core(schemas: Path) -> SchemaModel:
    return check(load([schemas / "base.yaml", schemas / "core.yaml"]))


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shape_of(request: pytest.FixtureRequest, dialect: str) -> Iterator[ShapeOf]:
    if dialect == "sqlite":
        yield shape_after_sqlite
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")

    def shape_after_postgres(script: str) -> Shape:
        name = server.create()
        try:
            with psycopg.connect(host=server.sockets, user="postgres", dbname=name, autocommit=True) as connection:
                connection.execute(script.encode())
                return shape_of_postgres(lambda query: connection.execute(query.encode()).fetchall())
        finally:
            server.drop(name)

    yield shape_after_postgres


@pytest.fixture
def expected(reference: Path, dialect: str, shape_of: ShapeOf) -> Shape:
    script = (reference / f"{dialect}.sql").read_text()
    # These call functions of LaminDB, which are not recreated.
    return shape_of(re.sub(r",\s*CONSTRAINT \w+_type_is_valid_fk CHECK \(.*\)(?=\n)", "", script))


def shape_after_sqlite(script: str) -> Shape:
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    shape = shape_of_sqlite(lambda query: connection.execute(query).fetchall())
    connection.close()
    return shape
