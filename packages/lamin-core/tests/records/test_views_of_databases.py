"""`ln.view` and what notebooks show of query sets: number 26 of the acceptance list."""

import logging
import subprocess
import sys
import warnings
from types import ModuleType, SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb import catalog
from lamindb.errors import InvalidArgument, RegistryNotFound


def shown(capsys: pytest.CaptureFixture[str], **options: Any) -> str:
    assert ln.view(**options) is None
    return capsys.readouterr().out


def titles(text: str) -> list[str]:
    return [block.splitlines()[0] for block in text.split("\n\n")]


@pytest.fixture
def filled(database: Database) -> Database:
    run = ln.Run(ln.Transform(key="clean.py").save()).save()
    kind = ln.ULabel(name="Tissue", is_type=True).save()
    ln.save([ln.ULabel(name=f"label {number}", type=kind, run=run) for number in range(30)])
    ln.Feature(name="tissue", dtype="str").save()
    return database


def test_26_the_newest_rows_of_each_registry(filled: Database, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys)
    assert titles(text) == ["Branch", "Feature", "Run", "Space", "Storage", "Transform", "ULabel", "User"]
    assert text == shown(capsys)
    labels = text.split("\n\n")[6].splitlines()
    assert labels[1].split() == ["uid", "name", "created_at", "type", "run", "created_by"]
    assert len(labels) == 2 + 7
    assert labels[2].split()[1:3] == ["label", "29"]
    assert labels[2].split()[-3:] == ["Tissue", "clean.py", "testuser"]
    assert all(line == line.rstrip() for line in text.splitlines())
    assert len(shown(capsys, limit=3, registries=["ULabel"]).splitlines()) == 2 + 3


def test_26_one_statement_per_registry(filled: Database, queries: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ln.view()
    count = sum(
        not entry["link"] and entry["name_field"] is not None and "uid" in entry["columns"]
        for name, entry in catalog.entries().items()
        if name.startswith("lamindb.")
    )
    with queries.exactly(count):
        ln.view()
    with queries.exactly(2):
        ln.view(registries=["ULabel", ln.Feature])


def test_26_registries_and_modules_are_chosen(
    filled: Database, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert titles(shown(capsys, registries=[ln.ULabel, "user", "lamindb.Run"])) == ["Run", "ULabel", "User"]
    assert shown(capsys, registries=["Artifact"]) == "there is nothing yet\n"
    assert shown(capsys, registries=[]) == "there is nothing yet\n"
    assert shown(capsys, modules="lamindb") == shown(capsys, modules=["lamindb"]) == shown(capsys)
    with caplog.at_level(logging.WARNING, "lamindb"):
        assert shown(capsys, modules=["lamindbb", "lamindb"]) == shown(capsys)
    assert "has no module 'lamindbb', which is passed over; did you mean 'lamindb'?" in caplog.text


def test_26_what_is_hidden_is_not_shown(filled: Database, capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    artifact = ln.Artifact(path, key="report.txt").save()
    assert "report.txt" in shown(capsys, registries=["Artifact"])
    with filled.writing() as transaction:
        table = ln.Artifact.__table__
        transaction.connection.execute(table.update().where(table.c.id == artifact.id).values(kind="__lamindb_run__"))
    ln.ULabel.get(name="label 29").delete()
    assert shown(capsys, registries=["Artifact"]) == "there is nothing yet\n"
    assert "label 29" not in shown(capsys, registries=["ULabel"])


def test_26_a_data_frame_with_the_types_of_its_features(filled: Database, capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"tissue": ["blood", "lung"], "other": [1, 2]})
    assert shown(capsys, df=frame) == "tissue  other\nstr\nblood   1\nlung    2\n"
    assert shown(capsys, df=frame, limit=1) == "tissue  other\nstr\nblood   1\n"


class Notebook:
    """What IPython offers where it runs in a kernel, as far as we use it."""

    def __init__(self) -> None:
        self.kernel = object()
        self.shown: list[dict[str, str]] = []
        self.display_pub = SimpleNamespace(publish=self.shown.append)


MARKUP = "<script>alert(1)</script>\x1b[31m"


def test_26_a_notebook_shows_tables(
    filled: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ln.ULabel(name=MARKUP).save()
    text = shown(capsys)
    notebook = Notebook()
    module: Any = ModuleType("IPython")
    module.get_ipython = lambda: notebook
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert shown(capsys) == ""
    (published,) = notebook.shown
    assert published["text/plain"] == text
    html = published["text/html"]
    assert "<script>" not in html
    assert "\x1b" not in html + text
    tables = ElementTree.fromstring(f"<div>{html}</div>")
    assert [each.text for each in tables.iter("h4")] == titles(text)
    assert len(list(tables.iter("table"))) == 8


def test_26_bad_input(database: Database) -> None:
    for options, text in (
        ({"limit": 0}, "limit is a number of rows from 1, not 0"),
        ({"limit": None}, "limit is a number of rows from 1, not None"),
        ({"registries": "ULabel"}, "registries is a list of registries, as ['Artifact'], not 'ULabel'"),
        ({"registries": [3]}, "a registry is named as 'Artifact', or passed as ln.Artifact, not as 3"),
        ({"df": [1]}, "df is a data frame, not list"),
    ):
        with pytest.raises(InvalidArgument) as caught:
            ln.view(**options)  # type: ignore[arg-type]
        assert str(caught.value) == text
    with pytest.raises(RegistryNotFound, match="no registry is called 'ULabl'; did you mean 'ULabel'"):
        ln.view(registries=["ULabl"])


def test_26_query_sets_are_tables_in_notebooks(filled: Database, queries: Any) -> None:
    labels = ln.ULabel.filter(name__startswith="label")
    with queries.exactly(1), warnings.catch_warnings():
        warnings.simplefilter("error")
        html = labels._repr_html_()
    table = ElementTree.fromstring(html)
    rows = [[cell.text for cell in row] for row in table.iter("tr")]
    assert rows[0] == ["uid", "name", "created_at", "type", "run", "created_by"]
    assert len(rows) == 1 + 20
    assert rows[1][1] == "label 0"
    assert "the first 20; count() tells how many there are" in html
    assert "the first 20" not in labels[:20]._repr_html_()
    assert ln.Artifact.filter()._repr_html_() == "<div>no Artifact records</div>"
    nasty = ln.ULabel(name=MARKUP).save()
    assert "<script>" not in ln.ULabel.filter(id=nasty.id)._repr_html_()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ln.view(limit=20, registries=["ULabel"])


def test_26_looking_loads_no_data_frames(database: Database) -> None:
    folder = str(database.instance.folder)
    code = f"import sys, lamindb as ln; ln.connect({folder!r}); ln.view(); ln.ULabel.filter()._repr_html_()"
    code += "; print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.endswith("\nFalse\n")
