"""An instance for every test, on SQLite and on Postgres: a copy of one that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import lamindb_setup
import pytest
from lamindb_setup.databases import Database
from lamindb_setup.instances import connection
from lamindb_setup.testing import PostgresServer, QueryLog, postgres_server  # noqa: F401  # a fixture

from lamindb.records import context, hinting

Make = Callable[[str], Database]


@pytest.fixture(scope="session")
def sqlite_template(isolation: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with an instance on SQLite."""
    folder = tmp_path_factory.mktemp("template") / "project"
    folder.mkdir()
    lamindb_setup.init(storage="./storage", folder=folder)
    lamindb_setup.current().close()
    connection._default = None
    return folder


@pytest.fixture(scope="session")
def postgres_template(
    isolation: Path,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,  # noqa: F811
) -> tuple[str, Path]:
    """A database with an instance on the server, and its project folder."""
    folder = tmp_path_factory.mktemp("template") / "project"
    folder.mkdir()
    name = postgres_server.create()
    lamindb_setup.init(storage="./storage", db=postgres_server.url(name), folder=folder)
    lamindb_setup.current().close()
    connection._default = None
    return name, folder


FIRST_ROWS = ("lamindb_space", "lamindb_user", "lamindb_branch", "lamindb_storage")
RESET = """
DO $$ DECLARE name text; filled boolean; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'lamindb\\_%' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
    IF filled THEN
      EXECUTE format('DELETE FROM %I', name);
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''id''), 1, false)', name);
    END IF;
  END LOOP;
END $$;
""" + "".join(
    f"INSERT INTO {name} SELECT * FROM first_rows.{name};"
    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}));"
    for name in FIRST_ROWS
)
"""Brings a database back to its first rows: takes a tenth of the time of another copy."""


@pytest.fixture(scope="session")
def reused_postgres(postgres_server: PostgresServer, postgres_template: tuple[str, Path]) -> Iterator[str]:  # noqa: F811
    """A database that the tests of this process use one after the other; `RESET` before each."""
    name = postgres_server.create(postgres_template[0])
    copies = "".join(f"CREATE TABLE first_rows.{table} AS TABLE {table};" for table in FIRST_ROWS)
    postgres_server.execute(f"CREATE SCHEMA first_rows; {copies}", name)
    yield name
    postgres_server.drop(name)


def copy_sqlite(template: Path, folder: Path) -> str:
    shutil.copytree(template, folder)
    return str(folder)


def point_to(template: tuple[str, Path], name: str, folder: Path) -> str:
    """Make a project folder for a copy of the template database."""
    database, project = template
    shutil.copytree(project, folder)
    descriptor = folder / "lamin.toml"
    descriptor.write_text(descriptor.read_text().replace(database, name))
    return str(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes an instance in a folder of the test, and connects to it."""
    made: list[Database] = []
    copies: list[str] = []

    def identifier(folder: Path) -> str:
        if request.param == "sqlite":
            return copy_sqlite(request.getfixturevalue("sqlite_template"), folder)
        server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
        if not made:
            name = request.getfixturevalue("reused_postgres")
            server.execute(RESET, name)
        else:
            name = server.create(template[0])
            copies.append(name)
        return point_to(template, name, folder)

    def make_one(name: str) -> Database:
        lamindb_setup.connect(identifier(tmp_path / name))
        made.append(lamindb_setup.current())
        return made[-1]

    yield make_one
    connection._default = None
    for database in made:
        context.forget(database)
        database.close()
    for name in copies:
        request.getfixturevalue("postgres_server").drop(name)


@pytest.fixture
def database(make: Make) -> Database:
    """The current instance of the test."""
    return make("project")


@pytest.fixture
def other_database(database: Database, make: Make) -> Iterator[Database]:
    """A second instance, which is not the current one."""
    other = make("other")
    connection.set_default(database)
    return other


class Queries:
    """Counts the statements that a `with` block sends to a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def exactly(self, number: int) -> QueryLog:
        return QueryLog(self._database).exactly(number)

    def at_most(self, number: int) -> QueryLog:
        return QueryLog(self._database).at_most(number)

    def log(self) -> QueryLog:
        return QueryLog(self._database)


@pytest.fixture
def queries(database: Database) -> Queries:
    """Counts the statements sent to the current instance."""
    return Queries(database)


@pytest.fixture
def unconnected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No instance is connected, and none can be found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(connection, "_default", None)
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def untold() -> None:
    """Hints that are told once per process are told once per test."""
    hinting.forget()
