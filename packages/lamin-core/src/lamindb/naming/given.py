"""Names as people pass them: one text, lists, nested lists, generators, numpy arrays, columns of data frames.

Missing values (None, NaN, `pd.NA`, `pd.NaT` and the empty text) are all alike: they are counted, and are never names.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lamindb.errors import InvalidArgument, WrongType

NESTED = (list, tuple, set, frozenset)
SHOWN = reprlib.Repr()
SHOWN.maxstring = SHOWN.maxother = 80
TAKES = {"text": "text", "integer": "whole numbers"}
"""What names are, by kind of their field."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was passed, flat, with what is to be looked up."""

    values: list[Any]
    """As they came, in their order."""
    names: list[Any]
    """Each name once, in the order of first appearance; no missing values."""
    missing: list[Any]
    """The missing values, each once."""
    is_one: bool
    """Whether one value was passed rather than several."""

    @property
    def n_missing(self) -> int:
        """How many of the values are missing."""
        if not self.missing:
            return 0
        missing = dict.fromkeys(self.missing)  # NaN is found by identity
        return sum(map(missing.__contains__, self.values))


def given(values: object, kind: str, field: str) -> Given:
    """Take in what was passed.

    Parameters
    ----------
    kind
        What the field holds: `text` or `integer`.
    field
        The field, for messages.

    Raises
    ------
    WrongType: a value is no name: a number where names are text, text where they are numbers, or something else.
    InvalidArgument: a table or a dictionary was passed.
    """
    if isinstance(values, bytes | bytearray | Mapping) or hasattr(values, "columns"):
        kind = type(values).__name__
        raise InvalidArgument(f"{field} takes a list of names, not a {kind}; pass one column of a table, or list(…) of the names")
    is_one = isinstance(values, str) or is_missing(values) or not isinstance(values, Iterable)
    flat = [values] if is_one else _list(values)
    distinct = _distinct(flat)
    if distinct is None:
        flat = list(_flattened(flat))
        distinct = _distinct(flat)
        if distinct is None:
            raise _no_name(next(value for value in flat if not _is_hashable(value)), kind, field)
    names: list[Any] = []
    missing: list[Any] = []
    for value in distinct:
        if type(value) is str and value:
            names.append(value)
        elif is_missing(value):
            missing.append(value)
        else:
            names.append(_name(value, kind, field))
    if any(type(value) is not str and isinstance(value, str) for value in distinct):  # texts of numpy and of enums
        flat = [str.__str__(value) if isinstance(value, str) else value for value in flat]
    if kind != "text" and (text := next((name for name in names if isinstance(name, str)), None)) is not None:
        raise _no_name(text, kind, field)
    return Given(flat, names, missing, is_one)


def is_missing(value: object) -> bool:
    """Whether a value stands for none: None, NaN, `pd.NA`, `pd.NaT`, the empty text."""
    if value is None or (isinstance(value, str) and not value):
        return True
    if isinstance(value, str | int):
        return False
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    return type(value).__name__.startswith(("float", "datetime64")) and bool(value != value)


def _list(values: Any) -> list[Any]:
    if type(values) is list:
        return values  # nothing here changes it
    for convert in ("tolist", "to_pylist"):  # numpy and pandas; pyarrow
        if (converted := getattr(values, convert, None)) is not None:
            plain = converted()
            return plain if isinstance(plain, list) else [plain]
    return list(values)


def _distinct(flat: list[Any]) -> dict[Any, None] | None:
    """Return each value once; None if something is nested or cannot be a key."""
    try:
        distinct = dict.fromkeys(flat)
    except TypeError:
        return None
    return None if any(isinstance(value, NESTED) for value in distinct) else distinct


def _flattened(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, NESTED):
            yield from _flattened(value)
        elif getattr(value, "ndim", 0) != 0 and hasattr(value, "tolist"):
            yield from _flattened(value.tolist())
        else:
            yield value


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _name(value: Any, kind: str, field: str) -> Any:
    """Return a value that is no plain text as a name: numbers of numpy, whole floats (a column with gaps), texts of enums."""
    if kind == "text":
        if isinstance(value, str):
            return str.__str__(value)
    elif isinstance(value, float) and value.is_integer():
        return int(value)
    elif hasattr(value, "__index__") and not isinstance(value, bool) and type(value).__name__ != "bool":
        return value.__index__()
    raise _no_name(value, kind, field)


def _no_name(value: object, kind: str, field: str) -> WrongType:
    written = "; to compare numbers with it, write them as text" if kind == "text" and isinstance(value, int | float) else ""
    return WrongType(f"{field} holds {TAKES[kind]}, got {SHOWN.repr(value)}{written}")
