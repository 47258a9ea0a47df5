"""What artifacts must do as in LaminDB, and what must not happen although it does there; the numbers are those of the lists."""

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import (
    ArtifactIncomplete,
    ArtifactMissing,
    ArtifactUnreadable,
    DiskFull,
    FieldValidationError,
    IntegrityError,
    InvalidArgument,
)
from lamindb.records import context

from .conftest import Write
from .objects import check_consistent, objects
from .processes import Saver

MB = 1024**2
EMPTY_MD5 = "1B2M2Y8AsgTpgAmY7PhCfg"


def sparse(path: Path, *pieces: tuple[int, bytes], size: int) -> Path:
    """Write a large file that takes no room where it is zero."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
        for offset, content in pieces:
            file.seek(offset)
            file.write(content)
    return path


def folder_of(root: Path, **files: str) -> Path:
    """Write a folder of files."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (root / f"{name}.csv").write_text(content)
    return root


def set_row(database: Database, artifact: ln.Artifact, **values: object) -> None:
    """Change a row as another program would."""
    table = ln.Artifact.__table__
    with database.writing() as transaction:
        transaction.connection.execute(sa.update(table).where(table.c.id == artifact.id).values(**values))


# -- line 1: hashes of existing databases ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 5, 50 * MB])
def test_1_files_have_the_hash_that_lamindb_gave_them(database: Database, write: Write, size: int) -> None:
    path = sparse(write("", "a.bin"), size=size)
    expected = base64.urlsafe_b64encode(hashlib.md5(path.read_bytes()).digest()).decode().rstrip("=")
    artifact = ln.Artifact(path, key="a.bin").save()
    assert (artifact.hash, artifact._hash_type, artifact.size) == (expected, "md5", size)
    assert size or artifact.hash == EMPTY_MD5


def test_1_a_large_file_of_lamindb_is_found_again(database: Database, write: Write) -> None:
    path = sparse(write("", "a.bin"), (0, b"head"), (120 * MB - 4, b"tail"), size=120 * MB)
    artifact = ln.Artifact(path, key="a.bin").save()
    data = path.read_bytes()
    ends = hashlib.sha1(data[: 50 * MB]).digest() + hashlib.sha1(data[-50 * MB :]).digest()
    theirs = base64.urlsafe_b64encode(hashlib.sha1(ends).digest()).decode().rstrip("=")[:22]
    set_row(database, artifact, hash=theirs, _hash_type="sha1-fl")
    assert ln.Artifact(path, key="a.bin").uid == artifact.uid
    other = sparse(path.with_name("b.bin"), (0, b"head"), (60 * MB, b"middle"), (120 * MB - 4, b"tail"), size=120 * MB)
    assert ln.Artifact(other, key="a.bin").save().uid == artifact.uid[:16] + "0001", "P1: the hash of LaminDB is the same"


def test_1_a_folder_of_lamindb_is_found_again(database: Database, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "plates", a="1", b="2")
    artifact = ln.Artifact(folder, key="plates").save()
    leaves = sorted(base64.urlsafe_b64encode(hashlib.md5(text).digest()).decode().rstrip("=") for text in (b"1", b"2"))
    joined = b"".join(hashlib.md5(leaf.encode()).digest() for leaf in leaves)
    theirs = base64.urlsafe_b64encode(hashlib.md5(joined).digest()).decode().rstrip("=")[:22]
    set_row(database, artifact, hash=theirs, _hash_type="md5-d")
    assert ln.Artifact(folder, key="plates").uid == artifact.uid
    (folder / "a.csv").rename(folder / "c.csv")
    assert ln.Artifact(folder, key="plates").save().uid == artifact.uid[:16] + "0001", "P2: the hash of LaminDB is the same"


# -- line 2: where bytes lie -----------------------------------------------------------------------------------------


def test_2_names_of_objects(database: Database, root: Path, write: Write, tmp_path: Path) -> None:
    keyed = ln.Artifact(write("1"), key="plates/a.csv").save()
    unnamed = ln.Artifact(write("2"), description="no key").save()
    folder = ln.Artifact(folder_of(tmp_path / "plates", a="1"), key="plates").save()
    for artifact, name in ((keyed, f"{keyed.uid}.csv"), (unnamed, f"{unnamed.uid}.csv"), (folder, folder.uid)):
        assert (artifact._key_is_virtual, artifact._real_key) == (True, None)
        assert artifact.path.as_posix() == f"{root.as_posix()}/.lamindb/{name}"
        assert artifact.path.exists()


@pytest.mark.parametrize("is_folder", [False, True])
def test_2_versions_of_lamindb_that_share_their_bytes_are_read(
    database: Database, root: Path, write: Write, tmp_path: Path, is_folder: bool
) -> None:
    source = folder_of(tmp_path / "plates", a="a\n1") if is_folder else write("a\n1")
    artifact = ln.Artifact(source, key="plates" if is_folder else "a.csv").save()
    suffix = "" if is_folder else ".csv"
    shared = artifact.path.rename(root / ".lamindb" / f"{artifact.uid[:16]}{suffix}")
    set_row(database, artifact, _overwrite_versions=True)
    found = ln.Artifact.get(artifact.uid)
    assert found.path == shared
    assert found.load().shape == (1, 1)


def test_2_a_file_or_folder_in_the_storage_stays(database: Database, root: Path) -> None:
    (root / "in").mkdir()
    (root / "in" / "a.csv").write_text("1")
    folder_of(root / "in" / "plates", a="1", b="2")
    for path in (root / "in" / "a.csv", root / "in" / "plates"):
        where = path.relative_to(root).as_posix()
        plain = ln.Artifact(path).save()
        assert (plain.key, plain._key_is_virtual, plain._real_key) == (where, False, None)
        named = ln.Artifact(path, key=f"mine/{path.name}").save()
        assert (named.key, named._key_is_virtual, named._real_key) == (f"mine/{path.name}", True, where)
        assert plain.path == named.path == path
        assert plain.uid[:16] != named.uid[:16]
    assert objects(root) == []


# -- line 3: uids and versions ---------------------------------------------------------------------------------------


def test_3_the_counter_goes_on_from_z_to_a(database: Database, write: Write) -> None:
    first = ln.Artifact(write("0"), key="a.csv").save()
    set_row(database, first, uid=first.uid[:16] + "000Z")
    second = ln.Artifact(write("1"), key="a.csv").save()
    third = ln.Artifact(write("2"), key="a.csv").save()
    assert (second.uid, third.uid) == (first.uid[:16] + "000a", first.uid[:16] + "000b")
    assert third.is_latest
    assert [each.uid[-4:] for each in third.versions] == ["000b", "000a", "000Z"]
    assert (third.version, third.stem_uid) == ("000b", first.uid[:16])


def test_3_get_by_the_beginning_of_a_uid_and_by_key(database: Database, write: Write) -> None:
    first, second = (ln.Artifact(write(text), key="a.csv").save() for text in "12")
    assert [ln.Artifact.get(first.uid[:length]) for length in (8, 16, 20)] == [second, second, first]
    assert ln.Artifact.get(key="a.csv") == second
    assert ln.Artifact.get(second.uid) == second


# -- line 5: the same, or the next version ---------------------------------------------------------------------------


def test_5_first_second_same_and_empty(database: Database, root: Path, write: Write) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    assert ln.Artifact(write("1"), key="a.csv").save() == first
    assert ln.Artifact(write("1"), description="d") == first, "found by its content"
    second = ln.Artifact(write("2"), key="a.csv").save()
    assert (second.uid, second.is_latest) == (first.uid[:16] + "0001", True)
    assert not ln.Artifact.get(first.uid).is_latest
    empty = [ln.Artifact(write("", f"{name}.csv"), key=f"{name}.csv").save() for name in "xy"]
    assert len({each.uid[:16] for each in empty}) == 2
    unnamed = [ln.Artifact(write("", "e.csv"), description=f"{name}").save() for name in "xy"]
    assert not set(unnamed) & set(empty)
    check_consistent(database, root)


@pytest.mark.parametrize(("skip", "is_same"), [(None, True), (False, True), (True, False)])
def test_5_skip_hash_lookup(database: Database, root: Path, write: Write, skip: bool | None, is_same: bool) -> None:
    first = ln.Artifact(write("1"), key="a.csv").save()
    unnamed = ln.Artifact(write("1"), description="d", skip_hash_lookup=skip).save()
    assert (unnamed == first) is is_same
    again = ln.Artifact(write("1"), key="a.csv", skip_hash_lookup=skip).save()
    assert again == first, "the database has a key and a content once"
    check_consistent(database, root)


# -- line 6: deleting ------------------------------------------------------------------------------------------------


def test_6_trash_then_for_good(database: Database, root: Path, write: Write) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    artifact.delete()
    assert (artifact.branch_id, artifact.path.exists()) == (context.TRASH, True)
    artifact.delete()
    assert (ln.Artifact.filter(uid=artifact.uid).count(), objects(root)) == (0, [])


def test_6_every_version_of_a_folder_has_bytes_of_its_own(database: Database, root: Path, tmp_path: Path) -> None:
    """LaminDB overwrites the former version of a folder, and deletes all versions with the latest."""
    folder = folder_of(tmp_path / "plates", a="1")
    first = ln.Artifact(folder, key="plates").save()
    (folder / "a.csv").write_text("2")
    second = ln.Artifact(folder, key="plates").save()
    assert [(each.path / "a.csv").read_text() for each in (first, second)] == ["1", "2"]
    second.delete(permanent=True)
    assert ln.Artifact.get(key="plates") == first
    assert (first.path / "a.csv").read_text() == "1"
    assert not second.path.exists()


def test_6_bytes_of_others_are_not_deleted(database: Database, tmp_path: Path) -> None:
    path = folder_of(tmp_path / "theirs", a="1") / "a.csv"
    ln.Storage(tmp_path / "theirs").save()
    artifact = ln.Artifact(path).save()
    with pytest.raises(IntegrityError, match="in a storage that this instance does not manage"):
        artifact.delete(permanent=True)
    assert path.exists()
    assert ln.Artifact.get(artifact.uid) == artifact


# -- line 7: interrupted saves ---------------------------------------------------------------------------------------


def test_7_a_save_of_lamindb_that_was_killed_is_completed_under_its_uid(database: Database, root: Path, write: Write) -> None:
    saved = ln.Artifact(write(), key="a.csv").save()
    saved.path.unlink()
    set_row(database, saved, _aux={"so": 1})
    again = ln.Artifact(write(), key="a.csv").save()
    assert (again.uid, again._aux, again.path.read_text()) == (saved.uid, None, "a,b\n1,2\n")
    check_consistent(database, root)


def test_7_a_save_of_ours_that_was_killed_leaves_no_row(database: Database, root: Path, write: Write) -> None:
    path = sparse(write("", "a.bin"), size=300 * MB)
    saver = Saver(database.instance.folder, path, "a.bin")
    saver.go()
    incoming = root / ".lamindb" / "incoming"
    while not any(incoming.glob("*.part")):
        pass
    assert saver.kill() == ""
    assert ln.Artifact.filter(key="a.bin").count() == 0
    again = ln.Artifact(path, key="a.bin").save()
    assert check_consistent(database, root) == [again.uid]


# -- damage that must not occur --------------------------------------------------------------------------------------


def test_p1_large_files_that_differ_in_the_middle_are_two(database: Database, root: Path, write: Write) -> None:
    one = sparse(write("", "one.bin"), (55 * MB, b"one"), size=110 * MB)
    two = sparse(write("", "two.bin"), (55 * MB, b"two"), size=110 * MB)
    first = ln.Artifact(one, key="a.bin").save()
    second = ln.Artifact(two, key="a.bin").save()
    assert second.uid == first.uid[:16] + "0001"
    assert ln.Artifact(two, description="unnamed") == second
    check_consistent(database, root)


@pytest.mark.parametrize("change", ["renamed", "moved", "swapped"])
def test_p2_other_names_in_a_folder_are_other_content(database: Database, tmp_path: Path, change: str) -> None:
    folder = folder_of(tmp_path / "plates", a="1", b="2")
    first = ln.Artifact(folder, key="plates").save()
    if change == "renamed":
        (folder / "a.csv").rename(folder / "c.csv")
    elif change == "moved":
        (folder / "deep").mkdir()
        (folder / "a.csv").rename(folder / "deep" / "a.csv")
    else:
        folder_of(folder, a="2", b="1")
    second = ln.Artifact(folder, key="plates").save()
    assert second.uid == first.uid[:16] + "0001"
    assert sorted(path.name for path in first.path.rglob("*.csv")) == ["a.csv", "b.csv"]


@pytest.mark.parametrize("what", ["first version", "later version", "folder version", "replace", "bulk of 3"])
def test_p3_p4_a_failing_copy_leaves_bytes_row_and_head(
    database: Database, root: Path, write: Write, tmp_path: Path, small_disk: Path, what: str
) -> None:
    large = write(os.urandom(2 * MB), "a.csv")
    small = write("1", "small.csv")
    before: list[ln.Artifact] = []
    if what in ("later version", "replace"):
        before = [ln.Artifact(small, key="a.csv").save()]
    if what == "folder version":
        folder = folder_of(tmp_path / "plates", a="a\n1")
        before = [ln.Artifact(folder, key="a").save()]
        large = large.rename(folder / "large.csv").parent
    rows = ln.Artifact.filter().to_dataframe(limit=None)
    if before:
        (root / ".lamindb" / "incoming").rmdir()
    (root / ".lamindb" / "incoming").symlink_to(small_disk, target_is_directory=True)
    saves: list[Callable[[], object]] = []
    if what == "replace":
        saves = [before[0].replace(large).save]
    elif what == "bulk of 3":
        paths = [write("x", "x.csv"), large, write("z", "z.csv")]
        trio = [ln.Artifact(path, key=f"bulk/{path.name}") for path in paths]
        saves = [lambda: ln.save(trio)]
    else:
        saves = [ln.Artifact(large, key="a" if what == "folder version" else "a.csv").save]
    with pytest.raises(DiskFull, match="no room to write"):
        saves[0]()
    assert list(small_disk.iterdir()) == []
    assert rows.equals(ln.Artifact.filter().to_dataframe(limit=None))
    for each in before:
        stored = ln.Artifact.get(each.uid)
        assert stored.is_latest
        stored.load()
    (root / ".lamindb" / "incoming").unlink()
    saves[0]()  # nothing is in the way of a second attempt
    assert ln.Artifact.filter().count() == {"bulk of 3": 3, "first version": 1, "replace": 1}.get(what, 2)


def test_p4_what_fails_in_bulk_is_named(database: Database, root: Path, write: Write) -> None:
    trio = [ln.Artifact(write(name, f"{name}.csv"), key=f"{name}.csv") for name in "abc"]
    gone = trio[1].path
    gone.unlink()
    with pytest.raises(ArtifactMissing, match=f"there is no file {str(gone)!r}"):
        ln.save(trio)
    assert (ln.Artifact.filter().count(), objects(root)) == (0, [])
    gone.write_text("b")
    ln.save(trio)
    assert len(check_consistent(database, root)) == 3


@pytest.mark.parametrize("half_there", [False, True])
def test_p5_reading_what_was_never_stored_completely(database: Database, write: Write, half_there: bool) -> None:
    saved = ln.Artifact(write(), key="a.csv").save()
    if half_there:
        saved.path.write_text("a,")
    else:
        saved.path.unlink()
    set_row(database, saved, _aux={"so": 1})
    incomplete = ln.Artifact.get(saved.uid)
    for read in (incomplete.load, incomplete.open, incomplete.cache):
        with pytest.raises(ArtifactIncomplete) as caught:
            read()
        assert str(caught.value) == (
            f"the bytes of artifact {saved.uid!r} were never stored completely; save the file again under the same key, "
            "with Artifact(path, key='a.csv').save()"
        )
    assert ln.Artifact(write(), key="a.csv").save().load().shape == (1, 2)


def test_p5_a_row_is_there_only_with_its_bytes(database: Database, root: Path, write: Write) -> None:
    """Between inserting the row and giving the bytes their name nobody sees the row, nor is the former version no head."""
    first = ln.Artifact(write("1"), key="a.csv").save()
    with ln.transaction():
        second = ln.Artifact(write("2"), key="a.csv").save()
        seen = subprocess.run(
            [sys.executable, "-c", SEE, str(database.instance.folder)], capture_output=True, text=True, check=True
        ).stdout.split()
        assert seen == [first.uid, "1"]
    assert ln.Artifact.get(key="a.csv") == second


SEE = """
import sys
import lamindb_setup
lamindb_setup.connect(sys.argv[1])
import lamindb as ln
artifact = ln.Artifact.get(key="a.csv")
print(artifact.uid, artifact.path.read_text())
"""


def test_p6_artifacts_that_were_given_one_key_read_their_own_bytes(database: Database, write: Write) -> None:
    one, two = ln.Artifact(write("1"), key="one.csv").save(), ln.Artifact(write("2"), key="two.csv").save()
    set_row(database, two, key="one.csv")
    assert [ln.Artifact.get(each.uid).cache().read_text() for each in (one, two, one)] == ["1", "2", "1"]


@pytest.mark.parametrize("size", ["same size", "other size"])
def test_p8_a_source_that_changes_before_it_is_saved(database: Database, root: Path, write: Write, size: str) -> None:
    source = write("1")
    artifact = ln.Artifact(source, key="a.csv")
    source.write_text("2" if size == "same size" else "22")
    with pytest.raises(ArtifactUnreadable, match=r"changed after Artifact\(...\) had read it; nothing was saved"):
        artifact.save()
    assert (ln.Artifact.filter().count(), objects(root)) == (0, [])
    ln.Artifact(source, key="a.csv").save()
    check_consistent(database, root)


@pytest.mark.parametrize(
    "key", ["/etc/passwd.csv", "a//b.csv", "", "~/a.csv", "a\nb.csv", "../a.csv", "./a.csv", "a\\b.csv", "x" * 1100 + ".csv"]
)
def test_p10_keys_that_lead_elsewhere(database: Database, root: Path, write: Write, key: str) -> None:
    with pytest.raises((InvalidArgument, FieldValidationError), match="key"):
        ln.Artifact(write(), key=key)
    assert objects(root) == []


@pytest.mark.parametrize("name", ["with space.csv", "ünïcode-細胞.csv", "a#b.csv", "what?.csv", "100%.csv", "%2e%2e%2fx.csv"])
def test_p10_odd_names_are_names(database: Database, root: Path, write: Write, name: str) -> None:
    path = write("1", name)
    artifact = ln.Artifact(path, key=f"odd/{name}").save()
    found = ln.Artifact.get(key=f"odd/{name}")
    assert (found, found.path.read_text()) == (artifact, "1")
    (root / name).write_text("2")
    in_place = ln.Artifact(root / name).save()
    assert (in_place.key, in_place.path.read_text(), in_place.cache().name) == (name, "2", name)
    check_consistent(database, root)


def test_p13_four_first_writers_of_a_key_are_one_family(database: Database, root: Path, write: Write) -> None:
    paths = [write(f"{number}", f"{number}.csv") for number in range(4)]
    savers = [Saver(database.instance.folder, path, "a.csv") for path in paths]
    for saver in savers:
        saver.go()
    uids = sorted(saver.result() for saver in savers)
    assert [uid[-4:] for uid in uids] == ["0000", "0001", "0002", "0003"]
    assert len({uid[:16] for uid in uids}) == 1
    assert check_consistent(database, root) == uids
    assert ln.Artifact.get(key="a.csv").uid == uids[-1]


@pytest.mark.parametrize("is_folder", [False, True])
def test_p14_trash_and_restore_keep_one_head(database: Database, tmp_path: Path, is_folder: bool) -> None:
    def source(text: str) -> Path:
        folder = folder_of(tmp_path / "plates", a=text)
        return folder if is_folder else folder / "a.csv"

    key = "plates" if is_folder else "a.csv"
    first, second = (ln.Artifact(source(text), key=key).save() for text in "12")

    def heads() -> list[str]:
        return ln.Artifact.filter(is_latest=True, key=key).to_list("uid")

    second.delete()
    assert heads() == [first.uid]
    second.restore()
    assert heads() == [second.uid]
    first, second = ln.Artifact.get(first.uid), ln.Artifact.get(second.uid)
    second.delete()
    first.delete()
    assert heads() == []
    first.restore()
    assert heads() == [first.uid]
    second.restore()
    assert heads() == [second.uid]
    assert ln.Artifact(source("3"), key=key).save().uid == first.uid[:16] + "0002"


OFFLINE = """
import sys

def refuse(event, arguments):
    if event == "socket.getaddrinfo" or (event == "socket.connect" and not isinstance(arguments[1], (str, bytes))):
        print(f"{event} {arguments}", flush=True)
        sys.exit(99)

sys.addaudithook(refuse)
import lamindb_setup
lamindb_setup.connect(sys.argv[1])
import lamindb as ln
import pandas as pd
first = ln.Artifact(sys.argv[2], key="a.csv").save()
table = ln.Artifact.from_dataframe(pd.DataFrame({"a": [1]}), key="a.parquet").save()
table.load(), table.open(), table.cache()
first.replace(sys.argv[3]).save()
ln.Artifact.from_dir(sys.argv[4]).save()
first.delete(permanent=True)
print(len(ln.Artifact.filter()))
"""


def test_p16_nothing_asks_the_network(database: Database, write: Write, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "plates", a="x", b="y")
    command = [
        sys.executable,
        "-c",
        OFFLINE,
        str(database.instance.folder),
        str(write("1")),
        str(write("2", "b.csv")),
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("3\n", 0), done.stderr
