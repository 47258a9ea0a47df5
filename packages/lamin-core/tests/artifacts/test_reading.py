"""Finding and reading the bytes of artifacts."""

import os
import shutil
import time
from pathlib import Path

import lamindb_setup
import pandas as pd
import pytest
import sqlalchemy as sa
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog
from upath import UPath

import lamindb as ln
from lamindb.artifacts.storages import root_of
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, InvalidArgument

from .conftest import Write
from .objects import check_consistent


def test_path_and_cache(database: Database, root: Path, write: Write) -> None:
    source = write()
    artifact = ln.Artifact(source, key="a.csv")
    assert artifact.path == source
    assert artifact.cache() == source
    artifact.save()
    for one in (artifact, ln.Artifact.get(artifact.uid)):
        assert one.path == root / ".lamindb" / f"{artifact.uid}.csv"
        assert isinstance(one.path, UPath)
        assert one.cache() == one.path
        assert one.path.read_text() == source.read_text()


def test_load_and_open(database: Database, write: Write) -> None:
    artifact = ln.Artifact(write("a,b\n1,2\n3,4\n"), key="a.csv").save()
    pd.testing.assert_frame_equal(artifact.load(), pd.DataFrame({"a": [1, 3], "b": [2, 4]}))
    assert list(artifact.load(usecols=["b"])) == ["b"]
    text = ln.Artifact(write("Ärmel\nzwei\n", "t.txt"), key="t.txt").save()
    assert text.load() == "Ärmel\nzwei\n"
    with text.open() as file:
        assert next(file) == "Ärmel\n"
    with pytest.raises(InvalidArgument) as caught:
        text.open("w")
    assert str(caught.value) == "mode must be 'r', not 'w': the bytes of an artifact never change; save a new version instead"


def test_every_version_reads_its_own_bytes(database: Database, write: Write) -> None:
    for number in range(3):
        ln.Artifact(write(f"{number}", "t.txt"), key="t.txt").save()
    versions = ln.Artifact.get(key="t.txt").versions
    assert [version.load() for version in versions] == ["2", "1", "0"]


def test_two_artifacts_renamed_to_one_name_read_their_own_bytes(database: Database, write: Write) -> None:
    one = ln.Artifact(write("1", "1.txt"), key="1.txt").save()
    two = ln.Artifact(write("2", "2.txt"), description="no key").save()
    one.key = "moved/t.txt"
    one.save()
    assert (one.load(), two.load()) == ("1", "2")


def test_missing_bytes(database: Database, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    path = artifact.path
    path.unlink()
    for read in (artifact.load, artifact.cache, artifact.open):
        with pytest.raises(ArtifactMissing) as caught:
            read()
        assert str(caught.value) == (
            f"the bytes of artifact {artifact.uid!r} are not at {str(path)!r}; put the file back, or save it again with "
            "Artifact(path, …).save()"
        )
        assert isinstance(caught.value, FileNotFoundError)
    assert artifact.path == path


def test_content_that_is_not_what_the_suffix_says(database: Database, write: Write) -> None:
    artifact = ln.Artifact(write("{", "a.json"), key="a.json").save()
    with pytest.raises(ArtifactUnreadable, match=r"cannot be read as JSON: Expecting property name"):
        artifact.load()
    with pytest.raises(ArtifactUnreadable, match="cannot be read as AnnData"):
        ln.Artifact(write("x", "a.h5ad"), key="a.h5ad").save().load()
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        ln.Artifact(write(), key="a.csv").load(nonsense=1)


def test_a_file_in_place_that_changed_is_not_passed_off_as_what_was_registered(database: Database, root: Path) -> None:
    path = root / "a.txt"
    path.write_text("one")
    first = ln.Artifact(path).save()
    assert first.load() == "one"
    path.write_text("two")
    for artifact in (first, ln.Artifact.get(first.uid)):
        with pytest.raises(ArtifactUnreadable) as caught:
            artifact.load()
        assert str(caught.value) == (
            f"the file {str(path)!r} has other content than when artifact {first.uid!r} was made of it; "
            "make a new version of it with Artifact(path).save()"
        )
    second = ln.Artifact(path).save()
    assert second.uid == first.uid[:16] + "0001"
    assert second.load() == "two"
    path.write_text("longer")
    with pytest.raises(ArtifactUnreadable, match="has other content"):
        second.cache()


def test_a_file_in_place_that_was_only_touched_reads_on(database: Database, root: Path) -> None:
    path = root / "a.txt"
    path.write_text("one")
    artifact = ln.Artifact(path).save()
    os.utime(path, (time.time() + 60,) * 2)
    path.chmod(0o644)
    assert artifact.load() == "one"


def test_a_project_that_was_moved(database: Database, root: Path, write: Write, tmp_path: Path) -> None:
    """The own storage is found where the project lies now, whatever the row says; files in it are in place."""
    copied = ln.Artifact(write("c", "c.txt"), key="c.txt").save()
    (root / "i.txt").write_text("i")
    in_place = ln.Artifact(root / "i.txt").save()
    assert database.instance.folder is not None
    moved = tmp_path / "moved project"
    database.close()
    shutil.move(database.instance.folder, moved)
    lamindb_setup.connect(str(moved))
    now = lamindb_setup.current()
    try:
        new_root = now.instance.storage.path
        assert new_root == moved / "storage"
        assert (ln.Artifact.get(copied.uid).load(), ln.Artifact.get(in_place.uid).load()) == ("c", "i")
        assert root_of(ln.Storage.get(uid=now.instance.storage.uid)) == new_root
        (new_root / "j.txt").write_text("j")
        assert ln.Artifact(new_root / "j.txt").save().key == "j.txt"
        check_consistent(now, new_root)
    finally:
        now.close()


def test_number_of_statements(database: Database, write: Write) -> None:
    uid = ln.Artifact(write("x", "t.txt"), key="t.txt").save().uid
    artifact = ln.Artifact.get(uid)
    with QueryLog(database).exactly(1):  # where the storage is
        artifact.load()
    for _ in range(3):
        ln.Artifact(write(f"{_}", "t.txt"), key="t.txt").save()
    artifacts = ln.Artifact.filter().to_list()
    with QueryLog(database).exactly(0):
        assert len([one.load() for one in artifacts]) == 4


def test_the_root_of_a_storage_may_be_corrected(database: Database, tmp_path: Path) -> None:
    """Whoever moved a folder tells the database; a process that read from the old place finds the new one."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.txt").write_text("x")
    storage = ln.Storage(tmp_path / "old").save()
    artifact = ln.Artifact(tmp_path / "old" / "a.txt").save()
    assert artifact.load() == "x"
    (tmp_path / "old").rename(tmp_path / "new")
    storage.root = (tmp_path / "new").as_posix()
    storage.save()
    assert artifact.load() == "x"


def test_versions_that_overwrite_each_other_in_a_database_of_the_peer(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write("x", "t.txt"), key="t.txt").save()
    artifact.path.rename(root / ".lamindb" / f"{artifact.uid[:16]}.txt")
    with database.writing() as transaction:
        transaction.connection.execute(sa.update(ln.Artifact.__table__).values(_overwrite_versions=True))
    again = ln.Artifact.get(artifact.uid)
    assert again.load() == "x"
    with pytest.raises(InvalidArgument, match="is shared by several versions, which this version does not delete"):
        again.delete(permanent=True)
    again.delete(permanent=True, storage=False)
    assert (root / ".lamindb" / f"{artifact.uid[:16]}.txt").exists()


def test_describe_says_where_and_what(database: Database, write: Write) -> None:
    artifact = ln.Artifact(write(), key="plates/a.csv", description="counts", kind="dataset").save()
    said = artifact.describe(return_str=True) or ""
    for part in ("Artifact: plates/a.csv (0000)", artifact.uid, "counts", "dataset", "DataFrame", artifact.hash or "", "8 B"):
        assert part in said


def test_repr_and_data_frame(database: Database, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    assert repr(artifact).startswith(f"Artifact(uid={artifact.uid!r}, key='a.csv'")
    frame = ln.Artifact.to_dataframe()
    assert list(frame["key"]) == ["a.csv"]
