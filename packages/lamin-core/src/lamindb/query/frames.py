"""Data frames of query sets: one row per record, lists for to-many relations, types that depend on the registry only."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import FieldError, InvalidArgument
from lamindb.query import ordering
from lamindb.query.paths import Hop, Path, find, name_of, resolve

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.query.statements import Statements

DEFAULT_LIMIT = 20
LAST = ("version_tag", "is_latest", "is_locked", "is_type", "created_at")
"""Columns that stand after the others, in this order."""
HIDDEN = frozenset({"id", "updated_at"})
SHOWN_PRIVATE = frozenset({"_dtype_str"})
PRIVATES = "privates"
"""What to include to see the fields that begin with an underscore."""
DTYPES = {
    ("integer", False): "int64",
    ("integer", True): "Int64",
    ("boolean", False): "bool",
    ("boolean", True): "boolean",
    ("float", False): "float64",
    ("float", True): "float64",
    ("datetime", False): "datetime64[us, UTC]",
    ("datetime", True): "datetime64[us, UTC]",
}
"""Types of columns by kind and by whether values may be missing; all others hold Python objects."""


@dataclass(frozen=True, slots=True)
class FrameColumn:
    """A column of a data frame and where its values come from."""

    name: str
    path: Path

    @property
    def kind(self) -> str:
        """What its values are; see `paths.LOOKUPS`. Ids of related rows are numbers."""
        return "integer" if self.path.kind == "relation" else self.path.kind

    @property
    def dtype(self) -> str:
        """The pandas type of the column, whatever the rows hold."""
        path = self.path
        return "object" if path.to_many else DTYPES.get((self.kind, path.may_be_missing), "object")


def frame(statements: Statements, include: str | Sequence[str] | None, limit: int | None) -> pd.DataFrame:
    """Return the data frame of a query set; see `QuerySet.to_dataframe`."""
    import pandas as pd  # takes longer to import than all of ours

    if limit is not None and (type(limit) is not int or limit < 0):
        raise InvalidArgument(f"limit is a number of rows or None for all, got {limit!r}")
    shown = columns(statements, include)
    ids, values = read_columns(statements, [column for column in shown if not column.path.to_many], limit, limit == DEFAULT_LIMIT)
    values |= read_lists(statements, [column for column in shown if column.path.to_many], ids)
    index = pd.Index(ids, name="id", dtype="int64")
    return pd.DataFrame(
        {column.name: pd.Series(values[column.name], index=index, dtype=column.dtype) for column in shown}, index=index
    )


def columns(statements: Statements, include: str | Sequence[str] | None) -> list[FrameColumn]:
    """Return the columns that are shown, apart from the id; see `QuerySet.to_dataframe`.

    Raises
    ------
    FieldError: a field does not exist, or is a relation.
    """
    registry, database, computed = statements.description.registry, statements.database, statements.description.computed
    if not isinstance(include, str | Iterable | None):
        raise InvalidArgument(f"include takes names of fields, as 'created_by__handle', got {include!r}")
    wanted = [] if include is None else [include] if isinstance(include, str) else list(include)
    names = base_columns(registry)
    numbers = {each.name: find(registry, each.name, computed) for each in computed}
    added = {name: _included(registry, name) for name in wanted if name not in (PRIVATES, "id", *numbers)}
    if added:
        names = names[:2]
    if PRIVATES in wanted:
        names += [name for name in catalog.entry(registry)["columns"] if name.startswith("_") and name not in names]
    table = catalog.entry(registry)["table"]
    # A frame of an older database has the columns that are there; one that was asked for raises.
    paths = {name: resolve(registry, name) for name in names if database.has_column(table, name)} | added | numbers
    return [FrameColumn(name, path) for name, path in paths.items()]


def base_columns(registry: str) -> list[str]:
    """Return the columns of a frame without `include`: uid, plain ones, versions and flags, created_at, ids of related rows."""
    entry = catalog.entry(registry)
    shown = [name for name in entry["columns"] if name not in HIDDEN and (name[0] != "_" or name in SHOWN_PRIVATE)]
    related = [name for name in shown if name in entry["references"]]
    last = [name for name in LAST if name in shown]
    plain = [name for name in shown if name not in related and name not in last and name != "uid"]
    return [*(["uid"] if "uid" in shown else []), *plain, *last, *related]


def _included(registry: str, name: object) -> Path:
    if not isinstance(name, str):
        raise InvalidArgument(f"include takes names of fields, as 'created_by__handle', got {name!r}")
    path = ordering.field(registry, name, to_many=True)
    if path.target is not None:
        name_field = catalog.entry(path.target)["name_field"] or "id"
        raise FieldError(f"{name_of(registry)}.{name} is a relation; include one of its fields, as {f'{name}__{name_field}'!r}")
    return path


def read_columns(
    statements: Statements, columns: list[FrameColumn], limit: int | None, warn: bool = False
) -> tuple[list[int], dict[str, Sequence[Any]]]:
    """Read ids and everything that has one value per row, in one statement."""
    values = [statements.translation.value(column.path) for column in columns]
    selected = [statements.table.c.id, *(value.label(f"c{number}") for number, value in enumerate(values))]
    with statements.database.reading() as connection:
        rows = connection.execute(statements.sorted(sa.select(*selected), limit=DEFAULT_LIMIT + 1 if warn else limit)).all()
    if warn and len(rows) > DEFAULT_LIMIT:
        rows = rows[:DEFAULT_LIMIT]
        name = name_of(statements.description.registry)
        warnings.warn(f"only {DEFAULT_LIMIT} {name} rows are shown; to see all, pass limit=None", stacklevel=4)
    ids, *read = zip(*rows, strict=True) if rows else ([], *([] for _ in columns))
    return list(ids), {column.name: found for column, found in zip(columns, read, strict=True)}


def read_lists(statements: Statements, columns: list[FrameColumn], ids: list[int]) -> dict[str, Sequence[Any]]:
    """Read to-many relations, one statement per relation: for each row a list with one element per related row."""
    found: dict[str, Sequence[Any]] = {}
    by_hops: dict[tuple[Hop, ...], list[FrameColumn]] = {}
    for column in columns:
        by_hops.setdefault(column.path.hops, []).append(column)
    for hops, group in by_hops.items():
        lists: dict[str, dict[int, list[Any]]] = {column.name: {row_id: [] for row_id in ids} for column in group}
        select = statements.translation.related(hops, [column.path for column in group], ids)
        seen: set[tuple[int, int]] = set()
        with statements.database.reading() as connection:
            rows: Sequence[sa.Row[Any]] = connection.execute(select).all() if ids else []
        for row in rows:
            row_id, related_id, *values = tuple(row)
            if (row_id, related_id) not in seen:  # linked twice, as by two features
                seen.add((row_id, related_id))
                for column, value in zip(group, values, strict=True):
                    lists[column.name][row_id].append(value)
        found |= {name: list(by_id.values()) for name, by_id in lists.items()}
    return found
