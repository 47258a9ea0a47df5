"""Markers and file systems."""

import os
import subprocess
from pathlib import Path

import pytest

from lamindb_setup.errors import InvalidArgument, StorageAlreadyManaged, StorageMarkerInvalid
from lamindb_setup.storage import marker
from lamindb_setup.storage.filesystem import NETWORK_MAGIC, network_filesystem
from lamindb_setup.storage.marker import Marker
from lamindb_setup.storage.root import StorageRoot, local_path

MINE = Marker("storage00001", "alice/mine", "0" * 32, "instance0001")


def test_a_marker_is_five_lines_as_the_peer_writes_them(tmp_path: Path) -> None:
    assert marker.write(tmp_path, MINE)
    assert not marker.write(tmp_path, MINE)
    assert marker.path_of(tmp_path).read_text().splitlines() == [
        "storage00001",
        "creation info:",
        "instance_slug=alice/mine",
        "instance_id=00000000000000000000000000000000",
        "instance_uid=instance0001",
    ]
    assert marker.read(tmp_path) == MINE


def test_the_marker_of_another_instance_stays(tmp_path: Path) -> None:
    marker.write(tmp_path, MINE)
    with pytest.raises(StorageAlreadyManaged, match=r"is managed by alice/mine \(instance uid instance0001\)"):
        marker.write(tmp_path, Marker("storage00002", "bob/his", "1" * 32, "instance0002"))
    assert marker.read(tmp_path) == MINE


def test_a_marker_of_one_line_belongs_to_its_storage(tmp_path: Path) -> None:
    marker.path_of(tmp_path).parent.mkdir()
    marker.path_of(tmp_path).write_text("storage00001")
    assert marker.read(tmp_path) == Marker("storage00001")
    assert marker.check_ours(tmp_path, "instance0001", "storage00001") == Marker("storage00001")
    with pytest.raises(StorageAlreadyManaged):
        marker.check_ours(tmp_path, "instance0001", "storage00002")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"not a uid\n", b"\xff\xfe\x00"])
def test_a_marker_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    marker.path_of(tmp_path).parent.mkdir()
    marker.path_of(tmp_path).write_bytes(content)
    with pytest.raises(StorageMarkerInvalid, match=r"storage_uid\.txt"):
        marker.read(tmp_path)


def test_no_marker(tmp_path: Path) -> None:
    assert marker.read(tmp_path) is None
    assert marker.read(tmp_path / "absent") is None
    (tmp_path / "file").touch()
    assert marker.read(tmp_path / "file") is None


def test_local_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert local_path("a/../b", tmp_path) == tmp_path / "b"
    assert local_path(Path("/x"), tmp_path) == Path("/x")
    assert local_path("~/data", tmp_path) == Path("/home/me/data")
    assert local_path("file:///x/y", tmp_path) == Path("/x/y")
    with pytest.raises(InvalidArgument):
        local_path("gs://bucket", tmp_path)


def test_the_reserved_folder_of_an_object_store() -> None:
    assert StorageRoot("/x", Path("/x"), "u").reserved == Path("/x/.lamindb")
    with pytest.raises(InvalidArgument, match="is not a folder of this machine"):
        _ = StorageRoot("s3://x", None, "u", "s3").reserved


# ---- file systems -----------------------------------------------------------------------------------------------------------
def test_local_disks_are_local(tmp_path: Path) -> None:
    assert network_filesystem(tmp_path) is None
    assert network_filesystem(Path("/proc")) is None
    assert network_filesystem(tmp_path / "absent") is None


def test_the_number_read_is_that_of_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`stat` of coreutils asks the same system call; whatever it says is entered as if it were a network file system."""
    told = subprocess.run(["stat", "-f", "-c", "%t", str(tmp_path)], capture_output=True, text=True, check=True).stdout
    monkeypatch.setitem(NETWORK_MAGIC, int(told, 16), "as planted")
    assert network_filesystem(tmp_path) == "as planted"


def test_fuse_counts_as_network(tmp_path: Path) -> None:
    assert NETWORK_MAGIC[0x65735546] == "fuse"
    assert NETWORK_MAGIC[0x6969] == "nfs"
    assert os.path.exists("/proc")
