"""The first rows of a set for people to look at: filled columns only, and names instead of ids; one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamindb import catalog
from lamindb.printing import cell
from lamindb.query import frames
from lamindb.query.paths import Path, resolve

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.query.statements import Statements

LEFT_OUT = frozenset({"is_latest", "is_locked", "source_code", "hash", "extra_data", "branch", "created_on", "space"})
"""What says little at a glance: the same in nearly every row, or long."""
RUN = "lamindb.Run"

Table = tuple[list[str], list[list[str]]]
"""Names of columns, and rows."""


def glance(statements: Statements, limit: int) -> Table:
    """Return the first rows of a set as text."""
    registry = statements.description.registry
    shown = [frames.FrameColumn(name, path) for name, path in _paths(registry, statements.database).items()]
    _, values = frames.read_columns(statements, shown, limit)
    filled = {name: [cell(value) for value in column] for name, column in values.items() if any(map(_is_told, column))}
    if not filled:
        return [], []
    return list(filled), [list(row) for row in zip(*filled.values(), strict=True)]


def _is_told(value: object) -> bool:
    return value is not None and value is not False and value != ""


def _paths(registry: str, database: Database) -> dict[str, Path]:
    """Return what is shown by name: plain columns, then what single related records are called."""
    entry = catalog.entry(registry)
    plain = [name for name in frames.base_columns(registry) if name not in entry["references"] and name not in LEFT_OUT]
    names = {name: name for name in plain if database.has_column(entry["table"], name)}
    for name, relation in entry["relations"].items():
        if relation[0] == "one" and name not in LEFT_OUT and database.has_column(entry["table"], relation[2]):
            names[name] = "__".join([name, *_called(relation[1])])
    return {name: resolve(registry, text) for name, text in names.items()}


def _called(registry: str) -> Sequence[str]:
    """Return the field that names records of a registry; a run is called by its code."""
    return ("transform", "key") if registry == RUN else (catalog.entry(registry)["name_field"] or "uid",)
