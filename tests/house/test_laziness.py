"""Importing a package is cheap and touches nothing: looked at from a fresh interpreter each time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"pandas", "pyarrow", "anndata", "fsspec", "numpy", "alembic", "psycopg", "upath", "h5py", "zarr", "linkml_runtime"}
OUTWARD = ("sqlite3.connect", "socket.connect", "socket.getaddrinfo")

PROGRAM = """
import sys
events = []
sys.addaudithook(lambda event, arguments: events.append(event) if event in {outward} else None)
{code}
import json
print(json.dumps([sorted({{name.partition(".")[0] for name in sys.modules}}), events]))
"""


def fresh(code: str, folder: Path) -> tuple[set[str], list[str]]:
    """The top-level modules loaded, and the connections made, once the code has run."""
    program = PROGRAM.format(outward=OUTWARD, code=code)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1, "importing prints"
    loaded, events = json.loads(done.stdout)
    return set(loaded), events


@pytest.mark.parametrize("package", ["lamindb", "lamindb_setup", "lamin_cli", "bionty", "wetlab"])
def test_importing_loads_nothing_heavy_and_connects_to_nothing(package: str, tmp_path: Path) -> None:
    loaded, events = fresh(f"import {package}", tmp_path)
    assert loaded & HEAVY == set()
    assert events == []
    assert list(tmp_path.iterdir()) == []


def test_naming_registries_and_functions_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded, events = fresh("import lamindb as ln; ln.Artifact; ln.ULabel; ln.track; ln.step; ln.context", tmp_path)
    assert loaded & HEAVY == set()
    assert events == []


def test_the_command_loads_click_only_until_a_command_runs(tmp_path: Path) -> None:
    loaded, _ = fresh("import lamin_cli.__main__", tmp_path)
    assert loaded & (HEAVY | {"sqlalchemy", "lamindb", "lamindb_setup"}) == set()


def test_the_probe_sees_what_it_looks_for(tmp_path: Path) -> None:
    loaded, events = fresh("import numpy, sqlite3; sqlite3.connect(':memory:')", tmp_path)
    assert "numpy" in loaded
    assert events == ["sqlite3.connect"]
