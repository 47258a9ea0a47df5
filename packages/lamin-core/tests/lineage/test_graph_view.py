"""`view_lineage` as people call it: printed, shown in a notebook, returned, kept as a file.

Numbers are those of the acceptance list.
"""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import InvalidArgument
from lamindb.lineage.graph import LineageGraph

from .conftest import Lab

TEXT = """\
artifact counts/clean.csv
├─ made by run clean.py (scheduled)
│  └─ from artifact counts/<raw> & "all".csv
└─ read by run plot.py (scheduled)
   └─ made artifact plot.csv
"""


@pytest.fixture
def clean(database: Database, tmp_path: Path) -> ln.Artifact:
    """A dataset that one run made of another and that a second run read, all of it made as people make it."""

    def artifact(key: str, run: ln.Run | None) -> ln.Artifact:
        path = tmp_path / f"{abs(hash(key))}.csv"
        path.write_text(key)
        return ln.Artifact(path, key=key, run=run).save()

    cleaning = ln.Run(transform=ln.Transform(key="clean.py").save()).save()
    plotting = ln.Run(transform=ln.Transform(key="plot.py").save()).save()
    cleaning.input_artifacts.add(artifact('counts/<raw> & "all".csv', None))
    made = artifact("counts/clean.csv", cleaning)
    plotting.input_artifacts.add(made)
    artifact("plot.csv", plotting)
    return made


def test_it_prints_a_tree_of_text(clean: ln.Artifact, capsys: pytest.CaptureFixture[str]) -> None:
    assert clean.view_lineage() is None
    assert capsys.readouterr().out == TEXT
    assert clean.view_lineage(False) is None
    assert capsys.readouterr().out == "".join(TEXT.splitlines(keepends=True)[:3]).replace("├", "└").replace("│", " ")


def test_it_prints_other_formats(clean: ln.Artifact, capsys: pytest.CaptureFixture[str]) -> None:
    clean.view_lineage(format="mermaid")
    assert capsys.readouterr().out.startswith("flowchart LR\n")
    clean.view_lineage(format="svg")
    assert ET.fromstring(capsys.readouterr().out).tag == "{http://www.w3.org/2000/svg}svg"


def test_34_it_returns_the_graph(clean: ln.Artifact, capsys: pytest.CaptureFixture[str]) -> None:
    graph = clean.view_lineage(return_graph=True)
    assert capsys.readouterr().out == ""
    assert isinstance(graph, LineageGraph)
    assert graph.subject == f"artifact_{clean.uid}"
    assert graph.to_text() == str(graph) == TEXT
    assert repr(graph) == f"<LineageGraph of artifact_{clean.uid}: 3 datasets, 2 runs>"
    assert graph.to_svg() == graph._repr_svg_()
    assert graph.to_svg() in graph._repr_html_()
    assert len(graph.nodes) == 5
    assert {(graph.nodes[edge.source].kind.name, edge.kind) for edge in graph.edges} == {
        ("artifact", "input"),
        ("run", "created"),
    }


@pytest.mark.parametrize(("suffix", "method"), [(".txt", "to_text"), (".mmd", "to_mermaid"), (".svg", "to_svg")])
def test_it_is_kept_as_a_file(clean: ln.Artifact, tmp_path: Path, suffix: str, method: str) -> None:
    graph = clean.view_lineage(return_graph=True)
    path = tmp_path / f"Größe α{suffix}"
    assert graph.save(path) == path
    assert path.read_text(encoding="utf-8") == getattr(graph, method)()
    assert graph.save(str(path)) == path


def test_other_files_are_refused(clean: ln.Artifact, tmp_path: Path) -> None:
    graph = clean.view_lineage(return_graph=True)
    path = tmp_path / "a.pdf"
    with pytest.raises(InvalidArgument) as raised:
        graph.save(path)
    assert str(raised.value) == f"a graph can be saved as .txt, .mmd, .svg, not as '.pdf': {path}"
    assert not path.exists()


def test_runs_and_transforms_have_it_too(clean: ln.Artifact, capsys: pytest.CaptureFixture[str]) -> None:
    assert clean.run is not None
    clean.run.view_lineage()
    assert capsys.readouterr().out == (
        "run clean.py (scheduled)\n"
        '├─ from artifact counts/<raw> & "all".csv\n'
        "└─ made artifact counts/clean.csv\n"
        "   └─ read by run plot.py (scheduled)\n"
        "      └─ made artifact plot.csv\n"
    )
    ln.Transform.get(key="plot.py").view_lineage()
    assert capsys.readouterr().out == (
        "transform plot.py\n"
        "└─ executed in run plot.py (scheduled)\n"
        "   ├─ made artifact plot.csv\n"
        "   └─ also from artifact counts/clean.csv\n"
    )


class Notebook:
    """What IPython offers where it runs in a kernel, as far as we use it."""

    def __init__(self, *, is_kernel: bool) -> None:
        if is_kernel:
            self.kernel = object()
        self.shown: list[dict[str, str]] = []
        self.display_pub = SimpleNamespace(publish=self.shown.append)


def enter(monkeypatch: pytest.MonkeyPatch, notebook: Notebook) -> None:
    module: Any = ModuleType("IPython")
    module.get_ipython = lambda: notebook
    monkeypatch.setitem(sys.modules, "IPython", module)


def test_a_notebook_shows_a_picture(
    clean: ln.Artifact, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = Notebook(is_kernel=True)
    enter(monkeypatch, notebook)
    assert clean.view_lineage() is None
    assert capsys.readouterr().out == ""
    graph = clean.view_lineage(return_graph=True)
    shown = {"text/html": graph._repr_html_(), "image/svg+xml": graph.to_svg(), "text/plain": TEXT}
    assert notebook.shown == [shown]
    clean.view_lineage(format="text")
    assert capsys.readouterr().out == TEXT


def test_a_terminal_of_ipython_shows_text(
    clean: ln.Artifact, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(monkeypatch, Notebook(is_kernel=False))
    clean.view_lineage()
    assert capsys.readouterr().out == TEXT


def test_34_nothing_is_left_behind_and_no_program_is_needed(
    clean: ln.Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", "")
    for each in ("text", "mermaid", "svg"):
        clean.view_lineage(format=each)
    assert list(folder.iterdir()) == []


AWKWARD = "raw/<b>&amp; \"quoted\" 'x' ]]> -->.csv"


def test_34_keys_with_signs_of_markup_render(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a")
    run = ln.Run(transform=ln.Transform(key="<i>&.py").save()).save()
    graph = ln.Artifact(path, key=AWKWARD, run=run).save().view_lineage(return_graph=True)
    for picture in (graph.to_svg(), graph._repr_html_()):
        texts = "".join(ET.fromstring(picture).itertext())
        assert "<i>&.py" in texts
        assert "<b>&amp;" in texts
    assert '"#60;i#62;#38;.py<br/>' in graph.to_mermaid()
    assert "<b>" not in graph.to_mermaid()
    assert AWKWARD in graph.to_text()


SCRIPT = """
import os
os.environ["PATH"] = ""
ln.track()
with open("a.csv", "w") as file:
    file.write("a")
artifact = ln.Artifact("a.csv", key="<a>.csv").save()
before = sorted(os.listdir())
artifact.view_lineage()
ln.finish()
print(sorted(os.listdir()) == before)
"""


def test_34_a_script_without_a_screen_prints_text(lab: Lab) -> None:
    lab.run(lab.write("make.py", SCRIPT))
    (run,) = lab.runs()
    assert run.report.load().startswith("artifact <a>.csv\n└─ made by run make.py")
    assert lab.run("make.py").stdout.endswith("True\n")


def loaded(code: str) -> set[str]:
    """Modules of a fresh interpreter that ran some code."""
    program = f"import sys; {code}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split())


def test_what_draws_is_loaded_when_something_is_drawn() -> None:
    assert not any(
        name.startswith(("lamindb.lineage.graph", "lamindb.graphs")) for name in loaded("import lamindb as ln; ln.Artifact")
    )
    assert not loaded("import lamindb.lineage.graph_view") & {"pandas", "numpy", "IPython", "pyarrow", "fsspec"}
