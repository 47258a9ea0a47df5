"""The one place where errors of SQLAlchemy and of the two drivers become errors of ours.

SQLite is told apart by its extended result code, Postgres by its SQLSTATE; both tables are complete, which a test proves.
Only failures to connect to Postgres have no code, so that their text is read.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb_setup import errors
from lamindb_setup.errors import DatabaseError, IntegrityError, LaminError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from .url import DatabaseURL

_SQLITE_CONSTRAINTS: dict[str, type[IntegrityError]] = {
    "SQLITE_CONSTRAINT_UNIQUE": errors.UniqueViolation,
    "SQLITE_CONSTRAINT_PRIMARYKEY": errors.UniqueViolation,
    "SQLITE_CONSTRAINT_ROWID": errors.UniqueViolation,
    "SQLITE_CONSTRAINT_NOTNULL": errors.NotNullViolation,
    "SQLITE_CONSTRAINT_FOREIGNKEY": errors.ForeignKeyViolation,
    "SQLITE_CONSTRAINT_CHECK": errors.CheckViolation,
}
# By primary result code: the extended codes of a family (SQLITE_IOERR_FSYNC …) share the first word after SQLITE_.
SQLITE_CODES: dict[str, type[DatabaseError]] = {
    "ERROR": errors.StatementRefused,
    "INTERNAL": errors.StatementRefused,
    "PERM": errors.NoDatabaseAccess,
    "ABORT": errors.StatementCancelled,
    "BUSY": errors.DatabaseLocked,
    "LOCKED": errors.DatabaseLocked,
    "NOMEM": errors.OutOfResources,
    "READONLY": errors.DatabaseReadOnly,
    "INTERRUPT": errors.StatementCancelled,
    "IOERR": errors.DatabaseUnreachable,
    "CORRUPT": errors.DatabaseCorrupt,
    "NOTFOUND": errors.StatementRefused,
    "FULL": errors.DiskFull,
    "CANTOPEN": errors.DatabaseUnreachable,
    "PROTOCOL": errors.DatabaseLocked,
    "EMPTY": errors.StatementRefused,
    "SCHEMA": errors.SchemaMismatch,
    "TOOBIG": errors.InvalidValue,
    "CONSTRAINT": errors.IntegrityError,
    "MISMATCH": errors.InvalidValue,
    "MISUSE": errors.StatementRefused,
    "NOLFS": errors.DatabaseUnreachable,
    "AUTH": errors.NoDatabaseAccess,
    "FORMAT": errors.DatabaseCorrupt,
    "RANGE": errors.StatementRefused,
    "NOTADB": errors.NotADatabase,
    "NOTICE": errors.StatementRefused,
    "WARNING": errors.StatementRefused,
}
# Without a code (raised by the Python module itself): by class.
SQLITE_CLASSES: dict[type[BaseException], type[DatabaseError]] = {
    sqlite3.IntegrityError: errors.IntegrityError,
    sqlite3.DataError: errors.InvalidValue,
    sqlite3.InterfaceError: errors.InvalidValue,
    sqlite3.NotSupportedError: errors.StatementRefused,
    sqlite3.InternalError: errors.StatementRefused,
    sqlite3.ProgrammingError: errors.StatementRefused,
    sqlite3.OperationalError: errors.StatementRefused,
    sqlite3.DatabaseError: errors.StatementRefused,
    sqlite3.Error: errors.StatementRefused,
}
# The exact SQLSTATE first, then its class (the first two characters).
POSTGRES_STATES: dict[str, type[DatabaseError]] = {
    "23502": errors.NotNullViolation,
    "23503": errors.ForeignKeyViolation,
    "23505": errors.UniqueViolation,
    "23514": errors.CheckViolation,
    "22001": errors.ValueTooLong,
    "25006": errors.DatabaseReadOnly,
    "42501": errors.NoDatabaseAccess,
    "42P01": errors.SchemaMismatch,
    "42703": errors.SchemaMismatch,
    "42883": errors.StatementRefused,
    "53100": errors.DiskFull,
    "55P03": errors.DatabaseLocked,
    "57014": errors.StatementCancelled,
    "58030": errors.DatabaseUnreachable,
    "58P01": errors.DatabaseCorrupt,
    "XX001": errors.DatabaseCorrupt,
    "XX002": errors.DatabaseCorrupt,
}
POSTGRES_CLASSES: dict[str, type[DatabaseError]] = {
    "02": errors.StatementRefused,
    "03": errors.StatementRefused,
    "08": errors.DatabaseUnreachable,
    "09": errors.IntegrityError,  # a trigger failed
    "0A": errors.StatementRefused,
    "0B": errors.StatementRefused,
    "0F": errors.StatementRefused,
    "0L": errors.NoDatabaseAccess,
    "0P": errors.NoDatabaseAccess,
    "0Z": errors.StatementRefused,
    "10": errors.InvalidValue,
    "20": errors.StatementRefused,
    "21": errors.StatementRefused,
    "22": errors.InvalidValue,
    "23": errors.IntegrityError,
    "24": errors.StatementRefused,
    "25": errors.StatementRefused,
    "26": errors.StatementRefused,
    "27": errors.IntegrityError,
    "28": errors.NoDatabaseAccess,
    "2B": errors.IntegrityError,
    "2D": errors.StatementRefused,
    "2F": errors.StatementRefused,
    "34": errors.StatementRefused,
    "38": errors.StatementRefused,
    "39": errors.StatementRefused,
    "3B": errors.StatementRefused,
    "3D": errors.DatabaseMissing,
    "3F": errors.SchemaMismatch,
    "40": errors.TransactionConflict,
    "42": errors.StatementRefused,
    "44": errors.IntegrityError,
    "53": errors.OutOfResources,
    "54": errors.OutOfResources,
    "55": errors.StatementRefused,
    "57": errors.DatabaseUnreachable,
    "58": errors.DatabaseUnreachable,
    "72": errors.TransactionConflict,
    "F0": errors.DatabaseCorrupt,
    "HV": errors.StatementRefused,
    "P0": errors.IntegrityError,  # RAISE in a function or trigger of the database
    "XX": errors.StatementRefused,
}
# What libpq says when no connection comes about, from the most telling to the least.
POSTGRES_CONNECTING: tuple[tuple[str, type[DatabaseError]], ...] = (
    (r"password authentication failed|no password supplied|role \".*\" does not exist|no pg_hba.conf entry"
     r"|authentication failed|is not permitted to log in|permission denied for database", errors.NoDatabaseAccess),
    (r"database \".*\" does not exist", errors.DatabaseMissing),
    (r"too many (clients|connections)|remaining connection slots", errors.OutOfResources),
    (r"invalid (connection option|sslmode|port|integer value|channel_binding)|invalid value for", errors.StatementRefused),
)  # fmt: skip


def translate(error: BaseException, url: DatabaseURL | None = None) -> LaminError | None:
    """Our error for one of SQLAlchemy or of a driver, or None where it is no error of a database.

    The caller raises it `from` the original, whose text it keeps, except for secrets of `url`.
    """
    if isinstance(error, LaminError):
        return error
    if isinstance(error, sqlite3.Error):
        return _sqlite(error, url)
    if type(error).__module__.startswith("psycopg"):
        return _postgres(error, url)
    original = getattr(error, "orig", None)  # SQLAlchemy's wrapper
    if isinstance(original, BaseException):
        return translate(original, url) or errors.InvalidValue(f"a value cannot be stored: {_first_line(original)}")
    return None


@contextmanager
def translated(url: DatabaseURL | None = None) -> Iterator[None]:
    """Translate what is raised inside; for the few places that use a driver directly, as COPY does."""
    try:
        yield
    except Exception as error:
        ours = translate(error, url)
        if ours is None or ours is error:
            raise
        raise ours from error


def install(engine: sa.Engine, url: DatabaseURL) -> None:
    """Let every error of the engine pass through `translate`."""
    from sqlalchemy import event, exc  # the caller has made an engine: nothing is loaded here

    @event.listens_for(engine, "handle_error")
    def _(context: sa.engine.ExceptionContext) -> LaminError | None:
        original = context.original_exception
        if isinstance(original, exc.StatementError) and isinstance(original.orig, LaminError):
            return original.orig  # raised by a column type of ours while binding
        ours = translate(original, url)
        if ours is None and isinstance(context.sqlalchemy_exception, exc.StatementError) and isinstance(original, Exception):
            return errors.InvalidValue(f"a value cannot be stored: {_first_line(original)}")  # what a column type cannot turn
        return ours


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _where(url: DatabaseURL | None) -> str:
    if url is None:
        return "the database"
    return f"the database file {str(url.path)!r}" if url.dialect == "sqlite" else f"the database {str(url)!r}"


# ---- SQLite -----------------------------------------------------------------------------------------------------------------
def _sqlite(error: sqlite3.Error, url: DatabaseURL | None) -> LaminError:
    code = getattr(error, "sqlite_errorname", None)
    text = _first_line(error)
    if code is None:
        kind = next(SQLITE_CLASSES[base] for base in type(error).__mro__ if base in SQLITE_CLASSES)
        if text.startswith("Error binding parameter"):
            kind = errors.InvalidValue
        return kind(f"{_where(url)} refuses: {text}")
    if code.startswith("SQLITE_CONSTRAINT"):
        return _sqlite_constraint(_SQLITE_CONSTRAINTS.get(code, errors.IntegrityError), text)
    kind = SQLITE_CODES.get(code.split("_")[1], errors.StatementRefused)
    if kind is errors.StatementRefused and re.match(r"no such (table|column)|table .* has no column named", text):
        kind = errors.SchemaMismatch
    if code.startswith("SQLITE_CANTOPEN") and url is not None and url.path is not None and not url.path.exists():
        kind = errors.DatabaseMissing
    if code == "SQLITE_IOERR_SHORT_READ":
        kind = errors.DatabaseCorrupt
    elif code.startswith("SQLITE_IOERR") and url is not None and url.path is not None and _disk_is_full(url.path):
        kind = errors.DiskFull  # the files beside a WAL database need space even for reading
    return kind(_SQLITE_SENTENCES.get(kind, "{where} refuses: {text}").format(where=_where(url), text=text))


_SQLITE_SENTENCES: dict[type[DatabaseError], str] = {
    errors.DatabaseLocked: "{where} is locked by another process ({text}); wait for its end, or look for one that hangs",
    errors.DatabaseReadOnly: "{where} cannot be written ({text}); change its permissions, or connect with read_only=True",
    errors.DatabaseUnreachable: "{where} cannot be read ({text}); check that its folder is mounted and permits access",
    errors.DatabaseCorrupt: "{where} is damaged ({text}); restore it from a backup, or try the sqlite3 command `.recover`",
    errors.NotADatabase: "{where} is not a SQLite database ({text}); check the path",
    errors.DiskFull: "no space is left for {where} ({text}); free some and repeat, nothing of this change was kept",
    errors.DatabaseMissing: "{where} does not exist; check the path, or make a new one with `lamin init`",
    errors.SchemaMismatch: "{where} does not fit the statement: {text}; `lamin migrate deploy` brings a database up to date",
}


def _sqlite_constraint(kind: type[IntegrityError], text: str) -> IntegrityError:
    """SQLite says `UNIQUE constraint failed: table.a, table.b`, or names an index, a check, or nothing."""
    subject = text.partition("constraint failed:")[2].strip()
    table, columns, constraint = None, [], None
    if index := re.fullmatch(r"index '(.*)'", subject):
        constraint = index[1]
    elif subject and kind is errors.CheckViolation:
        constraint = subject
    elif subject and all("." in part for part in subject.split(", ")):
        table = subject.partition(".")[0]
        columns = [part.partition(".")[2] for part in subject.split(", ")]
    elif "constraint failed" not in text:
        constraint = text  # RAISE(ABORT, '…') in a trigger
    return kind(_sentence(kind, table, columns, constraint, text), table=table, columns=columns, constraint=constraint)


def _sentence(kind: type[IntegrityError], table: str | None, columns: list[str], constraint: str | None, text: str) -> str:
    place = (
        f"{table}({', '.join(columns)})" if table and columns else table or repr(constraint) if (table or constraint) else None
    )
    if kind is errors.UniqueViolation:
        return f"a row with the same {f'values of {place}' if place else 'key'} exists: {text}"
    if kind is errors.NotNullViolation:
        return f"{place or 'a required column'} must have a value: {text}"
    if kind is errors.ForeignKeyViolation:
        return f"a row points to one that does not exist, or is still pointed to: {text}"
    if kind is errors.CheckViolation:
        return f"a value breaks the rule {constraint or place or 'of its table'}: {text}"
    return f"the database refuses the change: {text}"


def _disk_is_full(path: Path) -> bool:
    try:
        return os.statvfs(path.parent).f_bavail == 0
    except OSError:
        return False


# ---- Postgres ---------------------------------------------------------------------------------------------------------------
def _postgres(error: BaseException, url: DatabaseURL | None) -> LaminError:
    state: str | None = getattr(error, "sqlstate", None)
    text = _without_secrets(_first_line(error), url)
    if state is None:
        return _postgres_without_state(error, text, url)
    kind = POSTGRES_STATES.get(state) or POSTGRES_CLASSES.get(state[:2], errors.StatementRefused)
    if issubclass(kind, IntegrityError):
        return _postgres_constraint(kind, error, text)
    return kind(_POSTGRES_SENTENCES.get(kind, "{where} refuses: {text}").format(where=_where(url), text=text))


def _postgres_without_state(error: BaseException, text: str, url: DatabaseURL | None) -> LaminError:
    """Failures to connect, lost connections, and complaints of psycopg itself."""
    names = {base.__name__ for base in type(error).__mro__}
    if "OperationalError" in names:
        whole = _without_secrets(" ".join(str(error).split()), url)
        for pattern, found in POSTGRES_CONNECTING:
            if re.search(pattern, whole):
                return found(_POSTGRES_SENTENCES.get(found, "{where} refuses: {text}").format(where=_where(url), text=whole))
        kind: type[DatabaseError] = errors.DatabaseUnreachable
        text = whole
    elif names & {"DataError", "InterfaceError"} or "cannot adapt" in text:
        kind = errors.InvalidValue
    else:
        kind = errors.StatementRefused
    return kind(_POSTGRES_SENTENCES.get(kind, "{where} refuses: {text}").format(where=_where(url), text=text))


_POSTGRES_SENTENCES: dict[type[DatabaseError], str] = {
    errors.NoDatabaseAccess: "{where} refuses access: {text}; check user, privileges and password (LAMIN_DB_PASSWORD, ~/.pgpass)",
    errors.DatabaseMissing: "{where} does not exist: {text}; check the name, or create it with `createdb`",
    errors.DatabaseUnreachable: "{where} does not answer: {text}; check host, port and network, and that the server runs",
    errors.DatabaseReadOnly: "{where} is read-only: {text}; connect to its primary server, or with read_only=True",
    errors.DatabaseLocked: "{where} is locked by another session: {text}; wait until it has finished, or look for one that hangs",
    errors.TransactionConflict: "another transaction had precedence in {where}: {text}; repeat the operation",
    errors.SchemaMismatch: "{where} does not fit the statement: {text}; `lamin migrate deploy` brings a database up to date",
    errors.DiskFull: "no space is left for {where}: {text}; nothing of this change was kept",
    errors.ValueTooLong: "a text is longer than its column: {text}",
    errors.InvalidValue: "a value cannot be stored: {text}",
}


def _postgres_constraint(kind: type[IntegrityError], error: Any, text: str) -> IntegrityError:
    told = error.diag
    columns = [told.column_name] if told.column_name else []
    if not columns and (key := re.match(r"Key \((.*?)\)=", told.message_detail or "")):
        columns = [part.strip().strip('"') for part in key[1].split(", ")]
    return kind(
        _sentence(kind, told.table_name, columns, told.constraint_name, text),
        table=told.table_name,
        columns=columns,
        constraint=told.constraint_name,
    )


def _without_secrets(text: str, url: DatabaseURL | None) -> str:
    for _, secret in url.secrets if url else ():
        if secret:
            text = text.replace(secret, "***")
    return text
