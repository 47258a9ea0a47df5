"""Functions whose calls are runs. Numbers are those of the acceptance list."""

import asyncio
import gc
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import InvalidArgument, RunInProgress, TrackNotCalled

from .conftest import Lab


@pytest.fixture
def tracked(database: Database) -> Iterator[Any]:
    """A run that goes on around the test."""
    ln.track(transform=ln.Transform(key="around"))
    yield ln.context.run
    if ln.context.run is not None:
        ln.finish()


def runs() -> list[Any]:
    return list(ln.Run.filter().order_by("id"))


@ln.flow()
def analyse(a: int, *more: int, b: str = "x", **rest: Any) -> tuple[str, str]:
    print("analysing")
    ln.ULabel(name="made by a flow").save()
    assert ln.context.transform is not None
    assert ln.context.run is not None
    return ln.context.run.uid, ln.context.transform.key


@ln.step()
def add(a: int, b: int = 1) -> int:
    return a + b


def test_18_a_flow_is_a_run_with_its_arguments(database: Database) -> None:
    uid, key = analyse(1, 2, 3, c=4)
    (run,) = runs()
    assert (run.uid, run.status, run.entrypoint) == (uid, "completed", "analyse")
    assert run.params == {"a": 1, "more": [2, 3], "b": "x", "rest": {"c": 4}}
    assert run.report.load() == "analysing\n"
    assert run.environment.load().startswith("# Python")
    assert (run.transform.kind, run.transform.key) == ("script", key)
    assert key.endswith("test_functions.py")
    assert ln.ULabel.get(name="made by a flow").run == run
    assert ln.context.run is None
    assert ln.context.transform is None
    assert analyse(1)[0] != uid
    assert len(runs()) == 2


def test_18_a_flow_in_a_flow_or_in_a_tracked_run_is_refused(database: Database) -> None:
    @ln.flow()
    def outer() -> None:
        analyse(1)

    with pytest.raises(RuntimeError, match="analyse is a flow and begins a run, but one is tracked already: make it a step"):
        outer()
    assert [(run.status, run.entrypoint.rpartition(".")[2]) for run in runs()] == [("errored", "outer")]
    assert "RunInProgress" in runs()[0].report.load()
    ln.track(transform=ln.Transform(key="around"))
    with pytest.raises(RunInProgress):
        analyse(1)
    ln.finish()


def test_18_a_step_without_run_is_refused(database: Database) -> None:
    with pytest.raises(TrackNotCalled, match="add is a step and needs a run"):
        add(1)
    assert runs() == []


def test_18_track_and_finish_inside_a_flow_are_refused(database: Database) -> None:
    @ln.flow()
    def outer() -> None:
        for call in (ln.track, ln.finish):
            with pytest.raises(RunInProgress):
                call()

    outer()
    assert [run.status for run in runs()] == ["completed"]


def test_18_decorators_are_checked_and_work_without_parentheses(tracked: Any) -> None:
    with pytest.raises(InvalidArgument, match="global_run is one of clear, memorize, none, not 'all'"):
        ln.flow(global_run="all")  # type: ignore[call-overload]  # that is the test

    @ln.step
    def bare(a: int) -> int:
        """Add one."""
        return a + 1

    assert bare(1) == 2
    assert (bare.__name__, bare.__doc__) == ("bare", "Add one.")
    with pytest.raises(TypeError, match="missing a required argument: 'a'"):
        bare()  # type: ignore[call-arg]  # that is the test
    assert len(runs()) == 2


def test_18_memorize_leaves_the_ended_run_in_the_context(database: Database) -> None:
    ln.flow(global_run="memorize")(lambda: None)()
    assert ln.context.run == runs()[0]
    analyse(1)
    assert ln.context.run is None


def test_18_a_flow_that_publishes_nothing_still_has_steps(database: Database) -> None:
    @ln.flow(global_run="none")
    def quiet() -> int:
        return add(1)

    assert quiet() == 2
    of_flow, of_step = runs()
    assert (of_step.initiated_by_run_id, of_step.status, of_flow.status) == (of_flow.id, "completed", "completed")
    assert of_step.environment_id == of_flow.environment_id
    assert ln.context.run is None


def test_19_a_step_belongs_to_its_caller(tracked: Any) -> None:
    @ln.step()
    def outer() -> None:
        ln.ULabel(name="outer").save()
        inner()
        ln.ULabel(name="outer again").save()

    @ln.step()
    def inner() -> None:
        ln.ULabel(name="inner").save()
        add(1)

    outer()
    ln.ULabel(name="around").save()
    around, of_outer, of_inner, of_add = runs()
    assert [run.initiated_by_run_id for run in (around, of_outer, of_inner, of_add)] == [
        None,
        around.id,
        of_outer.id,
        of_inner.id,
    ]
    assert [run.status for run in (of_outer, of_inner, of_add)] == ["completed"] * 3
    assert of_add.params == {"a": 1, "b": 1}
    made = {label.name: label.run_id for label in ln.ULabel.filter()}
    assert made == {"outer": of_outer.id, "outer again": of_outer.id, "inner": of_inner.id, "around": around.id}
    assert {run.environment_id for run in runs()} == {around.environment_id}
    assert {run.report_id for run in (of_outer, of_inner, of_add)} == {None}


def test_19_a_call_of_itself_is_a_run_inside(tracked: Any) -> None:
    @ln.step()
    def count(n: int) -> int:
        return count(n - 1) + 1 if n else 0

    assert count(4) == 4
    assert [run.initiated_by_run_id for run in runs()[1:]] == [run.id for run in runs()[:-1]]


def test_19_methods_are_steps_without_their_object(tracked: Any) -> None:
    class Model:
        @ln.step()
        def fit(self, depth: int) -> int:
            return depth

        @staticmethod
        @ln.step()
        def scale(factor: float) -> float:
            return factor

    assert Model().fit(3) == 3
    assert Model.scale(0.5) == 0.5
    assert [run.params for run in runs()[1:]] == [{"depth": 3}, {"factor": 0.5}]
    assert runs()[1].entrypoint.endswith("Model.fit")


def test_19_threads_of_a_pool_belong_to_the_tracked_run(tracked: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(add, range(16))) == list(range(1, 17))
    made = [run for run in runs() if run.id != tracked.id]
    assert len(made) == 16
    assert {run.initiated_by_run_id for run in made} == {tracked.id}
    assert {run.status for run in made} == {"completed"}
    assert sorted(run.params["a"] for run in made) == list(range(16))


def test_19_a_coroutine_ends_when_it_is_through(tracked: Any) -> None:
    @ln.step()
    async def wait(name: str) -> str:
        await asyncio.sleep(0.01)
        ln.ULabel(name=name).save()
        await asyncio.sleep(0.01)
        return name

    async def both() -> list[str]:
        return list(await asyncio.gather(wait("a"), wait("b")))

    assert asyncio.run(both()) == ["a", "b"]
    by_name = {run.params["name"]: run for run in runs()[1:]}
    assert {label.name: label.run_id for label in ln.ULabel.filter()} == {name: run.id for name, run in by_name.items()}
    assert all(run.status == "completed" and run.finished_at > run.started_at for run in by_name.values())


def test_19_a_cancelled_coroutine_is_aborted(tracked: Any) -> None:
    @ln.step()
    async def forever() -> None:
        await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(forever())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert [run.status for run in runs()[1:]] == ["aborted"]


def test_19_a_generator_ends_after_its_last_item(tracked: Any) -> None:
    @ln.step()
    def numbers(n: int) -> Iterator[int]:
        for number in range(n):
            ln.ULabel(name=f"inside {number}").save()
            yield number

    seen = []
    for number in numbers(2):
        assert runs()[1].status == "started"
        ln.ULabel(name=f"outside {number}").save()
        seen.append(number)
    assert seen == [0, 1]
    around, run = runs()
    assert run.status == "completed"
    of_generator = {label.name for label in ln.ULabel.filter(run=run)}
    assert of_generator == {"inside 0", "inside 1"}
    assert {label.name for label in ln.ULabel.filter(run=around)} == {"outside 0", "outside 1"}


def test_19_what_goes_into_a_generator_and_comes_out_of_it(tracked: Any) -> None:
    @ln.step()
    def echo() -> Any:
        got = yield "ready"
        try:
            got = yield got
        except KeyError as error:
            got = yield error.args[0]
        return got

    def consumer() -> Any:
        return (yield from echo())

    through = consumer()
    assert next(through) == "ready"
    assert through.send(1) == 1
    assert through.throw(KeyError("k")) == "k"
    with pytest.raises(StopIteration) as stopped:
        through.send("end")
    assert stopped.value.value == "end"
    half = echo()
    next(half)
    half.close()
    left = echo()
    next(left)
    del left
    gc.collect()
    broken = echo()
    next(broken)
    with pytest.raises(ValueError, match="x"):
        broken.throw(ValueError("x"))
    assert [run.status for run in runs()[1:]] == ["completed", "completed", "completed", "errored"]


def test_19_an_async_generator_ends_after_its_last_item(tracked: Any) -> None:
    @ln.step()
    async def numbers(n: int) -> AsyncIterator[int]:
        for number in range(n):
            await asyncio.sleep(0)
            ln.ULabel(name=f"inside {number}").save()
            yield number

    async def consume() -> list[int]:
        seen = []
        async for number in numbers(2):
            assert runs()[1].status == "started"
            ln.ULabel(name=f"outside {number}").save()
            seen.append(number)
        return seen

    assert asyncio.run(consume()) == [0, 1]
    around, run = runs()
    assert run.status == "completed"
    assert {label.name for label in ln.ULabel.filter(run=run)} == {"inside 0", "inside 1"}
    assert {label.name for label in ln.ULabel.filter(run=around)} == {"outside 0", "outside 1"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("x"), "errored"),
        (KeyboardInterrupt(), "aborted"),
        (SystemExit(3), "errored"),
        (SystemExit(0), "completed"),
        (SystemExit(), "completed"),
    ],
)
@pytest.mark.parametrize("decorate", [ln.step, ln.flow])
def test_19_whatever_is_raised_ends_the_run_and_is_raised_again(
    database: Database, error: BaseException, status: str, decorate: Callable[[], Any]
) -> None:
    @decorate()
    def fail() -> None:
        print("before")
        raise error

    before = sys.stdout, sys.excepthook
    if decorate is ln.step:
        ln.track(transform=ln.Transform(key="around"))
    with pytest.raises(type(error)) as raised:
        fail()
    assert raised.value is error
    run = runs()[-1]
    assert (run.status, run.finished_at is not None) == (status, True)
    if decorate is ln.step:
        ln.finish()
    else:
        report = run.report.load()
        assert report.startswith("before\n")
        assert ("Traceback" in report) is (status != "completed")
    assert (sys.stdout, sys.excepthook) == before


def test_19_steps_in_spawned_processes_belong_to_the_run_that_started_them(lab: Lab) -> None:
    lab.write(
        "work.py",
        """
        @ln.step()
        def square(n):
            ln.ULabel(name=f"square of {n}").save()
            return n * n
        """,
    )
    code = """
    import multiprocessing, sys
    import work
    if __name__ == "__main__":
        ln.track()
        for method in ("spawn", "fork"):
            with multiprocessing.get_context(method).Pool(2) as pool:
                print(pool.map(work.square, [len(method), 9]))
        ln.finish()
    """
    out = lab.run(lab.write("main.py", code)).stdout
    assert out == "[25, 81]\n[16, 81]\n"
    main, *others = lab.runs()
    assert [run.initiated_by_run_id for run in others] == [main.id] * 4
    assert {run.transform.key for run in others} == {"work.py"}
    assert [run.status for run in (main, *others)] == ["completed"] * 5
    assert main.environment_id == others[0].environment_id


def test_19_a_script_that_a_run_starts_knows_by_which_it_was_started(lab: Lab) -> None:
    lab.write("child.py", "ln.track()\nln.finish()\n")
    lab.run(
        lab.write(
            "parent.py",
            "import subprocess, sys\nln.track()\nsubprocess.run([sys.executable, 'child.py'], check=True)\nln.finish()\n",
        )
    )
    parent, child = lab.runs()
    assert (child.initiated_by_run_id, child.status, parent.status) == (parent.id, "completed", "completed")
    done = lab.run("child.py", status=1, LAMIN_INITIATED_BY_RUN_UID="nothing")
    assert "LAMIN_INITIATED_BY_RUN_UID: " in done.stderr
    lab.run("child.py", LAMIN_INITIATED_BY_RUN_UID="nothing", LAMIN_INITIATED_BY_INSTANCE="another")
    assert lab.runs()[-1].initiated_by_run_id is None


def test_21_a_step_call_costs_at_most_four_statements(tracked: Any, queries: Any) -> None:
    add(1)
    with queries.exactly(2):
        add(2)

    @ln.step()
    def reads(artifact: Any) -> str:
        text: str = artifact.load()
        return text

    path = ln.setup.settings.instance.folder / "a.txt"  # type: ignore[operator]  # the instance has a folder
    path.write_text("data")
    artifact = ln.Artifact(path, key="a.txt", run=False).save()
    reads(artifact)
    with queries.at_most(4):
        reads(artifact)


def test_21_a_step_call_starts_no_process_and_sends_at_most_four_statements(lab: Lab) -> None:
    """The first call, too: it neither lists what is installed nor looks for its code again."""
    code = """
    import sys
    import sqlalchemy as sa
    @ln.step()
    def add(a):
        return a + 1
    ln.track()
    processes, statements = [], []
    starts = {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec", "os.system", "os.spawn"}
    sys.addaudithook(lambda event, arguments: processes.append(event) if event in starts else None)
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    for number in range(3):
        add(number)
        sent = [each for each in statements if not each.startswith(("BEGIN", "COMMIT"))]
        print(len(sent), processes)
        statements.clear()
    ln.finish()
    import os
    os.system("true")
    print(processes)
    """
    *calls, proof = lab.run(lab.write("a.py", code)).stdout.splitlines()
    assert calls == ["2 []"] * 3
    assert proof == "['os.system']"
    runs_of_steps = lab.runs()[1:]
    assert len({run.environment_id for run in lab.runs()}) == 1
    assert {run.status for run in runs_of_steps} == {"completed"}


def test_22_flows_in_two_threads_have_logs_and_runs_of_their_own(database: Database) -> None:
    both = threading.Barrier(2, timeout=30)
    found: dict[str, Any] = {}

    @ln.flow()
    def work(name: str) -> None:
        both.wait()
        print(f"this is {name}")
        found[name] = ln.context.run
        both.wait()

    before = sys.stdout
    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sys.stdout is before
    assert found["one"] != found["two"]
    for run in runs():
        assert run.report.load() == f"this is {run.params['name']}\n"
        assert run.initiated_by_run_id is None


def test_an_unknown_place_of_the_code_is_told(tracked: Any) -> None:
    namespace: dict[str, Any] = {}
    exec("def typed(): pass", namespace)
    with pytest.raises(NotImplementedError, match="the code of typed is in no file"):
        ln.step()(namespace["typed"])()
