"""The DDL of a module as one script per dialect."""

from __future__ import annotations

from collections.abc import Iterable

from lamin_codegen.model import SchemaModel
from lamin_codegen.render import adoption, ddl_postgres, ddl_sqlite
from lamin_codegen.render.markers import sql_header

STATEMENT_END = ";\n"
"""Between statements, and nowhere inside one: a script is split at it."""


def render_ddl(model: SchemaModel) -> dict[str, str]:
    """Return the scripts that make an empty database of the newest revision, by path relative to the generated package.

    The script of a module runs after those of the modules it requires.
    """
    return {
        "ddl/sqlite.sql": sql_header(model) + script(sqlite_statements(model)),
        "ddl/postgresql.sql": sql_header(model) + script(postgres_statements(model)),
    }


def sqlite_statements(model: SchemaModel) -> list[str]:
    """Return the statements for SQLite, rows of django_migrations last."""
    return [*ddl_sqlite.statements(model.registries), *adoption.statements(model.module, ddl_sqlite.NOW)]


def postgres_statements(model: SchemaModel) -> list[str]:
    """Return the statements for Postgres, rows of django_migrations last."""
    return [*ddl_postgres.statements(model.registries), *adoption.statements(model.module, ddl_postgres.NOW)]


def script(statements: Iterable[str]) -> str:
    """Return the statements as one text."""
    return "".join(statement + STATEMENT_END for statement in statements)
