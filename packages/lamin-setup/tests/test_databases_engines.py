"""How files and servers are opened: journal modes, prepared statements, settings of connections."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

import lamindb_setup
import lamindb_setup.testing
from lamindb_setup.databases import sqlite
from lamindb_setup.storage.filesystem import NETWORK_MAGIC
from lamindb_setup.testing import bare_database


def pragma(database: lamindb_setup.Database, name: str) -> object:
    with database.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Call it: from then on the file system of the tests counts as one of the network."""
    told = subprocess.run(["stat", "-f", "-c", "%t", str(tmp_path)], capture_output=True, text=True, check=True).stdout
    return lambda: monkeypatch.setitem(NETWORK_MAGIC, int(told, 16), "planted")


def test_on_a_local_disk(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    database = lamindb_setup.current()
    assert (pragma(database, "journal_mode"), pragma(database, "synchronous")) == ("wal", 1)
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "busy_timeout") == sqlite.BUSY_SECONDS * 1000


def test_on_a_network_file_system(tiny, project: Path, network) -> None:
    network()
    lamindb_setup.init(modules="tiny")
    database = lamindb_setup.current()
    assert (pragma(database, "journal_mode"), pragma(database, "synchronous")) == ("delete", 2)


def test_a_database_that_moved_to_a_network_file_system(tiny, project: Path, network) -> None:
    lamindb_setup.init(modules="tiny")
    lamindb_setup.testing.forget_everything()
    network()
    database = lamindb_setup.current()
    assert (pragma(database, "journal_mode"), pragma(database, "synchronous")) == ("delete", 2)
    assert not sqlite.is_wal(project / "storage/.lamindb/lamin.db")


def test_a_database_that_others_use_stays_in_its_mode_on_a_network(tiny, project: Path, network) -> None:
    lamindb_setup.init(modules="tiny")
    lamindb_setup.testing.forget_everything()
    network()
    with closing(sqlite3.connect(project / "storage/.lamindb/lamin.db")) as other, other:
        other.execute("SELECT count(*) FROM tiny_thing").fetchall()
        database = lamindb_setup.current()
        assert pragma(database, "journal_mode") == "wal"
        assert pragma(database, "busy_timeout") == sqlite.BUSY_SECONDS * 1000
    other.close()


def test_another_journal_mode_is_kept(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    lamindb_setup.testing.forget_everything()
    with closing(sqlite3.connect(project / "storage/.lamindb/lamin.db")) as connection, connection:
        connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.close()
    database = lamindb_setup.current()
    assert pragma(database, "synchronous") == 2
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM tiny_thing")
    lamindb_setup.testing.forget_everything()
    assert not sqlite.is_wal(project / "storage/.lamindb/lamin.db")


def test_paths_with_odd_characters(tiny, tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "a b?c#d%20e'f&mode=memory Ω"
    folder.mkdir()
    uid = lamindb_setup.init(modules="tiny", folder=folder).instance.uid
    lamindb_setup.testing.forget_everything()
    assert lamindb_setup.open_database(folder).instance.uid == uid
    assert sorted(path.name for path in folder.iterdir()) == ["lamin.toml", "storage"]


def test_a_server_keeps_nothing_of_a_session(postgres_server) -> None:
    """What PgBouncer needs in transaction mode: no prepared statements, no settings that outlive a transaction."""
    with postgres_server.clone() as url:
        database = bare_database(url)
        for number in range(20):
            with database.reading() as connection:
                connection.exec_driver_sql("SELECT %s + 1", (number,)).all()
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar() == 0
            changed = connection.exec_driver_sql("SELECT name FROM pg_settings WHERE source = 'session'").scalars().all()
            assert changed == []
            assert connection.exec_driver_sql("SELECT current_setting('client_encoding')").scalar() == "UTF8"
        database.close()


def test_a_server_is_asked_little_when_first_connected(postgres_server) -> None:
    with postgres_server.clone() as url:
        database = bare_database(url)
        with lamindb_setup.testing.QueryLog(database) as log, database.reading() as connection:
            connection.exec_driver_sql("SELECT 1").all()
        assert log.statements[-1] == "SELECT 1"
        assert len(log) <= 4, str(log)
        with lamindb_setup.testing.QueryLog(database).exactly(1), database.reading() as connection:
            connection.exec_driver_sql("SELECT 1").all()
        database.close()


def test_timeouts_of_the_url_are_used(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    database = bare_database(f"sqlite:///{tmp_path}/a.db?timeout=1.5")
    assert pragma(database, "busy_timeout") == 1500
    database.close()


def test_what_is_too_old(tmp_path: Path, postgres_server, monkeypatch: pytest.MonkeyPatch) -> None:
    from lamindb_setup.databases import postgres
    from lamindb_setup.errors import UnsupportedServer

    (tmp_path / "a.db").touch()
    monkeypatch.setattr(sqlite, "OLDEST", (99, 0, 0))
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(UnsupportedServer, match="this Python has SQLite"):
        pragma(bare_database(f"sqlite:///{tmp_path}/a.db"), "foreign_keys")
    with pytest.raises(UnsupportedServer, match="and 99 or newer is needed; upgrade the server"):
        pragma(bare_database(postgres_server.url()), "x")


@pytest.fixture
def pgbouncer(postgres_server):
    """A pooler in transaction mode before the server, with two connections for everybody; yields what stands for the host."""
    binary = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if binary is None:
        pytest.skip("needs pgbouncer")
    folder = Path(tempfile.mkdtemp(prefix="pgb-", dir="/tmp"))
    folder.chmod(0o777)
    (folder / "users.txt").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={postgres_server.sockets} user=postgres\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {folder}\n"
        f"listen_port = 6432\nauth_type = any\nauth_file = {folder}/users.txt\npool_mode = transaction\ndefault_pool_size = 2\n"
    )
    user = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    process = subprocess.Popen([binary, folder / "pgbouncer.ini"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
    while not (folder / ".s.PGSQL.6432").exists():
        assert process.poll() is None
        time.sleep(0.02)
    yield f"host={folder}&port=6432"
    process.terminate()
    process.wait()
    shutil.rmtree(folder)


def test_through_pgbouncer(tiny, project: Path, postgres_server, pgbouncer: str) -> None:
    name = postgres_server.create()
    lamindb_setup.init(modules="tiny", db=f"postgresql://postgres@/{name}?{pgbouncer}")
    database = lamindb_setup.current()

    def work() -> None:
        for _ in range(20):
            with database.writing() as transaction:
                database.lock("x")
                transaction.connection.exec_driver_sql("INSERT INTO tiny_thing (uid) SELECT count(*) FROM tiny_thing")
            with database.reading() as connection:
                connection.exec_driver_sql("SELECT %s + 1", (1,)).all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar() == 161
    lamindb_setup.testing.forget_everything()
    postgres_server.drop(name)
