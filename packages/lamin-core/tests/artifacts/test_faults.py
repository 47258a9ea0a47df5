"""Death, full disks and lost connections while an artifact is saved or deleted: rows and bytes stay in agreement.

After each fault the storage may hold what a dead writer left; the next write of anybody must clear it up.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import lamindb_setup
import pytest
import sqlalchemy as sa
from lamindb_setup.databases import Database
from lamindb_setup.testing import PostgresServer

import lamindb as ln
from lamindb.artifacts.storing import Outgoing
from lamindb.errors import DatabaseLocked, DiskFull, StorageNotWritable

from .conftest import Write
from .objects import check_consistent, objects
from .processes import HOLD, Saver

MB = 1024**2


def big(path: Path, megabytes: int = 300) -> Path:
    with path.open("wb") as file:
        file.truncate(megabytes * MB)
        file.write(b"not only zeros")
    return path


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.001)


def check_cleared_up(database: Database, root: Path, write: Write, expected: set[str]) -> None:
    """Save one more artifact, which has to clear up behind the dead, and compare."""
    after = ln.Artifact(write("after the fault", "after.csv"), key="after.csv").save()
    assert set(check_consistent(database, root)) == {*expected, after.uid}


def uids_of(key: str) -> set[str]:
    return set(ln.Artifact.filter(key=key).to_list("uid"))


# -- death -----------------------------------------------------------------------------------------------------------


def test_killed_while_copying(database: Database, root: Path, write: Write) -> None:
    saver = Saver(database.instance.folder, big(write("", "big.bin")), "big.bin")
    saver.go()
    incoming = root / ".lamindb" / "incoming"
    wait_for(lambda: [part for part in incoming.glob("*.part") if part.stat().st_size], "copying has not begun")
    assert saver.kill() == ""
    assert len(objects(root)) == 2
    assert uids_of("big.bin") == set()
    check_cleared_up(database, root, write, set())


@contextmanager
def writers_held_up(database: Database) -> Iterator[None]:
    """Keep everybody else from writing to the table of artifacts, without keeping them from reading."""
    with database.writing() as transaction:
        if database.dialect == "postgresql":
            transaction.connection.exec_driver_sql("LOCK TABLE lamindb_artifact IN SHARE MODE")
        yield


def test_killed_between_copying_and_insert(database: Database, root: Path, write: Write) -> None:
    saver = Saver(database.instance.folder, write(), "a.csv")
    with writers_held_up(database):
        saver.go()
        wait_for(lambda: [name for name in objects(root) if name.endswith(".part")], "nothing was copied")
        time.sleep(0.3)  # it waits for the database now
        assert saver.kill() == ""
    assert objects(root) != []
    check_cleared_up(database, root, write, set())


def test_killed_between_rename_and_commit(database: Database, root: Path, write: Write) -> None:
    saver = Saver(database.instance.folder, write(), "a.csv", HOLD)
    saver.go()
    assert saver.line() == "held"
    assert saver.kill() == ""
    name = next((root / ".lamindb").glob("*.csv")).name
    journal = next((root / ".lamindb" / "incoming").iterdir())
    assert (len(objects(root)), journal.read_text()) == (2, f"{name}\n"), "the object and its journal"
    wait_for_the_server(database)
    assert uids_of("a.csv") == set()
    check_cleared_up(database, root, write, set())


SLOW_COMMIT = """
CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON lamindb_artifact DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait_at_commit();
"""


@contextmanager
def commits_held_up(database: Database) -> Iterator[None]:
    """Keep everybody from committing a new artifact: a deferred trigger waits for a lock that we hold."""
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(SLOW_COMMIT)
    try:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_lock(4711)")
            try:
                yield
            finally:
                connection.exec_driver_sql("SELECT pg_advisory_unlock(4711)")
    finally:
        wait_for_the_server(database)
        with database.writing() as transaction:
            transaction.connection.exec_driver_sql("DROP FUNCTION wait_at_commit() CASCADE")


def wait_for_the_server(database: Database) -> None:
    """Wait until a Postgres server is through with what dead clients asked for."""
    if database.dialect == "postgresql":
        wait_for(lambda: _backends_at_work(database) == 0, "the server did not end the transactions of the dead")


def _backends_at_work(database: Database) -> int:
    query = """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
    with database.reading() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


def test_a_sweeper_waits_for_a_commit_that_is_on_its_way(database: Database, root: Path, write: Write) -> None:
    """The client is dead, its journal is free, and the server is still busy with its COMMIT: the object must not go."""
    if database.dialect == "sqlite":
        pytest.skip("a SQLite transaction dies with its process")
    saver = Saver(database.instance.folder, write(), "a.csv")
    later = Saver(database.instance.folder, write("b", "b.csv"), "b.csv")
    home = root / ".lamindb"
    with commits_held_up(database):
        saver.go()
        wait_for(lambda: list(home.glob("*.csv")), "the bytes got no name")
        time.sleep(0.3)  # it waits in COMMIT now
        assert saver.kill() == ""
        later.go()
        time.sleep(0.5)
        assert list(home.glob("*.csv")) != [], "not swept while nobody knows"
    assert later.result() in uids_of("b.csv")
    assert len(uids_of("a.csv")) == 1, "the server did what the dead client asked for"
    check_cleared_up(database, root, write, uids_of("a.csv") | uids_of("b.csv"))


def test_killed_at_random(database: Database, root: Path, write: Write) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    moments = random.Random(seed)
    reported: set[str] = set()
    for number in range(8):
        path = write("", f"{number}.bin")
        with path.open("wb") as file:
            file.truncate(20 * MB)
            file.write(str(number).encode())
        saver = Saver(database.instance.folder, path, "same.bin")
        saver.go()
        time.sleep(moments.uniform(0, 0.15))
        if uid := saver.kill():
            reported.add(uid)
    wait_for_the_server(database)
    saved = uids_of("same.bin")
    assert reported <= saved, "what was reported as saved is there"
    check_cleared_up(database, root, write, saved)


def test_killed_between_commit_and_removal_of_the_bytes(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    with database.writing() as transaction:
        transaction.connection.execute(sa.delete(ln.Artifact.__table__))
        outgoing = Outgoing(root, f"{artifact.uid}.csv")
    outgoing.stay()  # what the death of the process does to the journal
    assert len(objects(root)) == 2
    check_cleared_up(database, root, write, set())


# -- full disks and missing places -----------------------------------------------------------------------------------


def test_disk_full_while_copying(database: Database, root: Path, write: Write, small_disk: Path) -> None:
    home = root / ".lamindb"
    (home / "incoming").symlink_to(small_disk, target_is_directory=True)
    path = write(random.randbytes(2 * MB), "big.bin")
    artifact = ln.Artifact(path, key="big.bin")
    with pytest.raises(DiskFull, match=r"no room to write .*big.*: No space left on device|no room to write"):
        artifact.save()
    assert list(small_disk.iterdir()) == []
    assert uids_of("big.bin") == set()
    (home / "incoming").unlink()
    artifact.save()
    check_consistent(database, root)


def test_storage_that_cannot_be_renamed_into(database: Database, root: Path, write: Write, small_disk: Path) -> None:
    """The last step fails when the row is written already: `incoming` lies on another disk."""
    (root / ".lamindb" / "incoming").symlink_to(small_disk, target_is_directory=True)
    artifact = ln.Artifact(write(), key="a.csv")
    with pytest.raises(StorageNotWritable, match="Invalid cross-device link"):
        artifact.save()
    assert (uids_of("a.csv"), list(small_disk.iterdir()), artifact.database) == (set(), [], None)
    (root / ".lamindb" / "incoming").unlink()
    artifact.save()
    check_consistent(database, root)


def test_storage_gone(database: Database, root: Path, write: Write) -> None:
    if database.dialect == "sqlite":
        pytest.skip("the database lies in the storage")
    artifact = ln.Artifact(write(), key="a.csv")
    root.rename(root.with_name("away"))
    with pytest.raises(StorageNotWritable, match=r"cannot be written: No such file or directory; is the storage there\?"):
        artifact.save()
    assert not root.exists()
    assert uids_of("a.csv") == set()
    root.with_name("away").rename(root)
    artifact.save()
    check_consistent(database, root)


# -- the database ----------------------------------------------------------------------------------------------------


REFUSE = {
    "sqlite": ["CREATE TRIGGER refuse BEFORE INSERT ON lamindb_artifact BEGIN SELECT RAISE(ABORT, 'refused'); END"],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON lamindb_artifact FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
}
ALLOW = {"sqlite": "DROP TRIGGER refuse", "postgresql": "DROP FUNCTION refuse() CASCADE"}


def test_insert_refused(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv")
    with database.writing() as transaction:
        for statement in REFUSE[database.dialect]:
            transaction.connection.exec_driver_sql(statement)
    try:
        with pytest.raises(ln.errors.DatabaseError, match="refused"):
            artifact.save()
        assert (uids_of("a.csv"), objects(root), artifact.database) == (set(), [], None)
    finally:
        with database.writing() as transaction:
            transaction.connection.exec_driver_sql(ALLOW[database.dialect])
    artifact.save()
    check_consistent(database, root)


def test_commit_refused(database: Database, root: Path, write: Write) -> None:
    """The row is written and the bytes have their name when the database changes its mind."""
    artifact = ln.Artifact(write(), key="a.csv")
    artifact.__dict__["schema_id"] = 4711  # a deferred foreign key is looked at in COMMIT
    with pytest.raises(ln.errors.ForeignKeyViolation):
        artifact.save()
    assert (uids_of("a.csv"), objects(root), artifact.database) == (set(), [], None)
    artifact.__dict__["schema_id"] = None
    artifact.save()
    check_consistent(database, root)


def test_connection_lost_in_commit(database: Database, root: Path, write: Write, postgres_server: PostgresServer) -> None:
    """Nobody can tell the client whether the transaction was committed; the row decides about the bytes."""
    if database.dialect == "sqlite":
        pytest.skip("there is no connection to lose")
    name = database.url.database
    artifact = ln.Artifact(write(), key="a.csv")
    home = root / ".lamindb"

    def cut() -> None:
        wait_for(lambda: list(home.glob("*.csv")), "the bytes got no name")
        time.sleep(0.3)
        postgres_server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
        )

    cutter = threading.Thread(target=cut)
    with commits_held_up(database):
        cutter.start()
        with pytest.raises(ln.errors.DatabaseError):
            artifact.save()
        cutter.join()
    check_cleared_up(database, root, write, uids_of("a.csv"))


def test_database_locked_by_another_process(database: Database, root: Path, write: Write) -> None:
    if database.dialect == "postgresql":
        pytest.skip("waits without limit")
    artifact = ln.Artifact(write(), key="a.csv")
    other = lamindb_setup.databases.Database(database.instance, database.url, contents=database.contents)
    with database.engine.connect() as connection:
        timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    try:
        with other.writing(), pytest.raises(DatabaseLocked):
            artifact.save()
    finally:
        with database.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {timeout}")
        other.close()
    assert (uids_of("a.csv"), objects(root)) == (set(), [])
    artifact.save()
    check_consistent(database, root)
