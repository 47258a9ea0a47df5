"""What the database does to read a query set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from lamindb.query.statements import Statements


class Explained(sa.Executable, sa.ClauseElement):
    """A statement with the words in front that ask for its plan."""

    inherit_cache = False

    def __init__(self, words: str, select: sa.Select[Any]) -> None:
        self.words, self.select = words, select


@compiles(Explained)
def _with_words(element: Explained, compiler: SQLCompiler, **options: Any) -> str:
    return f"{element.words} {compiler.process(element.select, **options)}"


def explain(statements: Statements, *, analyze: bool = False) -> str:
    """Return the statement that reads the rows, its parameters and the plan; see `QuerySet.explain`."""
    select = statements.sorted(statements.everything())
    is_sqlite = statements.database.dialect == "sqlite"
    words = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN ANALYZE" if analyze else "EXPLAIN"
    with statements.database.reading() as connection:
        compiled = select.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        plan = connection.execute(Explained(words, select)).all()
    shown = [f"{name} = {value!r}" for name, value in compiled.construct_params().items()]
    lines = _indented(plan) if is_sqlite else [str(row[0]) for row in plan]
    return "\n".join([str(compiled).strip(), *(["", *shown] if shown else []), "", *lines])


def _indented(plan: Any) -> list[str]:
    """Write a plan of SQLite, whose rows name the one that they belong to, as a tree."""
    depths = {0: -1}
    lines = []
    for number, parent, _, text in plan:
        depths[number] = depths.get(parent, -1) + 1
        lines.append(f"{'  ' * depths[number]}{text}")
    return lines
