"""The files of a revision: what Alembic loads, what it executes, and what the next revision starts from."""

from __future__ import annotations

import ast
from dataclasses import replace

from lamin_codegen.model import Check, Column, ForeignKey, Registry, SchemaModel, Unique
from lamin_codegen.render.revision import render_revisions
from lamin_codegen.render.snapshot import from_text

ID = Column("id", "integer", "Number.", primary_key=True)
BED = Registry("Bed", "garden", "garden_bed", "A bed.", (), (ID, Column("name", "string", "Name.", max_length=9)))
PLANT = Registry(
    "Plant",
    "garden",
    "garden_plant",
    "A plant.",
    (),
    (
        ID,
        Column("size", "float", "In cm.", nullable=True, db_default=0.5, minimum=0),
        Column("bed_id", "integer", "Bed.", index=True, references=ForeignKey("garden.Bed", "garden_bed", "cascade", True)),
    ),
    uniques=(Unique("unique_plant", ("bed_id",), where=("size", "not null")),),
    checks=(Check("plant_is_real", '"size" > 0'),),
    indexes=(("size", "bed_id"),),
)
FIRST = SchemaModel("garden", "garden._registries", ("garden",), (), (PLANT, BED))
WIDER = replace(BED, columns=(*BED.columns, Column("note", "text", "A note.", nullable=True)))
SECOND = replace(FIRST, registries=(PLANT, WIDER))

ALEMBIC = '''\
# Frozen: databases have this revision. Changes of the schema make a new one.
"""Plants in beds."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "garden_0001"
down_revision = None
branch_labels = ("garden",)
depends_on = None  # modules are upgraded in the order of what they require


def upgrade() -> None:
    """Execute the statements beside this file."""
    connection = op.get_bind()
    script = Path(__file__).with_suffix(f".{connection.dialect.name}.sql").read_text(encoding="utf-8")
    cursor = connection.connection.cursor()
    for statement in script.split(";\\n") if connection.dialect.name == "sqlite" else [script]:
        cursor.execute(statement)
'''

SNAPSHOT = """\
{
"module": "garden",
"number": 1,
"registries": [
{"name": "Bed", "table": "garden_bed", "since": 1,
 "columns": [
  {"name": "id", "type": "integer", "primary_key": true, "since": 1},
  {"name": "name", "type": "string", "max_length": 9, "since": 1}
 ]},
{"name": "Plant", "table": "garden_plant", "since": 1,
 "columns": [
  {"name": "id", "type": "integer", "primary_key": true, "since": 1},
  {"name": "size", "type": "float", "nullable": true, "db_default": 0.5, "since": 1},
  {"name": "bed_id", "type": "integer", "index": true, "references": {"target": "garden.Bed", \
"table": "garden_bed", "on_delete": "cascade", "in_database": true}, "since": 1}
 ],
 "uniques": [
  {"name": "unique_plant", "columns": ["bed_id"], "where": ["size", "not null"]}
 ],
 "checks": [
  {"name": "plant_is_real", "expression": "\\"size\\" > 0"}
 ],
 "indexes": [
  ["size", "bed_id"]
 ]}
]
}
"""


def test_first_revision() -> None:
    files = render_revisions(FIRST, None, "Plants in\nbeds.")
    assert list(files) == [f"revisions/garden_0001.{suffix}" for suffix in ("py", "sqlite.sql", "postgresql.sql", "model.json")]
    assert files["revisions/garden_0001.py"] == ALEMBIC
    assert files["revisions/garden_0001.model.json"] == SNAPSHOT


def test_next_revision_follows_the_newest() -> None:
    newest = from_text(SNAPSHOT)
    files = render_revisions(SECOND, newest, "Notes on beds.")
    code = files["revisions/garden_0002.py"]
    assert 'revision = "garden_0002"\ndown_revision = "garden_0001"\nbranch_labels = None\n' in code
    frozen = "-- Frozen: databases have this revision. Changes of the schema make a new one.\n"
    assert files["revisions/garden_0002.sqlite.sql"] == frozen + 'ALTER TABLE "garden_bed" ADD COLUMN "note" text NULL;\n'
    assert files["revisions/garden_0002.postgresql.sql"] == frozen + 'ALTER TABLE "garden_bed"\n  ADD COLUMN "note" text;\n'
    assert '{"name": "note", "type": "text", "nullable": true, "since": 2}' in files["revisions/garden_0002.model.json"]


def test_no_revision_without_a_change_of_tables() -> None:
    described = replace(FIRST, registries=(PLANT, replace(BED, description="Some bed.")))
    assert render_revisions(described, from_text(SNAPSHOT), "Words.") == {}


def test_a_message_may_have_quotes_and_backslashes() -> None:
    message = 'Say """hi\\there"'
    code = render_revisions(FIRST, None, message)["revisions/garden_0001.py"]
    assert ast.get_docstring(ast.parse(code)) == message
