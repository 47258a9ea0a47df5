"""What `Artifact(path, …)` accepts, refuses and finds."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.artifacts.hashing import hash_file
from lamindb.errors import (
    ArtifactMissing,
    ArtifactUnreadable,
    CurrentInstanceNotConfigured,
    DatabaseMismatch,
    FieldValidationError,
    InconsistentKey,
    InvalidArgument,
    UnknownStorageLocation,
)

from .conftest import Write
from .objects import objects

ARGUMENTS = "path, key, description, kind, otype, revises, run, storage, skip_hash_lookup, key_is_virtual, branch, space, version"


def test_nothing_is_written_before_save(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="plates/a.csv")
    assert objects(root) == []
    assert ln.Artifact.filter().count() == 0
    assert artifact.database is None
    assert (artifact.key, artifact.suffix, artifact.size, artifact.otype) == ("plates/a.csv", ".csv", 8, "DataFrame")
    assert (artifact.hash, artifact._hash_type) == (hash_file(write())[0].value, "md5")
    assert artifact.n_observations is None
    assert len(artifact.uid) == 20
    assert artifact.uid.endswith("0000")
    assert artifact.path == write()


def test_what_is_told_by_the_suffix(database: Database, write: Write) -> None:
    told = {"a.parquet": "DataFrame", "b.tsv": "DataFrame", "c.h5ad": "AnnData", "d.txt": None, "E.CSV": "DataFrame"}
    for name, otype in told.items():
        assert ln.Artifact(write("no such format inside", name), key=f"x/{name}").otype == otype
    assert ln.Artifact(write("x", "d.csv"), key="d.csv", otype="Plate").otype == "Plate"


WRONG_ARGUMENTS: list[tuple[dict[str, Any], str]] = [
    (
        {"keey": "a.csv"},
        f"cannot make an Artifact: 'keey' is not an argument; did you mean 'key'? (arguments are {ARGUMENTS})",
    ),
    ({"features": {}}, f"cannot make an Artifact: 'features' is not an argument (arguments are {ARGUMENTS})"),
    ({"key": 5}, "key must be a str or None, not int: 5"),
    ({"key": "x" * 1025 + ".csv"}, f"key has 1029 characters, at most 1024 can be stored: {'x' * 40!r}…"),
    ({"key": "a.csv", "kind": 5}, "cannot make an Artifact: kind must be text, not 5"),
    (
        {"key": "a.csv", "kind": "k" * 21},
        f"cannot make an Artifact: kind has 21 characters, at most 20 fit: {'k' * 21!r}…",
    ),
    ({"key": "a.csv", "description": ["x"]}, "cannot make an Artifact: description must be text, not ['x']"),
    ({"key": "a.csv", "version": 2}, "cannot make an Artifact: version_tag must be text, not 2"),
    ({"key": "a.csv", "run": "r"}, "cannot make an Artifact: run must be a Run, not 'r'"),
    ({"key": "a.csv", "storage": "s3"}, "storage must be a Storage, not 's3'"),
    ({"key": "a.csv", "key_is_virtual": "yes"}, "key_is_virtual must be True, False or None, not 'yes'"),
    ({"key": "a.csv", "skip_hash_lookup": 1}, "skip_hash_lookup must be True, False or None, not 1"),
]


def test_wrong_arguments_are_named(database: Database, write: Write) -> None:
    for arguments, text in WRONG_ARGUMENTS:
        with pytest.raises(FieldValidationError) as caught:
            ln.Artifact(write(), **arguments)
        assert str(caught.value).replace(" a Artifact", " an Artifact") == text
        assert isinstance(caught.value, ValueError)
        assert isinstance(caught.value, TypeError)


def test_position_and_missing_path(database: Database, write: Write) -> None:
    with pytest.raises(FieldValidationError) as caught:
        ln.Artifact()  # type: ignore[call-arg]
    assert str(caught.value) == "cannot make an Artifact: path is required"
    with pytest.raises(FieldValidationError) as caught:
        ln.Artifact(write(), "a.csv")  # type: ignore[misc]
    assert str(caught.value) == "Artifact takes only path by position, got 2: pass the rest by keyword"
    with pytest.raises(FieldValidationError) as caught:
        ln.Artifact(write(), path="a.csv")  # type: ignore[misc]
    assert str(caught.value) == "Artifact got path twice, by position and by keyword"


NO_PATHS: list[tuple[Any, type[Exception], str]] = [
    (None, FieldValidationError, "path must be the path of a file or folder, a DataFrame or an AnnData, not NoneType"),
    (b"a.csv", FieldValidationError, "path must be the path of a file or folder, a DataFrame or an AnnData, not bytes"),
    ({"a": 1}, FieldValidationError, "path must be the path of a file or folder, a DataFrame or an AnnData, not dict"),
    ("", InvalidArgument, "path is empty; pass the path of a file or folder"),
    (
        "s3://bucket/a.csv",
        InvalidArgument,
        "'s3://bucket/a.csv' is a URL; an artifact is made from a file of this machine, download it first",
    ),
]


def test_what_is_no_path(database: Database) -> None:
    for path, kind, text in NO_PATHS:
        with pytest.raises(kind) as caught:
            ln.Artifact(path, key="a.csv")
        assert str(caught.value) == text


def test_missing_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing) as caught:
        ln.Artifact(tmp_path / "none.csv", key="a.csv")
    assert str(caught.value) == f"there is no file {str(tmp_path / 'none.csv')!r}; check the path"


def test_unreadable_file(database: Database, write: Write, as_somebody_else: Callable[[], AbstractContextManager[None]]) -> None:
    path = write()
    path.chmod(0)
    ln.Artifact.filter().count()  # the database stays open while the privilege is gone
    with as_somebody_else(), pytest.raises(ArtifactUnreadable) as caught:
        ln.Artifact(path, key="a.csv")
    assert str(caught.value) == f"the file {str(path)!r} may not be read: Permission denied; ask its owner for access"


def test_odd_keys(database: Database, write: Write) -> None:
    for key in ("a\\b.csv", "../a.csv", "a/./b.csv", "/a.csv", "", "a//b.csv", ".lamindb/a.csv", "a\n.csv"):
        with pytest.raises(InvalidArgument, match=r"^key '"):
            ln.Artifact(write(), key=key)


def test_suffix_of_key_and_file_differ(database: Database, write: Write) -> None:
    path = write()
    with pytest.raises(InvalidArgument) as caught:
        ln.Artifact(path, key="a.parquet")
    assert str(caught.value) == (
        f"key 'a.parquet' has suffix '.parquet', but the file {str(path)!r} has '.csv'; give both the same suffix"
    )


def test_nothing_to_find_it_by(database: Database, write: Write) -> None:
    path = write()
    with pytest.raises(InvalidArgument) as caught:
        ln.Artifact(path)
    assert str(caught.value) == f"pass a key or a description for {str(path)!r}, so that it can be found again"
    assert ln.Artifact(path, description="counts").save().key is None


@pytest.mark.usefixtures("unconnected")
def test_without_a_database(write: Write) -> None:
    with pytest.raises(CurrentInstanceNotConfigured):
        ln.Artifact(write(), key="a.csv")


# -- identity --------------------------------------------------------------------------------------------------------


def test_same_content_under_the_same_key_is_the_same_artifact(database: Database, write: Write) -> None:
    saved = ln.Artifact(write(), key="a.csv", description="first").save()
    again = ln.Artifact(write(name="elsewhere/other.csv"), key="a.csv")
    assert again == saved
    assert (again.uid, again.description) == (saved.uid, "first")
    assert again.save().id == saved.id
    assert ln.Artifact.filter().count() == 1


def test_only_passed_arguments_apply_to_an_artifact_that_exists(database: Database, write: Write) -> None:
    saved = ln.Artifact(write(), key="a.csv", description="first", kind="dataset", version="1").save()
    again = ln.Artifact(write(), key="a.csv", description="second")
    assert (again.description, again.kind, again.version) == ("second", "dataset", "1")
    assert ln.Artifact.get(saved.uid).description == "first"
    again.save()
    assert ln.Artifact.get(saved.uid).description == "second"


def test_same_content_under_another_key_is_another_artifact(database: Database, root: Path, write: Write) -> None:
    one, two = ln.Artifact(write(), key="a.csv").save(), ln.Artifact(write(), key="b.csv").save()
    assert one != two
    assert one.hash == two.hash
    assert len(objects(root)) == 2


def test_same_content_without_a_key_is_found_under_any(database: Database, write: Write) -> None:
    saved = ln.Artifact(write(), key="a.csv").save()
    assert ln.Artifact(write(), description="x") == saved
    own = ln.Artifact(write(), description="x", skip_hash_lookup=True).save()
    assert own != saved
    assert ln.Artifact(write(), description="y", skip_hash_lookup=True) == own, "the database allows one without key"
    assert ln.Artifact(write(name="a.tsv"), description="x") == own, "whatever its suffix"


def test_same_content_with_another_suffix_is_another_artifact(database: Database, write: Write) -> None:
    saved = ln.Artifact(write("x", "t.arrow"), key="t.arrow").save()
    assert ln.Artifact(write("x", "t.ipc"), description="not an arrow file") != saved


def test_a_key_is_given_to_an_artifact_that_has_none(database: Database, write: Write) -> None:
    saved = ln.Artifact(write(), description="no key yet").save()
    named = ln.Artifact(write(), key="a.csv").save()
    assert named.id == saved.id
    assert ln.Artifact.get(saved.uid).key == "a.csv"
    ln.Artifact(write(), key="b.csv").save()
    assert ln.Artifact.get(saved.uid).key == "a.csv"


def test_empty_files_are_never_the_same_by_content(database: Database, write: Write) -> None:
    one = ln.Artifact(write("", "a.txt"), key="a.txt").save()
    assert one.hash == "1B2M2Y8AsgTpgAmY7PhCfg"
    assert ln.Artifact(write("", "b.txt"), key="b.txt").save() != one
    unnamed = ln.Artifact(write("", "c.txt"), description="c").save()
    assert unnamed not in (one,)
    assert ln.Artifact(write("", "a.txt"), key="a.txt") == one
    assert ln.Artifact(write("", "d.txt"), key="d.txt").save() not in (one, unnamed)


def test_other_content_under_a_key_is_the_next_version(database: Database, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    second = ln.Artifact(write("2"), key="a.csv")
    assert second.uid == first.uid[:16] + "0001"
    second.save()
    assert ln.Artifact.get(key="a.csv") == second
    assert [version.uid for version in second.versions] == [second.uid, first.uid]
    assert not ln.Artifact.get(first.uid).is_latest
    assert ln.Artifact(write("1"), key="a.csv") == first, "an older version is found by its content"


def test_an_older_version_named_explicitly_is_revised_on_top(database: Database, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv", description="said once").save()
    second = ln.Artifact(write("2"), revises=first).save()
    assert (second.key, second.description, second.uid) == ("a.csv", "said once", first.uid[:16] + "0001")
    assert not first.is_latest, "the caller's object knows"
    third = ln.Artifact(write("3"), revises=first, key="new.csv").save()
    assert (third.uid, third.key) == (first.uid[:16] + "0002", "new.csv")
    assert ln.Artifact.get(first.uid[:16]) == third


def test_wrong_things_to_revise(database: Database, other_database: Database, write: Write) -> None:
    with pytest.raises(InvalidArgument, match=r"revises must be an? Artifact, not 'a'"):
        ln.Artifact(write(), key="a.csv", revises="a")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match=r"revises must be a saved Artifact: call .save\(\) on it first"):
        ln.Artifact(write(), key="a.csv", revises=ln.Artifact(write(), key="a.csv"))


def test_a_version_name_may_be_taken(database: Database, root: Path, write: Write) -> None:
    ln.Artifact(write("1"), key="a.csv", version="1").save()
    second = ln.Artifact(write("2"), key="a.csv", version="1")
    with pytest.raises(InvalidArgument, match="version '1' of this Artifact exists already; choose another one"):
        second.save()
    assert len(objects(root)) == 1
    second.version = "2"
    assert second.save().version == "2"


# -- files that lie in a storage already -----------------------------------------------------------------------------


def test_a_file_in_the_storage_stays(database: Database, root: Path) -> None:
    path = root / "raw data" / "Ärmel.csv"
    path.parent.mkdir()
    path.write_text("a")
    artifact = ln.Artifact(path).save()
    assert (artifact.key, artifact._key_is_virtual, artifact._real_key) == ("raw data/Ärmel.csv", False, None)
    assert artifact.path == path
    assert objects(root) == []
    assert ln.Artifact(path, key="raw data/Ärmel.csv", key_is_virtual=False) == artifact


def test_a_file_in_the_storage_with_a_key_of_its_own(database: Database, root: Path) -> None:
    path = root / "raw.csv"
    path.write_text("a")
    artifact = ln.Artifact(path, key="plates/one.csv").save()
    assert (artifact.key, artifact._key_is_virtual, artifact._real_key) == ("plates/one.csv", True, "raw.csv")
    assert artifact.path == path
    assert ln.Artifact.get(artifact.uid).path == path


def test_symbolic_links_are_followed(database: Database, root: Path, write: Write) -> None:
    (root / "link.csv").symlink_to(write())
    copied = ln.Artifact(root / "link.csv", key="c.csv").save()
    assert objects(root) == [f"{copied.uid}.csv"]
    (root / "inside.csv").write_text("inside")
    link = write().parent / "to inside.csv"
    link.symlink_to(root / "inside.csv")
    assert ln.Artifact(link).save().key == "inside.csv"


def test_key_is_virtual_may_contradict(database: Database, root: Path, write: Write) -> None:
    (root / "raw.csv").write_text("a")
    with pytest.raises(InconsistentKey) as caught:
        ln.Artifact(root / "raw.csv", key="other.csv", key_is_virtual=False)
    assert str(caught.value) == (
        f"the file lies at 'raw.csv' in storage {root.as_posix()!r} and stays there, which contradicts key_is_virtual=False; "
        "leave key out, or pass 'raw.csv'"
    )
    with pytest.raises(InconsistentKey, match="contradicts key_is_virtual=True; pass another key"):
        ln.Artifact(root / "raw.csv", key_is_virtual=True)
    with pytest.raises(InconsistentKey) as caught:
        ln.Artifact(write(), key="plates/a.csv", key_is_virtual=False)
    assert str(caught.value) == (
        "key_is_virtual=False is for files that lie in a storage; leave it out, or move the file to "
        f"{str(root / 'plates/a.csv')!r} and make the artifact of that path"
    )


def test_an_object_of_an_artifact_is_no_file_to_register(database: Database, write: Write) -> None:
    saved = ln.Artifact(write(), key="a.csv").save()
    with pytest.raises(InvalidArgument, match=r"lies in a '.lamindb' folder, where lamin keeps the bytes of artifacts"):
        ln.Artifact(saved.path, key="b.csv")


def test_a_file_in_another_known_storage_stays_there(database: Database, root: Path, tmp_path: Path) -> None:
    place = tmp_path / "archive" / "2024"
    place.mkdir(parents=True)
    outer, inner = ln.Storage(place.parent).save(), ln.Storage(place).save()
    (place / "a.csv").write_text("a")
    artifact = ln.Artifact(place / "a.csv").save()
    assert (artifact.key, artifact.storage) == ("a.csv", inner), "the innermost one counts"
    assert ln.Artifact.get(artifact.uid).path == place / "a.csv"
    assert outer.path == place.parent
    own = ln.Storage.get(uid=database.instance.storage.uid)
    copied = ln.Artifact(place / "a.csv", key="a.csv", storage=own).save()
    assert copied.storage == own
    assert objects(root) == [f"{copied.uid}.csv"]


def test_a_storage_that_cannot_take_copies(database: Database, tmp_path: Path, write: Write) -> None:
    (tmp_path / "theirs").mkdir()
    theirs = ln.Storage(tmp_path / "theirs").save()
    with pytest.raises(InvalidArgument) as caught:
        ln.Artifact(write(), key="a.csv", storage=theirs)
    assert str(caught.value) == (
        f"storage {str(tmp_path / 'theirs')!r} is not managed by this instance, so that nothing is copied there; "
        "leave storage out, or put the file there yourself"
    )
    with pytest.raises(InvalidArgument, match=r"storage must be a saved Storage: call .save\(\) on it first"):
        ln.Artifact(write(), key="a.csv", storage=ln.Storage(tmp_path))


def test_a_storage_of_another_database(database: Database, other_database: Database, write: Write) -> None:
    theirs = ln.Storage.connect(str(other_database.instance.folder)).get(uid=other_database.instance.storage.uid)
    with pytest.raises(DatabaseMismatch, match="belongs to another database than"):
        ln.Artifact(write(), key="a.csv", storage=theirs)


def test_an_instance_without_a_row_for_its_storage(database: Database, write: Write) -> None:
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("UPDATE lamindb_storage SET uid = 'someoneelses'")
    with pytest.raises(UnknownStorageLocation, match=r"has no row for its storage .* connect to it again"):
        ln.Artifact(write(), key="a.csv")


# -- physical names --------------------------------------------------------------------------------------------------


NAMES = [
    ("reads.bam.bai", "", ".bai"),
    ("scan.nii.gz", ".gz", ".nii.gz"),
    ("PLATE.CSV", ".csv", ".csv"),
    ("README", "", ""),
    ("a.then some text", "", ""),
    ("x.h5ad.tar.xz", ".h5ad.tar.xz", ".h5ad.tar.xz"),
]


def test_objects_keep_the_suffix_that_programs_look_for(database: Database, root: Path, write: Write) -> None:
    for name, suffix, stored in NAMES:
        artifact = ln.Artifact(write(name, name), key=name).save()
        assert artifact.suffix == suffix
        assert f"{artifact.uid}{stored}" in objects(root)
        again = ln.Artifact.get(artifact.uid)
        assert again.path == root / ".lamindb" / f"{artifact.uid}{stored}"
        assert again.path.read_text() == name
