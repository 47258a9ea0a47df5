"""Where a database lies: a SQLite file or a Postgres server. Parsed without SQLAlchemy, and without ever showing a password."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode

from lamindb_setup.errors import InvalidArgument

Dialect = Literal["sqlite", "postgresql"]
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
_SQLITE = ("sqlite", "sqlite+pysqlite")
_SECRET_OPTIONS = ("password", "sslpassword")
LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1", "0.0.0.0")


@dataclass(frozen=True, slots=True)
class DatabaseURL:
    """The parts of a database URL. Its text never has the password; only `parameters()` hands that to the driver.

    Parameters
    ----------
    dialect: `sqlite` or `postgresql`.
    path: of the SQLite file, absolute once resolved; None on Postgres.
    user, host, port, database: as in the URL; libpq fills in what is empty. `host` and `port` may be comma lists.
    options: what stands behind the question mark, except secrets.
    secrets: the password and the password of the client key, kept out of `repr` and comparison.
    """

    dialect: Dialect
    path: Path | None = None
    user: str = ""
    host: str = ""
    port: str = ""
    database: str = ""
    options: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False, compare=False)

    def __str__(self) -> str:
        query = "?" + urlencode(self.options, quote_via=quote, safe="/") if self.options else ""
        if self.dialect == "sqlite":
            return f"sqlite:///{quote(self.path.as_posix(), safe='/:') if self.path else ':memory:'}{query}"
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        hosts = [f"[{host}]" if ":" in host else host for host in self.host.split(",")]
        ports = self.port.split(",") if self.port else []
        if len(ports) == 1:
            ports *= len(hosts)
        pairs = [f"{host}:{port}" if port else host for host, port in zip(hosts, ports or [""] * len(hosts), strict=False)]
        return f"postgresql://{user}{','.join(pairs)}/{quote(self.database, safe='')}{query}"

    @property
    def password(self) -> str | None:
        return dict(self.secrets).get("password")

    @property
    def is_local(self) -> bool:
        """Whether the database runs on this machine: a file, a Unix socket or a loopback address."""
        hosts = [*self.host.split(","), *(value for key, value in self.options if key == "host")]
        return self.dialect == "sqlite" or all(host in LOCAL_HOSTS or host.startswith("/") for host in hosts)

    @property
    def option(self) -> dict[str, str]:
        return dict(self.options)

    def resolved(self, folder: Path) -> DatabaseURL:
        """The same with an absolute path; a relative one starts at `folder`."""
        if self.path is None:
            return self
        return replace(self, path=Path(os.path.normpath(folder / self.path.expanduser())))

    def without_secrets(self) -> DatabaseURL:
        return replace(self, secrets=())

    def with_password(self, password: str) -> DatabaseURL:
        return replace(self, secrets=(*(pair for pair in self.secrets if pair[0] != "password"), ("password", password)))

    def parameters(self) -> dict[str, str]:
        """What libpq wants to know, the password included. LAMIN_DB_PASSWORD is used where the URL has none."""
        named = {"user": self.user, "host": self.host, "port": self.port, "dbname": self.database}
        found = {key: value for key, value in named.items() if value} | self.option | dict(self.secrets)
        if "password" not in found and (password := os.environ.get("LAMIN_DB_PASSWORD")):
            found["password"] = password
        return found


def parse(text: str) -> DatabaseURL:
    """Read a URL such as `postgresql://user@host/database`, `postgres://…` or `sqlite:///path/to/file.db`.

    Raises
    ------
    InvalidArgument: the scheme is neither SQLite nor Postgres, or a part is missing.
    """
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in (*_POSTGRES, *_SQLITE):
        shown = scheme if separator else text.partition("@")[2] or text
        raise InvalidArgument(
            f"{shown!r} does not begin a database URL that lamin can open: write postgresql://user@host/database or sqlite:///path/to/file.db"
        )
    rest, _, query = rest.partition("?")
    options = tuple(parse_qsl(query, keep_blank_values=True))
    if scheme.lower() in _SQLITE:
        return _sqlite(rest, options)
    return _postgres(rest, options)


def _sqlite(rest: str, options: tuple[tuple[str, str], ...]) -> DatabaseURL:
    host, separator, path = rest.partition("/")
    if host or not separator or path in ("", ":memory:"):
        raise InvalidArgument(
            f"'sqlite://{rest}' names no database file: write sqlite:///relative/file.db, or sqlite:////absolute/file.db"
        )
    return DatabaseURL("sqlite", path=Path(unquote(path)), options=options)


def _postgres(rest: str, options: tuple[tuple[str, str], ...]) -> DatabaseURL:
    authority, _, database = rest.rpartition("/") if "/" in rest else (rest, "", "")
    # An unquoted @ or : in a password still belongs to the password: the last @ ends it.
    credentials, _, servers = authority.rpartition("@")
    user, _, password = credentials.partition(":")
    hosts, ports = [], []
    for server in servers.split(","):
        if server.startswith("["):
            host, _, port = server[1:].partition("]")
            port = port.removeprefix(":")
        else:
            host, _, port = server.partition(":")
        hosts.append(unquote(host))
        ports.append(port)
    if any(port and not port.isdigit() for port in ports):
        raise InvalidArgument("the port in the database URL is not a number; write postgresql://user@host:5432/database")
    name = unquote(database) or dict(options).get("dbname", "")
    if not name and not dict(options).get("service"):
        raise InvalidArgument("the database URL names no database; write postgresql://user@host/database")
    secrets = [(key, value) for key, value in options if key in _SECRET_OPTIONS]
    if password:
        secrets.insert(0, ("password", unquote(password)))
    return DatabaseURL(
        "postgresql",
        user=unquote(user),
        host=",".join(hosts),
        port=",".join(ports) if any(ports) else "",
        database=name,
        options=tuple((key, value) for key, value in options if key not in (*_SECRET_OPTIONS, "dbname")),
        secrets=tuple(secrets),
    )
