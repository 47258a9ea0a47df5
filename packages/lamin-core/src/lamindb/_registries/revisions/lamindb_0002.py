# Frozen: databases have this revision. Changes of the schema make a new one.
"""Search names, synonyms and descriptions."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "lamindb_0002"
down_revision = "lamindb_0001"
branch_labels = None
depends_on = None  # modules are upgraded in the order of what they require


def upgrade() -> None:
    """Execute the statements beside this file."""
    connection = op.get_bind()
    script = Path(__file__).with_suffix(f".{connection.dialect.name}.sql").read_text(encoding="utf-8")
    cursor = connection.connection.cursor()
    for statement in script.split(";\n") if connection.dialect.name == "sqlite" else [script]:
        cursor.execute(statement)
