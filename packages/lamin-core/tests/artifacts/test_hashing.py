import base64
import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from blake3 import blake3

from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.hashing import MD5_UP_TO, hash_file
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, InvalidArgument

MB = 1024 * 1024


def sparse(path: Path, size: int, **pieces: bytes) -> Path:
    """Make a large file quickly: zeros, with `at_N=bytes` at some places."""
    with path.open("wb") as file:
        file.truncate(size)
        for place, piece in pieces.items():
            file.seek(int(place.removeprefix("at_")))
            file.write(piece)
    return path


@pytest.mark.parametrize(
    ("content", "value"), [(b"", "1B2M2Y8AsgTpgAmY7PhCfg"), (b"hello", "XUFAKrxLKna5cZ2REBfFkg"), (b"\xff\x00" * 9_999_999, None)]
)
def test_small_files_have_the_md5_of_existing_databases(tmp_path: Path, content: bytes, value: str | None) -> None:
    path = tmp_path / "a b.txt"
    path.write_bytes(content)
    independent = base64.urlsafe_b64encode(hashlib.md5(content).digest()).decode().rstrip("=")
    assert independent == (value or independent)
    assert hash_file(path) == (ContentHash(independent, "md5", len(content)), FileState.of(path.stat()))


def test_blake3_begins_one_byte_above_50_mebibytes(tmp_path: Path) -> None:
    at = sparse(tmp_path / "at", MD5_UP_TO, at_0=b"head")
    above = sparse(tmp_path / "above", MD5_UP_TO + 1, at_0=b"head")
    assert hash_file(at)[0] == ContentHash(
        base64.urlsafe_b64encode(hashlib.md5(at.read_bytes()).digest()).decode()[:22], "md5", 50 * MB
    )
    assert hash_file(above)[0] == ContentHash(
        base64.urlsafe_b64encode(blake3(above.read_bytes()).digest()).decode()[:22], "blake3", 50 * MB + 1
    )


def test_files_that_differ_only_in_the_middle_differ(tmp_path: Path) -> None:
    one = sparse(tmp_path / "one", 110 * MB, at_57671680=b"a")
    other = sparse(tmp_path / "other", 110 * MB, at_57671680=b"b")
    assert hash_file(one)[0].value != hash_file(other)[0].value


def test_a_file_written_to_while_it_is_hashed_raises(tmp_path: Path) -> None:
    path = sparse(tmp_path / "growing", 300 * MB)
    done = threading.Event()

    def write() -> None:
        with path.open("r+b") as file:
            while not done.is_set():
                file.seek(299 * MB)
                file.write(os.urandom(8))
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(ArtifactUnreadable) as caught:
            hash_file(path)
    finally:
        done.set()
        writer.join()
    assert str(caught.value) == f"the file {str(path)!r} changed while it was read; try again when nothing writes to it"


def test_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "no such.csv", tmp_path / "file" / "below"):
        with pytest.raises(ArtifactMissing) as caught:
            hash_file(path)
        assert str(caught.value) == f"there is no file {str(path)!r}; check the path"
        assert isinstance(caught.value, FileNotFoundError)


def test_unreadable_file_is_named(tmp_path: Path, as_somebody_else: Callable[[], AbstractContextManager[None]]) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("a")
    path.chmod(0)
    with as_somebody_else(), pytest.raises(ArtifactUnreadable) as caught:
        hash_file(path)
    assert str(caught.value) == f"the file {str(path)!r} may not be read: Permission denied; ask its owner for access"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(ArtifactUnreadable, match=r"cannot be read: .*symbolic links"):
        hash_file(loop)
    with pytest.raises(ArtifactUnreadable, match="cannot be read: embedded null byte"):
        hash_file(tmp_path / "a\0b")


def test_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument) as caught:
        hash_file(tmp_path)
    assert str(caught.value) == f"{str(tmp_path)!r} is a folder, where a file is expected"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidArgument, match="is a pipe, socket or device; an artifact is made from a regular file"):
        hash_file(pipe)
