"""What all tests share: a home of their own, and the example data."""

import os
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings, cache and home of the person who runs the tests are neither read nor written, and output has no colour."""
    home = tmp_path_factory.mktemp("home")
    own = {
        "HOME": str(home),
        "LAMIN_SETTINGS_DIR": str(home / "settings"),
        "LAMIN_CACHE_DIR": str(home / "cache"),
        "LAMIN_USER_HANDLE": "testuser",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("LAMIN_") or name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME")]:
            patch.delenv(name)
        for name, value in own.items():
            patch.setenv(name, value)
        yield home


@pytest.fixture(scope="session")
def pbmc68k() -> Path:
    """An h5ad of 700 blood cells x 765 genes (10x Genomics, reduced), scaled per gene; out of scanpy's wheel."""
    path = Path(str(distribution("scanpy").locate_file("scanpy/datasets/10x_pbmc68k_reduced.h5ad")))
    if not path.is_file():
        pytest.fail(f"{path} is missing: ./hatchw run data", pytrace=False)
    return path
