"""One call of a tracked function, whatever kind of function it is: it begins, does its work as the current run, and ends once."""

from __future__ import annotations

import atexit
import functools
import inspect
import logging
import os
import sys
import traceback
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from lamindb_setup import signals

from lamindb.lineage.gate import gate
from lamindb.lineage.status import Status
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb.lineage.execution import Execution

log = logging.getLogger("lamindb")

Undo = list[Callable[[], None]]
Begin = Callable[[tuple[Any, ...], dict[str, Any]], "tuple[Execution, Undo]"]
"""Begins the run of a call with these arguments; returns it, and what is to be called when it has ended, the last one first."""


class Call:
    """A call of a function. As a block, it begins and is current with the block, and ends with it.

    A signal can interrupt Python between any two steps, even between the end of a block and the first line of its `__exit__`.
    So whoever opens the block also calls `end` if an exception comes out of it; only the first call counts.
    """

    def __init__(self, begin: Begin, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._begin, self._arguments = begin, (args, named)
        self._execution: Execution | None = None
        self._undo: Undo = []
        self._around: context.Tracker | None = None

    def begin(self) -> None:
        """Begin the run; if a signal that arrives meanwhile raises something, the run ends by it."""
        with signals.held(), gate.passed():
            self._execution, self._undo = self._begin(*self._arguments)
            _going_on.add(self._execution)

    def __enter__(self) -> Self:
        self.begin()
        self._around = context.tracker_of_call()
        context.track_call(self._execution)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end(error)

    def active(self) -> AbstractContextManager[None]:
        """Be the current run of this thread or task within a block."""
        self._around = context.tracker_of_call()
        return context.tracked(self._execution)

    def _leave(self) -> None:
        if context.tracker_of_call() is self._execution:
            context.track_call(self._around)

    def end(self, error: BaseException | None = None) -> None:
        """End the run by how the function ended; what goes wrong meanwhile is added to its error, or raised if it has none."""
        with signals.held(), gate.passed():
            execution, undo = self._execution, self._undo
            if execution is None:
                return
            self._leave()
            self._execution, self._undo = None, []
            _going_on.discard(execution)
            status = status_after(error)
            try:
                execution.end(status, "".join(traceback.format_exception(error)) if error is not None and status else "")
            except Exception as failure:
                if error is None:
                    raise
                error.add_note(f"the end of its run could not be stored: {failure}")
            finally:
                for call in reversed(undo):
                    call()


_going_on: set[Execution] = set()
"""The runs of all calls of this process that have begun and not ended."""


def _end_at_exit() -> None:
    """End what only the process keeps going on: calls in daemon threads, generators that nobody reads to their end."""
    for execution in list(_going_on):
        try:
            execution.end(Status.aborted)
        except Exception as error:  # a program that is ending must not fail because of us
            log.warning("the end of run %s could not be stored: %s", execution.run.uid, error)


atexit.register(_end_at_exit)
os.register_at_fork(after_in_child=_going_on.clear)


def status_after(error: BaseException | None) -> Status:
    """Return the status of a run whose function ended by an exception, or without one."""
    match error:
        case None | GeneratorExit() | SystemExit(code=None | 0):
            return Status.completed
        case KeyboardInterrupt():
            return Status.aborted
    asyncio = sys.modules.get("asyncio")  # whoever cancels has loaded it
    return Status.aborted if asyncio is not None and isinstance(error, asyncio.CancelledError) else Status.errored


def wrapped(function: Any, begin: Begin) -> Any:
    """Return a function that does the same, each call a run."""
    kind = (
        _async_generator
        if inspect.isasyncgenfunction(function)
        else _coroutine
        if inspect.iscoroutinefunction(function)
        else _generator
        if inspect.isgeneratorfunction(function)
        else _plain
    )
    return functools.wraps(function)(kind(function, begin))


def _plain(function: Any, begin: Begin) -> Any:
    def call(*args: Any, **named: Any) -> Any:
        going_on = Call(begin, args, named)
        try:
            with going_on:
                return function(*args, **named)
        except BaseException as error:
            going_on.end(error)
            raise

    return call


def _coroutine(function: Any, begin: Begin) -> Any:
    async def call(*args: Any, **named: Any) -> Any:
        going_on = Call(begin, args, named)
        try:
            with going_on:
                return await function(*args, **named)
        except BaseException as error:
            going_on.end(error)
            raise

    return call


def _generator(function: Any, begin: Begin) -> Any:
    """The run begins with the first item that is asked for; between two items it is not current."""

    def call(*args: Any, **named: Any) -> Generator[Any, Any, Any]:
        going_on = Call(begin, args, named)
        try:
            going_on.begin()
            inner = function(*args, **named)
            resume: Callable[[], Any] = functools.partial(next, inner)
            while True:
                with going_on.active():
                    try:
                        item = resume()
                    except StopIteration as stop:
                        result = stop.value
                        break
                try:
                    sent = yield item
                    resume = functools.partial(inner.send, sent)
                except GeneratorExit:
                    with going_on.active():
                        inner.close()
                    raise
                except BaseException as error:
                    resume = functools.partial(inner.throw, error)
            going_on.end()
        except BaseException as error:
            going_on.end(error)
            raise
        return result

    return call


def _async_generator(function: Any, begin: Begin) -> Any:
    """As `_generator`."""

    async def call(*args: Any, **named: Any) -> AsyncGenerator[Any, Any]:
        going_on = Call(begin, args, named)
        try:
            going_on.begin()
            inner = function(*args, **named)
            resume: Callable[[], Any] = inner.__anext__
            while True:
                with going_on.active():
                    try:
                        item = await resume()
                    except StopAsyncIteration:
                        break
                try:
                    sent = yield item
                    resume = functools.partial(inner.asend, sent)
                except GeneratorExit:
                    with going_on.active():
                        await inner.aclose()
                    raise
                except BaseException as error:
                    resume = functools.partial(inner.athrow, error)
            going_on.end()
        except BaseException as error:
            going_on.end(error)
            raise

    return call
