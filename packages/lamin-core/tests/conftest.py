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

from lamindb.records import context

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


def copy_sqlite(template: Path, folder: Path) -> str:
    shutil.copytree(template, folder)
    return str(folder)


def copy_postgres(server: PostgresServer, template: tuple[str, Path], folder: Path) -> str:
    database, project = template
    copied = server.create(database)
    shutil.copytree(project, folder)
    descriptor = folder / "lamin.toml"
    descriptor.write_text(descriptor.read_text().replace(database, copied))
    return str(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes an instance in a folder of the test, and connects to it."""
    made: list[Database] = []

    def make_one(name: str) -> Database:
        if request.param == "sqlite":
            identifier = copy_sqlite(request.getfixturevalue("sqlite_template"), tmp_path / name)
        else:
            server = request.getfixturevalue("postgres_server")
            identifier = copy_postgres(server, request.getfixturevalue("postgres_template"), tmp_path / name)
        lamindb_setup.connect(identifier)
        made.append(lamindb_setup.current())
        return made[-1]

    yield make_one
    connection._default = None
    for database in made:
        context.forget(database)
        database.close()
        if request.param == "postgresql":
            request.getfixturevalue("postgres_server").drop(database.url.database)


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
