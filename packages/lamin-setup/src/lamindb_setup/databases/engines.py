"""One pooled engine per database, with translated errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import postgres, sqlite, statement_log, translation

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from .url import DatabaseURL


def create_engine(url: DatabaseURL, *, read_only: bool = False) -> sa.Engine:
    """An engine that raises our errors and sends nothing for reads but the reads.

    A connection with the execution option `lamin_writing` begins a transaction for writing; without it, the driver's autocommit
    applies.
    """
    rooms = sqlite if url.dialect == "sqlite" else postgres
    engine: sa.Engine = rooms.create_engine(url, read_only=read_only)
    translation.install(engine, url)
    statement_log.watch(engine)
    return engine


def on_failure(engine: sa.Engine, call: Callable[[sa.engine.ExceptionContext], None]) -> None:
    """Call with every failed statement, after its error was translated."""
    from sqlalchemy import event

    event.listen(engine, "handle_error", call)
