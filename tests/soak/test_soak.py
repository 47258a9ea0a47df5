"""The short form of `./hatchw run soak`."""

import os
from collections.abc import Iterator
from pathlib import Path

import lamindb_setup
import pytest
from lamindb_setup.databases import Database
from lamindb_setup.instances import connection
from lamindb_setup.testing import PostgresServer, postgres_server  # noqa: F401  # a fixture

from .soak import check, clear_up, work

SECONDS = float(os.environ.get("SOAK_SECONDS", "6"))
SEED = int.from_bytes(os.urandom(3), "little")


@pytest.fixture(params=["sqlite", "sqlite without WAL", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, isolation: Path) -> Iterator[Database]:
    folder = tmp_path / "project"
    folder.mkdir()
    url = None
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.url(server.create())
    lamindb_setup.init(storage="./storage", db=url, folder=folder)
    found = lamindb_setup.current()
    if request.param == "sqlite without WAL":  # what a file system in the network needs
        with found.engine.connect() as plain:
            assert plain.exec_driver_sql("PRAGMA journal_mode = DELETE").scalar() == "delete"
        found.close()
        lamindb_setup.connect(str(folder))
        found = lamindb_setup.current()
    yield found
    connection._default = None
    found.close()


def test_what_was_acknowledged_is_there_and_nothing_is_twice(database: Database, tmp_path: Path) -> None:
    root = database.instance.storage.path
    assert root is not None
    print(f"seed {SEED}")  # shown when it fails
    ledger = work(database, tmp_path, SECONDS, seed=SEED)
    clear_up(tmp_path)
    done = check(database, root, ledger)
    print(dict(sorted(done.items())))
    assert done["name"] > 0
    assert done["version"] > 0
