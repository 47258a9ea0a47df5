"""How the end of a program is noticed: exceptions, exits and signals. Installed while a run is tracked, and gone afterwards.

What was installed before is called once, after the run has ended, and is put back unless somebody replaced ours meanwhile.
A forked child inherits neither hooks nor run.
"""

from __future__ import annotations

import atexit
import builtins
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from lamindb_setup import signals

from lamindb.lineage.gate import gate
from lamindb.lineage.status import Status

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

log = logging.getLogger("lamindb")

PATIENCE = 20.0
"""Seconds that a process which was told to end takes to store what it has."""
End = Callable[[Status, str], None]


class Exit:
    """A function that exits, such as `sys.exit`; remembers with which code."""

    def __init__(self, before: Any) -> None:
        self.before = before
        self.code: object = None
        self.was_called = False

    def __call__(self, code: object = None) -> Any:
        if threading.current_thread() is threading.main_thread():
            self.was_called, self.code = True, code
        return self.before(code)

    def __repr__(self) -> str:
        return repr(self.before)


_installed: list[Hooks] = []


def is_watched() -> bool:
    """Whether the end of this process is noticed already."""
    return bool(_installed)


def _remove_in_child() -> None:
    for hooks in list(_installed):
        hooks.remove()


os.register_at_fork(after_in_child=_remove_in_child)


class Hooks:
    """Calls `end` when the program ends.

    Parameters
    ----------
    end
        Ends the run; called from the main thread, or on a signal from a thread of its own.
    interrupt
        Ends it because of a signal after which the program may go on: what is made afterwards is still made by the run.
    database
        The run's, of which the main thread may hold a transaction open when a signal arrives.
    of_program
        Whether the program is a script, whose uncaught exceptions and exit code tell how it went.
    at_exit
        Otherwise, the status of a run that is still going on when the program exits.
    """

    def __init__(
        self,
        end: End,
        database: Database,
        *,
        interrupt: End | None = None,
        of_program: bool = False,
        at_exit: Status = Status.completed,
    ) -> None:
        self._end, self._interrupt, self._database = end, interrupt or end, database
        self._of_program, self._status_at_exit = of_program, at_exit
        self._owner = os.getpid()
        self._excepthook: Any = None
        self._exits: dict[tuple[Any, str], Exit] = {}
        self._former: dict[int, Any] = {}
        self._outermost: FrameType | None = None

    def install(self) -> None:
        """Begin to watch."""
        if self._of_program:
            self._excepthook, sys.excepthook = sys.excepthook, self._on_exception
            for home, name in ((sys, "exit"), (builtins, "exit"), (builtins, "quit")):
                if hasattr(home, name):
                    self._exits[home, name] = Exit(getattr(home, name))
                    setattr(home, name, self._exits[home, name])
        atexit.register(self._at_exit)
        _installed.append(self)
        if threading.current_thread() is not threading.main_thread():
            return  # Python lets only the main thread handle signals
        self._outermost = sys._getframe()
        while self._outermost.f_back is not None:
            self._outermost = self._outermost.f_back
        for number in signals.ENDING:
            former = signals.handler(number)
            if former is signal.SIG_DFL or (callable(former) and former is not signal.default_int_handler):
                self._former[number] = former
                signals.handle(number, self._on_signal)

    def remove(self) -> None:
        """Put back what was there; what somebody else installed meanwhile stays."""
        if sys.excepthook == self._on_exception:
            sys.excepthook = self._excepthook
        for (home, name), ours in self._exits.items():
            if getattr(home, name, None) is ours:
                setattr(home, name, ours.before)
        atexit.unregister(self._at_exit)
        if self in _installed:
            _installed.remove(self)
        if threading.current_thread() is threading.main_thread():
            for number, former in self._former.items():
                if signals.handler(number) == self._on_signal:
                    signals.handle(number, former)
        self._outermost = None

    @property
    def _is_mine(self) -> bool:
        return os.getpid() == self._owner

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        former = self._excepthook
        if self._is_mine:
            status = Status.aborted if issubclass(kind, KeyboardInterrupt) else Status.errored
            self._try(self._end, status, "".join(traceback.format_exception(kind, error, trace)))
            if kind is KeyboardInterrupt:
                _interrupted()
        former(kind, error, trace)

    def _at_exit(self) -> None:
        if not self._is_mine:
            return
        if not self._of_program:
            self._try(self._end, self._status_at_exit, "")
        elif (code := self._exit_code()) in (None, 0, False):
            self._try(self._end, Status.completed, "")
        else:
            self._try(self._end, Status.errored, f"exited with {code}\n")

    def _exit_code(self) -> object:
        """Return what the program exits with; text where it is not known but is no success.

        A frame that has ended tells where: by returning, or in the midst because of a `SystemExit`, which is the only exception
        that does not come to the hook.
        """
        if _has_returned(self._outermost):
            return 0
        called = [each for each in self._exits.values() if each.was_called]
        return called[-1].code if called else "an unknown code, by raising SystemExit"

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        former = self._former[number]
        if not self._is_mine:
            signals.act(number, former, frame)
            return
        note = f"{signal.Signals(number).name} arrived at\n{''.join(traceback.format_stack(frame))}"
        try:
            with gate.closed():
                with signals.held():
                    self._end_by_signal(note, goes_on=callable(former))
                if former is signal.SIG_DFL:
                    signals.act(number, former, frame)
        finally:  # outside of the gate: a handler may wait for other threads
            signals.act(number, former, frame)

    def _end_by_signal(self, note: str, *, goes_on: bool) -> None:
        transaction = self._database.transaction()
        if transaction is not None and goes_on:  # its transaction is not ours to undo
            transaction.on_commit(lambda: self._try(self._interrupt, Status.aborted, note))
            transaction.on_rollback(lambda: self._try(self._interrupt, Status.aborted, note))
            return
        self._database.give_up()

        def store() -> None:
            gate.wait_until_empty(PATIENCE / 2)
            self._try(self._interrupt if goes_on else self._end, Status.aborted, note)

        # A thread of its own: whatever the main thread was interrupted in, it may hold connections and locks.
        storing = threading.Thread(target=store, daemon=True)
        storing.start()
        storing.join(PATIENCE)
        self.remove()

    @staticmethod
    def _try(end: End, status: Status, note: str) -> None:
        """End the run; a program that is ending must not fail because of us."""
        try:
            with signals.held():
                end(status, note)
        except Exception as error:
            log.warning("the end of the run could not be stored: %s", error)


def _interrupted() -> None:
    """Let the process end by SIGINT, as Python does if what it executed last was ended by a KeyboardInterrupt.

    Since the program, something else may have been executed: libraries make functions from text when they are first used.
    """
    with suppress(KeyboardInterrupt):
        exec("raise KeyboardInterrupt")  # only what is executed from text counts


def _has_returned(frame: FrameType | None) -> bool:
    if frame is None or frame.f_lasti < 0:
        return True
    import dis  # 3 ms that only programs pay which end without ln.finish()

    return dis.opname[frame.f_code.co_code[frame.f_lasti]].startswith("RETURN")
