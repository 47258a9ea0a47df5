"""Postgres: how a server is reached. Works through PgBouncer in transaction mode: nothing is kept in a session."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from lamindb_setup.errors import UnsupportedServer

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy as sa

    from .url import DatabaseURL

CONNECT_SECONDS = 20
"""How long to wait for a server, unless the URL or PGCONNECT_TIMEOUT says otherwise."""
OLDEST = 15
IDLE_SECONDS = 30.0
"""A pooled connection that was idle for longer is asked whether it still lives before it is used."""


def create_engine(url: DatabaseURL, *, read_only: bool) -> sa.Engine:
    """An engine whose connections are in the driver's autocommit mode: only `begin` of a writer sends BEGIN."""
    import sqlalchemy as sa

    def connect() -> psycopg.Connection[Any]:
        return open_server(url, context=engine.dialect._psycopg_adapters_map)  # type: ignore[attr-defined]  # SQLAlchemy's own types

    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_size=8,
        max_overflow=8,
        pool_use_lifo=True,
        use_native_hstore=False,  # saves asking for it on the first connection
    )
    sa.event.listen(engine, "begin", _begin)

    @sa.event.listens_for(engine, "connect")
    def _(connection: psycopg.Connection[Any], record: Any) -> None:
        if connection.info.server_version < OLDEST * 10_000:
            version = connection.info.server_version // 10_000
            raise UnsupportedServer(f"{str(url)!r} is Postgres {version}, and {OLDEST} or newer is needed; upgrade the server")

    @sa.event.listens_for(engine, "checkin")
    def _(connection: Any, record: Any) -> None:
        record.info["since"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _(connection: psycopg.Connection[Any], record: Any, proxy: Any) -> None:
        # A server may restart between two uses; asking each time would cost every read a round trip.
        if connection.closed or (
            time.monotonic() - record.info.get("since", time.monotonic()) > IDLE_SECONDS and not _lives(connection)
        ):
            raise sa.exc.DisconnectionError("the server closed the connection")

    return engine


def _begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("lamin_writing"):
        connection.exec_driver_sql("BEGIN")


def _lives(connection: psycopg.Connection[Any]) -> bool:
    import psycopg

    try:
        connection.execute("")
    except psycopg.Error:
        return False
    return True


def open_server(url: DatabaseURL, context: Any = None) -> psycopg.Connection[Any]:
    """A connection in autocommit mode without server-side prepared statements.

    Raises
    ------
    psycopg.Error: for the translation.
    """
    import os

    import psycopg

    parameters: dict[str, Any] = {"client_encoding": "utf8", "application_name": "lamin", **url.parameters()}
    if "connect_timeout" not in parameters and "PGCONNECT_TIMEOUT" not in os.environ:
        parameters["connect_timeout"] = CONNECT_SECONDS
    return psycopg.connect(autocommit=True, prepare_threshold=None, context=context, **parameters)
