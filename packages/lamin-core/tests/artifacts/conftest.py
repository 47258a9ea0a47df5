"""Files, disks and users that the tests of artifacts need; instances come from the conftest above."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import lamindb_setup
import pytest
from lamindb_setup.databases import Database

NOBODY = 65534

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file outside of every storage and gives its path."""
    folder = tmp_path / "desk"
    folder.mkdir()

    def make(content: str | bytes = "a,b\n1,2\n", name: str = "a.csv") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def root(database: Database) -> Path:
    """The folder of the instance's storage."""
    assert database.instance.storage.path is not None
    return database.instance.storage.path


@pytest.fixture
def as_somebody_else(tmp_path: Path) -> Callable[[], AbstractContextManager[None]]:
    """Run a block without root's privilege to read and write everything; folders of the test can be entered."""
    for above in (tmp_path, *tmp_path.parents):
        if above == Path(tempfile.gettempdir()):
            break
        above.chmod(0o755)

    @contextmanager
    def other() -> Iterator[None]:
        if os.geteuid() != 0:
            yield
            return
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return other


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for one mebibyte."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=False).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def cache_files() -> Callable[[], list[str]]:
    """Lists the files of this process for data that is not saved yet."""

    def found() -> list[str]:
        folder = lamindb_setup.settings.cache_dir / "unsaved"
        return sorted(path.name for path in folder.glob("*") if path.suffix != ".journal")

    return found
