"""Revision 1 of the core has the tables of LaminDB 2.12, whatever the order of columns and the names of indexes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lamin_codegen import check, load
from lamin_codegen.model import SchemaModel
from lamin_codegen.render.adoption import MIGRATIONS
from lamin_codegen.render.ddl import render_ddl
from lamin_codegen.shapes import Shape, differences, without_search

from .conftest import ShapeOf


def rendered(model: SchemaModel, dialect: str) -> str:
    return render_ddl(model)[f"ddl/{dialect}.sql"]


def test_reference_has_every_table_of_the_core(expected: Shape) -> None:
    assert len(expected) == 86


def test_a_new_database_has_the_tables_of_lamindb(core: SchemaModel, expected: Shape, dialect: str, shape_of: ShapeOf) -> None:
    assert differences(without_search(shape_of(rendered(core, dialect))), expected) == []


PLANTED = {
    "check": (
        """      checks: 'feature_dtype_str_not_null_when_is_type_false: "is_type" OR "_dtype_str" IS NOT NULL'\n""",
        "",
        ["lamindb_feature: checks: missing "],
    ),
    "partial index": (
        "annotations: {where: key is null}",
        "annotations: {where: key is not null}",
        ["lamindb_artifact: indexes: missing ", "lamindb_artifact: indexes: not expected "],
    ),
    "default": (
        "annotations: {index: true, db_default: -3}",
        "annotations: {index: true, db_default: -2}",
        ["lamindb_run: columns: missing _status_code", "lamindb_run: columns: not expected _status_code"],
    ),
    "nullability": (
        "        description: Path-like name with `/`, shared by all versions.\n        required: true\n"
        "        annotations: {max_length: 255, index: true, search: name}\n",
        "        description: Path-like name with `/`, shared by all versions.\n"
        "        annotations: {max_length: 255, index: true, search: name}\n",
        ["lamindb_collection: columns: missing key", "lamindb_collection: columns: not expected key"],
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_found(
    planted: str, expected: Shape, schemas: Path, dialect: str, shape_of: ShapeOf, tmp_path: Path
) -> None:
    right, wrong, lines = PLANTED[planted]
    text = (schemas / "core.yaml").read_text()
    assert text.count(right) == 1
    shutil.copy(schemas / "base.yaml", tmp_path)
    (tmp_path / "core.yaml").write_text(text.replace(right, wrong))
    model = check(load([tmp_path / "base.yaml", tmp_path / "core.yaml"]))
    found = differences(without_search(shape_of(rendered(model, dialect))), expected)
    assert len(found) == len(lines)
    assert all(line.startswith(start) for line, start in zip(found, lines, strict=True))


def test_migrations_are_those_of_lamindb(reference: Path) -> None:
    applied = json.loads((reference / "migrations.json").read_text())
    assert sorted(MIGRATIONS["lamindb"]) == sorted(applied)
