"""Bringing the current database up to date: `ln.setup.migrate`."""

from __future__ import annotations

from lamindb_setup.databases import migrations
from lamindb_setup.instances import connection, discovery, opening


def plan() -> list[str]:
    """Names of the revisions that `deploy` would apply to the current database, in this order."""
    return migrations.plan(connection.current())


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
    database = connection.current()
    applied = migrations.deploy(database, backup=backup)
    if applied:
        instance = database.instance
        opening.forget(database.url)
        place = discovery.Place(
            instance.url, instance.uid, instance.storage.root, instance.folder, instance.branch, instance.space, instance.slug
        )
        connection.set_default(opening.open_place(place))
    return applied
