"""Bringing the current database up to date: `ln.setup.migrate`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from lamindb_setup import modules
from lamindb_setup.databases import Database, bookkeeping, migrations
from lamindb_setup.instances import connection, discovery, opening


def plan() -> list[str]:
    """Names of the revisions that `deploy` would apply to the current database, in this order."""
    with closing(_opened()) as database:
        return migrations.plan(database)


def check() -> bool:
    """Whether the current database has all revisions of the installed modules.

    Raises
    ------
    ModuleBroken: a revision was changed after it was applied.
    """
    with closing(_opened()) as database:
        migrations.check_unchanged(database)
        return not migrations.plan(database)


def sql() -> list[str]:
    """The statements that `deploy` would run, line by line."""
    with closing(_opened()) as database:
        return migrations.statements(database)


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of a module that is installed or in the current database.

    Parameters
    ----------
    message: what it is for; None where the module is not installed or is older.
    applied: whether the database has it.
    applied_at: when it was applied, in UTC; None where nobody noted it.
    """

    module: str
    name: str
    message: str | None
    applied: bool
    applied_at: str | None


def history() -> list[Revision]:
    """All revisions of the modules of the current database, oldest first, those that are missing at the end of each module."""
    with closing(_opened()) as database:
        with database.reading() as connection:
            noted = bookkeeping.applied(connection)
        states = database.contents.modules if database.contents else {}
        known = modules.installed()
        found = []
        for name, state in states.items():
            names = list(known[name].revisions) if name in known else []
            here = [*names, *([] if state.revision in names else [state.revision])]
            for one in here:
                message = known[name].message(one) if one in names else None
                applied = bookkeeping.revision_number(one) <= state.number
                found.append(Revision(name, one, message, applied, noted.get(one, (None, None))[1]))
    return found


def applied_revisions() -> dict[str, str]:
    """The newest revision of each module of the current database, by module."""
    with closing(_opened()) as database:
        return {name: state.revision for name, state in (database.contents.modules if database.contents else {}).items()}


def deploy(*, backup: bool = True, lock_timeout: float = migrations.LOCK_TIMEOUT) -> list[str]:
    """Apply all missing revisions to the current database in one transaction, and open it anew; returns their names.

    Parameters
    ----------
    backup: copy a SQLite file beside itself first, to `<name>.before-<revision>`.
    lock_timeout: seconds that a statement on Postgres waits for a table that others use.

    Raises
    ------
    DatabaseError: a revision failed; nothing of it was kept.
    ModuleBroken: a revision was changed after it was applied.
    """
    with closing(_opened()) as database:
        place = discovery.of_instance(database.instance)
        applied = migrations.deploy(database, backup=backup, lock_timeout=lock_timeout)
    if applied:
        opening.forget(place.url)
        connection.set_default(opening.open_place(place))
    return applied


def _opened() -> Database:
    """The current database, however old it is."""
    if connection.is_connected():
        return opening.open_for_migration(discovery.of_instance(connection.current().instance))
    return opening.open_for_migration(discovery.default())
