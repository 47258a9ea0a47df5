"""Conditions that most rows meet, and for which an index is a trap on SQLite.

Without statistics SQLite takes any index on equality for as good as any other: asked for a name on a branch, it reads all rows of
the branch; asked for a key and a kind, all of the kind. A unary plus keeps it from using an index of that column. Postgres keeps
statistics and needs no help, but for the branch, which is part of every query: right after many rows were written there are no
statistics for up to a minute.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

PLUS: custom_op[Any] = custom_op("+")


def usual(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Return a column that is compared with the value that most rows have."""
    return not_by_index(column) if dialect == "sqlite" else column


def not_by_index(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a column of numbers that is not looked up by its index."""
    return UnaryExpression(column, operator=PLUS, type_=column.type)
