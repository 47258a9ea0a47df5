"""What a database made by LaminDB says about itself: the only place that reads `django_migrations` and `lamindb_storage`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lamindb_setup.errors import ModuleBroken, SchemaMismatch
from lamindb_setup.modules import Module

if TYPE_CHECKING:
    import sqlalchemy as sa

Age = Literal["same", "older", "newer"]


@dataclass(frozen=True, slots=True)
class PeerState:
    """The migrations applied by app, and the default storage as its first managed row tells."""

    migrations: Mapping[str, frozenset[str]]
    storage_uid: str | None
    storage_root: str | None
    instance_uid: str | None


def read(connection: sa.Connection) -> PeerState | None:
    """What LaminDB noted, None where the database is not one of LaminDB."""
    try:
        rows = connection.exec_driver_sql("SELECT app, name FROM django_migrations").all()
        storages = connection.exec_driver_sql(
            "SELECT uid, root, instance_uid FROM lamindb_storage ORDER BY instance_uid IS NULL, id LIMIT 1"
        ).all()
    except SchemaMismatch:
        return None
    migrations: dict[str, set[str]] = {}
    for app, name in rows:
        migrations.setdefault(app, set()).add(name)
    storage = storages[0] if storages else (None, None, None)
    return PeerState({app: frozenset(names) for app, names in migrations.items()}, *storage)


def compare(state: PeerState, modules: Iterable[Module]) -> Age:
    """How the database stands to revision 1 of the modules, which is the one version of LaminDB that can be adopted."""
    known = first_revision_migrations(modules)
    if any(state.migrations.get(name, frozenset()) - names for name, names in known.items()):
        return "newer"
    return "same" if all(state.migrations.get(name) == names for name, names in known.items()) else "older"


def first_revision_migrations(modules: Iterable[Module]) -> dict[str, frozenset[str]]:
    """The rows that revision 1 of each module, in the order given, leaves in `django_migrations`; asked of SQLite itself."""
    ordered = list(modules)
    with closing(sqlite3.connect(":memory:")) as memory:
        for module in ordered:
            path = module.path(f"revisions/{module.revisions[0]}.sqlite.sql")
            try:
                memory.executescript(path.read_text(encoding="utf-8"))
            except (OSError, sqlite3.Error) as error:
                raise ModuleBroken(f"{str(path)!r} cannot be run ({error}); reinstall {module.distribution}") from error
        try:
            rows = memory.execute("SELECT app, name FROM django_migrations").fetchall()
        except sqlite3.Error:  # none of these modules exists in LaminDB
            rows = []
    return {module.name: frozenset(name for app, name in rows if app == module.name) for module in ordered}
