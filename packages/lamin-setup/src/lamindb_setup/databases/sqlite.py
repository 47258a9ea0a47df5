"""SQLite: how a file is opened, with which settings and functions."""

from __future__ import annotations

import os
import re
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lamindb_setup.errors import DatabaseMissing, UnsupportedServer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from .url import DatabaseURL

OLDEST = (3, 38, 0)
SQLValue = str | bytes | int | float | None
BUSY_SECONDS = 30.0
"""How long a writer waits for another one, unless the URL says `?timeout=`."""


def create_engine(url: DatabaseURL, *, read_only: bool) -> sa.Engine:
    """An engine whose connections are in the driver's autocommit mode: only `begin` of a writer sends BEGIN IMMEDIATE.

    Raises
    ------
    UnsupportedServer: the SQLite library of this Python is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        raise UnsupportedServer(f"this Python has SQLite {sqlite3.sqlite_version}, and 3.38 or newer is needed; use another one")
    import sqlalchemy as sa
    from sqlalchemy.pool import QueuePool

    path = url.path
    if path is None:
        raise DatabaseMissing("a SQLite database needs a file; a database in memory cannot be shared between connections")
    timeout = float(url.option.get("timeout", BUSY_SECONDS))

    def connect() -> sqlite3.Connection:
        return open_file(path, read_only=read_only, timeout=timeout)

    # LIFO: a process with one thread always gets the connection back that has the schema parsed already (4-8 ms).
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=-1,
        pool_use_lifo=True,
    )
    sa.event.listen(engine, "begin", begin)

    @sa.event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, record: Any) -> None:
        add_functions(connection)
        record.info["seen"] = _identity(path)

    @sa.event.listens_for(engine, "checkout")
    def _(connection: Any, record: Any, proxy: Any) -> None:
        # A deleted or replaced file stays readable and writable for those who have it open: writes would vanish silently.
        if record.info["seen"] != _identity(path):
            raise sa.exc.DisconnectionError("the database file was replaced")

    return engine


def begin(connection: sa.Connection) -> None:
    """Take the write lock at once where a writer begins; a reader sends nothing."""
    if connection.get_execution_options().get("lamin_writing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _identity(path: Path) -> tuple[int, int, bool] | None:
    """Which file lies there now; where it is read as one that nobody changes, also whether somebody has begun to."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, _unchanging(path)


def _unchanging(path: Path) -> bool:
    """Whether to read without locks: a WAL database that nobody has open, where we cannot make the files that WAL needs."""
    return not os.access(path.parent, os.W_OK) and is_wal(path) and not path.with_name(path.name + "-wal").exists()


def is_writable(path: Path) -> bool:
    """Whether file and folder permit writing; SQLite needs both, for its journal."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def open_file(path: Path, *, read_only: bool = False, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open an existing file; it is never created by opening.

    Raises
    ------
    DatabaseMissing: there is no such file.
    sqlite3.Error: for the translation.
    """
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise DatabaseMissing(f"the database file {str(path)!r} {what}; check the path, or make a new one with `lamin init`")
    mode = "ro" if read_only else "rw"
    if read_only and _unchanging(path):
        mode += "&immutable=1"
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )
    try:
        prepare(connection, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, *, read_only: bool = False) -> None:
    """Settings that every connection needs; the journal mode belongs to the file and stays as it is."""
    connection.execute("PRAGMA foreign_keys = ON")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    elif connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        # In WAL mode NORMAL cannot damage the database; in the other modes it can, so that they keep FULL.
        connection.execute("PRAGMA synchronous = NORMAL")


def add_functions(connection: sqlite3.Connection) -> None:
    """The SQL functions that we need; after the dialect has added its own, of which `regexp` is replaced."""
    connection.create_function("lamin_lower", 1, _lower, deterministic=True)
    connection.create_function("regexp", 2, _regexp, deterministic=True)


def lowered(text: str) -> str:
    """Unicode, unlike lower() of SQLite, which knows ASCII only; letter by letter as on Postgres: a final Σ is σ, İ is i."""
    return text.lower() if text.isascii() else "".join(letter.lower()[0] for letter in text)


def _lower(value: SQLValue) -> SQLValue:
    return lowered(value) if isinstance(value, str) else value


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _regexp(pattern: str | None, value: object) -> bool | None:
    """`value REGEXP pattern`: whether the pattern matches anywhere; NULL where either is."""
    if pattern is None or value is None:
        return None
    return _compiled(pattern).search(value if isinstance(value, str) else str(value)) is not None


def is_wal(path: Path) -> bool:
    """Whether the header of the file says WAL; without opening the database."""
    with path.open("rb") as file:
        return file.read(20)[18:20] == b"\2\2"
