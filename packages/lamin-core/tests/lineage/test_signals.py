"""Signals in the midst of what writes runs: at any moment. Numbers are those of the acceptance list."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.records import context

from .conftest import Lab, killed

MOMENTS = 40
"""How many of the some thousand moments of a call are tried; they are spread evenly."""


class Interrupting:
    """Sends this process Ctrl-C when Python looks for signals the n-th time: as a function begins, and as one in C returns."""

    def __init__(self, moment: int = 0) -> None:
        self.moment, self.moments = moment, 0
        self.where = "nowhere"

    def __enter__(self) -> "Interrupting":
        sys.setprofile(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _look(self, frame: FrameType, event: str, _: object) -> None:
        if event in ("call", "c_return"):
            self.moments += 1
            if self.moments == self.moment:
                self.where = f"{event} at {frame.f_code.co_filename}:{frame.f_lineno}"
                os.kill(os.getpid(), signal.SIGINT)


@ln.step()
def add(a: int) -> int:
    return a + 1


@ln.flow()
def analyse(a: int) -> int:
    print("analysing")
    return a + 1


@ln.step()
def count(n: int) -> Iterator[int]:
    yield from range(n)


def track() -> None:
    ln.track(transform=ln.Transform(key="pipe"), stream_tracking=True)


def surroundings() -> list[Any]:
    """What may not be left changed."""
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    return [*handlers, sys.stdout, sys.excepthook, context.tracker(), os.environ.get("LAMIN_INITIATED_BY_RUN_UID")]


def going_on() -> list[Any]:
    """The runs that have not ended."""
    return list(ln.Run.filter(status__in=["scheduled", "started", "restarted"]))


def nothing() -> None:
    pass


def finish_if_tracked() -> None:
    if ln.context.session is not None:
        ln.finish()


SCENES: dict[str, tuple[Callable[[], Any], Callable[[], Any], Callable[[], Any]]] = {
    "track": (nothing, track, finish_if_tracked),
    "finish": (track, ln.finish, finish_if_tracked),
    "step": (track, lambda: add(1), ln.finish),
    "flow": (nothing, lambda: analyse(1), nothing),
    "generator": (track, lambda: list(count(2)), ln.finish),
}
"""What is done before, what is interrupted, and what is done after."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files that were just being opened
@pytest.mark.parametrize("scene", SCENES)
def test_06_an_interrupt_at_any_moment_leaves_no_run_open(database: Database, scene: str) -> None:
    before, act, after = SCENES[scene]
    looks = surroundings()
    for _ in range(2):  # the first time does what is done once per process
        before()
        with Interrupting() as whole:
            act()
        after()
    assert whole.moments > 1000
    for moment in range(1, whole.moments, whole.moments // MOMENTS):
        before()
        around, interrupting = surroundings(), Interrupting(moment)
        with suppress(KeyboardInterrupt), interrupting:
            act()
        if after is ln.finish:
            assert surroundings() == around, interrupting.where
            assert going_on() == [ln.context.run], interrupting.where
        after()
        assert surroundings() == looks, interrupting.where
        assert going_on() == [], interrupting.where


AT_EVERY_STATEMENT = """
import os, signal, sys
import sqlalchemy as sa
ln.track()
ln.finish()
number, handler = int(sys.argv[1]), sys.argv[2:]

@ln.step()
def add(a):
    return a + 1

for moment in range(1, 300):
    if not (pid := os.fork()):
        break
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print("ended", status, flush=True)
    if status == 0:  # the end came before the moment
        sys.exit()

def look(*_):
    global moment
    moment -= 1
    if not moment:
        os.kill(os.getpid(), number)

def mine(number, frame):
    print("mine", number, flush=True)
    sys.exit(7)

if handler:
    signal.signal(number, mine)
for name in ("before_cursor_execute", "commit"):
    sa.event.listen(sa.engine.Engine, name, look)
ln.track()
print("working", file=sys.stderr)
add(1)
ln.finish()
"""


@pytest.mark.parametrize(
    ("number", "handler"),
    [(signal.SIGINT, False), (signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGHUP, False)],
)
def test_06_09_a_signal_at_every_statement(lab: Lab, number: signal.Signals, handler: bool) -> None:
    done = lab.run(lab.write("a.py", AT_EVERY_STATEMENT), str(number.value), *["handler"] * handler)
    told = done.stdout.splitlines()
    each = [f"mine {number.value}", "ended 7"] if handler else [f"ended {-number}"]
    assert told[-1] == "ended 0"
    assert len(told) > 15
    assert told[:-1] == each * ((len(told) - 1) // len(each)), done.stderr
    statuses = [run.status for run in lab.runs()]
    assert set(statuses) == {"completed", "aborted"}, done.stderr


def test_07_a_kill_at_every_statement_leaves_what_the_next_run_closes(lab: Lab) -> None:
    done = lab.run(lab.write("a.py", AT_EVERY_STATEMENT), str(signal.SIGKILL.value))
    told = done.stdout.splitlines()
    assert len(told) > 15
    assert told == ["ended -9"] * (len(told) - 1) + ["ended 0"], done.stderr
    lab.run(lab.write("b.py", "ln.track()\nln.finish()\n"))
    assert {run.status for run in lab.runs()} == {"completed", "aborted"}, done.stderr
    assert [each.key for each in lab.transforms()] == ["a.py", "b.py"]
    assert all(artifact.path.exists() for artifact in ln.Artifact.filter())


def test_06_19_a_signal_while_other_threads_begin_and_end_steps(lab: Lab) -> None:
    code = """
    import threading
    @ln.step()
    def add(a):
        return a + 1
    def many():
        while True:
            add(1)
    ln.track()
    for _ in range(4):
        threading.Thread(target=many, daemon=True).start()
    print("working", flush=True)
    threading.Event().wait()
    """
    path = lab.write("a.py", code)
    for _ in range(4):
        status, _, err = killed(lab.start(path), signal.SIGTERM)
        assert status == -signal.SIGTERM, err
        assert going_on() == [], err
    assert len(lab.runs()) > 8


def test_06_19_a_step_in_a_process_of_its_own_that_is_terminated(lab: Lab) -> None:
    """As `Pool.terminate` does: neither a spawned nor a forked worker has the hooks of the run that started it."""
    lab.write(
        "work.py",
        """
        import time
        @ln.step()
        def forever(n):
            time.sleep(60)
        """,
    )
    code = """
    import multiprocessing, sys, time
    import work
    if __name__ == "__main__":
        ln.track()
        for method in ("spawn", "fork"):
            with multiprocessing.get_context(method).Pool(1) as pool:
                pool.apply_async(work.forever, [1])
                while ln.Run.filter(entrypoint="forever", status="started").count() == 0:
                    time.sleep(0.02)
            pool.join()
            print(ln.Run.filter(entrypoint="forever", status="started").count())
        ln.finish()
    """
    done = lab.run(lab.write("main.py", code))
    assert done.stdout == "0\n0\n", done.stderr
    assert [run.status for run in lab.runs()] == ["completed", "aborted", "aborted"]


def test_09_a_handler_can_wait_for_threads_and_call_steps(lab: Lab) -> None:
    """Nothing of ours may stand in the way of what is called after us."""
    code = """
    import signal, threading
    stop = threading.Event()
    @ln.step()
    def add(a):
        return a + 1
    def many():
        while not stop.is_set():
            add(1)
    threads = [threading.Thread(target=many) for _ in range(2)]
    def mine(number, frame):
        stop.set()
        for thread in threads:
            thread.join()
        add(2)
        ln.ULabel(name="after the signal").save()
        print("joined", flush=True)
    signal.signal(signal.SIGTERM, mine)
    ln.track()
    for thread in threads:
        thread.start()
    print("working", flush=True)
    stop.wait()
    """
    status, out, err = killed(lab.start(lab.write("a.py", code)), signal.SIGTERM)
    assert (status, out) == (0, "joined\n"), err
    assert going_on() == []
    run, *steps = lab.runs()
    assert run.status == "aborted"
    assert {step.initiated_by_run_id for step in steps} == {run.id}
    assert [step.status for step in steps if step.params["a"] == 2] == ["completed"]
    assert ln.ULabel.get(name="after the signal").run == run


def test_07_19_what_only_the_process_keeps_going_on_ends_with_it(lab: Lab) -> None:
    code = """
    import threading, time
    @ln.step()
    def forever():
        print("working", flush=True)
        time.sleep(60)
    @ln.step()
    def count(n):
        yield from range(n)
    ln.track()
    threading.Thread(target=forever, daemon=True).start()
    half = count(3)
    next(half)
    while ln.Run.filter(status="started").count() < 3:
        time.sleep(0.01)
    ln.finish()
    """
    lab.run(lab.write("a.py", code))
    assert sorted(run.status for run in lab.runs()) == ["aborted", "aborted", "completed"]
