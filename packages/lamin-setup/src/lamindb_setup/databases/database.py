"""The handle of one database: reading, writing, locking, and what it has."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from lamindb_setup import signals
from lamindb_setup.errors import CurrentInstanceNotConfigured, DatabaseReadOnly, LaminError, OutOfResources, TransactionBroken

from . import engines
from .transaction import Transaction

if TYPE_CHECKING:
    import sqlalchemy as sa

    from lamindb_setup.instances.instance import Instance

    from .bookkeeping import Contents
    from .url import DatabaseURL, Dialect

_ALL: weakref.WeakSet[Database] = weakref.WeakSet()


class _OfThread(threading.local):
    """What one thread has open."""

    transaction: Transaction | None = None
    reader: Any = None
    readers: int = 0


class Database:
    """An open database. Reading and writing are per thread; a handle can be shared by all threads and survives a fork.

    Parameters
    ----------
    instance: what the database belongs to.
    url: where it lies, with the password if there is one.
    contents: which modules at which revision it has; None for a database without bookkeeping, as tests use it.
    read_only: refuse writing; SQLite files are then opened read-only, too.
    """

    def __init__(
        self, instance: Instance, url: DatabaseURL, *, contents: Contents | None = None, read_only: bool = False
    ) -> None:
        self.instance = instance
        self.url = url
        self.read_only = read_only
        self.contents = contents
        self.why_read_only = "it was opened with read_only=True"
        self._thread = _OfThread()
        self._closed = False
        self._engine: sa.Engine | None = None
        self._guard = threading.Lock()
        self._in_use: set[sa.Connection] = set()
        _ALL.add(self)

    def __repr__(self) -> str:
        return f"<Database {self.slug!r} on {self.dialect}{', read-only' if self.read_only else ''}>"

    @property
    def slug(self) -> str:
        """`owner/name` of the instance."""
        return self.instance.slug

    @property
    def dialect(self) -> Dialect:
        """`sqlite` or `postgresql`."""
        return self.url.dialect

    @property
    def engine(self) -> sa.Engine:
        """The pooled engine; made when first used."""
        if self._closed:
            raise CurrentInstanceNotConfigured(f"the handle of {self.slug!r} is closed; connect again")
        with self._guard:
            if self._engine is None:
                self._engine = engines.create_engine(self.url, read_only=self.read_only)
                engines.on_failure(self._engine, self._note_failure)
            return self._engine

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def close(self) -> None:
        """Give all connections back to the system; the handle cannot be used afterwards."""
        self._closed = True
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    # ---- reading and writing ------------------------------------------------------------------------------------------------
    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """The connection of the thread's open transaction, otherwise a pooled one in autocommit, to which no BEGIN is sent.

        Nested blocks of one thread share the connection. What a block reads is not one snapshot: use `writing` for that.
        """
        mine = self._thread
        if mine.transaction is not None:
            yield mine.transaction.connection
            return
        if mine.reader is None:
            mine.reader = self._connect()
        connection: sa.Connection = mine.reader
        mine.readers += 1
        try:
            yield connection
        finally:
            mine.readers -= 1
            if mine.readers == 0:
                mine.reader = None
                self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction for writing: the thread's open one, or a new one that ends with the block.

        SQLite takes the write lock at once. Leaving the outermost block commits, leaving it by an exception rolls back. After a
        failed statement, or an exception that left a nested block, nothing of the transaction can be kept, even if the exception
        was caught: put what may fail into `Transaction.savepoint`.

        Raises
        ------
        DatabaseReadOnly: the handle is read-only.
        DatabaseLocked: another process writes for longer than we wait.
        TransactionBroken: see above; everything was rolled back.
        """
        if self.read_only:
            raise DatabaseReadOnly(f"{self.slug!r} cannot be written: {self.why_read_only}")
        mine = self._thread
        if (joined := mine.transaction) is not None:
            try:
                yield joined
            except BaseException as error:
                joined.broken_by = joined.broken_by or error
                raise
            return
        process = os.getpid()
        connection = self._connect().execution_options(lamin_writing=True)
        transaction = Transaction(connection)
        try:
            connection.begin()
            mine.transaction = transaction
            yield transaction
            self._commit(mine, transaction, process)
        except BaseException as error:
            if os.getpid() == process:
                _roll_back(mine, connection, error)
                transaction.finished(because_of=error)
            raise
        finally:
            mine.transaction = None
            if os.getpid() == process:
                self._give_back(connection)

    def transaction(self) -> Transaction | None:
        """The open transaction of this thread."""
        return self._thread.transaction

    def give_up(self) -> None:
        """Undo what this thread has not committed, so that others can write; for a process that is about to be ended."""
        mine = self._thread
        if (transaction := mine.transaction) is not None:
            transaction.broken_by = TransactionBroken("the process is being ended")
            _roll_back(mine, transaction.connection, transaction.broken_by)

    def _commit(self, mine: _OfThread, transaction: Transaction, process: int) -> None:
        """End a transaction whose block was left normally."""
        if os.getpid() != process:
            raise TransactionBroken("a transaction belongs to the process that began it, and cannot be ended by a forked child")
        if transaction.broken_by is not None:
            raise self._broken(transaction.broken_by)
        with signals.held():  # an interrupt after COMMIT would make a committed transaction look like a failed one
            transaction.connection.get_transaction().commit()  # type: ignore[union-attr]  # begun by writing()
            mine.transaction = None
            self._give_back(transaction.connection)
            transaction.finished(because_of=None)

    def _broken(self, cause: BaseException) -> TransactionBroken:
        error = TransactionBroken(
            f"nothing was kept in {self.slug!r}, because a part of the transaction had failed: {cause};"
            " put what may fail into a savepoint"
        )
        error.__cause__ = cause
        return error

    def _note_failure(self, context: sa.engine.ExceptionContext) -> None:
        """Postgres ends a transaction at the first failed statement and answers COMMIT by a silent ROLLBACK; SQLite goes on."""
        transaction = self._thread.transaction
        if transaction is not None and context.connection is transaction.connection:
            transaction.broken_by = (
                transaction.broken_by or getattr(context, "chained_exception", None) or context.original_exception
            )

    def _connect(self) -> sa.Connection:
        try:
            connection = self.engine.connect()
        except LaminError:
            raise
        except Exception as error:
            if type(error).__name__ == "TimeoutError" and type(error).__module__ == "sqlalchemy.exc":
                raise OutOfResources(f"all connections to {self.slug!r} are in use by other threads of this process") from error
            raise
        self._in_use.add(connection)
        return connection

    def _give_back(self, connection: sa.Connection) -> None:
        try:
            connection.close()
        except AssertionError as error:  # what SQLAlchemy makes of an interrupt in here
            if isinstance(error.__context__, Exception | None):
                raise
            raise error.__context__ from None
        finally:
            self._in_use.discard(connection)

    def lock(self, *names: str, shared: Sequence[str] = ()) -> None:
        """Inside `writing`: wait until no other transaction holds one of these names, then hold them until the end of ours.

        `shared` names are held together with other transactions that share them; only one that wants them alone waits.
        One statement on Postgres, none for what is held already; nothing on SQLite, where a writing transaction is alone anyhow.
        """
        transaction = self._thread.transaction
        if transaction is None:
            raise TransactionBroken(f"lock({', '.join(map(repr, names))}) holds until the end of a transaction, and none is open")
        alone = [name for name in names if transaction.held.get(name) is not False]
        together = [name for name in shared if name not in transaction.held and name not in names]
        if self.dialect == "sqlite" or not (alone or together):
            return
        transaction.held |= {**dict.fromkeys(together, True), **dict.fromkeys(alone, False)}
        transaction.connection.exec_driver_sql(
            "SELECT CASE WHEN shared THEN pg_advisory_xact_lock_shared(key) ELSE pg_advisory_xact_lock(key) END"
            " FROM unnest(%(keys)s::bigint[], %(shared)s::bool[]) AS locks(key, shared) ORDER BY key",
            _lock_keys(alone, together),
        )

    # ---- what it has --------------------------------------------------------------------------------------------------------
    def has_module(self, name: str) -> bool:
        """Whether the database has the tables of a module."""
        return self.contents is not None and name in self.contents.modules

    def has_table(self, table: str) -> bool:
        """Whether an installed module has the table at the revision of this database."""
        return self.contents is not None and self.contents.has_table(table)

    def has_column(self, table: str, column: str) -> bool:
        """Whether an installed module has the column at the revision of this database."""
        return self.contents is not None and self.contents.has_column(table, column)


def _lock_keys(names: Sequence[str], shared: Sequence[str]) -> dict[str, list[Any]]:
    """The numbers that stand for names of locks, in one order for everybody, so that no two writers wait for each other."""
    wanted = sorted(
        (int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True), name in shared and name not in names)
        for name in {*names, *shared}
    )
    return {"keys": [key for key, _ in wanted], "shared": [is_shared for _, is_shared in wanted]}


def _roll_back(mine: _OfThread, connection: sa.Connection, because_of: BaseException) -> None:
    mine.transaction = None
    if connection.closed or connection.invalidated:
        return
    try:
        if connection.in_transaction():
            connection.rollback()
        else:  # after a COMMIT that failed SQLAlchemy takes the transaction for ended, while SQLite has it open still
            connection.connection.rollback()
    except Exception as error:  # the database rolls back what it loses the connection to
        because_of.add_note(f"the connection was lost while rolling back: {error}")
        connection.invalidate()


def _forget_connections_in_child() -> None:
    """After a fork: the child starts with empty pools; what the parent has open it neither uses nor closes."""
    for database in list(_ALL):
        database._guard = threading.Lock()
        _never_free(database._in_use)
        database._in_use, database._thread = set(), _OfThread()
        if database._engine is not None:
            _never_free(database._engine.pool)
            database._engine.dispose(close=False)


def _never_free(thing: object) -> None:
    """Keep an object beyond the end of the interpreter.

    Freed, a connection rolls back: over the socket that the parent uses, or by playing the parent's journal back into the file.
    """
    import ctypes  # 4 ms, in forked children only

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))


os.register_at_fork(after_in_child=_forget_connections_in_child)
