"""Writes statements to the standard error while that is turned on, each with its time, its number of rows and its parameters.

Turned off, which is the default, no engine has a listener, so that it costs nothing.
"""

from __future__ import annotations

import re
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa

LONGEST, MOST = 60, 10
"""Characters of a parameter, and parameters of a statement, that are written."""
_PASSWORD = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")
_guard = threading.Lock()
_engines: weakref.WeakSet[sa.Engine] = weakref.WeakSet()
_is_on = False


def is_on() -> bool:
    """Whether statements are written."""
    return _is_on


def turn(on: bool) -> None:
    """Begin or end to write the statements of all threads and of all databases of this process, those opened later included."""
    global _is_on
    with _guard:
        if on != _is_on:
            _is_on = on
            for engine in list(_engines):
                _listen(engine, on)


def watch(engine: sa.Engine) -> None:
    """Remember a new engine, whose statements are written while that is turned on."""
    with _guard:
        _engines.add(engine)
        if _is_on:
            _listen(engine, True)


def _listen(engine: sa.Engine, on: bool) -> None:
    from sqlalchemy import event  # there is an engine: nothing is loaded here

    for name, call in (("before_cursor_execute", _begin), ("after_cursor_execute", _end), ("handle_error", _fail)):
        if on:
            event.listen(engine, name, call)
        elif event.contains(engine, name, call):
            event.remove(engine, name, call)


def _begin(connection: object, cursor: object, statement: str, parameters: object, context: Any, many: bool) -> None:
    context._lamin_began = perf_counter()


def _end(connection: object, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
    began = getattr(context, "_lamin_began", None)
    if began is None:  # turned on while it ran
        return
    if cursor.description is None or many or cursor.rowcount > 0:
        _write(perf_counter() - began, cursor.rowcount, statement, parameters)
    else:  # SQLite computes rows when they are fetched, and does not know their number before
        context.cursor = _Counted(cursor, began, statement, parameters)


def _fail(context: sa.engine.ExceptionContext) -> None:
    if context.statement is not None:
        began = getattr(context.execution_context, "_lamin_began", None)
        seconds = perf_counter() - began if began is not None else 0.0
        _write(seconds, "failed", context.statement, context.parameters)


class _Counted:
    """A cursor that counts the rows that are fetched, and writes its statement when it is closed or dropped."""

    def __init__(self, cursor: Any, began: float, statement: str, parameters: Any) -> None:
        self._cursor, self._began, self._told = cursor, began, (statement, parameters)
        self._rows, self._is_open = 0, True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        self._rows += row is not None
        return row

    def fetchmany(self, *size: int) -> Any:
        return self._counted(self._cursor.fetchmany(*size))

    def fetchall(self) -> Any:
        return self._counted(self._cursor.fetchall())

    def close(self) -> None:
        self._tell()
        self._cursor.close()

    def __del__(self) -> None:  # whose rows nobody wanted, it may never have been closed
        self._tell()

    def _tell(self) -> None:
        if self._is_open:
            self._is_open = False
            _write(perf_counter() - self._began, self._rows, *self._told)

    def _counted(self, rows: Any) -> Any:
        self._rows += len(rows)
        return rows


def _write(seconds: float, rows: int | str, statement: str, parameters: Any) -> None:
    if not _is_on or sys.stderr is None:
        return
    counted = rows if isinstance(rows, str) else f"{rows:,} row{'' if rows == 1 else 's'}" if rows >= 0 else "done"
    # One line, by one call: threads do not mix theirs.
    sys.stderr.write(f"[{seconds * 1000:.1f} ms, {counted}] {' '.join(statement.split())}{_written(parameters)}\n")


def _written(parameters: Any) -> str:
    """Write parameters, long ones and long lists shortened."""
    if not parameters:
        return ""
    if isinstance(parameters, Mapping):
        parts = [f"{name}={_value(value)}" for name, value in list(parameters.items())[:MOST]]
    elif isinstance(parameters, Sequence) and isinstance(parameters[0], Mapping | tuple | list):
        return f" -- {len(parameters):,} times, first{_written(parameters[0])[3:] or ' nothing'}"
    else:
        parts = [_value(value) for value in parameters[:MOST]]
    more = f", … {len(parameters) - MOST:,} more" if len(parameters) > MOST else ""
    return f" -- {', '.join(parts)}{more}"


def _value(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value):,} bytes>"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value[:3]))}, … {len(value) - 3:,} more]" if len(value) > 3 else str(value)
    value = getattr(value, "obj", value)  # of psycopg's wrappers, such as Jsonb
    text = repr(value[: 4 * LONGEST] if isinstance(value, str) else value)
    text = _PASSWORD.sub(r"\1***@", text)
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(value):,} characters)" if isinstance(value, str) else f"{text[:LONGEST]}…"
