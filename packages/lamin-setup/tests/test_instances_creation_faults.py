"""`init` that dies, races with another one, runs out of disk or may not write."""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import lamindb_setup.testing
from lamindb_setup import errors
from lamindb_setup.storage import marker

ROOT = os.geteuid() == 0
INIT = "import lamindb_setup; print(lamindb_setup.init(modules='tiny', db={db!r}).instance.uid)"


def start(site, code: str, cwd: Path, **keywords) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=site.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **keywords,
    )


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def assert_nothing_or_all(project: Path) -> None:
    """What a killed init left is no database, or a sound and complete one; and the next init ends with an instance."""
    file = project / "storage/.lamindb/lamin.db"
    if file.exists():
        with closing(sqlite3.connect(file)) as connection, connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT count(*) FROM lamin_module JOIN lamin_instance JOIN tiny_thing").fetchone() == (1,)
    lamindb_setup.testing.forget_everything()
    lamindb_setup.init()
    assert marker.read(project / "storage") is not None
    left = {path.relative_to(project).as_posix() for path in project.rglob("*") if not path.name.endswith(("-wal", "-shm"))}
    assert left == {"lamin.toml", "storage", "storage/.lamindb", "storage/.lamindb/lamin.db", "storage/.lamindb/storage_uid.txt"}


@pytest.mark.parametrize("attempt", range(8))
def test_kill_at_any_moment_leaves_nothing_or_all(tiny, project: Path, attempt: int) -> None:
    process = start(tiny, INIT.format(db=None), project)
    time.sleep(0.05 + attempt * 0.04 + random.random() * 0.04)
    kill(process)
    if not (project / "storage/.lamindb/lamin.db").exists():
        lamindb_setup.init(modules="tiny")
    assert_nothing_or_all(project)


SLEEPY_SEED = """
import pathlib, time
mark = "?" if connection.dialect.name == "sqlite" else "%s"
connection.exec_driver_sql(f"INSERT INTO tiny_thing (uid) VALUES ({mark})", (context.profile.uid,))
if pathlib.Path("sleep").exists():
    print("sleeping", flush=True)
    time.sleep(60)
"""


def test_kill_while_the_first_rows_are_inserted_leaves_nothing(site, project: Path, place: str | None) -> None:
    site.add(seed=SLEEPY_SEED)
    (project / "sleep").touch()
    process = start(site, INIT.format(db=place), project)
    assert process.stdout.readline() == "sleeping\n"
    kill(process)
    (project / "sleep").unlink()
    assert not (project / "lamin.toml").exists()
    outcome = lamindb_setup.init(modules="tiny", db=place)
    assert outcome.action == "created"
    with lamindb_setup.current().reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar() == 1


@pytest.mark.parametrize("appears", ["storage/.lamindb/lamin.db", "storage/.lamindb/storage_uid.txt", "lamin.toml"])
def test_kill_as_soon_as_a_file_appears_is_completed(tiny, project: Path, appears: str) -> None:
    process = start(tiny, INIT.format(db=None), project)
    while not (project / appears).exists():
        assert process.poll() is None
    kill(process)
    assert_nothing_or_all(project)


def test_kill_after_the_commit_on_a_server_is_completed(tiny, project: Path, postgres_server) -> None:
    with postgres_server.clone() as url:
        process = start(tiny, INIT.format(db=url), project)
        name = url.partition("@/")[2].partition("?")[0]
        while not postgres_server.execute("SELECT 1 FROM pg_tables WHERE tablename = 'lamin_instance'", name):
            assert process.poll() is None
        kill(process)
        outcome = lamindb_setup.init(modules="tiny", db=url)
        assert outcome.action == "connected"
        assert marker.read(project / "storage").instance_uid == outcome.instance.uid
        assert (project / "lamin.toml").is_file()
        lamindb_setup.testing.forget_everything()


@pytest.mark.parametrize("attempt", range(3))
def test_processes_at_once_make_one_instance(tiny, project: Path, place: str | None, attempt: int) -> None:
    code = f"import sys; sys.stdin.readline(); {INIT.format(db=place)}"
    processes = [start(tiny, code, project, stdin=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in results] == [""] * 3
    assert len({out for out, _ in results}) == 1
    lamindb_setup.init()
    with lamindb_setup.current().reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lamin_instance").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar() == 1


# ---- disk and permissions ---------------------------------------------------------------------------------------------------
@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 256 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("mounting needs root")
    yield folder
    lamindb_setup.testing.forget_everything()
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Take all space with a file named `filler`."""
    descriptor = os.open(folder / "filler", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(descriptor, bytes(4096))
    os.close(descriptor)


def test_a_full_disk_leaves_nothing(site, project: Path, small_disk: Path) -> None:
    site.add(seed="connection.exec_driver_sql(\"INSERT INTO tiny_thing (uid) VALUES (printf('%.*c', 400000, 'x'))\")")
    with pytest.raises(errors.DiskFull, match="no space is left"):
        lamindb_setup.init(modules="tiny", storage=small_disk / "storage")
    assert list(small_disk.iterdir()) == []
    assert list(project.iterdir()) == []
    site.add()
    lamindb_setup.init(modules="tiny", storage=small_disk / "storage")


def test_a_disk_that_fills_after_the_database_is_completed_later(site, project: Path, small_disk: Path) -> None:
    """Database written, marker not."""
    site.add()
    lamindb_setup.init(modules="tiny", storage=small_disk / "storage")
    file = small_disk / "storage/.lamindb/storage_uid.txt"
    file.unlink()
    lamindb_setup.testing.forget_everything()
    fill(small_disk)
    with pytest.raises(errors.DiskFull):
        lamindb_setup.init()
    (small_disk / "filler").unlink()
    lamindb_setup.testing.forget_everything()
    assert lamindb_setup.init().action == "connected"
    assert file.is_file()


# Root may write everything; without these two capabilities it may do what its user may do.
PLAIN = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"] if ROOT else []


def run_plainly(site, code: str, cwd: Path) -> subprocess.CompletedProcess:
    """Run code as somebody who is held by permissions."""
    if ROOT and shutil.which("setpriv") is None:
        pytest.skip("root can only give up its privileges with setpriv")
    command = [*PLAIN, sys.executable, "-c", code]
    return subprocess.run(command, cwd=cwd, env=site.environment(), capture_output=True, text=True, check=False)


@pytest.fixture
def frozen(project: Path):
    """Call it to take the right to write in the project away, until the end of the test."""

    def freeze() -> None:
        lamindb_setup.testing.forget_everything()
        for path in (project, *project.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)

    yield freeze
    for path in (project, *project.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


REFUSED = """
import lamindb_setup
try:
    lamindb_setup.init(modules='tiny'{more})
except lamindb_setup.errors.LaminError as error:
    print(type(error).__name__, isinstance(error, PermissionError), error)
"""


def test_a_folder_that_cannot_be_written_is_refused(tiny, project: Path, frozen) -> None:
    frozen()
    result = run_plainly(tiny, REFUSED.format(more=""), project)
    assert result.stdout.startswith("StorageNotWritable True"), result.stderr
    assert "does not permit writing; choose another" in result.stdout
    assert list(project.iterdir()) == []


def test_a_file_in_place_of_the_storage_is_refused(tiny, project: Path) -> None:
    (project / "storage").write_text("mine")
    with pytest.raises(errors.StorageNotWritable, match="is no folder"):
        lamindb_setup.init(modules="tiny")
    assert (project / "storage").read_text() == "mine"
    assert [path.name for path in project.iterdir()] == ["storage"]


READ = """
import lamindb_setup, sys
database = lamindb_setup.open_database(".")
for line in sys.stdin:
    with database.reading() as connection:
        print(database.read_only, connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar(), flush=True)
try:
    with database.writing(): pass
except PermissionError as error:
    print(type(error).__name__, error)
"""


def test_a_read_only_project_opens_for_reading_and_sees_what_others_write(tiny, project: Path, frozen) -> None:
    lamindb_setup.init(modules="tiny")
    frozen()
    reader = subprocess.Popen(
        [*PLAIN, sys.executable, "-c", READ],
        cwd=project,
        env=tiny.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask() -> str:
        reader.stdin.write("\n")
        reader.stdin.flush()
        return reader.stdout.readline()

    assert ask() == "True 1\n"
    for path in project.rglob("*"):  # the owner goes on writing; here that is us
        path.chmod(path.stat().st_mode | 0o200)
    database = lamindb_setup.open_database(str(project))
    for number in range(2, 5):
        with database.writing() as transaction:
            transaction.connection.exec_driver_sql("INSERT INTO tiny_thing (uid) VALUES (?)", (str(number),))
        assert ask() == f"True {number}\n"
    lamindb_setup.testing.forget_everything()
    assert ask() == "True 4\n"
    rest, _ = reader.communicate()
    assert rest.startswith("DatabaseReadOnly 'testuser/project' cannot be written: the file")
    assert "does not permit it" in rest


def test_init_in_a_read_only_project_connects(tiny, project: Path, frozen) -> None:
    lamindb_setup.init(modules="tiny")
    frozen()
    result = run_plainly(tiny, "import lamindb_setup; print(lamindb_setup.init())", project)
    assert result.stdout.startswith(f"connected testuser/project in {project}; the file "), result.stderr
    assert "does not permit it" in result.stdout


def test_a_server_is_not_filled_for_a_folder_that_cannot_be_written(tiny, project: Path, frozen, postgres_server) -> None:
    with postgres_server.clone() as url:
        frozen()
        result = run_plainly(tiny, REFUSED.format(more=f", db={url!r}"), project)
        assert result.stdout.startswith("StorageNotWritable True"), result.stderr
        name = url.partition("@/")[2].partition("?")[0]
        assert postgres_server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == [(0,)]
