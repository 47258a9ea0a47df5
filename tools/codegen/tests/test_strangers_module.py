"""A module from outside of this repository, on a machine that has the core as a wheel only: no schema lies beside its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lamin_codegen.__main__ import main

SCHEMA = """\
id: https://example.org/lab
name: lab
description: Samples of a laboratory.
imports: [linkml:types, base, core]
annotations: {module: lab, package: lab._registries, on_delete_in_database: true}
classes:
  Biosample:
    description: A sample taken from a donor or a culture.
    is_a: SQLRecord
    mixins: [HasType, HasParents, CanCurate, TracksRun, TracksUpdates]
    annotations: {uid_length: 12, annotates: Artifact, values_in: Record, member_of: Schema}
    attributes:
      name: {description: Name., required: true, annotations: {max_length: 150, index: true}}
      type: {description: Type., range: Biosample, annotations: {reverse: biosamples}}
      parents: {description: Parents., range: Biosample, multivalued: true, annotations: {reverse: children}}
      labels: {description: Labels., range: ULabel, multivalued: true, annotations: {reverse: samples}}
"""
USE = """
from lab._registries import index
from lab._registries.biosample import Biosample
from lab._registries.artifactbiosample import ArtifactBiosample
print(Biosample.__table__.name, ArtifactBiosample.__table__.name)
print(index.REQUIRES, sorted(index.ELSEWHERE["lamindb.Artifact"]))
print(Biosample(name="blood").name)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"pyproject.toml": "", "lab.yaml": SCHEMA, "src/lab/__init__.py": ""}.items():
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_text(text)
    assert main(["lab.yaml", "--into", "src/lab/_registries"]) == 0
    return tmp_path


def test_registries_work(project: Path) -> None:
    """With the metadata that pip would write beside the package."""
    info = project / "src" / "lab-1.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: lab\nVersion: 1.0\n")
    info.joinpath("entry_points.txt").write_text("[lamin.modules]\nlab = lab._registries\n")
    environment = os.environ | {"PYTHONPATH": str(project / "src")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", USE], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (
        "lab_biosample lab_artifactbiosample\n('lamindb',) ['biosamples', 'links_biosample']\nblood\n",
        "",
    )


def test_tables_delete_in_the_database(project: Path) -> None:
    ddl = project.joinpath("src/lab/_registries/ddl/sqlite.sql").read_text()
    assert '"artifact_id" integer NOT NULL REFERENCES "lamindb_artifact" ("id") ON DELETE CASCADE' in ddl


def test_types_are_strict(project: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir=/dev/null", "src/lab"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
