"""What type checkers and editors know about query sets, as mypy says it; one run over the lines below."""

from __future__ import annotations

import pydoc
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lamindb as ln

ROOT = Path(__file__).resolve().parents[4]
KNOWN = """
import pandas as pd
import lamindb as ln
from typing import assert_type
from lamindb.artifacts.sets import ArtifactSet
from lamindb.query.completion import Lookup
from lamindb.query.q import Q
from lamindb.query.queryset import QuerySet
from lamindb.records.related import RelatedManager

labels = ln.ULabel.filter(name="a")
assert_type(labels, QuerySet[ln.ULabel])
assert_type(labels.one(), ln.ULabel)
assert_type(labels.one_or_none(), ln.ULabel | None)
assert_type(labels.first(), ln.ULabel | None)
assert_type(labels[0], ln.ULabel)
assert_type(labels[:3].last(), ln.ULabel | None)
assert_type([label for label in labels], list[ln.ULabel])
assert_type(labels.to_list(), list[ln.ULabel])
assert_type(labels.exclude(ln.Q(name="b")).order_by("-name").distinct().include_trash(), QuerySet[ln.ULabel])
assert_type(labels | labels, QuerySet[ln.ULabel])
assert_type(labels.annotate(n=ln.Count("artifacts")), QuerySet[ln.ULabel])
assert_type(labels.count(), int)
assert_type(labels.update(description="d"), int)
assert_type(labels.to_dataframe(), pd.DataFrame)
assert_type(labels.lookup(), Lookup[ln.ULabel])
assert_type(ln.ULabel.get(1), ln.ULabel)
assert_type(ln.ULabel.get(ln.Q(name="a"), ~ln.Q(name="b"), is_type=True), ln.ULabel)
assert_type(ln.ULabel.filter(ln.ULabel.name == "a", ln.Q(name="a") | ln.Q(name="b")).one().name, str)
assert_type(ln.ULabel.get(1).description, str | None)
assert_type(ln.ULabel.get(1).type, ln.ULabel | None)
assert_type(ln.ULabel.get(1).artifacts, RelatedManager[ln.Artifact])
assert_type(ln.ULabel.get(1).artifacts.all().one(), ln.Artifact)
assert_type(ln.Artifact.filter(key="a"), ArtifactSet[ln.Artifact])
assert_type(ln.Artifact.get(key="a", is_run_input=True), ln.Artifact)
assert_type(ln.Artifact.filter().exclude(key="b").one(), ln.Artifact)
assert_type(ln.Run.connect("owner/name").first(), ln.Run | None)
labels.one().nam  # E: "ULabel" has no attribute "nam"
labels.frist()  # E: "QuerySet[ULabel]" has no attribute "frist"
labels.annotate(n="artifacts")  # E: incompatible type "str"; expected "Aggregate"
labels.lookup(keep="never")  # E: Argument "keep" to "lookup"
ln.Artifact.filter() | labels  # E: Unsupported operand types for |
label: ln.ULabel = labels.first()  # E: Incompatible types in assignment
labels.order_by(5)  # E: Argument 1 to "order_by"
"""


def test_mypy_knows_what_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "lines.py"
    path.write_text(KNOWN)
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--cache-dir",
        str(ROOT / ".mypy_cache"),
        str(path),
    ]
    sources = ":".join(str(folder) for folder in sorted(ROOT.glob("packages/*/src")))
    environment = {"MYPYPATH": sources, "PATH": "", "HOME": str(tmp_path)}
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment).stdout
    found = {int(line): text for line, text in re.findall(r"lines\.py:(\d+): error: (.*)", said)}
    expected = {number: line.partition("# E: ")[2] for number, line in enumerate(KNOWN.splitlines(), 1) if "# E: " in line}
    assert found.keys() == expected.keys(), said
    for number, text in expected.items():
        assert text in found[number]


def test_help_shows_methods_with_their_docs() -> None:
    text = pydoc.render_doc(ln.ULabel, renderer=pydoc.plaintext)
    assert "A label without further fields." in text
    for name, doc in (
        ("filter(", "Return the rows that meet all conditions, as a query set that runs when it is read."),
        ("get(", "Return the one record with this id, uid (or its beginning)"),
        ("save(", "Write what is new or was changed and return the record itself."),
    ):
        assert name in text
        assert doc in text
    for field in ("name", "description", "artifacts", "type", "created_at"):
        assert re.search(rf"^ \|  {field}\b", text, re.MULTILINE), field


def test_completion_knows_fields_methods_and_their_docs() -> None:
    jedi = pytest.importorskip("jedi")

    def offered(code: str) -> dict[str, str]:
        names = {"ln": ln, "label": ln.ULabel(name="x")}
        return {found.name: found.docstring() for found in jedi.Interpreter(code, [names]).complete()}

    assert "Return the rows that meet all conditions" in offered("ln.ULabel.fi")["filter"]
    assert {"name", "description", "artifacts", "type"} <= offered("ln.ULabel.").keys()
    assert {"save", "delete", "describe"} <= offered("ln.ULabel.get(1).").keys()
    assert {"name", "description", "artifacts", "save"} <= offered("label.").keys()
    assert "Return the rows in the order of these fields" in offered("ln.ULabel.filter().or")["order_by"]
    assert "numbers over its related rows" in offered("ln.ULabel.filter().ann")["annotate"]
