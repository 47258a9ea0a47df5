"""Rows and bytes of saved artifacts: what is written, how often the database is asked, what may be edited, who wins a race."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.artifacts.storing import Incoming
from lamindb.errors import (
    ArtifactMissing,
    ArtifactUnreadable,
    FieldValidationError,
    IntegrityError,
    InvalidArgument,
    NoWriteAccess,
)

from .conftest import Write
from .objects import check_consistent, objects
from .processes import Saver


def test_row_and_bytes(database: Database, root: Path, write: Write) -> None:
    source = write()
    artifact = ln.Artifact(source, key="plates/a.csv", description="d", kind="dataset").save()
    assert objects(root) == [f"{artifact.uid}.csv"]
    assert (root / ".lamindb" / f"{artifact.uid}.csv").read_bytes() == source.read_bytes()
    found = ln.Artifact.get(key="plates/a.csv")
    assert found == artifact
    assert (found.size, found._hash_type, found._key_is_virtual, found._overwrite_versions) == (8, "md5", True, False)
    assert (found.n_observations, found.n_files, found._real_key, found.is_latest) == (None, None, None, True)
    assert (found.kind, found.otype, found.suffix) == ("dataset", "DataFrame", ".csv")
    assert found.storage.uid == database.instance.storage.uid
    assert source.exists(), "the file itself stays"
    assert artifact.save() is artifact
    check_consistent(database, root)


def test_large_files_carry_blake3(database: Database, root: Path, write: Write) -> None:
    path = write("", "large.bin")
    with path.open("wb") as file:
        file.truncate(50 * 1024**2 + 1)
    artifact = ln.Artifact(path, key="large.bin").save()
    assert (artifact._hash_type, len(artifact.hash or "")) == ("blake3", 22)
    check_consistent(database, root)


def test_number_of_statements(database: Database, write: Write) -> None:
    ln.Artifact(write("0"), key="before.csv").save()
    lock = 0 if database.dialect == "sqlite" else 1
    with QueryLog(database).exactly(2):
        artifact = ln.Artifact(write("1"), key="a.csv")
    with QueryLog(database).exactly(2 + lock):  # look again, insert
        artifact.save()
    with QueryLog(database).exactly(2):
        artifact = ln.Artifact(write("2"), key="a.csv")
    with QueryLog(database).exactly(4 + lock):  # look again, read the family, demote, insert
        artifact.save()
    with QueryLog(database).exactly(2):
        artifact = ln.Artifact(write("2"), key="a.csv")
    with QueryLog(database).exactly(0):
        artifact.save()
    with QueryLog(database).exactly(2):
        ln.Artifact(write("2"), description="without key")


def test_lookup_uses_indexes(database: Database, write: Write) -> None:
    """A scan of the table would make every constructor slower with every artifact."""
    with QueryLog(database) as log:
        ln.Artifact(write(), key="a.csv")
        ln.Artifact(write(), description="a")
    lookups = [statement for statement in log.statements if "FROM lamindb_artifact" in statement]
    assert len(lookups) == 2
    if database.dialect == "sqlite":
        with database.reading() as connection:
            for statement in lookups:
                values = ("x",) * statement.count("?")
                plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
                assert not [line for line in plan if line.startswith("SCAN lamindb")], plan


def test_an_h5ad_is_not_opened(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(b"not HDF5 at all", "cells.h5ad"), key="cells.h5ad").save()
    assert (artifact.otype, artifact.n_observations) == ("AnnData", None)


def test_an_artifact_can_be_saved_again_after_a_failure(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv")
    (root / ".lamindb").rename(root / "away")
    (root / ".lamindb").write_text("in the way")
    with pytest.raises(Exception, match=r"cannot be written"):
        artifact.save()
    assert artifact.database is None
    (root / ".lamindb").unlink()
    (root / "away").rename(root / ".lamindb")
    artifact.save()
    check_consistent(database, root)


def test_a_rolled_back_transaction_keeps_nothing(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write("1"), key="a.csv")
    uid = artifact.uid

    def save_and_fail() -> None:
        with ln.transaction():
            artifact.save()
            assert (root / ".lamindb" / f"{uid}.csv").exists()
            ln.Artifact(write("2"), key="b.csv").save()
            raise KeyError("a")

    with pytest.raises(KeyError):
        save_and_fail()
    assert objects(root) == []
    assert ln.Artifact.filter().count() == 0
    assert (artifact.database, artifact.uid) == (None, uid)
    write("1")
    artifact.save()
    assert check_consistent(database, root) == [uid]


def test_a_committed_transaction_keeps_all(database: Database, root: Path, write: Write) -> None:
    with ln.transaction():
        one = ln.Artifact(write("1"), key="a.csv").save()
        two = ln.Artifact(write("2"), key="a.csv").save()
        label = ln.ULabel(name="blood").save()
        two.ulabels.add(label)
    assert check_consistent(database, root) == [one.uid, two.uid]
    assert ln.Artifact.filter(ulabels__name="blood").one() == two


def test_many_at_once(database: Database, root: Path, write: Write) -> None:
    artifacts = [ln.Artifact(write(f"{number}", f"{number}.csv"), key=f"{number}.csv") for number in range(5)]
    versions = [ln.Artifact(write(f"v{number}", f"v{number}.csv"), key="same.csv") for number in range(3)]
    ln.save([*artifacts, *versions])
    assert len(check_consistent(database, root)) == 8
    assert len({version.uid[:16] for version in versions}) == 1
    assert ln.Artifact.get(key="same.csv") == versions[2]


def test_many_at_once_fail_at_once(database: Database, root: Path, write: Write) -> None:
    one, two = ln.Artifact(write("1", "1.csv"), key="1.csv"), ln.Artifact(write("2", "2.csv"), key="2.csv")
    two.path.unlink()
    with pytest.raises(ArtifactMissing):
        ln.save([one, two])
    assert check_consistent(database, root) == []
    write("2", "2.csv")
    ln.save([one, two])
    assert len(check_consistent(database, root)) == 2


# -- sources ---------------------------------------------------------------------------------------------------------


def test_source_changed_before_save(database: Database, root: Path, write: Write) -> None:
    path = write("one")
    artifact = ln.Artifact(path, key="a.csv")
    write("two")
    with pytest.raises(ArtifactUnreadable) as caught:
        artifact.save()
    assert str(caught.value) == (
        f"the file {str(path)!r} changed after Artifact(...) had read it; nothing was saved, construct the artifact again"
    )
    assert check_consistent(database, root) == []
    path.unlink()
    with pytest.raises(ArtifactMissing, match="there is no file"):
        artifact.save()
    write("one")
    artifact.save()
    check_consistent(database, root)


def test_source_in_the_storage_changed_before_save(database: Database, root: Path) -> None:
    path = root / "a.csv"
    path.write_text("one")
    artifact = ln.Artifact(path)
    state = path.stat()
    path.write_text("two")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    with pytest.raises(ArtifactUnreadable, match=r"changed after Artifact\(...\) had read it"):
        artifact.save()
    assert ln.Artifact.filter().count() == 0
    path.write_text("one")
    artifact.save()
    check_consistent(database, root)


def test_source_changing_while_it_is_copied(database: Database, root: Path, write: Write) -> None:
    path = write("", "large.bin")
    with path.open("wb") as file:
        file.truncate(300 * 1024**2)
    artifact = ln.Artifact(path, key="large.bin")

    def change() -> None:
        parts = root / ".lamindb" / "incoming"
        while not [part for part in parts.glob("*.part") if part.stat().st_size > 10 * 1024**2]:
            pass
        with path.open("r+b") as file:
            file.seek(299 * 1024**2)
            file.write(b"changed")

    changer = threading.Thread(target=change)
    changer.start()
    with pytest.raises(ArtifactUnreadable, match="nothing was saved"):
        artifact.save()
    changer.join()
    assert check_consistent(database, root) == []


def test_a_database_open_for_reading_only(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv")
    database.read_only = True
    try:
        with pytest.raises(NoWriteAccess, match="reading only"):
            artifact.save()
    finally:
        database.read_only = False
    assert objects(root) == []


# -- edits -----------------------------------------------------------------------------------------------------------


def test_a_key_may_change(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    artifact.key = "plates/b.csv"
    artifact.save()
    assert ln.Artifact.get(key="plates/b.csv") == artifact
    check_consistent(database, root)


def test_a_file_in_the_storage_stays_when_its_key_changes(database: Database, root: Path) -> None:
    path = root / "raw.csv"
    path.write_text("x")
    artifact = ln.Artifact(path).save()
    artifact.key = "clean.csv"
    artifact.save()
    again = ln.Artifact.get(artifact.uid)
    assert (again.key, again._real_key, again._key_is_virtual, again.path) == ("clean.csv", "raw.csv", True, path)


def test_edits_that_are_refused(database: Database, root: Path, write: Write) -> None:
    other = ln.Artifact(write("0"), key="other.csv").save()
    artifact = ln.Artifact(write(), key="a.csv").save()
    refused: list[tuple[str, object, type[Exception], str]] = [
        ("key", None, InvalidArgument, f"the key of artifact {artifact.uid!r} is 'a.csv' and cannot be taken away"),
        ("key", "a.parquet", InvalidArgument, "key 'a.parquet' has suffix '.parquet', but artifact .* has '.csv'"),
        ("key", "../a.csv", InvalidArgument, "has the segment '.' or '..'"),
        ("key", "x" * 1030 + ".csv", FieldValidationError, "key has 1034 characters, at most 1024"),
        ("key", "other.csv", InvalidArgument, f"key 'other.csv' belongs to artifact {other.uid!r}; choose another key"),
        ("suffix", ".tsv", InvalidArgument, "suffix of artifact .* cannot be changed to '.tsv': it says where or what"),
        ("size", 3, InvalidArgument, "size of artifact .* cannot be changed to 3"),
        ("hash", "x" * 22, InvalidArgument, "hash of artifact .* cannot be changed"),
    ]
    for name, value, kind, text in refused:
        kept = getattr(artifact, name)
        setattr(artifact, name, value)
        with pytest.raises(kind, match=text):
            artifact.save()
        with pytest.raises(kind, match=text):
            ln.save([artifact])
        setattr(artifact, name, kept)
    artifact.save()
    check_consistent(database, root)


def test_an_edit_of_an_old_version_leaves_the_heads(database: Database, root: Path, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    second = ln.Artifact(write("2"), key="a.csv").save()
    first.description = "edited while it thinks that it is the latest"
    first.save()
    assert ln.Artifact.get(key="a.csv") == second
    check_consistent(database, root)


def test_deleting_the_head_and_saving_the_next_version(database: Database, root: Path, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    ln.Artifact(write("2"), key="a.csv").save().delete()
    assert ln.Artifact.get(key="a.csv") == first
    third = ln.Artifact(write("3"), key="a.csv").save()
    assert third.uid.endswith("0002"), "the number of the trashed version is not used again"
    check_consistent(database, root)


def test_what_is_in_the_trash_comes_back(database: Database, root: Path, write: Write) -> None:
    saved = ln.Artifact(write(), key="a.csv").save()
    saved.delete()
    again = ln.Artifact(write(), key="a.csv", description="again")
    assert again.uid == saved.uid
    again.save()
    assert (again.branch_id, again.is_latest, again.description) == (1, True, "again")
    assert ln.Artifact.get(key="a.csv") == saved
    check_consistent(database, root)


def test_a_trashed_family_is_not_continued(database: Database, root: Path, write: Write) -> None:
    trashed = ln.Artifact(write("1"), key="a.csv").save()
    trashed.delete()
    new = ln.Artifact(write("2"), key="a.csv").save()
    assert new.uid[:16] != trashed.uid[:16]
    check_consistent(database, root)


def test_lost_bytes_come_back_with_the_same_file(database: Database, root: Path, write: Write) -> None:
    for name in ("a.csv", "r.bam.bai"):
        saved = ln.Artifact(write("x", name), key=name).save()
        saved.path.unlink()
        again = ln.Artifact(write("x", name), key=name).save()
        assert again == saved
        assert again.path.read_text() == "x"
    check_consistent(database, root)


def test_an_upload_of_the_peer_that_never_ended(database: Database, root: Path, write: Write) -> None:
    saved = ln.Artifact(write(), key="a.csv").save()
    saved.path.unlink()
    with database.writing() as transaction:
        transaction.connection.execute(sa.update(ln.Artifact.__table__).values(_aux={"so": 1, "other": 2}))
    again = ln.Artifact(write(), key="a.csv").save()
    assert again.uid == saved.uid
    assert ln.Artifact.get(saved.uid)._aux == {"other": 2}
    check_consistent(database, root)


def test_one_head_for_each_branch(database: Database, root: Path, write: Write) -> None:
    branch = ln.Branch(name="trial").save()
    first = ln.Artifact(write("1"), key="a.csv").save()
    trial = ln.Artifact(write("2"), key="a.csv", branch=branch).save()
    assert trial.uid == first.uid[:16] + "0001"
    assert (trial.branch, trial.created_on_id) == (branch, branch.id)
    assert ln.Artifact.get(first.uid).is_latest
    again = ln.Artifact(write("3"), key="a.csv", branch=branch).save()
    assert not ln.Artifact.get(trial.uid).is_latest
    on_main = ln.Artifact(write("4"), key="a.csv").save()
    assert on_main.uid == first.uid[:16] + "0003"
    assert (ln.Artifact.get(again.uid).is_latest, ln.Artifact.get(first.uid).is_latest) == (True, False)
    assert ln.Artifact.get(key="a.csv") == on_main
    moved = ln.Artifact(write("2"), key="a.csv")
    assert moved.branch == branch, "what exists on another branch stays there"
    check_consistent(database, root)


# -- races -----------------------------------------------------------------------------------------------------------


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run works in threads that begin at the same moment; returns what they raised."""
    barrier, failures = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_same_bytes_at_once_are_one_row(database: Database, root: Path, write: Write) -> None:
    for key in ("a.csv", None):
        artifacts = [ln.Artifact(write(f"{key}"), key=key, description=f"{number}") for number in range(4)]
        assert at_once(*(artifact.save for artifact in artifacts)) == []
        assert len({artifact.uid for artifact in artifacts}) == 1
        assert len({artifact.id for artifact in artifacts}) == 1
    assert len(check_consistent(database, root)) == 2


def test_other_bytes_at_once_are_versions_of_one_family(database: Database, root: Path, write: Write) -> None:
    artifacts = [ln.Artifact(write(f"{number}", f"{number}.csv"), key="a.csv") for number in range(4)]
    assert at_once(*(artifact.save for artifact in artifacts)) == []
    uids = check_consistent(database, root)
    assert [uid[16:] for uid in uids] == ["0000", "0001", "0002", "0003"]
    assert len({uid[:16] for uid in uids}) == 1
    assert ln.Artifact.get(key="a.csv").uid == uids[3]


def test_the_same_version_cannot_be_revised_twice_at_once(database: Database, root: Path, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    heads = [ln.Artifact.get(first.uid) for _ in range(2)]
    artifacts = [ln.Artifact(write(f"n{k}", f"n{k}.csv"), revises=head) for k, head in enumerate(heads)]
    failures = at_once(*(artifact.save for artifact in artifacts))
    assert [type(failure) for failure in failures] == [IntegrityError]
    assert "was saved in the meantime and is the latest version" in str(failures[0])
    assert len(check_consistent(database, root)) == 2


@pytest.mark.parametrize("same", [True, False])
def test_processes_at_once(database: Database, root: Path, write: Write, same: bool) -> None:
    paths = [write("same" if same else f"{number}", f"{number}.csv") for number in range(3)]
    savers = [Saver(database.instance.folder, path, "a.csv") for path in paths]
    for saver in savers:
        saver.go()
    uids = {saver.result() for saver in savers}
    assert len({uid[:16] for uid in uids}) == 1
    assert len(uids) == (1 if same else 3)
    assert check_consistent(database, root) == sorted(uids)


def test_a_family_that_went_to_the_trash_in_the_meantime(database: Database, root: Path, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    second = ln.Artifact(write("2"), key="a.csv")
    first.delete()
    second.save()
    assert second.uid[:16] != first.uid[:16]
    assert second.uid.endswith("0000")
    check_consistent(database, root)


def test_a_family_that_began_in_the_meantime(database: Database, root: Path, write: Write) -> None:
    late = ln.Artifact(write("1", "1.csv"), key="a.csv")
    first = ln.Artifact(write("2", "2.csv"), key="a.csv").save()
    late.save()
    assert late.uid == first.uid[:16] + "0001"
    check_consistent(database, root)


def test_a_writer_that_died_is_swept_by_the_next(database: Database, root: Path, write: Write) -> None:
    dead = Incoming(root, "z" * 20)
    (root / ".lamindb" / "incoming" / f"{dead.name}.0.part").write_text("half")
    dead._journal.release()
    saved = ln.Artifact(write(), key="a.csv").save()
    assert objects(root) == [f"{saved.uid}.csv"]
