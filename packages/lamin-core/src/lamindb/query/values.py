"""Whether a value can be compared with a field, and the value as the databases take it."""

from __future__ import annotations

import math
import operator
import reprlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, runtime_checkable

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import FieldError, InvalidArgument, closest
from lamindb.query import regex
from lamindb.query.paths import Path, name_of, value_names

LARGEST = 2**63 - 1
"""The largest whole number that a database compares."""
SHOWN = reprlib.Repr()
"""Shows a value in messages, cut where it is long."""
SHOWN.maxstring = SHOWN.maxother = 80
HOLDS = {
    "text": "text",
    "integer": "a whole number",
    "float": "a number",
    "boolean": "True or False",
    "datetime": "a datetime",
    "date": "a date",
    "json": "text, a number, True or False",
}
"""What a field takes, by kind."""


@runtime_checkable
class SupportsIds(Protocol):
    """A set of rows whose ids a database can be asked for: a query set."""

    @property
    def qualified(self) -> str: ...

    def _ids(self, database: object) -> sa.Select[Any]: ...


def checked(registry: str, path: Path, value: Any) -> Any:
    """Return a value as it is compared with the end of a path.

    Raises
    ------
    InvalidArgument: the value does not fit the field or the comparison.
    FieldError: a relation is compared with text; names the field that was probably meant.
    """
    field = f"{name_of(registry)}.{path.text}"
    match path.lookup:
        case "isnull":
            if not isinstance(_plain(value), bool):
                raise InvalidArgument(f"{field}__isnull takes True or False, got {value!r}")
            return bool(value)
        case "in":
            if isinstance(value, SupportsIds) and path.target is not None:
                return _checked_set(field, path, value)
            return tuple(None if item is None else _one(field, path, item) for item in _several(f"{field}__in", value))
        case "range":
            ends = tuple(_one(field, path, item) for item in _several(f"{field}__range", value))
            if len(ends) != 2:
                raise InvalidArgument(f"{field}__range takes a first and a last value, got {value!r}")
            return ends
        case "exact" | "iexact" if value is None:
            return None
    return _one(field, path, value)


def _checked_set(field: str, path: Path, value: SupportsIds) -> SupportsIds:
    if value.qualified != path.target:
        raise InvalidArgument(f"{field} takes {name_of(path.target or '')} records, got a set of {name_of(value.qualified)}")
    return value


def _several(field: str, value: Any) -> list[Any]:
    if isinstance(value, str | bytes | dict) or not isinstance(value, Iterable):
        raise InvalidArgument(f"{field} takes a list of values, got {SHOWN.repr(value)}")
    return list(value)


def _plain(value: Any) -> Any:
    """Return the Python number or text behind a numpy scalar."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0 else value


def _one(field: str, path: Path, value: Any) -> Any:
    if path.target is not None:
        return _record(field, path, path.target, value)
    value = _plain(value)
    if isinstance(value, str) and (names := value_names(path.registry, path.column)):
        return _named(field, names, value)
    found = CHECKS[path.kind](value, path.lookup)
    if found is None:
        raise InvalidArgument(f"{field} is compared by {path.lookup} with {HOLDS[path.kind]}, got {SHOWN.repr(value)}")
    return found


def _named(field: str, names: Mapping[str, int], value: str) -> int:
    if value not in names:
        raise InvalidArgument(f"{field} is one of {', '.join(names)}, not {value!r}{closest(value, names)}")
    return names[value]


def shown(path: Path, value: Any) -> str:
    """Return a value as it was asked for, for messages: where values have names, by its name."""
    codes = value_names(path.registry, path.column) if path.target is None else {}
    names = {code: name for name, code in codes.items()}
    if isinstance(value, list | tuple):
        return SHOWN.repr([names.get(one, one) for one in value] if names else value)
    return SHOWN.repr(names.get(value, value) if names else value)


def _record(field: str, path: Path, target: str, value: Any) -> Any:
    """Return an id, a record of the right registry, or the name of a branch or space; where they are is asked later."""
    value = _plain(value)
    kind = name_of(target)
    if getattr(type(value), "__qualified__", None) is not None:
        found = type(value).__table__.name
        if found != catalog.entry(target)["table"]:
            raise InvalidArgument(f"{field} takes a {kind}, got a {type(value).__name__}")
        return value
    if isinstance(value, str) and catalog.registry(target)._is_given_by_name and _text(value, "exact") is not None:
        return value
    if isinstance(value, str):
        name_field = catalog.entry(target)["name_field"] or "uid"
        raise FieldError(
            f"{field} takes a {kind} or its id, got {value!r}; to compare with its {name_field}, write {path.text}__{name_field}="
        )
    number = _integer(value, "exact")
    if number is None:
        raise InvalidArgument(f"{field} takes a {kind} or its id, got {SHOWN.repr(value)}")
    return number


def _text(value: Any, lookup: str) -> str | None:
    if not isinstance(value, str):
        return None
    text = str.__str__(value)  # of an enum, the value
    if "\0" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        return None  # no database stores these
    return regex.shared(text) if lookup in ("regex", "iregex") else text


def _integer(value: Any, lookup: str) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = _rounded(value, lookup)
    try:
        number = operator.index(value)
    except TypeError:
        return None
    return number if -LARGEST <= number <= LARGEST else None


def _rounded(value: float, lookup: str) -> int | None:
    """Return the whole number that compares the same: `size > 1.5` is `size > 1`."""
    if not math.isfinite(value):
        return None
    if value.is_integer():
        return int(value)
    return {"gt": math.floor, "lte": math.floor, "gte": math.ceil, "lt": math.ceil}.get(lookup, lambda _: None)(value)


def _float(value: Any, lookup: str) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(value)


def _boolean(value: Any, lookup: str) -> bool | None:
    return value if isinstance(value, bool) else None


def _datetime(value: Any, lookup: str) -> datetime | None:
    """Return a point in time in UTC; without a time zone it is taken as UTC, a date as its first moment."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    plain = datetime(*value.timetuple()[:6], value.microsecond, tzinfo=value.tzinfo)  # a pandas timestamp is more than that
    return plain.replace(tzinfo=UTC) if plain.tzinfo is None else plain.astimezone(UTC)


def _date(value: Any, lookup: str) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


ORDERED = ("gt", "gte", "lt", "lte", "range")


def _json(value: Any, lookup: str) -> Any:
    if isinstance(value, str):
        return _text(value, lookup)
    if lookup not in ("exact", "in", *ORDERED):
        return None  # what is left is about text
    if isinstance(value, bool):
        return None if lookup in ORDERED else value
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    return None


CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "text": _text,
    "integer": _integer,
    "float": _float,
    "boolean": _boolean,
    "datetime": _datetime,
    "date": _date,
    "json": _json,
}
"""By kind, the function that returns a value as it is compared, or None."""
