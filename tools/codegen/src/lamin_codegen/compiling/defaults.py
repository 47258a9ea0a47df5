"""Defaults: what `ifabsent` and the annotation `db_default` mean for a column of a given type."""

from __future__ import annotations

import re

from lamin_codegen.model import ColumnType, Scalar

WHOLE_NUMBERS = ("integer", "smallint", "bigint")
WRAPPERS = {
    "integer": ("int", "integer"),
    "smallint": ("int", "integer"),
    "bigint": ("int", "integer"),
    "float": ("float", "double"),
}
FROM_DATABASE = {"now": "datetime", "null": "json"}
"""Defaults that the database makes, and the type of column that has them."""


class UnclearDefault(ValueError):
    """A default that does not fit its column; the text says what to write."""


def python_default(text: str, type_: ColumnType, enum: str | None = None, choices: tuple[str, ...] = ()) -> Scalar:
    """Read LinkML's `ifabsent`: `true`, `int(3)`, `float(0.5)`, `string(words)`, `EnumName(value)`.

    Raises
    ------
    UnclearDefault: the text is no such form, or its value does not fit the column or is none of `choices`.
    """
    found = re.fullmatch(r"(\w+)\((.*)\)", text, re.DOTALL)
    wrapper, inner = (found[1], found[2]) if found else ("", text)
    if type_ == "boolean" and not wrapper and inner.lower() in ("true", "false"):
        return inner.lower() == "true"
    if type_ in WHOLE_NUMBERS and wrapper in ("", *WRAPPERS[type_]) and re.fullmatch(r"[+-]?\d+", inner):
        return int(inner)
    if type_ == "float" and wrapper in ("", *WRAPPERS[type_]) and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", inner):
        return float(inner)
    if type_ in ("string", "text") and wrapper in ("string", enum or "string"):
        return one_of(inner, choices)
    raise UnclearDefault(form_of(type_, inner))


def one_of(value: str, choices: tuple[str, ...]) -> str:
    """Return the value if it is one of the choices; without choices any is."""
    if choices and value not in choices:
        raise UnclearDefault(f"write one of {', '.join(f'`string({one})`' for one in choices)}")
    return value


def form_of(type_: ColumnType, inner: str) -> str:
    """Return the hint about how `ifabsent` is written for a type."""
    if type_ == "boolean":
        return "write `ifabsent: true` or `ifabsent: false`"
    if type_ in WHOLE_NUMBERS:
        return "write `ifabsent: int(1)`"
    if type_ == "float":
        return "write `ifabsent: float(0.5)`"
    if type_ in ("string", "text"):
        return f"write `ifabsent: string({inner})`"
    return f"a column of type {type_} has no such default, remove it"


def database_default(value: Scalar, type_: ColumnType, choices: tuple[str, ...] = ()) -> Scalar:
    """Check the annotation `db_default`: `now` for a datetime, `null` for json, else a literal of the column's type.

    Raises
    ------
    UnclearDefault: the value does not fit the column.
    """
    if value in FROM_DATABASE and isinstance(value, str):
        if type_ == FROM_DATABASE[value]:
            return value
        raise UnclearDefault(f"only a column of type {FROM_DATABASE[value]} can have it")
    fits = {
        "boolean": isinstance(value, bool),
        "float": isinstance(value, int | float) and not isinstance(value, bool),
        "datetime": False,
        "date": False,
        "json": False,
        "string": isinstance(value, str),
        "text": isinstance(value, str),
    }
    if not fits.get(type_, isinstance(value, int) and not isinstance(value, bool)):
        raise UnclearDefault(literal_of(type_))
    if choices and value not in choices:
        raise UnclearDefault(f"write one of {', '.join(f'`{one}`' for one in choices)}")
    return value


def literal_of(type_: ColumnType) -> str:
    """Return the hint about what `db_default` may be for a type."""
    if type_ in ("string", "text"):
        return "put it in quotes"
    known = {"boolean": "write true or false", "datetime": "write `now`", "json": 'write `"null"`', "date": "remove it"}
    return known.get(type_, "write a number" if type_ == "float" else "write a whole number")
