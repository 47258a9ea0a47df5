"""Making the tables and first rows of an instance from the DDL that codegen has written, without Alembic."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lamindb_setup.errors import InstanceNotCreated, LaminError, ModuleBroken
from lamindb_setup.modules import Module, SeedContext

from . import bookkeeping, sqlite, translation

if TYPE_CHECKING:
    import sqlalchemy as sa

    from .url import Dialect


def create(connection: sa.Connection, modules: Iterable[Module], context: SeedContext) -> None:
    """Make everything inside the open transaction: our own tables, those of the modules, their stamps and first rows."""
    instance = context.instance
    execute(connection, bookkeeping.statements(_dialect(connection)))
    bookkeeping.insert_instance(
        connection,
        bookkeeping.InstanceRow(
            uid=instance.uid,
            uuid=instance.uuid,
            owner=instance.owner,
            name=instance.name,
            storage_uid=instance.storage.uid,
            storage_root=instance.storage.root,
        ),
    )
    add(connection, modules, context)


def add(connection: sa.Connection, modules: Iterable[Module], context: SeedContext) -> None:
    """Make tables, stamp and first rows of further modules inside the open transaction."""
    ordered = list(modules)
    for module in ordered:
        execute(connection, ddl(module, _dialect(connection)))
        bookkeeping.stamp(connection, module)
    for module in ordered:
        _seed(connection, module, context)


def ddl(module: Module, dialect: Dialect) -> list[str]:
    """The statements that make the newest revision of a module."""
    path = module.path(f"ddl/{dialect}.sql")
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ModuleBroken(
            f"module {module.name!r} lacks {path.name!r} ({error.strerror}); reinstall {module.distribution}"
        ) from error
    return [statement for statement in text.split(";\n") if statement.strip()]


def execute(connection: sa.Connection, statements: list[str]) -> None:
    """Run statements without results: on Postgres as one message, on SQLite one by one, both as they stand."""
    with translation.translated():
        cursor = connection.connection.cursor()
        try:
            for statement in statements if connection.dialect.name == "sqlite" else [";\n".join(statements)]:
                cursor.execute(statement)
        finally:
            cursor.close()


def _dialect(connection: sa.Connection) -> Dialect:
    return "sqlite" if connection.dialect.name == "sqlite" else "postgresql"


def _seed(connection: sa.Connection, module: Module, context: SeedContext) -> None:
    seed = module.seed
    if seed is None:
        return
    try:
        seed(connection, context)
    except LaminError:
        raise
    except Exception as error:
        raise InstanceNotCreated(
            f"module {module.name!r} could not insert its first rows ({type(error).__name__}: {error}); nothing was kept"
        ) from error


def sqlite_bytes(modules: Iterable[Module], context: SeedContext, *, wal: bool) -> bytes:
    """A complete SQLite database, built in memory: so nothing is on disk until all of it is right.

    Parameters
    ----------
    wal: whether opening the file shall use WAL mode.
    """
    import sqlalchemy as sa

    driver = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    sqlite.prepare(driver)
    engine = sa.create_engine("sqlite+pysqlite://", creator=lambda: driver, poolclass=sa.StaticPool)
    translation.install(engine, context.instance.url)
    sa.event.listen(engine, "begin", sqlite.begin)
    sa.event.listen(engine, "connect", lambda connection, _: sqlite.add_functions(connection))
    try:
        with engine.connect().execution_options(lamin_writing=True) as connection, connection.begin():
            create(connection, modules, context)
        data = bytearray(driver.serialize())
    finally:
        engine.dispose()
        driver.close()
    # Two bytes of the header name the format for writing and reading: 2 is WAL, which a database in memory cannot set.
    data[18:20] = b"\2\2" if wal else b"\1\1"
    return bytes(data)
