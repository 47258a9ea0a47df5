"""Any value of any column is refused in words, before anything is written, or kept as it is; the same on both databases."""

import datetime as dt
import decimal
import itertools
import uuid
from typing import Any

from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import LaminError

BAD: dict[str, Any] = {
    "long": "x" * 500,
    "empty": "",
    "spaces": "  ",
    "NUL": "a\0b",
    "surrogate": "a\ud800b",
    "newline": "a\nb",
    "emoji": "🧬" * 30,
    "zero": 0,
    "number": 7,
    "true": True,
    "huge": 10**30,
    "int64": 2**63,
    "int32": 2**31,
    "int16": 2**15,
    "negative": -(2**63) - 1,
    "float": 1.5,
    "nan": float("nan"),
    "infinite": float("inf"),
    "decimal": decimal.Decimal("1.5"),
    "bytes": b"abc",
    "list": ["a"],
    "nested nan": {"a": [float("nan")]},
    "set": {"a"},
    "dict": {"a": 1},
    "keys": {1: "a"},
    "tuple": ("a", 1),
    "object": object(),
    "class": ln,
    "uuid": uuid.UUID(int=1),
    "date": dt.date(2024, 1, 31),
    "naive": dt.datetime(2024, 1, 31, 12),
    "aware": dt.datetime(2024, 1, 31, 12, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    "first year": dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14))),
    "last year": dt.datetime(9999, 12, 31, 23, tzinfo=dt.timezone(dt.timedelta(hours=-12))),
}
REGISTRIES = ["ULabel", "Record", "Project", "Reference", "Feature", "Schema", "Transform", "Run", "Branch", "Space", "User"]
KEPT = {"id", "uid", "created_at", "updated_at", "created_by_id", "created_on_id", "is_latest"}


numbers = itertools.count()


def make(registry: str, **values: Any):
    """Return a new record with an identity of its own."""
    number = next(numbers)
    first: dict[str, Any] = {
        "Feature": {"name": f"x{number}", "dtype": "str"},
        "Schema": {"name": f"x{number}", "itype": "Feature"},
        "Transform": {"key": f"x{number}.py"},
        "User": {"uid": f"{number:08}", "handle": f"x{number}"},
    }.get(registry, {"name": f"x{number}"})
    if registry == "Run":
        first = {"transform": ln.Transform(key="run.py").save()}
    return getattr(ln, registry)(**{**first, **values})


def same(stored: Any, value: Any) -> bool:
    if isinstance(value, dt.datetime):
        value = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, dict):
        value = {str(key): one for key, one in value.items()}
    return type(stored) is type(value) and bool(stored == value)


def kinds() -> list[tuple[str, str]]:
    """Return registries and columns, one of each kind of column."""
    found: dict[object, tuple[str, str]] = {}
    for registry in REGISTRIES:
        for column in getattr(ln, registry).__table__.columns:
            if column.key not in KEPT and (registry, column.key) != ("Schema", "hash"):  # which follows from the content
                key = column.key if column.key in ("name", "key", "handle") or column.foreign_keys else ""
                kind = (repr(column.type), column.nullable, str(column.info), key, registry if key else "")
                found.setdefault(kind, (registry, column.key))
    return list(found.values())


def test_any_value_of_any_kind_of_column(database: Database) -> None:
    wrong = []
    for registry, name in kinds():
        for kind, value in BAD.items():
            record = make(registry)
            before = record.database
            try:
                setattr(record, name, value)
                repr(record)
                record.save()
            except LaminError as error:
                if "\n" in str(error) or "psycopg" in str(error) or "sqlite" in str(error):
                    wrong.append(f"{registry}.{name} = {kind}: {error}")
                assert record.database is before
                continue
            except Exception as error:  # every other one is a finding
                wrong.append(f"{registry}.{name} = {kind}: {type(error).__name__}: {error}"[:200])
                continue
            stored = getattr(type(record).get(record.id), name)
            if not same(stored, value):
                wrong.append(f"{registry}.{name} = {kind}: stored {stored!r}")
    assert "\n".join(wrong) == ""
