"""The way of an object into a storage, without a database: `has_row` stands for its answer."""

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.hashing import hash_file
from lamindb.artifacts.storing import HasRow, Incoming, sweep
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, DiskFull, StorageNotWritable

MB = 1024 * 1024
NAME = "uid0000000000000.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "my storage"
    root.mkdir()
    return root


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.csv"
    path.write_bytes(os.urandom(300_000))
    return path


def answer(*uids: str) -> HasRow:
    @contextmanager
    def has_row(uid: str) -> Iterator[bool]:
        yield uid in uids

    return has_row


def left(root: Path) -> list[str]:
    return sorted(path.relative_to(root / ".lamindb").as_posix() for path in (root / ".lamindb").rglob("*") if path.is_file())


def stored(root: Path, source: Path, name: str = NAME) -> Incoming:
    incoming = Incoming(root, name)
    incoming.fill(source, hash_file(source)[0])
    return incoming


def test_an_object_arrives(root: Path, source: Path) -> None:
    incoming = stored(root, source)
    assert left(root) == [f"incoming/{NAME}", f"incoming/{NAME}.part"]
    final = incoming.publish(NAME)
    assert final == root / ".lamindb" / NAME
    incoming.keep()
    assert left(root) == [NAME]
    assert final.read_bytes() == source.read_bytes()


def test_an_object_may_get_its_name_late(root: Path, source: Path) -> None:
    incoming = stored(root, source)
    incoming.publish("other.csv")
    assert left(root) == ["incoming/other.csv", "other.csv"]
    incoming.keep()
    assert left(root) == ["other.csv"]


@pytest.mark.parametrize("published", [False, True])
def test_a_dropped_object_leaves_nothing(root: Path, source: Path, published: bool) -> None:
    incoming = stored(root, source)
    if published:
        incoming.publish(NAME)
    incoming.drop()
    assert left(root) == []


@pytest.mark.parametrize(("uids", "remains"), [((), []), ((NAME.partition(".")[0],), [NAME])])
def test_an_object_left_in_doubt_is_decided_by_its_row(
    root: Path, source: Path, uids: tuple[str, ...], remains: list[str]
) -> None:
    incoming = stored(root, source)
    incoming.publish(NAME)
    incoming.settle(answer(*uids))
    assert left(root) == remains


def test_the_living_are_not_swept(root: Path, source: Path) -> None:
    waiting, published = stored(root, source, "a"), stored(root, source, "b")
    published.publish("b")
    sweep(root, answer())
    assert left(root) == ["b", "incoming/a", "incoming/a.part", "incoming/b"]
    waiting.publish("a")
    waiting.keep()
    published.keep()
    sweep(root, answer())
    assert left(root) == ["a", "b"]


def test_sweeping_a_storage_without_anything_does_nothing(root: Path) -> None:
    sweep(root, answer())
    sweep(root / "missing", answer())
    assert list(root.iterdir()) == []


def test_source_changed_since_it_was_hashed(root: Path, source: Path) -> None:
    expected = hash_file(source)[0]
    incoming = Incoming(root, NAME)
    source.write_bytes(os.urandom(300_000))
    with pytest.raises(ArtifactUnreadable) as caught:
        incoming.fill(source, expected)
    assert str(caught.value) == (
        f"the file {str(source)!r} changed after Artifact(...) had read it; nothing was saved, construct the artifact again"
    )
    assert left(root) == []


def test_source_that_grew_or_shrank_since_it_was_hashed(root: Path, source: Path) -> None:
    expected = hash_file(source)[0]
    for size in (300_001, 10 * MB, 299_999, 0):
        os.truncate(source, size)
        with pytest.raises(ArtifactUnreadable, match="changed"):
            Incoming(root, NAME).fill(source, expected)
        assert left(root) == []


def test_source_gone(root: Path, source: Path) -> None:
    expected = hash_file(source)[0]
    source.unlink()
    with pytest.raises(ArtifactMissing, match=r"there is no file .*source.csv"):
        Incoming(root, NAME).fill(source, expected)
    assert left(root) == []


def test_source_written_to_while_it_is_copied(root: Path, source: Path) -> None:
    with source.open("wb") as file:
        file.truncate(200 * MB)
    expected = hash_file(source)[0]
    incoming = Incoming(root, NAME)

    def write_when_copying_has_begun() -> None:
        while not (incoming.part.exists() and incoming.part.stat().st_size > 10 * MB):
            pass
        with source.open("r+b") as file:
            file.seek(199 * MB)
            file.write(b"changed ahead of the reader")

    writer = threading.Thread(target=write_when_copying_has_begun)
    writer.start()
    with pytest.raises(ArtifactUnreadable, match=r"changed after Artifact\(...\) had read it; nothing was saved"):
        incoming.fill(source, expected)
    writer.join()
    assert left(root) == []


def test_disk_full(small_disk: Path, tmp_path: Path) -> None:
    source = tmp_path / "large.csv"
    source.write_bytes(os.urandom(2 * MB))
    with pytest.raises(DiskFull) as caught:
        stored(small_disk, source)
    part = small_disk / ".lamindb" / "incoming" / f"{NAME}.part"
    assert str(caught.value) == f"no room to write {str(part)!r}: No space left on device; free some or use another storage"
    assert left(small_disk) == []
    source.write_bytes(os.urandom(MB // 2))
    stored(small_disk, source).publish(NAME)


def test_limit_on_the_size_of_files(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "large.csv"
    source.write_bytes(os.urandom(2 * MB))
    expected = hash_file(source)[0]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MB, limits[1]))
    try:
        with pytest.raises(DiskFull, match="File too large; free some or use another storage"):
            Incoming(root, NAME).fill(source, expected)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert left(root) == []


def test_a_root_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageNotWritable) as caught:
        Incoming(tmp_path / "gone", NAME)
    folder = tmp_path / "gone" / ".lamindb" / "incoming"
    assert str(caught.value) == f"{str(folder)!r} cannot be written: No such file or directory; is the storage there?"
    assert not (tmp_path / "gone").exists()


def test_a_root_that_may_not_be_written(
    root: Path, source: Path, as_somebody_else: Callable[[], AbstractContextManager[None]]
) -> None:
    root.chmod(0o555)
    with as_somebody_else(), pytest.raises(StorageNotWritable, match="may not be written: Permission denied; ask the owner"):
        Incoming(root, NAME)


# -- death at every point: a process does the steps, says where it is, and is killed there ---------------------------

STEPS = """
import sys, time
from pathlib import Path
from lamindb.artifacts.hashing import hash_file
from lamindb.artifacts.journals import Journal
from lamindb.artifacts.storing import Incoming

root, source, name, stop = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]

def at(point):
    if point == stop:
        print(point, flush=True)
        time.sleep(60)

expected = hash_file(source)[0]
incoming = Incoming(root, "token.csv")
at("journal")
if stop == "copying":
    print("copying", flush=True)
incoming.fill(source, expected)
at("copied")
incoming.publish(name)
at("published")
incoming.keep()
at("kept")
"""


def died(root: Path, source: Path, point: str, *, after: float = 0.0) -> None:
    process = subprocess.Popen([sys.executable, "-c", STEPS, root, source, NAME, point], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == f"{point}\n"
    time.sleep(after)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("point", "before"),
    [
        ("journal", ["incoming/token.csv"]),
        ("copied", ["incoming/token.csv", "incoming/token.csv.part"]),
        ("published", [f"incoming/{NAME}", NAME]),
        ("kept", [NAME]),
    ],
)
@pytest.mark.parametrize("committed", [False, True])
def test_killed_at_a_point(root: Path, source: Path, point: str, before: list[str], committed: bool) -> None:
    died(root, source, point)
    assert left(root) == before
    uids = (NAME.partition(".")[0],) if committed else ()
    sweep(root, answer(*uids))
    expected = [NAME] if point == "kept" or (point == "published" and committed) else []
    assert left(root) == expected
    if expected:
        assert hash_file(root / ".lamindb" / NAME)[0] == hash_file(source)[0]


def test_killed_while_copying(root: Path, source: Path) -> None:
    with source.open("wb") as file:
        file.truncate(400 * MB)
    rest = set()
    for _ in range(4):
        died(root, source, "copying", after=random.uniform(0, 0.1))
        rest.add(tuple(left(root)))
        sweep(root, answer())
        assert left(root) == []
    assert ("incoming/token.csv", "incoming/token.csv.part") in rest


def test_a_name_whose_former_writer_is_dead_can_be_used(root: Path, source: Path) -> None:
    died(root, source, "published")
    incoming = stored(root, source, "token2.csv")
    incoming.publish(NAME)
    incoming.keep()
    assert left(root) == [NAME]


def test_a_writer_waits_for_one_who_is_clearing_up_behind_the_same_name(root: Path, source: Path) -> None:
    failed, second = stored(root, source, "one"), stored(root, source, "two")
    failed.publish(NAME)
    done: list[Path] = []
    writer = threading.Thread(target=lambda: done.append(second.publish(NAME)))
    writer.start()
    time.sleep(0.1)
    assert done == []
    failed.drop()
    writer.join()
    assert done == [root / ".lamindb" / NAME]
    assert done[0].exists()
    second.keep()
    assert left(root) == [NAME]


def test_many_writers_and_sweepers_at_once(root: Path, source: Path) -> None:
    expected: ContentHash = hash_file(source)[0]
    committed: set[str] = set()
    failures: list[BaseException] = []

    @contextmanager
    def has_row(uid: str) -> Iterator[bool]:
        yield uid in committed

    def work(worker: int) -> None:
        try:
            for number in range(15):
                uid = f"w{worker}n{number}"
                sweep(root, has_row)
                incoming = Incoming(root, f"{uid}.csv")
                incoming.fill(source, expected)
                incoming.publish(f"{uid}.csv")
                if number % 3:
                    committed.add(uid)
                    incoming.keep()
                else:
                    incoming.drop()
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert left(root) == sorted(f"{uid}.csv" for uid in committed)
    assert all(hash_file(root / ".lamindb" / name)[0] == expected for name in left(root))
