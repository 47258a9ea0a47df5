"""What becomes of rows and bytes when artifacts are deleted and restored."""

import shutil
from pathlib import Path

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import (
    FieldValidationError,
    IntegrityError,
    InvalidArgument,
    LockedRecord,
    ProtectedError,
    StorageNotWritable,
)

from .conftest import Write
from .objects import check_consistent, objects


def test_trash_keeps_the_bytes(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    assert artifact.delete() is None
    assert ln.Artifact.filter(key="a.csv").count() == 0
    assert ln.Artifact.get(artifact.uid).load().shape == (1, 2)
    assert artifact.restore() is artifact
    assert ln.Artifact.get(key="a.csv") == artifact
    check_consistent(database, root)


def test_for_good(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    kept = ln.Artifact(write("k"), key="k.csv").save()
    assert artifact.delete(permanent=True) == (1, {"lamindb.Artifact": 1})
    assert objects(root) == [f"{kept.uid}.csv"]
    assert check_consistent(database, root) == [kept.uid]


def test_second_time_is_for_good(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    artifact.delete()
    assert artifact.delete(permanent=False) is None
    assert artifact.delete() == (1, {"lamindb.Artifact": 1})
    assert check_consistent(database, root) == []


def test_bytes_may_be_kept(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    artifact.delete(permanent=True, storage=False)
    assert objects(root) == [f"{artifact.uid}.csv"]


def test_a_version_of_many(database: Database, root: Path, write: Write) -> None:
    first, second, third = (ln.Artifact(write(f"{number}"), key="a.csv").save() for number in range(3))
    third.delete(permanent=True)
    assert ln.Artifact.get(key="a.csv") == second
    first.delete(permanent=True)
    assert check_consistent(database, root) == [second.uid]
    assert ln.Artifact(write("4"), key="a.csv").save().uid.endswith("0002")


def test_unsaved(database: Database, write: Write) -> None:
    assert ln.Artifact(write(), key="a.csv").delete(permanent=True) is None
    with pytest.raises(FieldValidationError, match="storage must be True, False or None, not 'no'"):
        ln.Artifact(write(), key="a.csv").delete(storage="no")  # type: ignore[arg-type]


def test_a_file_that_was_in_the_storage_before(database: Database, root: Path) -> None:
    path = root / "mine.csv"
    path.write_text("x")
    artifact = ln.Artifact(path).save()
    with pytest.raises(InvalidArgument) as caught:
        artifact.delete(permanent=True)
    assert str(caught.value) == (
        f"{str(path)!r} was in the storage before the artifact was made of it; pass storage=True to delete the file, too, "
        "or storage=False to keep it"
    )
    assert ln.Artifact.get(artifact.uid).path.exists()
    artifact.delete(permanent=True, storage=False)
    assert path.exists()
    ln.Artifact(path).save().delete(permanent=True, storage=True)
    assert not path.exists()
    assert ln.Artifact.filter().count() == 0


def test_a_file_that_two_artifacts_share(database: Database, root: Path) -> None:
    path = root / "mine.csv"
    path.write_text("x")
    one, two = ln.Artifact(path).save(), ln.Artifact(path, key="named.csv").save()
    assert one != two
    one.delete(permanent=True, storage=True)
    assert path.exists()
    two.delete(permanent=True, storage=True)
    assert not path.exists()


def _folder(root: Path) -> Path:
    folder = root / "plates"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.csv").write_text("a")
    (folder / "deep" / "b.csv").write_text("b")
    return folder


def test_a_folder_that_was_in_the_storage_before(database: Database, root: Path) -> None:
    folder = _folder(root)
    artifact = ln.Artifact(folder).save()
    with pytest.raises(InvalidArgument, match="pass storage=True to delete the file"):
        artifact.delete(permanent=True)
    artifact.delete(permanent=True, storage=True)
    assert not folder.exists()
    assert ln.Artifact.filter().count() == 0


@pytest.mark.parametrize("change", ["one more", "other content", "other name"])
def test_what_was_never_registered_is_not_deleted(database: Database, root: Path, change: str) -> None:
    folder = _folder(root)
    artifact = ln.Artifact(folder).save()
    if change == "one more":
        (folder / "mine.txt").write_text("precious")
    elif change == "other content":
        (folder / "a.csv").write_text("A")
    else:
        (folder / "a.csv").rename(folder / "c.csv")
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(InvalidArgument) as caught:
        artifact.delete(permanent=True, storage=True)
    assert str(caught.value) == (
        f"the folder {str(folder)!r} has other content than when artifact {artifact.uid!r} was made of it, which would be lost; "
        "pass storage=False to keep it, or make a new version of it with Artifact(path).save()"
    )
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert ln.Artifact.get(artifact.uid) == artifact
    artifact.delete(permanent=True, storage=False)
    assert folder.exists()


def test_a_file_that_changed_is_not_deleted(database: Database, root: Path) -> None:
    path = root / "mine.csv"
    path.write_text("x")
    first = ln.Artifact(path).save()
    path.write_text("y")
    with pytest.raises(InvalidArgument, match="has other content than when artifact"):
        first.delete(permanent=True, storage=True)
    second = ln.Artifact(path).save()
    first.delete(permanent=True, storage=True)
    assert path.read_text() == "y", "the bytes of the next version"
    second.delete(permanent=True, storage=True)
    assert not path.exists()


def test_a_file_that_comes_while_its_folder_is_deleted(database: Database, root: Path) -> None:
    folder = _folder(root)
    artifact = ln.Artifact(folder).save()
    with ln.transaction():
        artifact.delete(permanent=True, storage=True)
        (folder / "deep" / "late.csv").write_text("late")
    assert [path.relative_to(root).as_posix() for path in folder.rglob("*") if path.is_file()] == ["plates/deep/late.csv"]
    assert ln.Artifact.filter().count() == 0


def test_links_in_a_folder_go_and_what_they_lead_to_stays(database: Database, root: Path, tmp_path: Path) -> None:
    folder = _folder(root)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.csv").write_text("x")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "y.csv").symlink_to(tmp_path / "elsewhere" / "x.csv")
    ln.Artifact(folder).save().delete(permanent=True, storage=True)
    assert not folder.exists()
    assert (tmp_path / "elsewhere" / "x.csv").read_text() == "x"


def test_a_folder_that_is_gone_already(database: Database, root: Path) -> None:
    folder = _folder(root)
    artifact = ln.Artifact(folder).save()
    shutil.rmtree(folder)
    artifact.delete(permanent=True, storage=True)
    assert ln.Artifact.filter().count() == 0


def test_a_storage_that_others_manage(database: Database, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "a.csv").write_text("x")
    ln.Storage(tmp_path / "theirs").save()
    artifact = ln.Artifact(tmp_path / "theirs" / "a.csv").save()
    for storage in (None, True):
        with pytest.raises(IntegrityError) as caught:
            artifact.delete(permanent=True, storage=storage)
        assert str(caught.value) == (
            f"{str(tmp_path / 'theirs' / 'a.csv')!r} lies in a storage that this instance does not manage; "
            "to delete the artifact and keep the file, pass storage=False"
        )
    artifact.delete()
    artifact.restore()
    artifact.delete(permanent=True, storage=False)
    assert (tmp_path / "theirs" / "a.csv").exists()


def test_what_others_refer_to_stays(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    transform = ln.Transform(key="t").save()
    run = ln.Run(transform).save()
    run.report = artifact
    run.save()
    with pytest.raises(ProtectedError):
        artifact.delete(permanent=True)
    assert check_consistent(database, root) == [artifact.uid]


def test_annotations_go_with_the_artifact(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    label = ln.ULabel(name="blood").save()
    artifact.ulabels.add(label)
    assert artifact.delete(permanent=True) == (2, {"lamindb.Artifact": 1, "lamindb.ArtifactULabel": 1})
    assert ln.ULabel.get(name="blood") == label


def test_locked(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    artifact.is_locked = True
    artifact.save()
    for permanent in (None, True):
        with pytest.raises(LockedRecord):
            artifact.delete(permanent=permanent)
    assert check_consistent(database, root) == [artifact.uid]


def test_rolled_back(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()

    def delete_and_fail() -> None:
        with ln.transaction():
            artifact.delete(permanent=True)
            raise KeyError("a")

    with pytest.raises(KeyError):
        delete_and_fail()
    assert artifact.path.exists()
    ln.Artifact(write("b"), key="b.csv").save()  # sweeps
    assert len(check_consistent(database, root)) == 2


def test_saved_and_deleted_in_one_transaction(database: Database, root: Path, write: Write) -> None:
    with ln.transaction():
        ln.Artifact(write(), key="a.csv").save().delete(permanent=True)
    assert check_consistent(database, root) == []


def test_deleted_and_saved_again_in_one_transaction(database: Database, root: Path, write: Write) -> None:
    """The next version would get the uid of the deleted one; its bytes must not take the place of bytes that may come back."""
    ln.Artifact(write("1"), key="a.csv").save()
    second = ln.Artifact(write("2"), key="a.csv").save()

    def replace() -> None:
        with ln.transaction():
            second.delete(permanent=True)
            ln.Artifact(write("3"), key="a.csv").save()

    with pytest.raises(InvalidArgument, match=r"were deleted in this transaction; end it before saving new ones of that name"):
        replace()
    assert ln.Artifact.get(second.uid).path.read_text() == "2"
    ln.Artifact(write("4"), key="b.csv").save()
    check_consistent(database, root)
    second.delete(permanent=True)
    assert ln.Artifact(write("3"), key="a.csv").save().uid == second.uid
    check_consistent(database, root)


def test_a_place_that_cannot_be_written(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    incoming = root / ".lamindb" / "incoming"
    incoming.rmdir()
    incoming.write_text("in the way")
    with pytest.raises(StorageNotWritable):
        artifact.delete(permanent=True)
    assert ln.Artifact.get(artifact.uid).load().shape == (1, 2)
    artifact.delete(permanent=True, storage=False)
    assert ln.Artifact.filter().count() == 0


def test_a_row_that_points_out_of_the_storage(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    precious = root.parent / "precious"
    precious.write_text("x")
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("UPDATE lamindb_artifact SET _real_key = '../precious'")
    artifact = ln.Artifact.get(artifact.uid)
    with pytest.raises(OSError, match=r"says that its bytes lie at '../precious', outside of storage"):
        artifact.delete(permanent=True)
    with pytest.raises(OSError, match="outside of storage"):
        artifact.load()
    assert precious.exists()


def test_many_by_one_query_set(database: Database, root: Path, write: Write) -> None:
    counts = []
    for size in (2, 12):
        for number in range(size):
            ln.Artifact(write(f"{number}"), key=f"{number}.csv").save()
        with QueryLog(database) as log:
            ln.Artifact.filter().delete(permanent=True)
        counts.append(len(log))
        assert check_consistent(database, root) == []
    assert counts[0] == counts[1], "the number of statements does not grow with the number of artifacts"


def test_many_to_the_trash(database: Database, root: Path, write: Write) -> None:
    for number in range(3):
        ln.Artifact(write(f"{number}"), key="a.csv").save()
    ln.Artifact.filter().delete()
    assert ln.Artifact.filter().count() == 0
    assert len(objects(root)) == 3
    check_consistent(database, root)
