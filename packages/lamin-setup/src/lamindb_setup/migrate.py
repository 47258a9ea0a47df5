"""Bringing the current database up to date: `ln.setup.migrate`."""

from __future__ import annotations

from contextlib import closing

from lamindb_setup.databases import Database, migrations
from lamindb_setup.instances import connection, discovery, opening


def plan() -> list[str]:
    """Names of the revisions that `deploy` would apply to the current database, in this order."""
    with closing(_opened()) as database:
        return migrations.plan(database)


def check() -> bool:
    """Whether the current database has all revisions of the installed modules."""
    return not plan()


def deploy(*, backup: bool = True) -> list[str]:
    """Apply all missing revisions to the current database in one transaction, and open it anew; returns their names.

    Parameters
    ----------
    backup: copy a SQLite file beside itself first, to `<name>.before-<revision>`.

    Raises
    ------
    DatabaseError: a revision failed; nothing of it was kept.
    """
    with closing(_opened()) as database:
        place = discovery.of_instance(database.instance)
        applied = migrations.deploy(database, backup=backup)
    if applied:
        opening.forget(place.url)
        connection.set_default(opening.open_place(place))
    return applied


def _opened() -> Database:
    """The current database, however old it is."""
    if connection.is_connected():
        return opening.open_for_migration(discovery.of_instance(connection.current().instance))
    return opening.open_for_migration(discovery.default())
