"""`ln.view`: what is new in a database, registry by registry."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from html import escape
from logging import getLogger
from typing import TYPE_CHECKING, Any

import lamindb_setup

from lamindb import catalog, shells
from lamindb.errors import InvalidArgument, closest
from lamindb.printing import cell, html_table, text_table
from lamindb.query.glance import Table, glance

if TYPE_CHECKING:
    import pandas as pd
    from lamindb_setup.databases import Database

LIMIT = 7
CORE = "lamindb"
logger = getLogger("lamindb")


def view(
    *,
    limit: int = LIMIT,
    modules: str | Sequence[str] | None = None,
    registries: Sequence[str | type[Any]] | None = None,
    df: pd.DataFrame | None = None,
) -> None:
    """Show the newest rows of each registry that has any: tables in a notebook, elsewhere text. One statement per registry.

    Parameters
    ----------
    limit
        Rows of each registry.
    modules
        Modules whose registries are shown; by default all of the database.
    registries
        Registries that are shown, by name or as classes; by default all.
    df
        Show the first rows of this data frame instead, below the types of the features that its columns are called after.

    Raises
    ------
    InvalidArgument: the limit is no number from 1, or df no data frame.
    RegistryNotFound: a registry does not exist.

    Examples
    --------
    >>> ln.view(limit=3)  # doctest: +SKIP
    ULabel
    uid       name   created_at        created_by
    5xYc2kPq  blood  2026-01-04 09:00  testuser
    """
    if type(limit) is not int or limit < 1:
        raise InvalidArgument(f"limit is a number of rows from 1, not {limit!r}")
    database = lamindb_setup.current()
    if df is not None:
        _show([("", *_with_dtypes(df, limit))])
        return
    found: list[tuple[str, list[str], list[list[str]]]] = []
    chosen = _chosen(database, modules, registries)
    several = len({qualified.partition(".")[0] for qualified in chosen}) > 1
    for qualified in chosen:
        registry = catalog.registry(qualified)
        columns, rows = glance(registry._all(database)._listed().order_by("-id")._statements(), limit)
        if rows:
            found.append((qualified if several else registry.__name__, columns, rows))
    _show(found)


def _chosen(database: Database, modules: str | Sequence[str] | None, registries: Sequence[str | type[Any]] | None) -> list[str]:
    """Return the qualified names of the registries that are shown, by module and name."""
    known = [module for module in {name.partition(".")[0] for name in catalog.entries()} if database.has_module(module)]
    wanted = sorted(known, key=lambda module: (module != CORE, module))
    if modules is not None:
        asked = [modules] if isinstance(modules, str) else list(modules)
        for module in asked:
            if module not in known:
                logger.warning("%s has no module %r, which is passed over%s", database.slug, module, closest(module, known))
        wanted = [module for module in asked if module in known]
    chosen = None if registries is None else {_qualified(each) for each in _listed(registries)}
    return [
        qualified
        for module in wanted
        for qualified, entry in sorted(catalog.entries().items())
        if qualified.startswith(f"{module}.") and (qualified in chosen if chosen is not None else _is_shown(entry))
        if database.has_table(entry["table"])
    ]


def _listed(registries: object) -> Iterable[object]:
    if isinstance(registries, str) or not isinstance(registries, Iterable):
        raise InvalidArgument(f"registries is a list of registries, as ['Artifact'], not {registries!r}")
    return registries


def _qualified(registry: object) -> str:
    named = getattr(registry, "__qualified__", registry)
    if not isinstance(named, str):
        raise InvalidArgument(f"a registry is named as 'Artifact', or passed as ln.Artifact, not as {registry!r}")
    return catalog.find(named)


def _is_shown(entry: catalog.Entry) -> bool:
    """Whether a registry has records of its own, rather than links, notes or bookkeeping."""
    return not entry["link"] and entry["name_field"] is not None and "uid" in entry["columns"]


def _with_dtypes(frame: pd.DataFrame, limit: int) -> Table:
    """Return the first rows of a data frame below the types of the features of its columns, in one statement."""
    if type(frame).__name__ != "DataFrame":
        raise InvalidArgument(f"df is a data frame, not {type(frame).__name__}")
    columns = [str(name) for name in frame.columns]
    features = catalog.registry("lamindb.Feature").filter(name__in=columns).values_list("name", "_dtype_str")
    dtypes = dict(features)
    rows = [[cell(value) for value in row] for row in frame.head(limit).itertuples(index=False, name=None)]
    return columns, [[cell(dtypes.get(name)) for name in columns], *rows]


def _show(found: Sequence[tuple[str, list[str], list[list[str]]]]) -> None:
    blocks = ["\n".join([*([title] if title else []), *text_table(columns, rows)]) for title, columns, rows in found]
    text = "\n\n".join(blocks) + "\n" if blocks else "there is nothing yet\n"
    if shells.is_kernel() and found:
        parts = [f"<h4>{escape(title)}</h4>{html_table(columns, rows)}" for title, columns, rows in found]
        shells.publish({"text/html": "".join(parts), "text/plain": text})
    else:
        sys.stdout.write(text)
