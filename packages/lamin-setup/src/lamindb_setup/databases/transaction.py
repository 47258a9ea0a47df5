"""One transaction of one thread, and what happens after it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

Call = Callable[[], None]


class Transaction:
    """The open transaction of a thread: its connection, and what is to happen once it has ended.

    Calls run in the order in which they were registered, after the connection was given back; one that fails does not keep the
    others from running.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.broken_by: BaseException | None = None
        """What failed inside; from then on nothing can be committed, except if it happened in a savepoint."""
        self.held: dict[str, bool] = {}
        """Names of the locks that it holds, and whether it shares them."""
        self._is_finished = False
        self._after_commit: list[Call] = []
        self._after_rollback: list[Call] = []

    def on_commit(self, call: Call) -> None:
        """Run `call` once the outermost transaction is committed; never, if it is rolled back."""
        self._after_commit.append(call)

    def on_rollback(self, call: Call) -> None:
        """Run `call` once the transaction, or the savepoint around this point, is rolled back; the latest call runs first."""
        self._after_rollback.append(call)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that may fail alone: an exception undoes this part, and the rest can still be committed."""
        held_before = dict(self.held)
        broken_before, commits, rollbacks = self.broken_by, len(self._after_commit), len(self._after_rollback)
        nested = self.connection.begin_nested()
        try:
            yield
        except BaseException as error:
            nested.rollback()
            self.broken_by = broken_before
            self.held = held_before  # those that were taken since are given back
            del self._after_commit[commits:]
            undone, self._after_rollback[rollbacks:] = self._after_rollback[rollbacks:], []
            run_all(undone[::-1], because_of=error)
            raise
        nested.commit()

    def finished(self, *, because_of: BaseException | None) -> None:
        """Run what was registered, once: after a commit without, after a rollback with the exception that caused it."""
        if self._is_finished:
            return
        self._is_finished = True
        run_all(self._after_commit if because_of is None else self._after_rollback[::-1], because_of=because_of)


def run_all(calls: list[Call], *, because_of: BaseException | None) -> None:
    """Run every call, whatever the others do.

    Raises
    ------
    the exception of a failing call, several as a group. With `because_of`, which is on its way already, they become notes on it.
    """
    failures: list[BaseException] = []
    for call in calls:
        try:
            call()
        except BaseException as error:  # raised below
            failures.append(error)
    if because_of is not None:
        for failure in failures:
            because_of.add_note("while undoing, another error: " + "".join(traceback.format_exception(failure)).strip())
    elif len(failures) == 1:
        raise failures[0]
    elif failures:
        raise BaseExceptionGroup("the transaction was committed, but several calls after it failed", failures)
