"""Bringing a database up to date. The only room that knows Alembic, which is imported when there is something to do.

One Alembic branch per module and no `depends_on`: modules are upgraded in the order of what they require, each keeps its own row,
and the rows and tables of modules that this client does not have are left alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb_setup import modules as installed_modules
from lamindb_setup.errors import ForeignKeyViolation, LaminError, ModuleBroken, RevisionFailed, SchemaMismatch
from lamindb_setup.modules import Module

from . import bookkeeping, creation, translation
from .database import Database

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.runtime.migration import MigrationContext, MigrationInfo
    from alembic.script import ScriptDirectory

    from .url import Dialect

LOCK_TIMEOUT = 10.0
"""Seconds that a statement of a revision waits on Postgres; all who come after it would wait as long."""


def modules_of(database: Database) -> list[Module]:
    """The modules that are both in the database and installed, each after what it requires."""
    installed = installed_modules.installed()
    names = [name for name in (database.contents.modules if database.contents else ()) if name in installed]
    return [module for module in installed_modules.with_requirements(names) if module.name in names]


def plan(database: Database) -> list[str]:
    """Names of the revisions that `deploy` would apply, in this order; from what was read when the database was opened."""
    pending: list[str] = []
    for module in modules_of(database):
        state = database.contents.modules[module.name].revision if database.contents else None
        if state in module.revisions:  # otherwise the database is newer, and nothing is to be done
            pending += module.revisions[module.revisions.index(state) + 1 :]
    return pending


def check_unchanged(database: Database) -> None:
    """Compare the revisions that this database has with their files.

    Raises
    ------
    ModuleBroken: a file was changed after the revision was applied.
    """
    with database.reading() as connection:
        applied = bookkeeping.applied(connection)
    for module in modules_of(database):
        for name in module.revisions:
            if name in applied and applied[name][0] != module.checksum(name, database.dialect):
                raise ModuleBroken(
                    f"revision {name} was changed after it was applied to this database on {applied[name][1]}; restore its files "
                    f"from version control or reinstall {module.distribution}, and put the change into a new revision"
                )


def statements(database: Database) -> list[str]:
    """The SQL of the revisions that `deploy` would apply, with a comment before each."""
    modules = {module.name: module for module in modules_of(database)}
    found = []
    for name in plan(database):
        module = modules[name.rpartition("_")[0]]
        file = module.path(f"revisions/{name}.{database.dialect}.sql")
        found.append(f"-- {name}: {module.message(name)}")
        found += file.read_text(encoding="utf-8").rstrip().splitlines() if file.exists() else ["-- in Python only"]
    return found


def deploy(database: Database, *, backup: bool = True, lock_timeout: float = LOCK_TIMEOUT) -> list[str]:
    """Apply all missing revisions in one transaction; returns their names. The handle must be opened anew afterwards.

    Parameters
    ----------
    backup: copy a SQLite file to `<name>.before-<revision>` first.
    lock_timeout: seconds that a statement on Postgres waits for a table that others use.

    Raises
    ------
    DatabaseError: a revision failed; nothing of it was kept.
    ModuleBroken: a revision was changed after it was applied.
    """
    check_unchanged(database)
    pending = plan(database)
    if not pending:
        return []

    def copy() -> None:
        path = database.url.path
        if backup and path is not None:
            _copy(path, path.with_name(f"{path.name}.before-{pending[0]}"))

    with closing(Database(database.instance, database.url)) as writable:
        return upgrade(writable, modules_of(database), before=copy, lock_timeout=lock_timeout)


def upgrade(
    database: Database,
    modules: Sequence[Module],
    *,
    before: Callable[[], None] | None = None,
    lock_timeout: float = LOCK_TIMEOUT,
) -> list[str]:
    """Run the revisions of these modules that the database lacks, from nothing if it has none; returns their names.

    Parameters
    ----------
    before: called once nobody else can write any more, if there is something to do.
    """
    with translation.translated(database.url), _migrating(database, lock_timeout) as connection:
        _ensure_bookkeeping(connection)
        return _run(connection, modules, before)


@contextmanager
def _migrating(database: Database, lock_timeout: float) -> Iterator[sa.Connection]:
    """A transaction of its own. On SQLite a rebuild drops the table, and foreign keys would cascade: they are checked after."""
    with database.engine.connect().execution_options(lamin_writing=True) as connection:
        sqlite = database.dialect == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('lamin migrate'))")
                    # Only now: another deployer may take long, and is worth waiting for; a reader who forgot to end is not.
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(lock_timeout * 1000)}")
                yield connection
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise ForeignKeyViolation(
                        f"the migration would leave {len(broken)} rows pointing to nothing, the first in {broken[0][0]}; "
                        "nothing was kept",
                        table=broken[0][0],
                    )
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def _ensure_bookkeeping(connection: sa.Connection) -> None:
    dialect: Dialect = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    with connection.begin_nested() as savepoint:
        try:
            connection.exec_driver_sql("SELECT count(*) FROM lamin_module")
        except SchemaMismatch:
            savepoint.rollback()
            creation.execute(connection, bookkeeping.statements(dialect))
        else:
            creation.execute(connection, [bookkeeping.applied_table(dialect)])


def _run(connection: sa.Connection, modules: Sequence[Module], before: Callable[[], None] | None) -> list[str]:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    folders = [module.path("revisions") for module in modules]
    script = ScriptDirectory(str(folders[0]), version_locations=[str(folder) for folder in folders])
    known = {module.name: module for module in modules}
    applied: list[str] = []
    planned: list[str] = []

    def steps(now: tuple[str, ...], _: object) -> list[Any]:
        found = _steps(script, modules, now)
        if found and before is not None:
            before()
        planned.extend(step.revision.revision for step in found)
        return found

    def note(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
        name = step.up_revision_ids[0]
        applied.append(name)
        bookkeeping.note(connection, known[name.rpartition("_")[0]], name)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        # The transaction is ours: Alembic sees that one is open, and neither begins nor commits.
        environment.configure(
            connection=connection, version_table=bookkeeping.VERSION_TABLE, transactional_ddl=True, on_version_apply=note
        )
        try:
            environment.run_migrations()
        except CommandError as error:
            names = ", ".join(known)
            raise ModuleBroken(f"the revisions of {names} do not fit together ({error}); reinstall what offers them") from error
        except Exception as error:
            if isinstance(error, LaminError) or translation.translate(error, None) is not None or len(applied) == len(planned):
                raise
            raise RevisionFailed(
                f"revision {planned[len(applied)]} failed ({type(error).__name__}: {error}); nothing was kept, "
                "correct it and deploy again"
            ) from error
    return applied


def _steps(script: ScriptDirectory, modules: Iterable[Module], now: tuple[str, ...]) -> list[Any]:
    ours = {revision.revision for revision in script.walk_revisions()}
    mine = tuple(name for name in now if name in ours)
    newer = {name.rpartition("_")[0] for name in now if name not in ours}
    # Alembic's own upgrade command calls the same private method; its minor version is pinned for that.
    return [
        step
        for module in modules
        if module.name not in newer
        for step in script._upgrade_revs(f"{module.name}@head", mine)  # type: ignore[arg-type]  # a tuple is fine
    ]


def _copy(source: Path, target: Path) -> None:
    """A consistent copy, also while others write; under its name only when it is complete."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)  # of a process that was killed
    with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(partial)) as writer:
        reader.backup(writer)
    partial.replace(target)
