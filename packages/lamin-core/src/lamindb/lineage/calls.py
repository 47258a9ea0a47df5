"""One call of a tracked function, whatever kind of function it is: it begins, does its work as the current run, and ends once."""

from __future__ import annotations

import functools
import inspect
import sys
import traceback
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from lamindb.lineage.status import Status
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb.lineage.execution import Execution

Begin = Callable[[tuple[Any, ...], dict[str, Any]], "Call"]


class Call:
    """A call that is going on. As a block, it ends with the block.

    Parameters
    ----------
    undo
        What is called when it has ended, the last one first.
    """

    def __init__(self, execution: Execution, undo: list[Callable[[], None]] | None = None) -> None:
        self.execution = execution
        self.undo = undo or []

    def active(self) -> AbstractContextManager[None]:
        """Be the current run of this thread or task within a block."""
        return context.tracked(self.execution)

    def end(self, error: BaseException | None = None) -> None:
        """End the run by how the function ended; what goes wrong meanwhile is added to its error, or raised if it has none."""
        status = status_after(error)
        try:
            self.execution.end(status, "".join(traceback.format_exception(error)) if error is not None and status else "")
        except Exception as failure:
            if error is None:
                raise
            error.add_note(f"the end of its run could not be stored: {failure}")
        finally:
            for call in reversed(self.undo):
                call()
            self.undo.clear()

    def __enter__(self) -> Self:
        self._token = context.set_tracker(self.execution)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        context.reset_tracker(self._token)
        self.end(error)


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
        with begin(args, named):
            return function(*args, **named)

    return call


def _coroutine(function: Any, begin: Begin) -> Any:
    async def call(*args: Any, **named: Any) -> Any:
        with begin(args, named):
            return await function(*args, **named)

    return call


def _generator(function: Any, begin: Begin) -> Any:
    """The run begins with the first item that is asked for; between two items it is not current."""

    def call(*args: Any, **named: Any) -> Generator[Any, Any, Any]:
        going_on = begin(args, named)
        inner = function(*args, **named)
        resume: Callable[[], Any] = functools.partial(next, inner)
        try:
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
        except BaseException as error:
            going_on.end(error)
            raise
        going_on.end()
        return result

    return call


def _async_generator(function: Any, begin: Begin) -> Any:
    """As `_generator`."""

    async def call(*args: Any, **named: Any) -> AsyncGenerator[Any, Any]:
        going_on = begin(args, named)
        inner = function(*args, **named)
        resume: Callable[[], Any] = inner.__anext__
        try:
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
        except BaseException as error:
            going_on.end(error)
            raise
        going_on.end()

    return call
