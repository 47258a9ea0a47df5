"""The example notebook runs from its first cell to its last, in a kernel, on real cells, and shows pictures where it should."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "examples" / "notebook.ipynb"
EXECUTE = """
import os
import sys
import tempfile
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
client = NotebookClient(notebook, kernel_name="python3", timeout=120)
kernel = client.create_kernel_manager()
# A TCP port that is free when it is looked for may be taken a moment later; the path of a socket has 107 bytes at most.
sockets = tempfile.TemporaryDirectory(dir="/tmp")
kernel.transport, kernel.ip = "ipc", os.path.join(sockets.name, "kernel")
client.execute()
nbformat.write(notebook, sys.argv[1])
"""


def run(folder: Path, *command: str) -> str:
    own = {"LAMIN_SETTINGS_DIR": str(folder / "settings"), "LAMIN_CACHE_DIR": str(folder / "cache")}
    env = {**os.environ, **own, "JPY_SESSION_NAME": str(folder / NOTEBOOK.name)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory, pbmc68k: Path) -> tuple[Path, list[dict[str, Any]]]:
    """The folder in which the notebook ran, and its cells with their outputs."""
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(NOTEBOOK, folder)
    lamin = str(Path(sys.executable).with_name("lamin"))
    run(folder, lamin, "init", "--storage", "./mydir")
    run(folder, sys.executable, "-c", EXECUTE, NOTEBOOK.name)
    return folder, json.loads((folder / NOTEBOOK.name).read_text(encoding="utf-8"))["cells"]


def shown(cells: list[dict[str, Any]], code: str) -> dict[str, str]:
    """What the cell with this code shows, by media type."""
    (cell,) = [cell for cell in cells if code in "".join(cell["source"])]
    return {
        kind: "".join(text) if isinstance(text, list) else text
        for output in cell["outputs"]
        for kind, text in output.get("data", {}).items()
    }


def test_the_notebook_that_is_kept_has_no_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert [cell["outputs"] for cell in cells if cell["cell_type"] == "code" and cell["outputs"]] == []


def test_lineage_is_a_picture(executed: tuple[Path, list[dict[str, Any]]]) -> None:
    pictures = shown(executed[1], "view_lineage")
    assert any("<svg" in text for text in pictures.values()), pictures.keys()


def test_the_database_knows_what_the_notebook_did(executed: tuple[Path, list[dict[str, Any]]]) -> None:
    folder, cells = executed
    assert "Dendritic" in json.dumps(cells)
    program = (
        "import json, lamindb as ln; n = ln.Transform.get(kind='notebook'); r = n.runs.one(); "
        "t = ln.Artifact.get(key='blood/types.parquet', is_latest=True); "
        "print(json.dumps([n.key, n.description, r.status, t.version, t.run.transform.kind, t.run.params['least'], "
        "t.run.input_artifacts.one().key]))"
    )
    told = json.loads(run(folder, sys.executable, "-c", program))
    assert told == ["notebook.ipynb", "Cells of one donor", "completed", "0001", "function", 100, "blood/cells.h5ad"]
