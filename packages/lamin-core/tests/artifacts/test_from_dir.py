"""A folder whose files become artifacts of their own: each under its key, in a fixed number of statements, all or none."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, FieldValidationError, InvalidArgument

from .conftest import Write
from .objects import check_consistent, objects


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files at two levels, two with the same content, two empty."""
    folder = tmp_path / "run 7"
    (folder / "deep" / "er").mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return folder


FILES = {"a.csv": "a", "b.csv": "same", "c.csv": "same", "deep/0.txt": "", "deep/er/1.txt": "", "deep/er/2": "two"}


def contents(found: list[ln.Artifact]) -> dict[str, str]:
    return {each.key or "": each.path.read_text() for each in found}


def test_every_file_has_an_artifact_under_its_key(database: Database, root: Path, folder: Path) -> None:
    """Files with the same content and empty ones too, which LaminDB leaves out."""
    made = ln.Artifact.from_dir(folder)
    assert (ln.Artifact.filter().count(), objects(root)) == (0, []), "nothing is written before save"
    assert made.save() is made
    expected = {f"run 7/{name}": content for name, content in FILES.items()}
    assert contents(made) == contents(list(ln.Artifact.filter())) == expected
    assert {each.key: each.suffix for each in made}["run 7/deep/er/2"] == ""
    assert len({each.uid[:16] for each in made}) == len(FILES)
    assert all(each.is_latest and each.uid.endswith("0000") for each in made)
    check_consistent(database, root)


def test_a_second_time_nothing_is_new(database: Database, root: Path, folder: Path, caplog: Any) -> None:
    first = ln.Artifact.from_dir(folder).save()
    caplog.clear()
    with caplog.at_level("INFO", "lamindb"):
        second = ln.Artifact.from_dir(folder).save()
    assert second == first
    assert [record.getMessage() for record in caplog.records if "already" in record.getMessage()] == [
        f"6 artifacts, as {first[0].uid!r}, have their content already; they are used"
    ]
    assert len(check_consistent(database, root)) == len(FILES)


def test_what_changed_is_a_new_version_and_the_rest_is_not(database: Database, root: Path, folder: Path) -> None:
    first = ln.Artifact.from_dir(folder).save()
    (folder / "a.csv").write_text("A")
    (folder / "new.csv").write_text("new")
    second = ln.Artifact.from_dir(folder).save()
    versions = {each.key: each.uid for each in second}
    assert versions["run 7/a.csv"] == first[0].uid[:16] + "0001"
    assert versions["run 7/new.csv"].endswith("0000")
    assert {each.uid for each in first[1:]} < set(versions.values())
    assert len(check_consistent(database, root)) == len(FILES) + 2


@pytest.mark.parametrize(("key", "prefix"), [("plates/7", "plates/7/"), ("x", "x/")])
def test_a_key_for_the_folder(database: Database, folder: Path, key: str, prefix: str) -> None:
    assert {each.key for each in ln.Artifact.from_dir(folder, key=key)} == {prefix + name for name in FILES}


def test_files_in_the_storage_stay(database: Database, root: Path, folder: Path) -> None:
    there = folder.rename(root / "here")
    made = ln.Artifact.from_dir(there).save()
    assert contents(made) == {f"here/{name}": content for name, content in FILES.items()}
    assert all(each.path == root / (each.key or "") and not each._key_is_virtual for each in made)
    assert objects(root) == []
    named = ln.Artifact.from_dir(there, key="mine").save()
    assert [each._real_key for each in named] == [f"here/{name}" for name in sorted(FILES)]
    assert not {each.uid for each in made} & {each.uid for each in named}


def test_the_storage_itself(database: Database, root: Path, write: Write) -> None:
    """What lamin keeps in there is left out."""
    ln.Artifact(write(), key="a.csv").save()
    (root / "mine").mkdir()
    (root / "mine" / "b.csv").write_text("b")
    assert [each.key for each in ln.Artifact.from_dir(root).save()] == ["mine/b.csv"]


def test_the_number_of_statements_does_not_grow(database: Database, queries: Any, write: Write, tmp_path: Path) -> None:
    ln.Artifact(write(), key="first.csv").save()  # asks once who and where we are
    counts = []
    for number in (3, 300):
        folder = tmp_path / f"of_{number}"
        folder.mkdir()
        for n in range(number):
            (folder / f"{n}.txt").write_text(f"{number} {n}")
        with queries.log() as log:
            made = ln.Artifact.from_dir(folder).save()
        counts.append(len(log))
        assert len({each.id for each in made}) == number
        with queries.log() as log:
            ln.Artifact.from_dir(folder).save()
        counts.append(len(log))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12


def test_links_are_followed(database: Database, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.csv").write_text("x")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "y.csv").symlink_to(tmp_path / "elsewhere" / "x.csv")
    made = contents(ln.Artifact.from_dir(folder).save())
    assert (made["run 7/linked/x.csv"], made["run 7/y.csv"]) == ("x", "x")


@pytest.mark.parametrize("name", ["with space.csv", "細胞.csv", "a#b.csv", "what?.csv", "100%.csv", ".hidden", "-rf", "a\tb.csv"])
def test_odd_names(database: Database, root: Path, folder: Path, name: str) -> None:
    (folder / name).write_text("odd")
    if "\t" in name:
        with pytest.raises(InvalidArgument, match="key"):
            ln.Artifact.from_dir(folder)
        return
    assert contents(ln.Artifact.from_dir(folder).save())[f"run 7/{name}"] == "odd"
    check_consistent(database, root)


def test_a_name_that_is_no_unicode(database: Database, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.csv")).write_text("x")
    with pytest.raises(InvalidArgument, match=r"key .*\\udcff"):
        ln.Artifact.from_dir(folder)


def test_an_empty_folder_has_no_artifacts(database: Database, queries: Any, tmp_path: Path) -> None:
    (tmp_path / "empty" / "er").mkdir(parents=True)
    made = ln.Artifact.from_dir(tmp_path / "empty")
    assert made == []
    assert made.save() == []


def test_what_is_no_folder(database: Database, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing, match=f"there is no file {str(tmp_path / 'none')!r}"):
        ln.Artifact.from_dir(tmp_path / "none")
    with pytest.raises(InvalidArgument, match="is a file; pass a folder, or call Artifact"):
        ln.Artifact.from_dir(folder / "a.csv")
    with pytest.raises(FieldValidationError, match="path must be the path"):
        ln.Artifact.from_dir(7)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="is a URL"):
        ln.Artifact.from_dir("s3://bucket/x")
    with pytest.raises(FieldValidationError, match="run must be a Run, not 'mine'"):
        ln.Artifact.from_dir(folder, run="mine")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="key"):
        ln.Artifact.from_dir(folder, key="../x")
    with pytest.raises(InvalidArgument, match="key"):
        ln.Artifact.from_dir(folder, key="x" * 1030)


def test_links_that_lead_in_a_circle_or_nowhere(database: Database, folder: Path) -> None:
    (folder / "deep" / "up").symlink_to(folder)
    with pytest.raises(InvalidArgument, match="is a symbolic link to a folder above it, so that the files in it have no end"):
        ln.Artifact.from_dir(folder)
    (folder / "deep" / "up").unlink()
    (folder / "nowhere").symlink_to(folder / "none")
    with pytest.raises(ArtifactMissing, match="is a symbolic link to a file that is not there"):
        ln.Artifact.from_dir(folder)
    (folder / "nowhere").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(InvalidArgument, match="is a pipe, socket or device"):
        ln.Artifact.from_dir(folder)


def test_a_file_that_may_not_be_read(
    database: Database, folder: Path, as_somebody_else: Callable[[], AbstractContextManager[None]]
) -> None:
    (folder / "b.csv").chmod(0)
    ln.Artifact.filter().count()  # the database stays open while the privilege is gone
    with as_somebody_else(), pytest.raises(ArtifactUnreadable, match=r"b\.csv' may not be read: Permission denied"):
        ln.Artifact.from_dir(folder)


@pytest.mark.parametrize("change", ["other content", "gone", "same size"])
def test_a_file_that_changes_before_it_is_saved(database: Database, root: Path, folder: Path, change: str) -> None:
    made = ln.Artifact.from_dir(folder)
    if change == "gone":
        (folder / "b.csv").unlink()
    else:
        (folder / "b.csv").write_text("SAME" if change == "same size" else "other")
    with pytest.raises((ArtifactUnreadable, ArtifactMissing), match=r"b\.csv"):
        made.save()
    assert (ln.Artifact.filter().count(), objects(root)) == (0, []), "all or none"
    ln.Artifact.from_dir(folder).save()
    check_consistent(database, root)


def test_the_run_that_made_the_files(database: Database, folder: Path) -> None:
    run = ln.Run(ln.Transform(key="make").save()).save()
    assert {each.run for each in ln.Artifact.from_dir(folder, run=run).save()} == {run}
    assert ln.Artifact.filter(run=run).count() == len(FILES)


# -- death -----------------------------------------------------------------------------------------------------------

SAVE = """
import sys
import lamindb_setup
lamindb_setup.connect(sys.argv[1])
import lamindb as ln
made = ln.Artifact.from_dir(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
made.save()
print("saved", flush=True)
"""


def save_in_a_process(database: Database, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SAVE, str(database.instance.folder), str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()
    return process


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.06, 0.1])
def test_killed_at_any_time_all_files_or_none(database: Database, root: Path, tmp_path: Path, delay: float) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(200):
        (folder / f"{n:03}.bin").write_bytes(os.urandom(20_000))
    process = save_in_a_process(database, folder)
    time.sleep(delay)
    process.kill()
    said = process.communicate()[0]
    count = ln.Artifact.filter().count()
    assert count in ((200,) if "saved" in said else (0, 200))
    assert len(ln.Artifact.from_dir(folder).save()) == 200
    (folder / "new").touch()
    ln.Artifact.from_dir(folder).save()  # has something to store, so it clears up behind the dead
    assert len(check_consistent(database, root)) == 201


def test_two_processes_save_one_folder(database: Database, root: Path, folder: Path) -> None:
    processes = [save_in_a_process(database, folder) for _ in range(3)]
    assert [process.communicate()[0] for process in processes] == ["saved\n"] * 3
    assert len(check_consistent(database, root)) == len(FILES)
