"""Notebooks: as text, and executed by a kernel."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import ArtifactUnreadable
from lamindb.lineage.notebooks import to_percent

from .conftest import Lab

EXECUTE = """
import os
import sys
import tempfile
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
path, allow_errors = os.environ.get("HIDDEN") or sys.argv[1], sys.argv[2] == "allow"
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, kernel_name="python3", timeout=120, allow_errors=allow_errors,
    resources={"metadata": {"path": sys.argv[3]}})
kernel = client.create_kernel_manager()
# A TCP port that is free when it is looked for may be taken a moment later; the path of a socket has 107 bytes at most.
sockets = tempfile.TemporaryDirectory(dir="/tmp")
kernel.transport, kernel.ip = "ipc", os.path.join(sockets.name, "kernel")
try:
    client.execute()
except CellExecutionError as error:
    print(str(error)[-2000:], file=sys.stderr)
    raise SystemExit(9)
nbformat.write(notebook, path)
"""


def notebook(*cells: tuple[str, str], **metadata: Any) -> str:
    """An `.ipynb` with cells of a kind and a text, which may lack what newer formats want."""
    made: list[dict[str, Any]] = []
    for number, (kind, text) in enumerate(cells):
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": text.splitlines(keepends=True),
        }
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        made.append(cell)
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


class Notebooks:
    """Writes and executes notebooks of a lab."""

    def __init__(self, lab: Lab) -> None:
        pytest.importorskip("ipykernel")
        pytest.importorskip("nbclient")
        self.lab = lab

    def write(self, name: str, *cells: str, title: str = "# My analysis") -> Path:
        text = notebook(("markdown", f"{title}\n\nwhat it does"), *[("code", cell) for cell in cells])
        return self.lab.write(name, text, head="")

    def execute(self, path: Path, *, errors: str = "stop", status: int = 0, **env: str) -> str:
        """Execute as nbclient does, which tells the kernel no path: the server's variable does."""
        told = {"JPY_SESSION_NAME": str(path), **env}
        command = [sys.executable, "-c", EXECUTE, "" if "HIDDEN" in env else str(path), errors, str(path.parent)]
        done = subprocess.run(command, env=self.lab.environment(told), capture_output=True, text=True, timeout=120)
        assert done.returncode == status, done.stderr
        return done.stderr


@pytest.fixture
def notebooks(lab: Lab, only_sqlite: None) -> Notebooks:
    return Notebooks(lab)


@pytest.fixture
def notebooks_everywhere(lab: Lab) -> Notebooks:
    """On both databases."""
    return Notebooks(lab)


TRACK, FINISH = "import lamindb as ln\nln.track()", "ln.finish()"


def test_a_notebook_is_a_transform_with_its_cells_as_text(notebooks: Notebooks) -> None:
    path = notebooks.write("nb/analysis.ipynb", TRACK, "label = ln.ULabel(name='x').save()", FINISH)
    notebooks.execute(path)
    (transform,), (run,) = notebooks.lab.transforms(), notebooks.lab.runs()
    assert (transform.key, transform.kind, transform.description) == ("nb/analysis.ipynb", "notebook", "My analysis")
    assert transform.source_code == (
        "# %% [markdown]\n#\n#\n# what it does\n\n# %%\nimport lamindb as ln\nln.track()\n\n"
        "# %%\nlabel = ln.ULabel(name='x').save()\n\n# %%\nln.finish()\n"
    )
    assert (run.status, run.environment is not None, run.cli_args) == ("completed", True, None)
    assert ln.ULabel.get(name="x").run == run


def test_23_versions_of_a_notebook_follow_its_code(notebooks: Notebooks) -> None:
    """A, B, C, A; another title and other outputs are no other code, and no completed run is touched."""
    for code in ("1", "2", "3", "1"):
        notebooks.execute(notebooks.write("a.ipynb", TRACK, code, FINISH))
    notebooks.execute(notebooks.write("a.ipynb", TRACK, "1", FINISH, title="# Other title"))
    assert [run.transform.uid[-4:] for run in notebooks.lab.runs()] == ["0000", "0001", "0002", "0000", "0000"]
    assert {run.status for run in notebooks.lab.runs()} == {"completed"}
    assert len({each.stem_uid for each in notebooks.lab.transforms()}) == 1
    assert notebooks.lab.transforms()[0].description == "Other title"


def test_23_functions_in_cells_have_families_of_their_own(notebooks: Notebooks) -> None:
    define = "@ln.step()\ndef double(n):\n    return 2 * n{}"
    for end in ("", "  # edited", ""):
        notebooks.execute(notebooks.write("a.ipynb", TRACK, define.format(end), "double(3)", FINISH))
    functions = notebooks.lab.transforms(kind="function")
    assert [(each.key, each.uid[-4:]) for each in functions] == [("a.ipynb:double", "0000"), ("a.ipynb:double", "0001")]
    assert functions[0].source_code == "@ln.step()\ndef double(n):\n    return 2 * n\n"
    assert [each.uid[-4:] for each in notebooks.lab.transforms(kind="notebook")] == ["0000", "0001"]
    steps = [run for run in notebooks.lab.runs() if run.entrypoint == "double"]
    assert [run.transform_id for run in steps] == [functions[0].id, functions[1].id, functions[0].id]
    assert all(run.initiated_by_run.transform.kind == "notebook" for run in steps)


def test_23_a_flow_in_a_cell_needs_no_track(notebooks_everywhere: Notebooks) -> None:
    define = "import lamindb as ln\n@ln.flow()\ndef double(n):\n    print('doubling')\n    return 2 * n"
    notebooks_everywhere.execute(notebooks_everywhere.write("a.ipynb", define, "double(3)"))
    (run,) = notebooks_everywhere.lab.runs()
    assert (run.status, run.transform.key, run.transform.kind, run.params) == (
        "completed",
        "a.ipynb:double",
        "function",
        {"n": 3},
    )
    assert run.report.load() == "doubling\n"


def test_24_a_cell_that_fails_makes_the_run_errored(notebooks: Notebooks) -> None:
    path = notebooks.write("a.ipynb", TRACK, "1 / 0", FINISH)
    notebooks.execute(path, status=9)
    notebooks.execute(path, errors="allow")
    runs = notebooks.lab.runs()
    assert [run.status for run in runs] == ["errored", "errored"]
    assert all("ZeroDivisionError" in run.report.load() for run in runs)
    assert len(notebooks.lab.transforms()) == 1


def test_24_a_notebook_without_finish_completes_with_its_kernel(notebooks: Notebooks) -> None:
    notebooks.execute(notebooks.write("a.ipynb", TRACK))
    assert [run.status for run in notebooks.lab.runs()] == ["completed"]
    assert notebooks.lab.transforms()[0].source_code is not None


def test_a_cell_that_tracks_again_ends_the_run_before(notebooks: Notebooks) -> None:
    notebooks.execute(notebooks.write("a.ipynb", TRACK, "ln.track()", FINISH))
    assert [run.status for run in notebooks.lab.runs()] == ["completed", "completed"]


def test_what_notebook_this_is_can_be_told_in_several_ways(notebooks: Notebooks) -> None:
    path = notebooks.write("sub/a.ipynb", TRACK, FINISH)
    notebooks.execute(path, JPY_SESSION_NAME="", LAMIN_NOTEBOOK_PATH=str(path))
    notebooks.execute(path, JPY_SESSION_NAME="served/from/elsewhere/a.ipynb")
    notebooks.execute(path, JPY_SESSION_NAME="")  # as the only notebook on the command line of the process above
    notebooks.execute(notebooks.write("sub/a.ipynb", TRACK.replace("()", f"(path={str(path)!r})"), FINISH), JPY_SESSION_NAME="")
    assert [each.key for each in notebooks.lab.transforms()] == ["sub/a.ipynb"] * 2
    assert [run.status for run in notebooks.lab.runs()] == ["completed"] * 4


def test_25_a_notebook_that_cannot_be_told_or_has_no_name_is_refused(notebooks: Notebooks) -> None:
    path = notebooks.write("a.ipynb", TRACK)
    assert "nothing tells which notebook this is" in notebooks.execute(path, status=9, HIDDEN=str(path), JPY_SESSION_NAME="")
    assert "'gone.ipynb' is not at" in notebooks.execute(path, status=9, HIDDEN=str(path), JPY_SESSION_NAME="gone.ipynb")
    untitled = notebooks.write("Untitled1.ipynb", TRACK)
    assert "the notebook is called 'Untitled1.ipynb'; give it a name" in notebooks.execute(untitled, status=9)
    assert notebooks.lab.runs() == []


# ---- as text ------------------------------------------------------------------------------------------------------


def test_cells_as_text() -> None:
    cells = [
        ("markdown", "intro\n# The title.\n\nmore"),
        ("code", "%matplotlib inline\nx = 5 % 3\n!ls\nhelp?\n    %time x"),
        ("raw", "raw text"),
        ("code", ""),
        ("markdown", "# Another heading"),
    ]
    text, title = to_percent(notebook(*cells).encode())
    assert title == "The title"
    assert text == (
        "# %% [markdown]\n# intro\n#\n#\n# more\n\n"
        "# %%\n# %matplotlib inline\nx = 5 % 3\n# !ls\n# help?\n#     %time x\n\n"
        "# %% [raw]\n# raw text\n\n# %%\n\n# %% [markdown]\n# # Another heading\n"
    )


def test_outputs_and_metadata_are_no_code() -> None:
    plain = notebook(("code", "1"))
    told = json.loads(notebook(("code", "1"), kernelspec={"name": "x"}))
    told["cells"][0] |= {"outputs": [{"output_type": "stream", "text": "1"}], "execution_count": 7, "metadata": {"tags": ["a"]}}
    assert to_percent(plain.encode()) == to_percent(json.dumps(told).encode())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"worksheets": []}', '{"cells": [1]}', "\x00\xff"])
def test_a_damaged_notebook(database: Database, text: str) -> None:
    assert database.instance.folder is not None
    path = database.instance.folder / "a.ipynb"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ArtifactUnreadable, match="cannot be read"):
        ln.Transform.from_path(path)
