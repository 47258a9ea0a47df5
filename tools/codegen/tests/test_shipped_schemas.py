"""The schemas of this repository: free of problems, read as LinkML reads them, and what is committed is what they give."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamin_codegen import check, load
from lamin_codegen.compiling.inheritance import induced_slots
from lamin_codegen.generating import SHIPPED, drift, shipped
from lamin_codegen.reading.raw import RawSchema
from lamin_codegen.rules.names import RECORD_API

ROOT = Path(__file__).parents[3]
MODULES = [name for name in SHIPPED if ROOT.joinpath("schemas", f"{name}.yaml").exists()]


@pytest.fixture(params=MODULES)
def schema(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> RawSchema:
    monkeypatch.chdir(ROOT)
    return load(shipped(ROOT, [request.param])[0].schemas)


def test_the_core_is_there() -> None:
    assert "core" in MODULES


def test_no_problems(schema: RawSchema) -> None:
    assert schema.problems == ()
    assert check(schema).registries


def test_slots_are_those_of_linkml(schema: RawSchema) -> None:
    for name in schema.classes:
        expected = {str(slot.name): slot for slot in schema.view.class_induced_slots(name)}
        found = induced_slots(schema, schema.classes[name])
        assert found.keys() == expected.keys(), name
        for slot in found.values():
            linkml = expected[slot.name]
            assert (slot.range, slot.description) == (linkml.range, linkml.description), (name, slot.name)
            assert bool(slot.multivalued) == bool(linkml.multivalued), (name, slot.name)


@pytest.mark.parametrize("name", MODULES)
def test_generated_files_are_current(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert drift(shipped(ROOT, [name])[0]) == "", "schemas changed: run `./hatchw run codegen` and commit the result"


def test_what_records_can_do_is_reserved() -> None:
    """A slot of that name would hide the method."""
    from lamindb.records.record import SQLRecord

    generated = {column for cls in SQLRecord.__mro__ for column in getattr(cls, "__annotations__", {})}
    public = {name for name in dir(SQLRecord) if not name.startswith("_")} - generated
    assert public <= RECORD_API
