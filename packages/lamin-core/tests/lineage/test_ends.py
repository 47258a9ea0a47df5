"""How runs end when programs end: exceptions, exits, signals, deaths. Numbers are those of the acceptance list."""

import os
import signal
import sys
import time
import weakref

import pytest

import lamindb as ln
from lamindb.lineage import processes
from lamindb.lineage.capture import streams

from .conftest import Lab, ended, killed

WAIT = """
import time, sys
ln.track()
print("working", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize(
    ("last_lines", "code", "status", "told"),
    [
        ('raise ValueError("no cells")', 1, "errored", "ValueError: no cells"),
        ("import sys; sys.exit(3)", 3, "errored", "exited with 3"),
        ("import sys; sys.exit(0)", 0, "completed", "working"),
        ("import sys; sys.exit()", 0, "completed", "working"),
        ('import sys; sys.exit("bad input")', 1, "errored", "exited with bad input"),
        ("exit(4)", 4, "errored", "exited with 4"),
        ("raise SystemExit(5)", 5, "errored", "exited with an unknown code"),
        ("", 0, "completed", "working"),
        ("import sys\ntry:\n    sys.exit(3)\nexcept SystemExit:\n    pass", 0, "completed", "working"),
        ("raise KeyboardInterrupt", -2, "aborted", "KeyboardInterrupt"),
    ],
)
def test_06_an_exception_or_exit_decides_on_the_status(lab: Lab, last_lines: str, code: int, status: str, told: str) -> None:
    lab.run(lab.write("a.py", f'ln.track()\nprint("working")\n{last_lines}\n'), status=code)
    (run,) = lab.runs()
    assert run.status == status
    assert run.finished_at >= run.started_at
    log = run.report.load()
    assert log.startswith("working\n")
    assert told in log


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_06_a_signal_aborts_and_ends_the_process_as_it_would_without_us(lab: Lab, number: signal.Signals) -> None:
    code, _, _ = killed(lab.start(lab.write("a.py", WAIT)), number)
    assert code == -number
    (run,) = lab.runs()
    assert run.status == "aborted"
    assert run.finished_at is not None
    log = run.report.load()
    assert log.startswith("working\n")
    assert ("KeyboardInterrupt" if number is signal.SIGINT else f"{number.name} arrived at") in log


def test_06_a_signal_in_the_midst_of_a_transaction(lab: Lab) -> None:
    """What is not committed is undone, and the status is stored all the same."""
    code = """
    import sys
    ln.track()
    with ln.transaction():
        ln.ULabel(name="half").save()
        print("working", flush=True)
        sys.stdin.readline()
    """
    exit_status, _, err = killed(lab.start(lab.write("a.py", code)), signal.SIGTERM)
    assert exit_status == -signal.SIGTERM, err
    assert [run.status for run in lab.runs()] == ["aborted"]
    assert ln.ULabel.filter().count() == 0


def test_06_steps_that_are_going_on_end_with_the_run(lab: Lab) -> None:
    code = """
    import sys
    @ln.step()
    def inner():
        print("working", flush=True)
        sys.stdin.readline()
    @ln.step()
    def outer():
        inner()
    ln.track()
    outer()
    """
    killed(lab.start(lab.write("a.py", code)), signal.SIGTERM)
    assert [run.status for run in lab.runs()] == ["aborted"] * 3


def test_06_a_signal_that_is_ignored_stays_ignored(lab: Lab) -> None:
    code = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + WAIT + "ln.finish()\n"
    process = lab.start(lab.write("a.py", code))
    process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert process.stdin is not None
    process.stdin.write("go on\n")
    process.stdin.flush()
    assert ended(process)[0] == 0
    assert [run.status for run in lab.runs()] == ["completed"]


def test_07_a_killed_run_is_closed_by_the_next_one_with_its_log(lab: Lab) -> None:
    path = lab.write("a.py", WAIT)
    code, _, _ = killed(lab.start(path), signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert [run.status for run in lab.runs()] == ["started"]
    living = lab.start(path)
    died, lives = lab.runs()
    assert (died.status, died.report.load(), lives.status) == ("aborted", "working\n", "started")
    assert died.finished_at >= died.started_at
    living.kill()
    assert living.wait() == -signal.SIGKILL


def test_07_runs_of_living_processes_and_of_other_users_are_left_alone(lab: Lab) -> None:
    path = lab.write("a.py", WAIT)
    killed(lab.start(path, LAMIN_USER_HANDLE="somebody"), signal.SIGKILL)
    lab.start(path)
    lab.start(path)
    assert [run.status for run in lab.runs()] == ["started"] * 3


def test_07_a_process_is_told_by_more_than_its_number() -> None:
    mine = processes.identity()
    assert not processes.is_dead(mine)
    assert processes.is_dead({**mine, "start": 1})
    assert processes.is_dead({**mine, "boot": "before the last boot"})
    assert not processes.is_dead({**mine, "host": "elsewhere", "start": 1})
    assert not processes.is_dead({**mine, "space": "another container", "start": 1})
    for nothing in (None, {}, {"pid": "x"}, "text"):
        assert not processes.is_dead(nothing)


HOOKS = """
import builtins, os, signal, sys, warnings, logging
def looks():
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    return [sys.excepthook, sys.stdout, sys.stderr, sys.exit, builtins.exit, *handlers, warnings.filters[:],
        logging.getLogger("lamindb").level, os.environ.get("LAMIN_INITIATED_BY_RUN_UID"), ln.context.run, ln.context.transform,
        ln.context.project, ln.context.uid, ln.setup.settings.instance]
"""


def test_08_after_finish_everything_is_as_before(lab: Lab) -> None:
    code = f"""{HOOKS}
before = looks()
ln.track()
during = looks()
ln.finish()
after = looks()
print([one is two or one == two for one, two in zip(before, after)].count(False))
print([one is two for one, two in zip(before, during)].count(False))
1 / 0
"""
    out = lab.run(lab.write("a.py", code), status=1).stdout.split()
    assert out[0] == "0"
    assert int(out[1]) >= 9
    (run,) = lab.runs()
    assert run.status == "completed"
    assert "ZeroDivisionError" not in (run.report.load() if run.report else "")


def test_08_what_was_set_for_one_track_does_not_reach_the_next(lab: Lab) -> None:
    code = """
    ln.context.uid = "not a uid"
    try:
        ln.track()
    except ln.errors.InvalidArgument:
        pass
    ln.track()
    ln.finish()
    """
    lab.run(lab.write("a.py", code))
    assert [run.status for run in lab.runs()] == ["completed"]


def test_08_a_finished_run_cannot_be_changed_by_a_late_hook(lab: Lab) -> None:
    """A hook that somebody kept is called after the end."""
    code = """
    import sys
    ln.track()
    kept = sys.excepthook
    ln.finish()
    sys.excepthook = kept
    1 / 0
    """
    done = lab.run(lab.write("a.py", code), status=1)
    assert done.stderr.count("ZeroDivisionError") == 1
    assert [run.status for run in lab.runs()] == ["completed"]


def test_09_a_hook_that_was_there_is_called_once(lab: Lab) -> None:
    code = """
    import sys
    sys.excepthook = lambda kind, error, trace: print("mine", kind.__name__)
    ln.track()
    1 / 0
    """
    assert lab.run(lab.write("a.py", code), status=1).stdout == "mine ZeroDivisionError\n"
    assert [run.status for run in lab.runs()] == ["errored"]


def test_09_a_handler_that_was_there_is_called_once_and_decides_what_happens(lab: Lab) -> None:
    code = """
    import signal, sys
    def mine(number, frame):
        print("mine", number, flush=True)
        sys.exit(7)
    signal.signal(signal.SIGTERM, mine)
    """ + WAIT.replace("\n", "\n    ")
    code_, out, _ = killed(lab.start(lab.write("a.py", code)), signal.SIGTERM)
    assert (code_, out) == (7, f"mine {signal.SIGTERM.value}\n")
    assert [run.status for run in lab.runs()] == ["aborted"]


def test_09_a_program_that_goes_on_after_a_signal_can_still_finish(lab: Lab) -> None:
    code = f"""
import signal
signal.signal(signal.SIGTERM, lambda number, frame: print("noted", flush=True))
{WAIT}
ln.finish()
print("through")
"""
    process = lab.start(lab.write("a.py", code))
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.readline() == "noted\n"
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    status, out, err = ended(process)
    assert (status, out) == (0, "through\n"), err
    assert "the run has ended already: it is aborted" in err
    assert [run.status for run in lab.runs()] == ["aborted"]


def test_a_forked_child_has_neither_the_run_nor_its_end(lab: Lab) -> None:
    code = """
    import os, sys, signal, multiprocessing, time
    ln.track()
    def fail(): raise ValueError("in the child")
    context = multiprocessing.get_context("fork")
    for target in (fail, sys.exit, signal.pause):
        child = context.Process(target=target)
        child.start()
        if target is signal.pause:
            time.sleep(0.3)
            child.terminate()
        child.join()
        print(child.exitcode)
    if not (pid := os.fork()):
        sys.exit(5)
    print(os.waitpid(pid, 0)[1] >> 8)
    assert ln.Run.get(ln.context.run.uid).status == "started"
    ln.finish()
    """
    assert lab.run(lab.write("a.py", code)).stdout.split() == ["1", "0", "-15", "5"]
    assert [run.status for run in lab.runs()] == ["completed"]


def test_what_cannot_be_stored_does_not_change_the_exit(lab: Lab, only_sqlite: None) -> None:
    """The database goes away while the program runs."""
    code = """
    import os
    ln.track()
    path = str(ln.setup.settings.instance.url.path)
    os.rename(path, path + ".away")
    print("working")
    raise ValueError("mine")
    """
    done = lab.run(lab.write("a.py", code), status=1)
    assert "ValueError: mine" in done.stderr
    assert "the end of the run could not be stored" in done.stderr


def test_a_run_goes_on_only_where_that_is_asked_for(lab: Lab) -> None:
    path = lab.write("a.py", "ln.track(new_run=False, params={'n': 1})\nln.ULabel(name='x').save()\nln.finish()\n")
    lab.run(path)
    (first,) = lab.runs()
    lab.run(path)
    (again,) = lab.runs()
    assert (first.status, again.status, again.uid) == ("completed", "completed", first.uid)
    assert again.finished_at > again.started_at > first.finished_at
    lab.start(lab.write("b.py", WAIT.replace("track()", "track(key='a.py', source_code='1', kind='script')")))
    done = lab.run(lab.write("c.py", "ln.track(key='a.py', source_code='1', kind='script', new_run=False)\n"), status=1)
    assert "RunInProgress: run" in done.stderr
    assert "is going on in another process" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_standard_streams_keep_their_protocol(lab: Lab, only_sqlite: None) -> None:
    code = r"""
    import io, os, subprocess, sys, faulthandler
    before = sys.stdout
    ln.track()
    out = sys.stdout
    assert out.fileno() == 1 and out.encoding == before.encoding and out.isatty() is before.isatty() and not out.closed
    assert out.writable() and out.name == "<stdout>" and out.errors == before.errors
    faulthandler.enable(sys.stderr)
    out.reconfigure(line_buffering=True)
    out.writelines(["one\n", "two\n"])
    out.buffer.write(b"bytes\n")
    out.buffer.flush()
    subprocess.run(["echo", "from a child"], stdout=sys.stdout, check=True)
    print("\r 10 %", end=""); print("\r100 %")
    print("err", file=sys.stderr)
    print("half a line", end="")
    ln.finish()
    """
    done = lab.run(lab.write("a.py", code))
    assert done.stdout == "one\ntwo\nbytes\nfrom a child\n\n 10 %\n100 %\nhalf a line"
    assert lab.runs()[0].report.load() == "one\ntwo\nbytes\n100 %\nerr\nhalf a line\n"
    assert os.listdir(os.environ["LAMIN_CACHE_DIR"]).count("run_logs_" + lab.runs()[0].uid + ".txt") == 0


def test_a_print_that_a_signal_interrupts_can_go_on_with_its_stream() -> None:
    """`print` holds the stream only as long as `sys` does: freed by a handler that ends the run, it would crash Python."""
    before = sys.stdout
    streams.tap()
    stream = weakref.ref(sys.stdout)
    streams.release()
    assert sys.stdout is before
    assert stream() is not None
