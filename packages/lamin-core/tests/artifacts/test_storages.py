"""Storage locations as records."""

from pathlib import Path

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.artifacts.storages import root_of
from lamindb.errors import FieldValidationError, InvalidArgument, ProtectedError

from .conftest import Write


def test_a_folder_becomes_known(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    storage = ln.Storage(tmp_path / "link", description="raw data").save()
    assert (storage.root, storage.type, storage.instance_uid) == (folder.as_posix(), "local", None)
    assert ln.Storage(f"{folder}/").save() == storage
    assert ln.Storage.filter().count() == 2
    assert list(folder.iterdir()) == [], "nothing is written there"
    assert storage.path == folder
    assert root_of(storage) == folder


@pytest.mark.usefixtures("database")
def test_what_is_no_storage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / ".lamindb" / "x").mkdir(parents=True)
    refused = [
        (5, "root must be a path, not 5"),
        ("s3://bucket", "storage 's3://bucket' is not a folder of this machine; this version keeps files in local folders"),
        (tmp_path / "none", f"storage {str(tmp_path / 'none')!r} is not a folder; make it first, or check the path"),
        (tmp_path / "file", f"storage {str(tmp_path / 'file')!r} is not a folder; make it first, or check the path"),
        (
            tmp_path / ".lamindb" / "x",
            f"storage {str(tmp_path / '.lamindb' / 'x')!r} lies inside a '.lamindb' folder, which belongs to lamin; "
            "choose the folder above it",
        ),
    ]
    for root, text in refused:
        with pytest.raises(InvalidArgument) as caught:
            ln.Storage(root)  # type: ignore[arg-type]
        assert str(caught.value) == text
    with pytest.raises(FieldValidationError, match="'hots' is not an argument"):
        ln.Storage(tmp_path, hots="x")  # type: ignore[call-arg]


def test_deleting(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.csv").write_text("x")
    storage = ln.Storage(folder).save()
    artifact = ln.Artifact(folder / "a.csv").save()
    with pytest.raises(InvalidArgument):
        storage.delete(permanent=False)
    with pytest.raises(ProtectedError):
        storage.delete()
    artifact.delete(permanent=True, storage=False)
    assert storage.delete() == (1, {"lamindb.Storage": 1})
    assert (folder / "a.csv").exists()


def test_a_storage_that_is_no_folder_of_this_machine(database: Database, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(
            "INSERT INTO lamindb_storage (uid, root, type, created_by_id) VALUES ('cloud0000000', 's3://bucket', 's3', 1)"
        )
        transaction.connection.exec_driver_sql(
            "UPDATE lamindb_artifact SET storage_id = (SELECT id FROM lamindb_storage WHERE uid = 'cloud0000000')"
        )
    with pytest.raises(InvalidArgument) as caught:
        ln.Artifact.get(artifact.uid).load()
    assert str(caught.value) == "storage 's3://bucket' is not a folder of this machine; this version reads local folders only"
