"""What goes wrong around runs: forks, threads, processes that vanish, databases and disks that refuse."""

import threading
from pathlib import Path

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import LaminError, RunInProgress

from .conftest import Lab


def test_10_of_two_threads_that_track_at_once_one_is_refused(database: Database) -> None:
    both, refused = threading.Barrier(4), []

    def begin(number: int) -> None:
        transform = ln.Transform(key=f"pipe {number}").save()
        both.wait()
        try:
            ln.track(transform=transform)
        except RunInProgress as error:
            refused.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert [run.status for run in ln.Run.filter()] == ["started"]
    ln.finish()
    assert [run.status for run in ln.Run.filter()] == ["completed"]


FORK = """
import os, sys
def forked(work):
    sys.stdout.flush()
    if not (pid := os.fork()):
        work()
        sys.exit()
    assert os.waitpid(pid, 0)[1] == 0
"""


def test_19_a_forked_child_does_not_end_the_run_of_its_parent(lab: Lab) -> None:
    code = f"""{FORK}
@ln.step()
def step():
    forked(lambda: None)
    assert ln.Run.filter(status="started").count() == 2, "the exit of the child went through the step"
ln.track()
forked(ln.finish)
assert ln.Run.get(ln.context.run.uid).status == "started"
step()
print("still logged")
ln.finish()
"""
    done = lab.run(lab.write("a.py", code))
    assert "is ended by the process that began it, not by this one" in done.stderr
    assert [run.status for run in lab.runs()] == ["completed"] * 2
    assert "still logged\n" in lab.runs()[0].report.load()


def test_19_a_forked_child_can_track_a_run_of_its_own(lab: Lab) -> None:
    code = f"""{FORK}
def work():
    ln.track(transform=ln.Transform(key="child"))
    ln.ULabel(name="of the child").save()
    ln.finish()
ln.track()
forked(work)
ln.ULabel(name="of the parent").save()
ln.finish()
"""
    lab.run(lab.write("a.py", code))
    parent, child = lab.runs()
    assert (child.initiated_by_run, child.status, parent.status) == (parent, "completed", "completed")
    assert {label.name: label.run_id for label in ln.ULabel.filter()} == {"of the child": child.id, "of the parent": parent.id}


def test_19_a_fork_while_another_thread_prints_does_not_hang(lab: Lab) -> None:
    code = f"""{FORK}
import signal, threading, time
stop = threading.Event()
def chatter():
    while not stop.is_set():
        print("x" * 1000, file=sys.stderr)
ln.track()
threads = [threading.Thread(target=chatter) for _ in range(2)]
for thread in threads:
    thread.start()
for number in range(30):
    if not (pid := os.fork()):
        ln.context.execution.log.write("from the child\\n")
        os._exit(0)
    for _ in range(500):
        if os.waitpid(pid, os.WNOHANG)[0]:
            break
        time.sleep(0.01)
    else:
        os.kill(pid, signal.SIGKILL)
        print("child", number, "hangs")
stop.set()
for thread in threads:
    thread.join()
ln.finish()
"""
    assert lab.run(lab.write("a.py", code)).stdout == ""
    assert [run.status for run in lab.runs()] == ["completed"]


def test_07_a_process_that_exits_without_a_word_is_found_dead(lab: Lab) -> None:
    code = "import os\nln.track()\nprint('working')\nos._exit(3)\n"
    lab.run(lab.write("a.py", code), status=3)
    assert [run.status for run in lab.runs()] == ["started"]
    lab.run(lab.write("b.py", "ln.track()\nln.finish()\n"))
    dead, _ = lab.runs()
    assert (dead.status, dead.report.load()) == ("aborted", "working\n")


def test_06_other_functions_at_exit_do_not_keep_the_run_from_ending(lab: Lab) -> None:
    code = """
    import atexit
    def fail():
        raise ValueError("at exit")
    atexit.register(fail)
    ln.track()
    atexit.register(fail)
    atexit.register(lambda: print("last words"))
    """
    done = lab.run(lab.write("a.py", code))
    assert done.stderr.count("ValueError: at exit") == 2
    (run,) = lab.runs()
    assert run.status == "completed"
    assert "last words\n" in run.report.load()


REFUSE = {
    "sqlite": (
        "CREATE TRIGGER no BEFORE UPDATE ON lamindb_run BEGIN SELECT RAISE(ABORT, 'not now'); END",
        "DROP TRIGGER no",
    ),
    "postgresql": (
        "ALTER TABLE lamindb_run ADD CONSTRAINT no CHECK (finished_at IS NULL) NOT VALID",
        "ALTER TABLE lamindb_run DROP CONSTRAINT no",
    ),
}


def execute(database: Database, statement: str) -> None:
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(statement)


def test_11_what_cannot_be_finished_now_can_be_finished_later(database: Database) -> None:
    ln.track(transform=ln.Transform(key="pipe"), stream_tracking=True)
    print("said")
    run, (refuse, allow) = ln.context.run, REFUSE[database.dialect]
    execute(database, refuse)
    try:
        with pytest.raises(LaminError):
            ln.finish()
    finally:
        execute(database, allow)
    assert ln.context.run == run
    assert ln.Run.get(run.uid).status == "started"
    ln.finish()
    assert (ln.Run.get(run.uid).status, ln.Run.get(run.uid).report.load()) == ("completed", "said\n")
    assert ln.context.run is None


def test_a_step_whose_end_cannot_be_stored_says_so_beside_its_own_error(database: Database) -> None:
    @ln.step()
    def fail() -> None:
        execute(database, refuse)
        raise ValueError("mine")

    refuse, allow = REFUSE[database.dialect]
    ln.track(transform=ln.Transform(key="pipe"))
    try:
        with pytest.raises(ValueError, match="mine") as raised:
            fail()
    finally:
        execute(database, allow)
    assert "the end of its run could not be stored" in raised.value.__notes__[0]
    ln.finish()


def test_a_report_for_which_there_is_no_room_stays_where_it_is(lab: Lab) -> None:
    """Files cannot grow as large as the report; those of the database need not."""
    code = """
    import resource, sys
    ln.track()
    for _ in range(60):
        print("x" * 100_000, file=sys.stderr)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, 5_000_000))
    ln.finish()
    """
    done = lab.run(lab.write("a.py", code))
    (run,) = lab.runs()
    assert (run.status, run.report) == ("completed", None)
    told = done.stderr.partition("could not be stored and stays at ")[2].partition(":")[0]
    assert Path(told).read_text().count("x") == 6_000_000
