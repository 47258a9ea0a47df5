"""Signals that wait until a block is left."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from lamindb_setup import signals

Calls = list[tuple[str, int]]


@pytest.fixture
def calls() -> Iterator[Calls]:
    """What handlers of the user were called with."""
    made: Calls = []
    before = {number: signal.getsignal(number) for number in signals.ENDING}
    signal.signal(signal.SIGTERM, noting(made, "mine"))
    yield made
    for number, former in before.items():
        signal.signal(number, former)


def noting(made: Calls, name: str, error: BaseException | None = None) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        made.append((name, number))
        if error is not None:
            raise error

    return handle


def send(number: int) -> None:
    os.kill(os.getpid(), number)


def test_a_signal_waits_for_the_outermost_block_and_arrives_once(calls: Calls) -> None:
    former = signal.getsignal(signal.SIGTERM)
    with signals.held():
        with signals.held():
            send(signal.SIGTERM)
            send(signal.SIGTERM)
        assert calls == []
    assert calls == [("mine", signal.SIGTERM)]
    assert signal.getsignal(signal.SIGTERM) is former
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_is_raised_after_the_block(calls: Calls) -> None:
    through = []
    with pytest.raises(KeyboardInterrupt), signals.held():
        send(signal.SIGINT)
        through.append(True)
    assert through == [True]


def test_every_signal_is_acted_upon_though_a_handler_raises(calls: Calls) -> None:
    signal.signal(signal.SIGTERM, noting(calls, "stops", SystemExit(7)))
    signal.signal(signal.SIGHUP, noting(calls, "too"))
    with pytest.raises(SystemExit), signals.held():
        send(signal.SIGHUP)
        send(signal.SIGTERM)
    assert calls == [("stops", signal.SIGTERM), ("too", signal.SIGHUP)]


def test_an_error_of_the_block_is_kept_beside_what_the_signal_raises(calls: Calls) -> None:
    with pytest.raises(KeyboardInterrupt) as raised, signals.held():
        send(signal.SIGINT)
        raise ValueError("mine")
    assert isinstance(raised.value.__context__, ValueError)


def test_who_asks_again_later_does_not_wait(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "PATIENCE", 0.0)
    with signals.held():
        send(signal.SIGTERM)
        assert calls == []
        send(signal.SIGTERM)
        assert calls == [("mine", signal.SIGTERM)]
    assert calls == [("mine", signal.SIGTERM)]


def test_what_is_ignored_stays_ignored(calls: Calls) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with signals.held():
        send(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert calls == []


def test_handlers_can_be_changed_within_the_block(calls: Calls) -> None:
    former, other = signal.getsignal(signal.SIGTERM), noting(calls, "other")
    with signals.held():
        assert signals.handler(signal.SIGTERM) is former
        send(signal.SIGTERM)
        signals.handle(signal.SIGTERM, other)
        assert signals.handler(signal.SIGTERM) is other
    assert calls == [("other", signal.SIGTERM)]
    assert signal.getsignal(signal.SIGTERM) is other


def test_what_the_block_itself_installs_stays(calls: Calls) -> None:
    other = noting(calls, "other")
    with signals.held():
        signal.signal(signal.SIGTERM, other)
    assert signal.getsignal(signal.SIGTERM) is other


def test_other_threads_change_no_handler(calls: Calls) -> None:
    seen: list[Any] = []

    def work() -> None:
        with signals.held():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]
