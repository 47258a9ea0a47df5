"""A schema `lab` that builds on two small ones, and what is wrong with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lamin_codegen import SchemaError, check, load
from lamin_codegen.model import SchemaModel

HEADER = """\
id: https://example.org/lab
name: lab
imports: [linkml:types, base, core]
annotations: {module: lab, package: lab._registries}
classes:
"""
"""The first five lines of `lab.yaml`; what a test gives starts in line 6."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with `base.yaml` and `core.yaml`."""
    for schema in Path(__file__).parent.joinpath("schemas").glob("*.yaml"):
        shutil.copy(schema, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write_lab(folder: Path) -> Callable[[str], Path]:
    """Write the classes of `lab.yaml`, or the whole file if the text has `name: lab`."""

    def write(text: str) -> Path:
        whole = text if "\nname: lab\n" in text else HEADER + text
        folder.joinpath("lab.yaml").write_text(whole, encoding="utf-8")
        return Path("lab.yaml")

    return write


@pytest.fixture
def model_of(write_lab: Callable[[str], Path]) -> Callable[[str], SchemaModel]:
    return lambda text: check(load([write_lab(text)]))


@pytest.fixture
def problems_of(write_lab: Callable[[str], Path]) -> Callable[[str], list[str]]:
    """The lines that a person reads, none for a schema without mistakes."""

    def problems(text: str) -> list[str]:
        try:
            check(load([write_lab(text)]))
        except SchemaError as error:
            return str(error).splitlines()
        return []

    return problems
