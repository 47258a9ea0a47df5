"""Membership in long lists: one parameter, whatever the number of values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def within(column: sa.ColumnElement[Any], values: Sequence[Any], dialect: str) -> sa.ColumnElement[bool]:
    """Return `column IN values` with all values in one parameter.

    Parameters
    ----------
    column
        A column of text or whole numbers.
    values
        Any number of values, without None.
    dialect
        `sqlite` unpacks a JSON array, `postgresql` takes an array.
    """
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam(None, json.dumps(list(values)), type_=sa.Text)).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.bindparam(None, list(values), type_=sa.ARRAY(column.type)))
