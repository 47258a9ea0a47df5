"""Every annotation is described in the README, and used by a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamin_codegen.reading.vocabulary import CLASS_NOTES, KEY_NOTES, SCHEMA_NOTES, SLOT_NOTES

HERE = Path(__file__).parent
KINDS = {"schema": SCHEMA_NOTES, "class": CLASS_NOTES, "slot": SLOT_NOTES, "unique key": KEY_NOTES}


@pytest.mark.parametrize("kind", KINDS)
def test_annotations_are_described(kind: str) -> None:
    readme = HERE.parent.joinpath("README.md").read_text(encoding="utf-8")
    section = readme.split(f"| of a {kind} | |")[1].split("\n\n")[0]
    described = {name.strip("` ") for row in section.splitlines()[2:] for name in row.split("|")[1].split(",")}
    assert described == KINDS[kind].keys() - ({"on_delete_in_database"} if kind == "class" else set())


def test_annotations_are_tested() -> None:
    texts = [path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path.name != Path(__file__).name]
    unused = [name for notes in KINDS.values() for name in notes if not any(f"{name}: " in text for text in texts)]
    assert unused == []
