"""No error class of a driver was forgotten, and real provocations end in our tree."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import psycopg.errors
import pytest
import sqlalchemy as sa

from lamindb_setup import errors
from lamindb_setup.databases import Database, translation
from lamindb_setup.databases.translation import translate, translated
from lamindb_setup.databases.url import parse
from lamindb_setup.testing import bare_database, run_postgres

# ---- completeness -----------------------------------------------------------------------------------------------------------
PRIMARY = (
    "ERROR|INTERNAL|PERM|ABORT|BUSY|LOCKED|NOMEM|READONLY|INTERRUPT|IOERR|CORRUPT|NOTFOUND|FULL|CANTOPEN|PROTOCOL|EMPTY|SCHEMA"
    "|TOOBIG|CONSTRAINT|MISMATCH|MISUSE|NOLFS|AUTH|FORMAT|RANGE|NOTADB|NOTICE|WARNING"
)
RESULT_CODES = sorted(name for name in dir(sqlite3) if re.match(rf"SQLITE_({PRIMARY})(_|$)", name))


def sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("text of the driver")
    error.sqlite_errorname = name
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


@pytest.mark.parametrize("name", RESULT_CODES)
def test_every_sqlite_result_code_is_translated(name: str) -> None:
    found = translate(sqlite_error(name))
    assert isinstance(found, errors.DatabaseError)
    assert name.split("_")[1] in translation.SQLITE_CODES
    assert "text of the driver" in str(found)


def test_there_are_no_result_codes_that_this_test_does_not_know() -> None:
    """Codes are numbers up to 255 in the last byte; authorizer actions share the numbers, so that names are compared."""
    primary = {getattr(sqlite3, name) & 0xFF for name in RESULT_CODES}
    assert primary >= set(range(1, 29)) - {sqlite3.SQLITE_OK}
    assert len(RESULT_CODES) > 80


def subclasses(base: type) -> set[type]:
    return {base, *(each for child in base.__subclasses__() for each in subclasses(child))}


@pytest.mark.parametrize("kind", sorted(subclasses(sqlite3.Error), key=lambda kind: kind.__name__))
def test_every_sqlite_class_without_a_code_is_translated(kind: type[sqlite3.Error]) -> None:
    assert kind in translation.SQLITE_CLASSES
    assert isinstance(translate(kind("x")), errors.DatabaseError)


STATES = {
    error.sqlstate: error
    for error in vars(psycopg.errors).values()
    if isinstance(error, type) and issubclass(error, psycopg.Error) and error.sqlstate
}


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_sqlstate_is_translated(state: str) -> None:
    assert state[:2] in translation.POSTGRES_CLASSES, "a class of SQLSTATEs without an entry of its own"
    found = translate(STATES[state]("text of the driver"))
    assert isinstance(found, errors.DatabaseError)
    assert "text of the driver" in str(found)
    exact = translation.POSTGRES_STATES.get(state) or translation.POSTGRES_CLASSES[state[:2]]
    assert type(found) is exact


def test_there_are_many_states() -> None:
    assert len(STATES) > 240


@pytest.mark.parametrize(
    "kind", sorted((kind for kind in subclasses(psycopg.Error) if not kind.sqlstate), key=lambda kind: kind.__name__)
)
def test_every_psycopg_class_without_a_state_is_translated(kind: type[psycopg.Error]) -> None:
    assert isinstance(translate(kind("x")), errors.DatabaseError)


WRAPPERS = sorted(subclasses(sa.exc.StatementError) - {sa.exc.StatementError}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", WRAPPERS)
@pytest.mark.parametrize("original", [sqlite_error("SQLITE_BUSY"), STATES["55P03"]("locked")])
def test_every_wrapper_of_sqlalchemy_is_looked_into(kind: type[sa.exc.StatementError], original: Exception) -> None:
    arguments = ("text", "SELECT 1", {}, original) if kind is sa.exc.StatementError else ("SELECT 1", {}, original)
    assert isinstance(translate(kind(*arguments)), errors.DatabaseLocked)


def test_there_are_all_of_the_standard() -> None:
    """The exceptions that a driver has to have by PEP 249, each with a wrapper."""
    wanted = {"InterfaceError", "DatabaseError", "DataError", "OperationalError", "IntegrityError", "InternalError"}
    wanted |= {"ProgrammingError", "NotSupportedError"}
    for module in (sqlite3, psycopg, sa.exc):
        assert all(isinstance(getattr(module, name), type) for name in wanted)
    assert wanted <= {kind.__name__ for kind in WRAPPERS}


def test_other_errors_pass_unchanged() -> None:
    assert translate(ZeroDivisionError()) is None
    with pytest.raises(ZeroDivisionError), translated():
        1 / 0  # noqa: B018
    mine = errors.DiskFull("mine")
    with pytest.raises(errors.DiskFull) as caught, translated():
        raise mine
    assert caught.value is mine


def test_the_original_is_the_cause() -> None:
    with pytest.raises(errors.DatabaseLocked) as caught, translated():
        raise sqlite_error("SQLITE_BUSY")
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)


# ---- constraints, on both databases -----------------------------------------------------------------------------------------
@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = bare_database(database_url)
    with made.writing() as transaction:
        for statement in (
            "CREATE TABLE parent (id int PRIMARY KEY, name varchar(5) NOT NULL, size int CONSTRAINT positive CHECK (size > 0))",
            "CREATE TABLE child (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES parent (id), tag text,"
            " UNIQUE (parent_id, tag))",
            "CREATE UNIQUE INDEX name_without_case ON parent (lower(name))",
            "INSERT INTO parent VALUES (1, 'a', 1)",
            "INSERT INTO child VALUES (1, 1, 'x')",
        ):
            transaction.connection.exec_driver_sql(statement)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("statement", "error", "table", "columns"),
    [
        ("INSERT INTO parent VALUES (1, 'b', 1)", errors.UniqueViolation, "parent", ("id",)),
        ("INSERT INTO child VALUES (2, 1, 'x')", errors.UniqueViolation, "child", ("parent_id", "tag")),
        ("INSERT INTO parent VALUES (2, NULL, 1)", errors.NotNullViolation, "parent", ("name",)),
        ("INSERT INTO child VALUES (2, 99, 'y')", errors.ForeignKeyViolation, None, None),
        ("DELETE FROM parent", errors.ForeignKeyViolation, None, None),
        ("INSERT INTO parent VALUES (2, 'b', -1)", errors.CheckViolation, None, None),
        ("INSERT INTO parent VALUES (2, 'A', 1)", errors.UniqueViolation, None, None),
    ],
)
def test_violated_constraints(
    database: Database, statement: str, error: type[errors.IntegrityError], table: str | None, columns: tuple[str, ...] | None
) -> None:
    with pytest.raises(error) as caught, database.writing() as transaction:
        transaction.connection.exec_driver_sql(statement)
    assert type(caught.value) is error
    assert isinstance(caught.value, ValueError)
    if columns is not None:
        assert (caught.value.table, caught.value.columns) == (table, columns)
    if error is errors.CheckViolation:
        assert caught.value.constraint == "positive"
        assert "a value breaks the rule positive" in str(caught.value)
    if "name_without_case" in str(caught.value.__cause__):
        assert caught.value.constraint == "name_without_case"


def test_what_a_column_type_cannot_turn_into_a_parameter(database: Database) -> None:
    class Faulty(sa.types.TypeDecorator[int]):
        impl = sa.Integer
        cache_ok = True

        def process_bind_param(self, value: int | None, dialect: sa.Dialect) -> int | None:
            raise OverflowError("date value out of range")

    parameter = sa.bindparam("x", 5, type_=Faulty())
    with (
        pytest.raises(errors.InvalidValue, match="a value cannot be stored: date value out of range"),
        database.reading() as connection,
    ):
        connection.execute(sa.select(parameter))


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM absent", "SELECT absent FROM parent", "INSERT INTO parent (absent) VALUES (1)"]
)
def test_what_the_database_lacks(database: Database, statement: str) -> None:
    with pytest.raises(errors.SchemaMismatch, match="`lamin migrate deploy` brings"), database.reading() as connection:
        connection.exec_driver_sql(statement)


def test_a_syntax_error(database: Database) -> None:
    with pytest.raises(errors.StatementRefused, match=r"refuses: .*syntax error"), database.reading() as connection:
        connection.exec_driver_sql("SELEC 1")


def test_a_trigger_that_raises_keeps_its_text(database: Database) -> None:
    with database.writing() as transaction:
        connection = transaction.connection
        if database.dialect == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER stop BEFORE DELETE ON child BEGIN SELECT RAISE(ABORT, 'children are kept'); END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'children are kept'; END $$"
            )
            connection.exec_driver_sql("CREATE TRIGGER stop BEFORE DELETE ON child EXECUTE FUNCTION stop()")
    with (
        pytest.raises(errors.IntegrityError, match="the database refuses the change: children are kept"),
        database.writing() as transaction,
    ):
        transaction.connection.exec_driver_sql("DELETE FROM child")


def test_too_long_for_postgres(database: Database) -> None:
    if database.dialect == "postgresql":
        with pytest.raises(errors.ValueTooLong, match="a text is longer than its column"), database.writing() as transaction:
            transaction.connection.exec_driver_sql("INSERT INTO parent VALUES (2, 'abcdef', 1)")


# ---- SQLite files -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name text)")
        connection.executemany("INSERT INTO thing (name) VALUES (?)", [("x" * 200,)] * 200)
    connection.close()
    return path


def opened(path: Path, **keywords) -> Database:
    return bare_database(f"sqlite:///{path}?timeout=0.1", **keywords)


def count(database: Database) -> int:
    with database.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM thing").scalar()


def write(database: Database, times: int = 1) -> None:
    with database.writing() as transaction:
        for _ in range(times):
            transaction.connection.exec_driver_sql("INSERT INTO thing (name) VALUES (?)", ("y" * 1000,))


def test_locked_by_another_process(file: Path) -> None:
    code = f"""
import sqlite3, sys
connection = sqlite3.connect({str(file)!r}, isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "locked\n"
    database = opened(file)
    with pytest.raises(errors.DatabaseLocked, match=r"is locked by another process \(database is locked\)") as caught:
        write(database)
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.exit_code == 4
    other.communicate()
    write(database)
    assert count(database) == 201
    database.close()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    database = opened(tmp_path / "absent.db")
    with pytest.raises(errors.DatabaseMissing, match="does not exist; check the path") as caught:
        count(database)
    assert isinstance(caught.value, FileNotFoundError)
    with pytest.raises(errors.DatabaseMissing):
        count(opened(tmp_path / "no folder" / "absent.db"))
    with pytest.raises(errors.DatabaseMissing, match="is a folder"):
        count(opened(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_file_deleted_while_it_is_open_loses_no_write_silently(file: Path) -> None:
    database = opened(file)
    write(database)
    file.unlink()
    with pytest.raises(errors.DatabaseMissing):
        write(database)
    with pytest.raises(errors.DatabaseMissing):
        count(database)
    database.close()


def test_a_file_replaced_while_it_is_open_is_opened_anew(file: Path) -> None:
    database = opened(file)
    assert count(database) == 200
    other = file.with_name("other.db")
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name text)")
    connection.close()
    os.replace(other, file)
    assert count(database) == 0
    write(database)
    assert count(database) == 1
    database.close()


@pytest.mark.parametrize("keep", [10, 5000])
def test_a_truncated_file(file: Path, keep: int) -> None:
    file.write_bytes(file.read_bytes()[:keep])
    database = opened(file)
    with pytest.raises(errors.DatabaseCorrupt, match=r"damaged|not a SQLite database"):
        count(database)
    database.close()


def test_a_damaged_page(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 : 2 * 4096] = os.urandom(4096)
    file.write_bytes(content)
    database = opened(file)
    with pytest.raises(errors.DatabaseCorrupt, match=r"is damaged .*restore it from a backup"):
        count(database)
    database.close()


def test_not_a_database(file: Path) -> None:
    file.write_text("name,size\n" * 1000)
    database = opened(file)
    with pytest.raises(errors.NotADatabase, match="is not a SQLite database"):
        count(database)
    database.close()


def test_a_read_only_file(file: Path) -> None:
    database = opened(file, read_only=True)
    assert count(database) == 200
    with pytest.raises(errors.DatabaseReadOnly, match="cannot be written") as caught, database.reading() as connection:
        connection.exec_driver_sql("DELETE FROM thing")
    assert isinstance(caught.value, PermissionError)
    assert caught.value.exit_code == 5
    database.close()


def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    disk = tmp_path / "small"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    try:
        file = disk / "data.db"
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name text)")
        connection.close()
        database = opened(file)
        write(database)
        with pytest.raises(errors.DiskFull, match="nothing of this change was kept") as caught:
            write(database, 1000)
        assert isinstance(caught.value, OSError)
        assert count(database) == 1
        database.close()
        with closing(sqlite3.connect(file)) as connection, connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


# ---- Postgres servers -------------------------------------------------------------------------------------------------------
def ask(url: str) -> object:
    database = bare_database(url)
    try:
        with database.reading() as connection:
            return connection.exec_driver_sql("SELECT 1").scalar()
    finally:
        database.close()


def test_no_server(tmp_path: Path) -> None:
    with pytest.raises(errors.DatabaseUnreachable, match=r"does not answer: .*check host, port and network") as caught:
        ask(f"postgresql://u:s3cret@/d?host={tmp_path}")
    assert isinstance(caught.value, ConnectionError)
    assert "s3cret" not in str(caught.value)


def test_a_server_that_never_answers_is_given_up() -> None:
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        with pytest.raises(errors.DatabaseUnreachable, match="does not answer"):
            ask(f"postgresql://u@127.0.0.1:{deaf.getsockname()[1]}/d?connect_timeout=2")


def test_an_unknown_database(postgres_server) -> None:
    with pytest.raises(errors.DatabaseMissing, match=r'database "absent" does not exist; check the name') as caught:
        ask(postgres_server.url("absent"))
    assert caught.value.exit_code == 3


def test_an_unknown_role(postgres_server) -> None:
    with pytest.raises(errors.NoDatabaseAccess, match='role "stranger" does not exist'):
        ask(postgres_server.url(user="stranger"))


def test_a_wrong_password(postgres_server) -> None:
    postgres_server.execute("DROP ROLE IF EXISTS secured; CREATE ROLE secured LOGIN PASSWORD 'right'")
    good = postgres_server.url(user="secured:right")
    assert ask(good) == 1
    for url in (good.replace("right", "wr0ng"), good.replace(":right", "")):
        with pytest.raises(errors.NoDatabaseAccess, match="password") as caught:
            ask(url)
        assert "wr0ng" not in str(caught.value)
        assert caught.value.exit_code == 5


def test_a_missing_privilege(postgres_server) -> None:
    postgres_server.execute("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN")
    with postgres_server.clone() as url:
        name = parse(url).database
        postgres_server.execute("CREATE TABLE thing (id int)", name)
        guest = bare_database(postgres_server.url(name, user="guest"))
        with pytest.raises(errors.NoDatabaseAccess, match="permission denied for table thing"), guest.reading() as connection:
            connection.exec_driver_sql("SELECT * FROM thing")
        guest.close()


def test_a_read_only_server(postgres_server) -> None:
    with postgres_server.clone() as url:
        name = parse(url).database
        postgres_server.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        database = bare_database(url)
        with pytest.raises(errors.DatabaseReadOnly, match="is read-only"), database.writing() as transaction:
            transaction.connection.exec_driver_sql("CREATE TABLE thing (id int)")
        database.close()


def test_a_timeout_and_a_lock(postgres_server) -> None:
    with postgres_server.clone() as url:
        database, other = bare_database(url), bare_database(url)
        with pytest.raises(errors.StatementCancelled), database.writing() as transaction:
            transaction.connection.exec_driver_sql("SET LOCAL statement_timeout = '50ms'")
            transaction.connection.exec_driver_sql("SELECT pg_sleep(5)")
        with database.writing() as transaction:
            transaction.connection.exec_driver_sql("CREATE TABLE thing (id int)")
        with database.writing() as transaction:
            transaction.connection.exec_driver_sql("LOCK TABLE thing")
            with pytest.raises(errors.DatabaseLocked), other.writing() as second:
                second.connection.exec_driver_sql("LOCK TABLE thing NOWAIT")
        database.close()
        other.close()


def test_a_deadlock_is_a_conflict_that_may_be_repeated(postgres_server) -> None:
    import threading

    with postgres_server.clone() as url:
        database = bare_database(url)
        both = threading.Barrier(2)
        caught: list[Exception] = []

        def take(first: str, second: str) -> None:
            try:
                with database.writing():
                    database.lock(first)
                    both.wait()
                    database.lock(second)
            except errors.TransactionConflict as error:
                caught.append(error)

        threads = [threading.Thread(target=take, args=names) for names in (("a", "b"), ("b", "a"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        database.close()
    assert len(caught) == 1
    assert "repeat the operation" in str(caught[0])


def test_a_server_that_stops_and_one_that_comes_back() -> None:
    with run_postgres() as server:
        database = bare_database(server.url())
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
        with pytest.raises(errors.DatabaseUnreachable, match="does not answer"), database.writing() as transaction:
            transaction.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    with pytest.raises(errors.DatabaseUnreachable), database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    database.close()


def test_a_pooled_connection_that_died_while_idle_is_replaced(postgres_server, monkeypatch: pytest.MonkeyPatch) -> None:
    from lamindb_setup.databases import postgres

    with postgres_server.clone() as url:
        database = bare_database(url)
        with database.reading() as connection:
            process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        postgres_server.execute(f"SELECT pg_terminate_backend({process})")
        monkeypatch.setattr(postgres, "IDLE_SECONDS", 0.0)
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() != process
        database.close()


def test_errors_while_binding_by_a_type_of_ours_come_through(database: Database) -> None:
    class Picky(sa.types.TypeDecorator):
        impl = sa.Text
        cache_ok = True

        def process_bind_param(self, value, dialect):
            raise errors.ValueTooLong("mine")

    table = sa.table("parent", sa.column("name", Picky()))
    with pytest.raises(errors.ValueTooLong, match=r"^mine$"), database.writing() as transaction:
        transaction.connection.execute(sa.insert(table).values(name="x"))
