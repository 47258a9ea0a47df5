"""A revision of a module: an Alembic file, its statements for each dialect, and a snapshot of the tables after it.

The statements are frozen in the revision. What a database of five years ago is upgraded by must not change because the
renderers do.
"""

from __future__ import annotations

from lamin_codegen.model import SchemaModel
from lamin_codegen.render import migrate_postgres, migrate_sqlite
from lamin_codegen.render.ddl import postgres_statements, script, sqlite_statements
from lamin_codegen.render.diff import operations
from lamin_codegen.render.snapshot import Snapshot, take, to_text

FOLDER = "revisions"
FROZEN = "Frozen: databases have this revision. Changes of the schema make a new one."


def render_revisions(model: SchemaModel, previous: Snapshot | None, message: str, *, allow_drop: bool = False) -> dict[str, str]:
    """Return the files of the revision after `previous`, by path relative to the generated package; none if no table changed.

    Parameters
    ----------
    model
        The module as its schema declares it now.
    previous
        Snapshot of its newest revision; None for a module that has none.
    message
        What the revision is for, in one line.
    allow_drop
        Whether tables and columns that are no longer declared are dropped with their rows.

    Raises
    ------
    RevisionError: see `diff.operations`.
    """
    snapshot = take(model, previous)
    if previous is None:
        sqlite, postgres = sqlite_statements(model), postgres_statements(model)
    else:
        steps = operations(previous, snapshot, allow_drop=allow_drop)
        sqlite, postgres = migrate_sqlite.statements(steps), migrate_postgres.statements(steps)
    if not sqlite and not postgres:
        return {}
    name = f"{FOLDER}/{snapshot.revision}"
    return {
        f"{name}.py": _alembic_file(snapshot, previous, message),
        f"{name}.sqlite.sql": f"-- {FROZEN}\n{script(sqlite)}",
        f"{name}.postgresql.sql": f"-- {FROZEN}\n{script(postgres)}",
        f"{name}.model.json": to_text(snapshot),
    }


def _alembic_file(snapshot: Snapshot, previous: Snapshot | None, message: str) -> str:
    down = f'"{previous.revision}"' if previous else "None"
    label = "None" if previous else f'("{snapshot.module}",)'
    text = " ".join(message.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'''# {FROZEN}
"""{text}"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "{snapshot.revision}"
down_revision = {down}
branch_labels = {label}
depends_on = None  # modules are upgraded in the order of what they require


def upgrade() -> None:
    """Execute the statements beside this file."""
    connection = op.get_bind()
    script = Path(__file__).with_suffix(f".{{connection.dialect.name}}.sql").read_text(encoding="utf-8")
    cursor = connection.connection.cursor()
    for statement in script.split(";\\n") if connection.dialect.name == "sqlite" else [script]:
        cursor.execute(statement)
'''
