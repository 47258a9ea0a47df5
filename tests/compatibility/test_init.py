"""A new instance, made as a user makes it, is a database that LaminDB 2.12 could have made, with things of ours beside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import lamindb_setup
import pytest
from lamin_codegen.shapes import Fetch, Shape, differences, shape_of_postgres, shape_of_sqlite, without_search
from lamindb_setup.testing import PostgresServer

OURS = {"lamin_instance", "lamin_module", "lamin_revision"}


@pytest.fixture
def fetch(request: pytest.FixtureRequest, dialect: str, project: Path) -> Iterator[Fetch]:
    """Rows of the database of a new instance."""
    if dialect == "sqlite":
        lamindb_setup.init(storage="./mydir")
        yield rows
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.clone() as url:
        lamindb_setup.init(storage="./mydir", db=url)
        yield rows
        lamindb_setup.current().close()


def rows(query: str) -> list[tuple[object, ...]]:
    with lamindb_setup.current().reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_tables_of_a_new_instance(fetch: Fetch, dialect: str, expected: Shape) -> None:
    found = (shape_of_sqlite if dialect == "sqlite" else shape_of_postgres)(fetch)
    assert differences(without_search(found), expected, extra_tables=OURS) == []


def test_lamindb_finds_its_own_migrations(fetch: Fetch, reference: Path) -> None:
    names = json.loads((reference / "migrations.json").read_text())
    assert {tuple(row) for row in fetch("SELECT app, name FROM django_migrations")} == {("lamindb", name) for name in names}
    assert fetch("SELECT count(*) FROM django_migrations WHERE applied IS NULL")[0][0] == 0
