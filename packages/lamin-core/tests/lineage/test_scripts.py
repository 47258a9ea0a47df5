"""Scripts that track themselves: transform, versions, run, source, log and environment. Numbers are those of the acceptance
list.
"""

import re
import subprocess
import sys

import pytest

import lamindb as ln
from lamindb.errors import InvalidArgument
from lamindb.lineage.source import hash_of

from .conftest import Lab

SIMPLE = """
ln.track(params={"cells": 3})
print("hello")
ln.finish()
"""


def test_01_a_script_leaves_transform_run_source_report_and_environment(lab: Lab) -> None:
    path = lab.write("scripts/simple.py", SIMPLE)
    done = lab.run(path, "--depth", "3")
    (run,), (transform,) = lab.runs(), lab.transforms()
    assert (transform.key, transform.kind, transform.uid[-4:]) == ("scripts/simple.py", "script", "0000")
    assert transform.source_code == path.read_text()
    assert transform.hash == hash_of(path.read_bytes())
    assert (run.status, run.params, run.cli_args) == ("completed", {"cells": 3}, "--depth 3")
    assert run.started_at <= run.finished_at
    assert run.report.load() == "hello\n"
    assert run.environment.load().startswith("# Python 3.")
    assert {run.report.kind, run.environment.kind} == {"__lamindb_run__"}
    assert run.report.run is None
    assert done.stdout == "hello\n"
    assert re.fullmatch(rf"lamin: run {run.uid} of scripts/simple.py 0000\n", done.stderr)


def test_01_no_network_and_no_process_is_needed(lab: Lab) -> None:
    code = """
    import sys
    events = []
    outward = {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.fork", "os.posix_spawn", "os.system"}
    sys.addaudithook(lambda event, arguments: events.append(event) if event in outward else None)
    ln.track()
    ln.Run.get(ln.context.run.uid)
    ln.finish()
    print(events)
    """
    assert lab.run(lab.write("quiet.py", code)).stdout == "[]\n"


def test_01_no_account_is_needed(lab: Lab) -> None:
    """Nobody logged in, and nothing tells who it is but the operating system."""
    home = lab.folder.parent / "new home"
    home.mkdir()
    unset = (
        "import os\nfor name in ('LAMIN_USER_HANDLE', 'LAMIN_USER_NAME', 'LAMIN_USER_EMAIL'):\n    os.environ.pop(name, None)\n"
    )
    path = lab.write("a.py", SIMPLE, head=unset + "import lamindb as ln\n")
    lab.run(path, HOME=str(home), LAMIN_SETTINGS_DIR=str(home / "settings"), LAMIN_CACHE_DIR=str(home / "cache"))
    (run,) = lab.runs()
    assert (run.status, run.report.load()) == ("completed", "hello\n")
    assert run.created_by.handle != "testuser"


def test_02_the_same_script_is_one_transform_edited_the_next_version_and_set_back_the_first(lab: Lab) -> None:
    lab.write("a.py", SIMPLE)
    lab.run("a.py")
    lab.run("a.py")
    lab.write("a.py", SIMPLE + "# edited\n")
    lab.run("a.py")
    lab.write("a.py", SIMPLE)
    lab.run("a.py")
    first, second = lab.transforms()
    assert (first.stem_uid, first.uid[-4:], first.is_latest) == (second.stem_uid, "0000", False)
    assert (second.uid[-4:], second.is_latest) == ("0001", True)
    assert [run.transform_id for run in lab.runs()] == [first.id, first.id, second.id, first.id]
    assert len({run.environment_id for run in lab.runs()}) == 1
    assert ln.Artifact.filter(description="requirements.txt").count() == 1


def test_02_a_third_content_comes_after_the_newest_version(lab: Lab) -> None:
    for comment in ("a", "b", "a", "c"):
        lab.write("a.py", f"ln.track()\nln.finish()\n# {comment}\n")
        lab.run("a.py")
    assert [run.transform.uid[-4:] for run in lab.runs()] == ["0000", "0001", "0000", "0002"]


def test_03_a_stem_holds_the_family_together_through_renames_and_edits(lab: Lab) -> None:
    lab.write("a.py", 'ln.track("Abcdefghijkl")\nln.finish()\n')
    lab.run("a.py")
    (lab.folder / "a.py").rename(lab.folder / "b.py")
    lab.run("b.py")
    assert [(each.uid, each.key) for each in lab.transforms()] == [("Abcdefghijkl0000", "b.py")]
    (lab.folder / "b.py").unlink()
    lab.write("sub/c.py", 'ln.track("Abcdefghijkl")\nln.finish()\n# edited\n')
    lab.run("sub/c.py")
    assert [(each.uid, each.key) for each in lab.transforms()] == [("Abcdefghijkl0000", "b.py"), ("Abcdefghijkl0001", "sub/c.py")]


def test_03_a_whole_uid_is_one_version(lab: Lab) -> None:
    lab.write("a.py", 'ln.track("Abcdefghijkl0000")\nln.finish()\n')
    lab.run("a.py")
    lab.write("a.py", 'ln.track("Abcdefghijkl0000")\nln.finish()\n# edited\n')
    done = lab.run("a.py", status=1)
    assert "UpdateContext: transform 'Abcdefghijkl0000' has other source code than this" in done.stderr
    assert "for the next version pass 'Abcdefghijkl0001'" in done.stderr
    assert len(lab.runs()) == len(lab.transforms()) == 1
    lab.write("a.py", 'ln.track("Abcdefghijkl0001")\nln.finish()\n# edited\n')
    lab.run("a.py")
    assert [each.uid[-4:] for each in lab.transforms()] == ["0000", "0001"]


@pytest.mark.parametrize("uid", ["short", "a" * 13, "a" * 17, "abc-efghijkl", "äbcdefghijkl", ""])
def test_03_what_is_no_uid_is_refused_with_one_that_is(uid: str, database: object) -> None:
    with pytest.raises(InvalidArgument, match=r"is no uid of a transform.*a fresh one is '\w{12}'"):
        ln.track(uid)
    assert ln.Transform.filter().count() == ln.Run.filter().count() == 0


def test_04_equal_names_in_two_folders_are_two_families(lab: Lab, tmp_path: object) -> None:
    """Inside the project by their keys; outside of every root by where they lie, whatever is in them."""
    for folder in ("one", "two"):
        lab.run(lab.write(f"{folder}/x.py", SIMPLE))
    outside = lab.folder.parent / "outside"
    for folder in ("a", "b"):
        lab.run(lab.write(str(outside / folder / "x.py"), SIMPLE))
        lab.run(lab.write(str(outside / folder / "x.py"), SIMPLE + "# edited\n"))
    families: dict[str, set[str]] = {}
    for transform in lab.transforms():
        families.setdefault(transform.stem_uid, set()).add(transform.key)
    assert sorted(map(sorted, families.values())) == [["b/x.py"], ["one/x.py"], ["two/x.py"], ["x.py"]]
    assert len(lab.transforms()) == 6


def test_04_a_key_is_compared_as_a_whole_and_with_its_case(lab: Lab) -> None:
    lab.run(lab.write("my-x.py", SIMPLE))
    lab.run(lab.write("x.py", SIMPLE))
    lab.run(lab.write("X.py", SIMPLE))
    assert {each.key for each in lab.transforms()} == {"my-x.py", "x.py", "X.py"}
    lab.run(lab.write("s.py", 'ln.track("abcdefghijkl")\nln.finish()\n'))
    lab.run(lab.write("t.py", 'ln.track("ABCDEFGHIJKL")\nln.finish()\n'))
    heads = [each.uid for each in lab.transforms() if each.is_latest]
    assert {"abcdefghijkl0000", "ABCDEFGHIJKL0000"} <= set(heads)


def test_04_the_root_is_the_repository_and_its_remote_tells_it_from_others(lab: Lab) -> None:
    def repository(name: str, remote: str) -> None:
        lab.write(f"{name}/.git/config", f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {remote}\n', head="")
        lab.run(lab.write(f"{name}/src/fit.py", SIMPLE))

    repository("clone", "git@example.org:team/fit.git")
    repository("other clone", "https://me:secret@Example.org/team/fit")
    repository("fork", "https://example.org/me/fit.git")
    assert [each.key for each in lab.transforms()] == ["src/fit.py", "fork/src/fit.py"]
    assert len({run.transform_id for run in lab.runs()[:2]}) == 1


def test_05_a_copy_is_a_transform_of_its_own_and_a_renamed_file_the_same(lab: Lab) -> None:
    original = lab.write("a.py", SIMPLE)
    lab.run(original)
    lab.run(lab.write("the_copy.py", SIMPLE))
    assert len({each.stem_uid for each in lab.transforms()}) == 2
    original.rename(lab.folder / "renamed.py")
    done = lab.run("renamed.py")
    assert sorted(each.key for each in lab.transforms()) == ["renamed.py", "the_copy.py"]
    assert "'renamed.py' was called 'a.py' before, which is gone: the transform is renamed" in done.stderr
    assert "pass key='renamed.py'" in done.stderr
    lab.write("renamed.py", SIMPLE + "# edited\n")
    lab.run("renamed.py")
    assert [each.uid[-4:] for each in lab.transforms(key="renamed.py")] == ["0000", "0001"]


def test_05_a_folder_that_moved_takes_its_scripts_along(lab: Lab) -> None:
    before = lab.folder.parent / "before"
    lab.run(lab.write(str(before / "x.py"), SIMPLE))
    before.rename(lab.folder.parent / "after")
    lab.run(lab.write(str(lab.folder.parent / "after" / "x.py"), SIMPLE + "# edited\n"))
    assert [(each.key, each.uid[-4:]) for each in lab.transforms()] == [("x.py", "0000"), ("x.py", "0001")]


def test_05_nothing_in_the_sources_asks_a_question() -> None:
    from pathlib import Path

    room = Path(ln.__file__).parent / "lineage"
    assert [path.name for path in room.glob("*.py") if re.search(r"\binput\(", path.read_text())] == []


def test_10_a_second_track_is_refused_and_the_run_ends(lab: Lab) -> None:
    code = """
    import sys
    before = sys.stdout
    ln.track()
    try:
        ln.track()
    except RuntimeError as error:
        print(type(error).__name__, error)
    ln.finish()
    assert sys.stdout is before
    """
    out = lab.run(lab.write("twice.py", code)).stdout
    assert re.match(
        r"RunInProgress run \w{16} of 'twice.py' is tracked already; call ln.finish\(\) before the next ln.track\(\)", out
    )
    assert [run.status for run in lab.runs()] == ["completed"]


def test_10_one_after_the_other_is_two_runs(lab: Lab) -> None:
    lab.run(lab.write("loop.py", "for number in range(2):\n    ln.track()\n    print(number)\n    ln.finish()\n"))
    assert [(run.status, run.report.load()) for run in lab.runs()] == [("completed", "0\n"), ("completed", "1\n")]


def test_11_finish_needs_a_run(lab: Lab) -> None:
    code = """
    for number in range(2):
        try:
            ln.finish()
        except ln.errors.TrackNotCalled as error:
            print(error)
        if not number:
            ln.track()
            ln.finish()
    """
    out = lab.run(lab.write("a.py", code)).stdout.splitlines()
    assert out == ["no run is tracked; call ln.track() first"] * 2


def test_12_a_pipeline_completes(lab: Lab) -> None:
    code = """
    ln.track(transform=ln.Transform(key="pipe", version="1"))
    assert ln.context.transform.key == "pipe"
    ln.finish()
    ln.track(transform=ln.Transform(key="pipe"))
    ln.finish()
    """
    lab.run(lab.write("a.py", code))
    (transform,) = lab.transforms()
    assert (transform.key, transform.kind, transform.version, transform.source_code) == ("pipe", "pipeline", "1", None)
    assert [(run.status, run.finished_at is not None) for run in lab.runs()] == [("completed", True)] * 2


@pytest.mark.parametrize("kind", ["script", "notebook"])
def test_12_a_script_is_no_pipeline(kind: str, database: object) -> None:
    with pytest.raises(ValueError, match=f"a {kind} is found by its file"):
        ln.track(ln.Transform(key="a", kind=kind))
    with pytest.raises(ValueError, match="key goes without a Transform"):
        ln.track(ln.Transform(key="a"), key="b")
    assert ln.Run.filter().count() == 0


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (["-c", "import lamindb as ln; ln.track()"], r"pass track\(path=…\) with the file, or track\(key=…, source_code=…\)"),
        (["-"], r"is in no file, as with python -c or in an interactive session"),
    ],
)
def test_25_code_that_is_in_no_file_is_told_what_to_pass(lab: Lab, command: list[str], wanted: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        input="import lamindb as ln; ln.track()\n",
        cwd=lab.folder,
        env=lab.environment({}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert re.search(wanted, done.stderr)
    assert lab.runs() == []


def test_25_code_that_is_in_no_file_can_be_passed(lab: Lab) -> None:
    code = "import lamindb as ln; ln.track(key='fit', source_code='1 + 1'); ln.finish()"
    subprocess.run([sys.executable, "-c", code], cwd=lab.folder, env=lab.environment({}), check=True, capture_output=True)
    (transform,) = lab.transforms()
    assert (transform.key, transform.kind, transform.source_code) == ("fit", "function", "1 + 1")
    with pytest.raises(InvalidArgument, match="source_code needs key"):
        ln.track(source_code="1 + 1")


def test_25_in_a_session_code_is_passed_or_it_is_told_what_to_pass(lab: Lab) -> None:
    session = """
import lamindb as ln
ln.track()
@ln.flow()
def fit(): pass

fit()
ln.track(key="session", source_code="1 + 1")
ln.ULabel(name="typed").save()
"""
    done = subprocess.run(
        [sys.executable, "-i", "-q"],
        input=session,
        cwd=lab.folder,
        env=lab.environment({}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "UnknownSource: the code that calls track() is in no file" in done.stderr
    assert "UnknownSource: the code of fit is in no file" in done.stderr
    (run,) = lab.runs()
    assert (run.transform.key, run.status) == ("session", "completed")
    assert ln.ULabel.get(name="typed").run == run


def test_25_a_script_that_vanished_is_told(lab: Lab) -> None:
    done = lab.run(lab.write("a.py", "import os\nos.remove(__file__)\nln.track()\n"), status=1)
    assert "UnknownSource: the code that calls track() is in no file" in done.stderr
    assert lab.runs() == []


def test_02_a_script_that_is_edited_while_it_runs_is_the_one_that_began(lab: Lab) -> None:
    path = lab.write(
        "a.py", "ln.track()\nopen(__file__, 'a').write('# edited')\n@ln.step()\ndef add(): pass\nadd()\nln.finish()\n"
    )
    before = path.read_text()
    lab.run(path)
    (transform,) = lab.transforms()
    assert transform.source_code == before
    assert [run.transform_id for run in lab.runs()] == [transform.id] * 2


def test_what_tracks_for_a_script_is_not_taken_for_it(lab: Lab) -> None:
    lab.write("tools.py", "def begin():\n    ln.track()\n")
    lab.run(lab.write("main.py", "import tools\ntools.begin()\nln.finish()\n"))
    assert [each.key for each in lab.transforms()] == ["main.py"]


def test_secrets_in_source_and_parameters_are_hidden(lab: Lab) -> None:
    code = """
    api_key = "sk-123"
    ln.track(params={"db": {"password": "hunter2", "url": "postgresql://me:pw@host/db"}, "n": [{"token": "t"}]})
    ln.finish()
    """
    done = lab.run(lab.write("a.py", code), "--password", "hunter3", "TOKEN=hunter4")
    (transform,), (run,) = lab.transforms(), lab.runs()
    assert 'api_key = "***REDACTED***"' in transform.source_code
    assert "postgresql://me:***REDACTED***@host/db" in transform.source_code
    assert transform.hash == hash_of(transform.source_code.encode())
    assert run.params == {
        "db": {"password": "***REDACTED***", "url": "postgresql://me:***REDACTED***@host/db"},
        "n": [{"token": "***REDACTED***"}],
    }
    assert run.cli_args == "--password ***REDACTED*** TOKEN=***REDACTED***"
    assert "4 secrets in the source code are hidden" in done.stderr
    assert "3 secrets in the parameters are hidden" in done.stderr


def test_14_parameters_that_are_no_json_stop_nothing(lab: Lab) -> None:
    code = """
    import numpy, pathlib, datetime
    ln.track(params=dict(s={2, 1}, nan=float("nan"), n=numpy.float64(1.5), i=numpy.int64(2), p=pathlib.Path("a/b"),
        d=datetime.date(2024, 1, 2), t=(1, None), b=b"x", o=object(), deep={1: [set()]}, label=ln.ULabel(name="x").save()))
    ln.finish()
    """
    done = lab.run(lab.write("a.py", code))
    uid = ln.ULabel.get(name="x").uid
    expected = {"s": [1, 2], "nan": "nan", "n": 1.5, "i": 2, "p": "a/b", "d": "2024-01-02", "t": [1, None], "deep": {"1": [[]]}}
    assert lab.runs()[0].params == {**expected, "label": f"ULabel[{uid}]"}
    assert "parameter 'b' is not recorded: a bytes is no JSON value" in done.stderr
    assert "parameter 'o' is not recorded" in done.stderr


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ('project="nothing"', "project: .* has no Project 'nothing'"),
        ('plan="nothing"', "plan: .* has no Artifact 'nothing'"),
        ('branch="man"', "branch: .* has no Branch 'man'; did you mean 'main'"),
        ('space="nothing"', "space: .* has no Space 'nothing'"),
        ('initiated_by_run="nothing"', "initiated_by_run: .* has no Run 'nothing'"),
        ('project=ln.Project(name="unsaved")', "project must be saved"),
        ("plan=3", "plan must be a Artifact, its key or its uid, not 3"),
        ("params=[1]", "params must be a mapping"),
        ('source_code="x"', "source_code needs key"),
        ('path="nothing.py"', "there is no source file"),
    ],
)
def test_13_a_wrong_argument_writes_nothing(lab: Lab, only_sqlite: None, argument: str, problem: str) -> None:
    done = lab.run(lab.write("a.py", f"ln.track({argument})\n"), status=1)
    assert re.search(problem, done.stderr), done.stderr
    assert lab.runs() == lab.transforms() == []
    assert ln.Artifact.filter(kind="__lamindb_run__").count() == 0


def test_13_project_branch_plan_and_initiator_are_found_and_end_with_the_run(lab: Lab) -> None:
    code = """
    project = ln.Project(name="p53").save()
    branch = ln.Branch(name="trial").save()
    with open("plan.txt", "w") as file: file.write("plan")
    ln.Artifact("plan.txt", key="plan.txt").save()
    ln.track(project="p53", branch="trial", plan="plan.txt")
    assert ln.context.project == project and ln.context.branch == branch
    first = ln.context.run
    label = ln.ULabel(name="x").save()
    assert label.branch_id == branch.id == first.branch_id, (label, branch, first)
    ln.finish()
    assert ln.context.project is None and ln.context.branch is None and ln.context.run is None
    assert ln.ULabel(name="y").save().branch_id == 1
    ln.track(initiated_by_run=first.uid)
    ln.finish()
    """
    lab.run(lab.write("a.py", code))
    first, second = list(ln.Run.filter(branch=None).order_by("id"))
    assert [project.name for project in first.projects.all()] == ["p53"]
    assert first.plan.key == "plan.txt"
    assert second.initiated_by_run_id == first.id
    assert [run.status for run in (first, second)] == ["completed"] * 2


def test_14_transform_and_run_are_written_together_or_not_at_all(lab: Lab) -> None:
    refuse, allow = {
        "sqlite": (
            "CREATE TRIGGER no BEFORE INSERT ON lamindb_run BEGIN SELECT RAISE(ABORT, 'not today'); END",
            "DROP TRIGGER no",
        ),
        "postgresql": (
            'ALTER TABLE lamindb_run ADD CONSTRAINT "not today" CHECK (false)',
            'ALTER TABLE lamindb_run DROP CONSTRAINT "not today"',
        ),
    }[lab.database.dialect]
    with lab.database.writing() as transaction:
        transaction.connection.exec_driver_sql(refuse)
    try:
        done = lab.run(lab.write("a.py", "ln.track()\n"), status=1)
    finally:
        with lab.database.writing() as transaction:
            transaction.connection.exec_driver_sql(allow)
    assert "not today" in done.stderr or "CheckViolation" in done.stderr
    assert lab.runs() == lab.transforms() == []


def test_an_argument_called_project_is_a_parameter(lab: Lab) -> None:
    lab.run(lab.write("a.py", "@ln.flow()\ndef fit(project, branch): pass\nfit(project='p53 study', branch='left')\n"))
    assert [run.params for run in lab.runs()] == [{"project": "p53 study", "branch": "left"}]


def test_a_module_is_known_by_its_file(lab: Lab) -> None:
    lab.write("tools/__init__.py", "", head="")
    lab.write("tools/fit.py", "ln.track()\nln.finish()\n")
    command = [sys.executable, "-m", "tools.fit"]
    subprocess.run(command, cwd=lab.folder, env=lab.environment({}), check=True, capture_output=True)
    assert [each.key for each in lab.transforms()] == ["tools/fit.py"]


def test_a_log_that_cannot_be_written_stops_nothing(lab: Lab, only_sqlite: None) -> None:
    (lab.folder / "no folder").touch()
    lab.write("a.py", "ln.track()\nprint('x')\nln.finish()\n")
    done = lab.run("a.py", LAMIN_CACHE_DIR=str(lab.folder / "no folder"))
    assert "what is printed is not kept, because the log cannot be written" in done.stderr
    assert [(run.status, run.report) for run in lab.runs()] == [("completed", None)]


def test_a_project_can_come_from_the_environment(lab: Lab) -> None:
    ln.Project(name="p53").save()
    path = lab.write("a.py", "ln.track()\nln.finish()\n")
    lab.run(path, LAMIN_CURRENT_PROJECT="p53")
    assert [each.name for each in lab.runs()[0].projects.all()] == ["p53"]
    assert [each.name for each in lab.transforms()[0].projects.all()] == ["p53"]
    assert "has no Project 'p54'; did you mean 'p53'?" in lab.run(path, status=1, LAMIN_CURRENT_PROJECT="p54").stderr
