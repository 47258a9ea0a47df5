"""Databases that are damaged, locked, read-only or of somebody else: one sentence, the right code, nothing changed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from .conftest import Outcome, Shell


def file_of(shell: Shell) -> Path:
    return shell.folder / "mydir/.lamindb/lamin.db"


def sentence_of(said: Outcome, code: int) -> str:
    assert (said.code, said.out) == (code, ""), said
    assert said.err.startswith("lamin: ")
    assert said.err.count("\n") == 1
    return said.err.removeprefix("lamin: ").rstrip("\n")


Damage = Callable[[Path], object]
DAMAGES: dict[str, tuple[Damage, int]] = {
    "deleted": (lambda file: file.unlink(), 3),
    "its folder deleted": (lambda file: shutil.rmtree(file.parent), 3),
    "overwritten": (lambda file: file.write_bytes(b"no database at all" * 300), 1),
    "truncated": (lambda file: os.truncate(file, 5000), 1),
    "emptied": (lambda file: os.truncate(file, 0), 4),
    "of another program": (lambda file: (file.unlink(), closing(sqlite3.connect(file)).thing.execute("CREATE TABLE a (b)")), 4),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database(greeting: Shell, damage: str) -> None:
    file = file_of(greeting)
    for extra in ("-wal", "-shm"):
        file.with_name(file.name + extra).unlink(missing_ok=True)
    damaging, code = DAMAGES[damage]
    damaging(file)
    before = file.read_bytes() if file.exists() else None
    for command in (["list", "artifact"], ["save", "f.txt", "--key", "a.txt"], ["migrate", "deploy"], ["init"]):
        assert "FOLDER/mydir/.lamindb/lamin.db" in sentence_of(greeting(*command), code), command
    assert (file.read_bytes() if file.exists() else None) == before
    assert greeting("info").code == 0


def test_a_locked_database(greeting: Shell) -> None:
    impatient = {"LAMIN_CURRENT_INSTANCE": f"sqlite:///{file_of(greeting)}?timeout=0.2"}
    with closing(sqlite3.connect(file_of(greeting), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert [row["key"] for row in greeting("list", "artifact", **impatient).rows()] == ["k/f.txt"]
        assert "FOLDER/mydir/.lamindb/lamin.db" in sentence_of(greeting("delete", "--key", "k/f.txt", **impatient), 4)
        other.execute("ROLLBACK")
    assert greeting("delete", "--key", "k/f.txt", **impatient).code == 0


FROZEN = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$PWD" && exec "$@"'


@pytest.fixture
def frozen(greeting: Shell) -> Shell:
    """A shell for which the project lies on a file system that cannot be written, not even by root."""
    with closing(sqlite3.connect(file_of(greeting))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    prefix = ("unshare", "--map-root-user", "--mount", "sh", "-c", FROZEN, str(greeting.folder))
    if shutil.which("unshare") is None or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine permits no mounts in a namespace")
    return replace(greeting, prefix=prefix)


def test_a_database_that_may_only_be_read(greeting: Shell, frozen: Shell, elsewhere: Path) -> None:
    (elsewhere / "new.txt").write_text("new")
    assert [row["key"] for row in frozen("list", "artifact").rows()] == ["k/f.txt"]
    assert frozen("get", "--key", "k/f.txt", "--field", "description") == Outcome(0, "a greeting\n", "")
    assert frozen("load", "--key", "k/f.txt").code == 0
    for command in (
        ["delete", "--key", "k/f.txt"],
        ["annotate", "--key", "k/f.txt", "--description", "other"],
        ["save", str(elsewhere / "new.txt"), "--key", "new.txt"],
    ):
        assert "FOLDER" in sentence_of(frozen(*command), 5), command
    assert greeting("get", "--key", "k/f.txt", "--field", "description").out == "a greeting\n"


def test_a_folder_that_may_only_be_read(frozen: Shell) -> None:
    (frozen.folder / "empty").mkdir()
    assert "FOLDER/empty" in sentence_of(frozen("init", folder=frozen.folder / "empty"), 5)
    assert list((frozen.folder / "empty").iterdir()) == []


def test_a_database_of_somebody_else_is_left_alone(lamin: Shell) -> None:
    with closing(sqlite3.connect(lamin.folder / "theirs.db")) as connection:
        connection.execute("CREATE TABLE mine (a)")
    before = (lamin.folder / "theirs.db").read_bytes()
    assert "theirs.db" in sentence_of(lamin("init", "--db", "sqlite:///theirs.db"), 4)
    assert "theirs.db" in sentence_of(lamin("connect", "theirs.db"), 4)
    assert (lamin.folder / "theirs.db").read_bytes() == before
    assert [path.name for path in lamin.folder.iterdir()] == ["theirs.db"]


def test_a_storage_of_another_database(greeting: Shell, elsewhere: Path) -> None:
    file_of(greeting).rename(greeting.folder / "away.db")
    said = greeting("init", "--storage", str(greeting.folder / "mydir"), folder=elsewhere)
    assert "testuser/mydir" in sentence_of(said, 4)
    assert list(elsewhere.iterdir()) == []


def test_a_server_that_does_not_answer_and_its_password(lamin: Shell) -> None:
    url = "postgresql://ada:s3cr3t@127.0.0.1:1/lab"
    for command in (["init", "--db", url], ["connect", url], ["connect", url, "--debug"]):
        said = lamin(*command)
        assert (said.code, said.out) == (1, "")
        assert "s3cr3t" not in said.err
    assert "127.0.0.1:1" in sentence_of(lamin("init", "--db", url), 1)
    assert list(lamin.folder.iterdir()) == []


def test_a_damaged_descriptor(database: Shell) -> None:
    (database.folder / "lamin.toml").write_text("uid = ")
    for command in (["info"], ["list", "artifact"], ["init"], ["settings"]):
        assert "FOLDER/lamin.toml" in sentence_of(database(*command), 1)


def test_interrupted(greeting: Shell) -> None:
    """Ctrl-C while another process holds the lock: no traceback, the code that shells expect."""
    environment = {**os.environ, "HOME": str(greeting.home), "LAMIN_SETTINGS_DIR": str(greeting.home)}
    with closing(sqlite3.connect(file_of(greeting), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        command = [sys.executable, "-X", "importtime", "-m", "lamin_cli", "delete", "--key", "k/f.txt"]
        with subprocess.Popen(
            command, cwd=greeting.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            for line in process.stderr:  # wait until the command has been loaded and is busy
                if "lamindb.records.deleting" in line:
                    break
            process.send_signal(signal.SIGINT)
            rest = process.stderr.read()
        assert process.returncode == 130
    assert [line for line in rest.splitlines() if line and not line.startswith("import time:")] == ["lamin: interrupted"]
    assert greeting("delete", "--key", "k/f.txt").code == 0
