"""A folder as one artifact: what is in it, its versions, and folders that cannot be one."""

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.artifacts.hashing import BLAKE3, hash_file, hash_tree
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, InvalidArgument

from .conftest import Write
from .objects import objects

FILES = {"a.csv": "x\n1\n", "b.csv": "x\n2\n", "deep/er/c.csv": "x\n3\n"}


def make(folder: Path, files: dict[str, str] = FILES) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def contents(folder: Any) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "plates")


def test_a_copy_of_all_that_is_in_it(database: Database, root: Path, folder: Path) -> None:
    artifact = ln.Artifact(folder, key="run/plates").save()
    found = ln.Artifact.get(key="run/plates")
    assert (found.n_files, found.size, found._hash_type, found.suffix) == (3, 12, "blake3-tree", "")
    assert found.path == root / ".lamindb" / artifact.uid
    assert contents(found.path) == contents(folder) == FILES
    assert found.hash == hash_tree((name, hash_file(folder / name, BLAKE3)[0]) for name in FILES).value


def test_every_version_is_there(database: Database, folder: Path) -> None:
    first = ln.Artifact(folder, key="plates").save()
    (folder / "a.csv").unlink()
    (folder / "new").touch()
    second = ln.Artifact(folder, key="plates").save()
    assert second.uid == first.uid[:16] + "0001"
    assert contents(first.path) == FILES
    assert sorted(contents(second.path)) == ["b.csv", "deep/er/c.csv", "new"]
    assert ln.Artifact(make(folder.with_name("again")), key="plates") == first, "the first content again"


@pytest.mark.parametrize("change", ["times", "permissions", "empty folder", "copy"])
def test_what_is_no_content(database: Database, folder: Path, change: str) -> None:
    first = ln.Artifact(folder, key="plates").save()
    if change == "times":
        os.utime(folder / "a.csv", (1, 1))
    elif change == "permissions":
        (folder / "a.csv").chmod(0o600)
    elif change == "empty folder":
        (folder / "void").mkdir()
    else:
        folder = make(folder.with_name("copy"))
    assert ln.Artifact(folder, key="plates").save() == first


def test_in_the_storage_it_stays(database: Database, root: Path) -> None:
    artifact = ln.Artifact(make(root / "mine" / "plates")).save()
    assert (artifact.key, artifact.n_files, artifact._key_is_virtual) == ("mine/plates", 3, False)
    assert artifact.path == root / "mine" / "plates"
    assert objects(root) == []
    assert ln.Artifact(root / "mine" / "plates" / "a.csv").save().key == "mine/plates/a.csv", "a file in it may be one, too"


def test_a_changed_folder_in_the_storage_is_not_passed_off_as_what_was_registered(database: Database, root: Path) -> None:
    folder = make(root / "plates")
    artifact = ln.Artifact(folder).save()
    assert sorted(artifact.load()["x"]) == [1, 2, 3]
    (folder / "late.csv").write_text("x\n4\n")
    for read in (artifact.load, artifact.open, artifact.cache):
        with pytest.raises(ArtifactUnreadable, match=r"the folder .*plates' has other content than when artifact"):
            read()
    second = ln.Artifact(folder).save()
    assert second.uid == artifact.uid[:16] + "0001"
    assert sorted(second.load()["x"]) == [1, 2, 3, 4]


def test_files_of_one_format_are_read_as_a_whole(database: Database, folder: Path) -> None:
    (folder / "_SUCCESS").touch()
    artifact = ln.Artifact(folder, key="plates").save()
    assert sorted(artifact.load()["x"]) == [1, 2, 3]
    assert artifact.open().count_rows() == 3


def test_files_of_several_formats_are_not(database: Database, folder: Path) -> None:
    (folder / "notes.txt").write_text("n")
    artifact = ln.Artifact(folder, key="plates").save()
    for read in (artifact.load, artifact.open):
        with pytest.raises(InvalidArgument, match=r"is a folder of files that nothing is known to read as a whole"):
            read()
    assert (artifact.cache() / "notes.txt").read_text() == "n"


def test_links_are_followed(database: Database, folder: Path, tmp_path: Path) -> None:
    make(tmp_path / "elsewhere", {"x.csv": "x\n9\n"})
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "y.csv").symlink_to(tmp_path / "elsewhere" / "x.csv")
    artifact = ln.Artifact(folder, key="plates").save()
    assert contents(artifact.path) == FILES | {"linked/x.csv": "x\n9\n", "y.csv": "x\n9\n"}
    assert not any(path.is_symlink() for path in Path(str(artifact.path)).rglob("*"))
    assert ln.Artifact(folder, key="plates") == artifact


def test_odd_names_in_it(database: Database, folder: Path) -> None:
    odd = {name: name for name in ("with space", "細胞", "a#b", "what?", "100%", ".hidden", "-rf", "a\nb", "a:b", "$HOME")}
    make(folder, odd)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).write_text("no unicode")
    artifact = ln.Artifact(folder, key="plates").save()
    assert len(contents(Path(str(artifact.path)))) == len(FILES) + len(odd) + 1
    assert ln.Artifact(folder, key="plates") == artifact


def test_folders_without_files(database: Database, root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty" / "er").mkdir(parents=True)
    with pytest.raises(InvalidArgument) as caught:
        ln.Artifact(tmp_path / "empty", key="empty")
    assert str(caught.value) == (
        f"the folder {str(tmp_path / 'empty')!r} has no files in it, so there is nothing to make an artifact of"
    )
    make(tmp_path / "zeros", {"a": "", "b": ""})
    zeros = ln.Artifact(tmp_path / "zeros", key="zeros").save()
    assert (zeros.n_files, zeros.size) == (2, 0)
    assert contents(zeros.path) == {"a": "", "b": ""}


def test_what_cannot_be_in_it(database: Database, root: Path, folder: Path) -> None:
    for name, make_it, error, text in (
        ("up", lambda path: path.symlink_to(folder), InvalidArgument, "is a symbolic link to a folder above it"),
        ("nowhere", lambda path: path.symlink_to("none"), ArtifactMissing, "is a symbolic link to a file that is not there"),
        ("pipe", os.mkfifo, InvalidArgument, "is a pipe, socket or device"),
    ):
        path = folder / "deep" / name
        make_it(path)  # type: ignore[operator]
        with pytest.raises(error, match=text):
            ln.Artifact(folder, key="plates")
        path.unlink()
    one, two = folder / "one", folder / "two"
    one.mkdir()
    two.mkdir()
    (one / "to_two").symlink_to(two)
    (two / "to_one").symlink_to(one)
    with pytest.raises(InvalidArgument, match="is a symbolic link to a folder above it"):
        ln.Artifact(folder, key="plates")
    assert (ln.Artifact.filter().count(), objects(root)) == (0, [])


def test_what_is_not_to_be_registered(database: Database, root: Path, folder: Path, write: Write) -> None:
    ln.Artifact(write(), key="a.csv").save()
    with pytest.raises(InvalidArgument, match="is a storage, not something in it"):
        ln.Artifact(root)
    with pytest.raises(InvalidArgument, match="where lamin keeps the bytes of artifacts"):
        ln.Artifact(root / ".lamindb")
    with pytest.raises(InvalidArgument, match=r"has a '\.lamindb' folder in it"):
        ln.Artifact(root.parent, key="project")
    with pytest.raises(InvalidArgument, match="suffix"):
        ln.Artifact(folder, key="plates.csv")


def test_a_folder_and_a_file_under_one_key(database: Database, folder: Path, write: Write) -> None:
    first = ln.Artifact(folder, key="plates").save()
    second = ln.Artifact(write("x", "plates"), key="plates").save()
    assert second.uid == first.uid[:16] + "0001"
    assert (first.n_files, second.n_files, second.path.read_text()) == (3, None, "x")


def test_a_part_that_may_not_be_read(
    database: Database, folder: Path, as_somebody_else: Callable[[], AbstractContextManager[None]]
) -> None:
    ln.Artifact.filter().count()  # the database stays open while the privilege is gone
    for path in (folder / "b.csv", folder / "deep"):
        mode = path.stat().st_mode
        path.chmod(0)
        with as_somebody_else(), pytest.raises(ArtifactUnreadable, match=f"{path.name}' may not be read: Permission denied"):
            ln.Artifact(folder, key="plates")
        path.chmod(mode)


@pytest.mark.parametrize("change", ["content", "same size", "one more", "one less", "other name"])
def test_a_folder_that_changes_before_it_is_saved(database: Database, root: Path, folder: Path, change: str) -> None:
    artifact = ln.Artifact(folder, key="plates")
    if change == "content":
        (folder / "a.csv").write_text("longer than before")
    elif change == "same size":
        (folder / "a.csv").write_text("y\n1\n")
    elif change == "one more":
        (folder / "late").touch()
    elif change == "one less":
        (folder / "a.csv").unlink()
    else:
        (folder / "a.csv").rename(folder / "A.csv")
    with pytest.raises(ArtifactUnreadable, match="changed after Artifact"):
        artifact.save()
    assert (ln.Artifact.filter().count(), objects(root)) == (0, [])
    assert ln.Artifact(folder, key="plates").save().n_files is not None


def test_a_folder_that_changes_while_it_is_read_or_copied(database: Database, root: Path, folder: Path) -> None:
    """What was stored is what was hashed, whenever the writer hits; most attempts are refused."""
    stop = threading.Event()

    def disturb() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            (folder / "a.csv").write_text(f"x\n{number}\n")
            (folder / f"late-{number % 3}").write_text(f"{number}")

    writer = threading.Thread(target=disturb)
    writer.start()
    try:
        for _ in range(20):
            try:
                ln.Artifact(folder, key="plates").save()
            except (ArtifactUnreadable, ArtifactMissing):
                continue
    finally:
        stop.set()
        writer.join()
    for found in ln.Artifact.filter():
        names = sorted(contents(Path(str(found.path))))
        hashed = ((name, hash_file(Path(str(found.path)) / name, BLAKE3)[0]) for name in names)
        assert hash_tree(hashed).value == found.hash


def test_partitions_become_columns(database: Database, tmp_path: Path) -> None:
    for year in (2023, 2024):
        (tmp_path / "t" / f"year={year}").mkdir(parents=True)
        pd.DataFrame({"n": [year]}).to_parquet(tmp_path / "t" / f"year={year}" / "part.parquet")
    artifact = ln.Artifact(tmp_path / "t", key="t").save()
    found = artifact.open().to_table(filter=None).to_pandas()
    assert sorted(zip(found["n"], found["year"], strict=True)) == [(2023, 2023), (2024, 2024)]
