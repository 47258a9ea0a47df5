"""Giving an artifact other bytes: rules, races, and death at every step."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, IntegrityError, InvalidArgument, StaleRecord, UnsavedRecord

from .conftest import Write
from .objects import check_consistent, objects
from .test_faults import ALLOW, REFUSE, wait_for_the_server

NEW = "a,b\n5,6\n7,8\n"


def test_the_same_uid_has_the_new_bytes(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv", description="mine", kind="model").save()
    uid, former = artifact.uid, artifact.path
    assert artifact.replace(write(NEW, "new.csv")) is artifact
    assert artifact.load().shape == (1, 2), "nothing happens before it is saved"
    assert artifact.save() is artifact
    stored = ln.Artifact.get(uid)
    assert stored.load().shape == (2, 2)
    assert (stored.key, stored.description, stored.kind, stored.size) == ("a.csv", "mine", "model", 12)
    assert not former.exists()
    assert check_consistent(database, root) == [uid]
    assert stored.path.suffix == ".csv"


def test_again_and_again(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), description="no key").save()
    for number in range(3):
        artifact.replace(write(f"a\n{number}", "new.csv")).save()
    assert artifact.load()["a"].tolist() == [2]
    artifact.delete(permanent=True)
    assert check_consistent(database, root) == []


def test_what_versions_and_readers_see(database: Database, root: Path, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    second = ln.Artifact(write("2"), key="a.csv").save()
    first.replace(write("3", "new.csv")).save()
    stored = ln.Artifact.get(first.uid)
    assert (stored.is_latest, stored.path.read_text(), second.path.read_text()) == (False, "3", "2")
    assert ln.Artifact(write("4"), key="a.csv").save().uid.endswith("0002")
    assert len(check_consistent(database, root)) == 3


def test_who_loaded_it_before_is_told(database: Database, root: Path, write: Write) -> None:
    ln.Artifact(write("1"), key="a.csv").save()
    before = ln.Artifact.get(key="a.csv")
    ln.Artifact.get(key="a.csv").replace(write("2", "new.csv")).save()
    for read in (before.load, before.open, before.cache):
        with pytest.raises(StaleRecord) as caught:
            read()
        assert str(caught.value) == (
            f"the bytes of artifact {before.uid!r} were replaced by others since it was loaded; get it again with "
            f"Artifact.get({before.uid!r})"
        )
    again = ln.Artifact.get(before.uid)
    again.delete(permanent=True)
    with pytest.raises(StaleRecord, match=r"were deleted since it was loaded"):
        before.load()


def test_data_in_memory_and_what_is_counted(database: Database, root: Path, tmp_path: Path) -> None:
    artifact = ln.Artifact.from_dataframe(pd.DataFrame({"a": [1, 2, 3]}), key="a.parquet").save()
    assert artifact.n_observations == 3
    artifact.replace(pd.DataFrame({"a": [1, 2]})).save()
    assert (artifact.n_observations, artifact.otype, artifact.kind) == (2, "DataFrame", "dataset")
    pd.DataFrame({"a": [7]}).to_parquet(tmp_path / "one.parquet")
    artifact.replace(tmp_path / "one.parquet").save()
    assert ln.Artifact.get(artifact.uid).n_observations == 1
    assert ln.Artifact.get(artifact.uid).load()["a"].tolist() == [7]
    check_consistent(database, root)


def test_a_folder(database: Database, root: Path, write: Write) -> None:
    for name in ("one/x.txt", "one/y.txt", "two/x.txt"):
        write(name, name)
    desk = write("z", "z.txt").parent
    artifact = ln.Artifact(desk / "one", key="both").save()
    former = artifact.path
    artifact.replace(desk / "two").save()
    assert artifact.n_files == 1
    assert [path.name for path in artifact.path.iterdir()] == ["x.txt"]
    assert not former.exists()
    with pytest.raises(InvalidArgument, match=r"'.*z\.txt' is a file, but artifact '.*' is a folder; make a new version"):
        artifact.replace(desk / "z.txt")


def test_equal_bytes_change_nothing(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    before = artifact.path
    artifact.replace(write()).save()
    assert artifact.path == before
    assert check_consistent(database, root) == [artifact.uid]


def test_many_at_once(database: Database, root: Path, write: Write) -> None:
    artifacts = [ln.Artifact(write(f"{number}", f"{number}.csv"), key=f"{number}.csv").save() for number in range(3)]
    for number, artifact in enumerate(artifacts):
        artifact.replace(write(f"new {number}", f"{number}.csv"))
    ln.save(artifacts)
    assert [artifact.path.read_text() for artifact in artifacts] == ["new 0", "new 1", "new 2"]
    assert len(check_consistent(database, root)) == 3


def test_content_of_another_version(database: Database, root: Path, write: Write) -> None:
    first, second = (ln.Artifact(write(f"{number}"), key="a.csv").save() for number in range(2))
    second.replace(write("0", "new.csv"))
    with pytest.raises(
        InvalidArgument, match=rf"artifact '{first.uid}' has this content already, and key 'a.csv' can have it once"
    ):
        second.save()
    assert ln.Artifact.get(second.uid).path.read_text() == "1"
    check_consistent(database, root)


def test_bad_input(database: Database, root: Path, write: Write, tmp_path: Path) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    for data, error, text in (
        (write("x", "b.txt"), InvalidArgument, "has suffix '.txt', but artifact"),
        (tmp_path / "none.csv", ArtifactMissing, "there is no file"),
        (write().parent, InvalidArgument, "is a folder, but artifact"),
        (artifact.path, InvalidArgument, "lies in storage"),
        ("https://example.org/a.csv", InvalidArgument, "is a URL"),
        (5, ln.errors.FieldValidationError, "not int"),
    ):
        with pytest.raises(error, match=text):
            artifact.replace(data)  # type: ignore[arg-type]
    with pytest.raises(UnsavedRecord, match="is not saved, so there is nothing to replace"):
        ln.Artifact(write("n"), key="n.csv").replace(write())
    (root / "mine.csv").write_text("mine")
    with pytest.raises(InvalidArgument, match="which was in the storage before and is not overwritten"):
        ln.Artifact(root / "mine.csv").save().replace(write())
    assert (root / "mine.csv").read_text() == "mine"
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/a.csv").write_text("theirs")
    ln.Storage(tmp_path / "theirs").save()
    with pytest.raises(IntegrityError, match="which this instance does not manage"):
        ln.Artifact(tmp_path / "theirs/a.csv").save().replace(write())


def test_a_source_that_changes_before_it_is_saved(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    artifact.replace(write(NEW, "new.csv"))
    write("a,b\n9,9\n9,9\n", "new.csv")
    with pytest.raises(ArtifactUnreadable, match="changed after"):
        artifact.save()
    assert ln.Artifact.get(artifact.uid).load()["a"].tolist() == [1]
    check_consistent(database, root)


def test_two_at_once(database: Database, root: Path, write: Write) -> None:
    """Nobody's bytes are lost without a word."""
    artifact = ln.Artifact(write(), key="a.csv").save()
    other = ln.Artifact.get(artifact.uid)
    artifact.replace(write("one", "one.csv"))
    other.replace(write("two", "two.csv"))
    artifact.save()
    with pytest.raises(StaleRecord, match=r"were replaced since it was loaded; get it again"):
        other.save()
    assert ln.Artifact.get(artifact.uid).path.read_text() == "one"
    check_consistent(database, root)


REPLACE = """
import os, signal, sys
import lamindb_setup
lamindb_setup.connect(sys.argv[1])
import lamindb as ln
from lamindb.artifacts import deleting, storing

def die_after(owner, name):
    real = getattr(owner, name)
    def wrapped(*arguments, **named):
        found = real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return found
    setattr(owner, name, wrapped)

def die_before(owner, name):
    setattr(owner, name, lambda *arguments, **named: os.kill(os.getpid(), signal.SIGKILL))

artifact = ln.Artifact.get(sys.argv[3])
artifact.replace(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
{death}
print(artifact.save().path.read_text(), flush=True)
"""
RACE = REPLACE.format(death="")


def process(database: Database, script: str, path: Path, uid: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", script, str(database.instance.folder), str(path), uid]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=os.environ)
    assert started.stdout is not None
    if started.stdout.readline() != "ready\n":
        raise AssertionError(started.communicate()[1])
    return started


def test_two_processes_at_once(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    racers = [process(database, RACE, write(f"{number}", f"{number}.csv"), artifact.uid) for number in range(2)]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate() for racer in racers]
    won = [number for number, racer in enumerate(racers) if racer.returncode == 0]
    assert len(won) == 1, said
    assert "StaleRecord" in said[1 - won[0]][1]
    assert ln.Artifact.get(artifact.uid).path.read_text() == str(won[0])
    ln.Artifact(write("after"), key="after.csv").save()
    check_consistent(database, root)


DEATHS = {
    "the bytes are copied": ('die_after(storing.Incoming, "fill")', "old"),
    "the bytes have their name": ('die_after(storing.Incoming, "publish")', "old"),
    "the former bytes are marked": ('die_after(deleting, "remove_after_commit")', "old"),
    "before the former bytes go": ('die_before(storing.Outgoing, "go")', "new"),
    "before the journal goes": ('die_before(storing.Incoming, "keep")', "new"),
    "the former bytes are gone": ('die_after(storing.Outgoing, "go")', "new"),
}


@pytest.mark.parametrize("step", DEATHS)
def test_killed_when(database: Database, root: Path, write: Write, step: str) -> None:
    """The next look gives the old or the new bytes, never others, and the row agrees; the next write clears up."""
    artifact = ln.Artifact(write("old"), key="a.csv").save()
    death, expected = DEATHS[step]
    killed = process(database, REPLACE.format(death=death), write("new", "new.csv"), artifact.uid)
    said = killed.communicate("go\n")
    assert killed.returncode == -signal.SIGKILL, said
    wait_for_the_server(database)
    stored = ln.Artifact.get(artifact.uid)
    assert stored.path.read_text() == expected
    assert stored.size == 3
    after = ln.Artifact(write("after"), key="after.csv").save()
    assert set(check_consistent(database, root)) == {artifact.uid, after.uid}
    assert stored.replace(write("another", "new.csv")).save().path.read_text() == "another"
    check_consistent(database, root)


def test_rolled_back(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write("old"), key="a.csv").save()
    artifact.replace(write("new", "new.csv"))
    with suppress(ZeroDivisionError), ln.transaction():
        artifact.save()
        raise ZeroDivisionError
    assert artifact.path.read_text() == "old"
    assert [name for name in objects(root) if not name.startswith("incoming/")] == [artifact.path.name]
    artifact.save()
    assert artifact.path.read_text() == "new"
    check_consistent(database, root)


def test_update_refused(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write("old"), key="a.csv").save()
    artifact.replace(write("new", "new.csv"))
    with database.writing() as transaction:
        for statement in REFUSE[database.dialect]:
            transaction.connection.exec_driver_sql(statement.replace("BEFORE INSERT", "BEFORE UPDATE"))
    with pytest.raises(ln.errors.DatabaseError, match="refused"):
        artifact.save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(ALLOW[database.dialect])
    assert (artifact.path.read_text(), len(objects(root))) == ("old", 1)
    artifact.save()
    check_consistent(database, root)


def test_number_of_statements(database: Database, queries: Any, write: Write) -> None:
    artifact = ln.Artifact(write("old"), key="a.csv").save()
    artifact.replace(write("new", "new.csv"))
    with queries.at_most(6):
        artifact.save()
