"""The way of objects into a storage, without a database: `referenced` stands for its answer."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from lamindb.artifacts.content import ContentHash
from lamindb.artifacts.hashing import hash_file
from lamindb.artifacts.looking import look
from lamindb.artifacts.stat_cache import StatCache
from lamindb.artifacts.storing import Incoming, Load, Outgoing, Referenced, sweep
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, DiskFull, InvalidArgument, StorageNotWritable

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


def answer(*rows: str) -> Referenced:
    @contextmanager
    def referenced(names: Sequence[str]) -> Iterator[set[str]]:
        yield {*rows} & {*names}

    return referenced


def left(root: Path) -> list[str]:
    return sorted(path.relative_to(root / ".lamindb").as_posix() for path in (root / ".lamindb").rglob("*") if path.is_file())


def stored(root: Path, source: Path, name: str = "token") -> Incoming:
    incoming = Incoming(root, name)
    incoming.fill([Load(source, hash_file(source)[0])])
    return incoming


def part(incoming: Incoming) -> Path:
    return next(iter(incoming._parts))


def publish(incoming: Incoming, name: str = NAME) -> None:
    incoming.publish([(part(incoming), name)])


def test_an_object_arrives(root: Path, source: Path) -> None:
    incoming = stored(root, source)
    assert left(root) == ["incoming/token", "incoming/token.0.part"]
    publish(incoming)
    assert left(root) == ["incoming/token", NAME]
    incoming.keep()
    assert left(root) == [NAME]
    assert (root / ".lamindb" / NAME).read_bytes() == source.read_bytes()


def test_many_objects_arrive_at_once(root: Path, source: Path) -> None:
    sources = [source.with_name(f"{number}") for number in range(100)]
    for number, path in enumerate(sources):
        path.write_text(f"content {number}")
    incoming = Incoming(root, "token")
    parts = incoming.fill([Load(path, hash_file(path)[0]) for path in sources])
    assert left(root) == sorted(["incoming/token", *(f"incoming/token.{number}.part" for number in range(100))])
    incoming.publish([(part, f"{number:03}.csv") for number, part in enumerate(parts[:98])])
    incoming.keep()
    assert left(root) == [f"{number:03}.csv" for number in range(98)], "what nobody needed is gone"
    assert (root / ".lamindb" / "042.csv").read_text() == "content 42"


def folder_of_files(source: Path) -> tuple[Path, ContentHash]:
    folder = source.with_name("a folder")
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "deep" / "er" / "x").write_text("x")
    (folder / "y").write_text("y")
    return folder, look(folder, StatCache(source.parent / "cache"))[0]


def test_a_folder_arrives_as_one_object(root: Path, source: Path) -> None:
    folder, content = folder_of_files(source)
    incoming = Incoming(root, "token")
    incoming.fill([Load(folder, content)])
    publish(incoming, "uid.zarr")
    incoming.keep()
    assert left(root) == ["uid.zarr/deep/er/x", "uid.zarr/y"]
    assert not (root / ".lamindb" / "uid.zarr" / "empty").exists(), "a folder without files is no content"
    Outgoing(root, "uid.zarr").go()
    assert left(root) == []


@pytest.mark.parametrize("change", ["other content", "other name", "one more", "one less", "gone", "a file"])
def test_a_folder_that_changed_since_it_was_hashed(root: Path, source: Path, change: str) -> None:
    folder, content = folder_of_files(source)
    match change:
        case "other content":
            (folder / "y").write_text("z")
        case "other name":
            (folder / "y").rename(folder / "z")
        case "one more":
            (folder / "z").write_text("z")
        case "one less":
            (folder / "y").unlink()
        case _:
            shutil.rmtree(folder)
            if change == "a file":
                folder.write_text("y")
    with pytest.raises((ArtifactUnreadable, ArtifactMissing)) as caught:
        Incoming(root, "token").fill([Load(folder, content)])
    if change not in ("gone", "a file"):
        assert str(caught.value) == (
            f"the folder {str(folder)!r} changed after Artifact(...) had read it; nothing was saved, construct the artifact again"
        )
    assert left(root) == []


def test_a_private_file_lends_its_bytes(root: Path, source: Path) -> None:
    content, state = hash_file(source)
    incoming = Incoming(root, "token")
    incoming.fill([Load(source, content, state)])
    publish(incoming)
    incoming.keep()
    assert (root / ".lamindb" / NAME).stat().st_ino == source.stat().st_ino
    os.utime(source, (0, 0))
    with pytest.raises(ArtifactUnreadable, match="changed"):
        Incoming(root, "token").fill([Load(source, content, state)])


@pytest.mark.parametrize("published", [False, True])
def test_a_dropped_object_leaves_nothing(root: Path, source: Path, published: bool) -> None:
    incoming = stored(root, source)
    if published:
        publish(incoming)
    incoming.drop()
    assert left(root) == []


@pytest.mark.parametrize(("rows", "remains"), [((), []), ((NAME,), [NAME])])
def test_an_object_left_in_doubt_is_decided_by_its_row(
    root: Path, source: Path, rows: tuple[str, ...], remains: list[str]
) -> None:
    incoming = stored(root, source)
    publish(incoming)
    incoming.settle(answer(*rows))
    assert left(root) == remains


def test_the_living_are_not_swept(root: Path, source: Path) -> None:
    waiting, published = stored(root, source, "one"), stored(root, source, "two")
    publish(published, "b")
    sweep(root, answer())
    assert left(root) == ["b", "incoming/one", "incoming/one.0.part", "incoming/two"]
    publish(waiting, "a")
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
        incoming.fill([Load(source, expected)])
    assert str(caught.value) == (
        f"the file {str(source)!r} changed after Artifact(...) had read it; nothing was saved, construct the artifact again"
    )
    assert left(root) == []


def test_source_that_grew_or_shrank_since_it_was_hashed(root: Path, source: Path) -> None:
    expected = hash_file(source)[0]
    for size in (300_001, 10 * MB, 299_999, 0):
        os.truncate(source, size)
        with pytest.raises(ArtifactUnreadable, match="changed"):
            Incoming(root, NAME).fill([Load(source, expected)])
        assert left(root) == []


def test_source_gone(root: Path, source: Path) -> None:
    expected = hash_file(source)[0]
    source.unlink()
    with pytest.raises(ArtifactMissing, match=r"there is no file .*source.csv"):
        Incoming(root, NAME).fill([Load(source, expected)])
    assert left(root) == []


def test_source_written_to_while_it_is_copied(root: Path, source: Path) -> None:
    with source.open("wb") as file:
        file.truncate(200 * MB)
    expected = hash_file(source)[0]
    incoming = Incoming(root, NAME)

    def write_when_copying_has_begun() -> None:
        path = root / ".lamindb" / "incoming" / f"{NAME}.0.part"
        while not (path.exists() and path.stat().st_size > 10 * MB):
            pass
        with source.open("r+b") as file:
            file.seek(199 * MB)
            file.write(b"changed ahead of the reader")

    writer = threading.Thread(target=write_when_copying_has_begun)
    writer.start()
    with pytest.raises(ArtifactUnreadable, match=r"changed after Artifact\(...\) had read it; nothing was saved"):
        incoming.fill([Load(source, expected)])
    writer.join()
    assert left(root) == []


def test_disk_full(small_disk: Path, tmp_path: Path) -> None:
    source = tmp_path / "large.csv"
    source.write_bytes(os.urandom(2 * MB))
    with pytest.raises(DiskFull) as caught:
        stored(small_disk, source, NAME)
    part = small_disk / ".lamindb" / "incoming" / f"{NAME}.0.part"
    assert str(caught.value) == f"no room to write {str(part)!r}: No space left on device; free some or use another storage"
    assert left(small_disk) == []
    source.write_bytes(os.urandom(MB // 2))
    publish(stored(small_disk, source))


def test_limit_on_the_size_of_files(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "large.csv"
    source.write_bytes(os.urandom(2 * MB))
    expected = hash_file(source)[0]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MB, limits[1]))
    try:
        with pytest.raises(DiskFull, match="File too large; free some or use another storage"):
            Incoming(root, NAME).fill([Load(source, expected)])
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
from lamindb.artifacts.storing import Incoming, Load

root, source, name, stop = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]

def at(point):
    if point == stop:
        print(point, flush=True)
        time.sleep(60)

expected = hash_file(source)[0]
incoming = Incoming(root, "token")
at("journal")
if stop == "copying":
    print("copying", flush=True)
parts = incoming.fill([Load(source, expected)])
at("copied")
incoming.publish([(parts[0], name)])
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
        ("journal", ["incoming/token"]),
        ("copied", ["incoming/token", "incoming/token.0.part"]),
        ("published", ["incoming/token", NAME]),
        ("kept", [NAME]),
    ],
)
@pytest.mark.parametrize("committed", [False, True])
def test_killed_at_a_point(root: Path, source: Path, point: str, before: list[str], committed: bool) -> None:
    died(root, source, point)
    assert left(root) == before
    sweep(root, answer(*([NAME] if committed else [])))
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
    assert ("incoming/token", "incoming/token.0.part") in rest


def test_a_name_whose_former_writer_is_dead_can_be_used(root: Path, source: Path) -> None:
    died(root, source, "published")
    source.write_text("new")
    incoming = stored(root, source, "token2")
    publish(incoming)
    incoming.keep()
    sweep(root, answer(NAME))
    assert left(root) == [NAME]
    assert (root / ".lamindb" / NAME).read_text() == "new"


def test_a_folder_takes_the_name_that_a_dead_writer_left(root: Path, source: Path) -> None:
    folder, content = folder_of_files(source)
    home = root / ".lamindb"
    (home / "uid.zarr" / "old").mkdir(parents=True)
    incoming = Incoming(root, "token")
    incoming.fill([Load(folder, content)])
    publish(incoming, "uid.zarr")
    incoming.keep()
    assert left(root) == ["uid.zarr/deep/er/x", "uid.zarr/y"]


def test_a_writer_waits_for_one_who_removes_an_object_of_the_same_name(root: Path, source: Path) -> None:
    (root / ".lamindb").mkdir()
    (root / ".lamindb" / NAME).write_text("old")
    outgoing, incoming = Outgoing(root, NAME), stored(root, source)
    done = threading.Event()

    def write() -> None:
        publish(incoming)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.1)
    assert not done.is_set()
    outgoing.go()
    writer.join()
    incoming.keep()
    assert left(root) == [NAME]
    assert (root / ".lamindb" / NAME).read_bytes() == source.read_bytes()


def test_a_transaction_does_not_wait_for_itself(root: Path, source: Path) -> None:
    outgoing, incoming = Outgoing(root, NAME), stored(root, source)
    with pytest.raises(InvalidArgument, match="were deleted in this transaction; end it before saving new ones of that name"):
        publish(incoming)
    outgoing.stay()


def test_many_writers_and_sweepers_at_once(root: Path, source: Path) -> None:
    expected: ContentHash = hash_file(source)[0]
    committed: set[str] = set()
    failures: list[BaseException] = []

    @contextmanager
    def referenced(names: Sequence[str]) -> Iterator[set[str]]:
        yield committed & {*names}

    def work(worker: int) -> None:
        try:
            for number in range(15):
                name = f"w{worker}n{number}.csv"
                sweep(root, referenced)
                incoming = Incoming(root)
                parts = incoming.fill([Load(source, expected)])
                incoming.publish([(parts[0], name)])
                if number % 3:
                    committed.add(name)
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
    assert left(root) == sorted(committed)
    assert all(hash_file(root / ".lamindb" / name)[0] == expected for name in left(root))
