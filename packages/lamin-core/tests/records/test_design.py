"""Promises about start-up and mapping, each in a fresh interpreter; and what type checkers see."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lamindb as ln

INDEX = Path(ln.__file__).parent / "_registries/index.py"


def fresh(code: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_only_touched_registries_are_mapped(database, tmp_path):
    code = f"""
import lamindb as ln
from lamindb.records.record import BaseSQLRecord
mapped = lambda: sorted(mapper.class_.__name__ for mapper in BaseSQLRecord.registry.mappers)
assert mapped() == []
ln.connect({str(database.instance.folder)!r})
ln.ULabel(name="a").save()
print(mapped())
"""
    assert fresh(code, tmp_path) == "['ULabel', 'User']"


def test_importing_does_not_connect(tmp_path):
    code = "import lamindb; from lamindb_setup.instances import connection; print(connection.is_connected())"
    (tmp_path / "lamin.toml").write_text("this is no TOML")
    assert fresh(code, tmp_path) == "False"


def test_the_index_holds_literals_only():
    body = ast.parse(INDEX.read_text()).body
    values = [node.value for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
    assert len(values) == 7
    for value in values:
        ast.literal_eval(value)


def test_public_names_are_there_and_listed():
    assert sorted(dir(ln)) == sorted(ln.__all__)
    for name in ln.__all__:
        assert getattr(ln, name) is not None
    with pytest.raises(AttributeError, match="module 'lamindb' has no attribute 'Artefact'; did you mean 'Artifact'"):
        ln.Artefact  # noqa: B018
    assert "ArtifactULabel" in dir(ln.models)
    assert ln.models.ArtifactULabel.__tablename__ == "lamindb_artifactulabel"
    with pytest.raises(AttributeError, match="did you mean 'ArtifactULabel'"):
        ln.models.ArtifactUlabel  # noqa: B018


TYPED = """
from typing import reveal_type
import lamindb as ln
reveal_type(ln.ULabel.get("x"))
reveal_type(ln.ULabel.filter(name="x"))
reveal_type(ln.ULabel.filter().one().created_by)
reveal_type(ln.ULabel.filter().one().type)
reveal_type(ln.Artifact.filter().one().ulabels)
reveal_type(ln.Artifact.size > 3)
ln.ULabel(nam="a")
ln.ULabel.get("x").nonsense
ln.ULabel.nonsense
"""
EXPECTED = [
    'note: Revealed type is "lamindb._registries.ulabel.ULabel"',
    'note: Revealed type is "lamindb.query.queryset.QuerySet[lamindb._registries.ulabel.ULabel]"',
    'note: Revealed type is "lamindb._registries.user.User"',
    'note: Revealed type is "lamindb._registries.ulabel.ULabel | None"',
    'note: Revealed type is "lamindb.records.related.RelatedManager[lamindb._registries.ulabel.ULabel]"',
    'note: Revealed type is "sqlalchemy.sql.elements.ColumnElement[bool]"',
    'error: Unexpected keyword argument "nam" for "ULabel"; did you mean "name"?  [call-arg]',
    'error: "ULabel" has no attribute "nonsense"  [attr-defined]',
    'error: "type[ULabel]" has no attribute "nonsense"  [attr-defined]',
]


def test_what_type_checkers_see(tmp_path):
    (tmp_path / "use.py").write_text(TYPED)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "use.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    found = [
        line.split(": ", 1)[1] for line in done.stdout.splitlines() if line.startswith("use.py") and "defined in" not in line
    ]
    assert found == EXPECTED
