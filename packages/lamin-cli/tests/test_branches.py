"""Branches and spaces from `create` to `delete`. Numbers are those of the acceptance list."""

from __future__ import annotations

import json
import os
import pty
import subprocess

import pytest

from .conftest import LAMIN, Outcome, Shell


def branch_of(shell: Shell, label: str) -> str:
    return shell.python(f"print(ln.ULabel.get(name={label!r}, branch=None).branch.name)")


def make_label(shell: Shell, name: str, **values: str) -> None:
    arguments = "".join(f", {key}={value!r}" for key, value in values.items())
    shell.python(f"ln.ULabel(name={name!r}{arguments}).save()")


def branches(shell: Shell) -> list[tuple[str, str, str]]:
    return [(row["current"], row["name"], row["status"]) for row in shell("list", "branch").rows()]


# ---- from beginning to end --------------------------------------------------------------------------------------------------


def test_32_work_on_a_branch_and_merge_it(database: Shell) -> None:
    said = database("switch", "-c", "b")
    assert said == Outcome(0, "", "created and switched to branch 'b', before 'main'\n")
    database.write("f.txt", "hello")
    assert database("save", "f.txt", "--key", "f.txt").code == 0
    make_label(database, "blood")
    assert database("describe", "--key", "f.txt").code == 0
    assert database("switch", "main") == Outcome(0, "", "switched to branch 'main', before 'b'\n")
    assert database("describe", "--key", "f.txt").code == 3
    assert branches(database) == [
        ("no", "b", "standalone"),
        ("yes", "main", "standalone"),
        ("no", "archive", "standalone"),
        ("no", "trash", "standalone"),
    ]
    counts = "  1 Artifact\n  1 ULabel\n"
    dry = database("merge", "b", "--dry-run")
    assert dry == Outcome(0, f"branch 'b' can be merged into 'main': 2 rows to move\n{counts}", "")
    assert database("merge", "b") == Outcome(0, f"merged branch 'b' into 'main': 2 rows moved\n{counts}", "")
    assert database("get", "--key", "f.txt", "--field", "uid").code == 0
    assert branches(database)[0] == ("no", "b", "merged")
    assert database("merge", "b") == Outcome(
        4, "", "lamin: the branch 'b' is merged, so nothing was moved; to merge what came to it since, use force\n"
    )
    assert database("merge", "b", "--force").code == 0
    kept = database("delete", "branch", "b", "--permanent")
    assert (kept.code, kept.out) == (4, "")
    assert kept.err.startswith("lamin: the branch 'b' cannot be deleted: 1 Artifact, 1 ULabel were made on it")


def test_spaces(database: Shell) -> None:
    made = database("create", "space", "lab", "--description", "ours")
    assert (made.code, len(made.out), made.err) == (0, 13, "created space 'lab'\n")
    assert database("switch", "--space", "lab") == Outcome(0, "", "switched to space 'lab', before 'all'\n")
    assert database("switch", "--space", "lab") == Outcome(0, "", "switched to space 'lab'\n")
    make_label(database, "blood")
    assert database("describe", "ulabel", "--name", "blood").out.count("lab\n") == 1
    listed = [(row["current"], row["name"], row["description"]) for row in database("list", "space").rows()]
    assert listed[0] == ("yes", "lab", "ours")
    moved = database("update", "ulabel", "--name", "blood", "--space", "all")
    assert (moved.code, moved.out, moved.err[-8:]) == (0, "", ": space\n")
    assert database("delete", "space", "lab", "--permanent") == Outcome(
        2, "", "lamin: 'lab' is the current space; to delete it, run `lamin switch --space all` first\n"
    )
    assert database("switch", "--space", "all").code == 0
    uid = made.out.strip()
    assert database("delete", "space", "lab", "--permanent") == Outcome(0, "", f"deleted space {uid} for good\n")


# ---- create and switch ------------------------------------------------------------------------------------------------------


def test_create_makes_what_is_not_there(database: Shell) -> None:
    for registry in ("branch", "space", "project", "ulabel"):
        made = database("create", registry, "x", "--description", "what it is")
        assert (made.code, made.err) == (0, f"created {registry} 'x'\n")
        assert database("get", registry, "--name", "x", "--field", "uid").out == made.out
        assert database("get", registry, "--name", "x", "--field", "description").out == "what it is\n"
        again = database("create", registry, "x")
        assert (again.code, again.out) == (4, "")
        assert " 'x' already" in again.err
    said = database("create", "branch", "X")
    assert (said.code, "differs from it in case only" in said.err) == (4, True)
    said = database("create", "branch", " x")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert database("create", "branch").code == 2
    assert database("create", "gene", "x").code == 2


def test_switch_refuses(database: Shell) -> None:
    assert database("switch", "nope") == Outcome(
        3, "", "lamin: testuser/mydir has no branch 'nope'; to make it, run `lamin switch --create nope`\n"
    )
    assert database("switch", "--create", "main") == Outcome(
        4, "", "lamin: testuser/mydir has a Branch 'main' already; to use it, run `lamin switch main`\n"
    )
    assert database("switch") == Outcome(2, "", "lamin: missing argument 'TARGET'; see 'lamin switch --help'\n")
    assert database("switch", "branch", "x").code == 2
    for name in ("trash", "archive"):
        assert database("switch", name).code == 2
    assert database("settings", "branch") == Outcome(0, "main\n", "")


def test_switching_without_a_database(lamin: Shell) -> None:
    for command in (["switch", "x"], ["merge", "x"], ["create", "branch", "x"], ["update", "branch", "--status", "draft"]):
        said = lamin(*command)
        assert (said.code, said.out, said.err.count("\n")) == (3, "", 1), command


# ---- merge ------------------------------------------------------------------------------------------------------------------


def test_merge_tells_conflicts(database: Shell) -> None:
    database("create", "branch", "b")
    make_label(database, "x", branch="b")
    make_label(database, "x")
    shown = database("merge", "b", "--dry-run")
    assert (shown.code, shown.err) == (4, "lamin: rename, unlock or delete what is in the way, then merge\n")
    assert shown.out.startswith("branch 'b' cannot be merged into 'main': 1 conflict among 1 row\n  1 ULabel\n  ! ULabel 'x' is ")
    told = json.loads(database("merge", "b", "--dry-run", "--json").out)
    assert (told["source"], told["target"], told["moved"], told["is_dry_run"]) == ("b", "main", {"ULabel": 1}, True)
    assert [(one["registry"], one["reason"], one["value"]) for one in told["conflicts"]] == [("ULabel", "name", "x")]
    done = database("merge", "b")
    assert (done.code, done.out, done.err.count("\n")) == (4, "", 1)
    assert database("get", "branch", "--name", "b", "--field", "status").out == "standalone\n"


def test_merge_into_another_branch(database: Shell) -> None:
    for name in ("a", "b"):
        database("create", "branch", name)
    make_label(database, "x", branch="b")
    assert database("merge", "b", "--into", "a").out.startswith("merged branch 'b' into 'a'")
    assert branch_of(database, "x") == "a"
    assert database("merge", "main") == Outcome(0, "'main' is the branch to merge into, so there is nothing to merge\n", "")
    assert database("merge", "nope").code == 3
    assert database("merge", "trash").code == 2


# ---- update and delete ------------------------------------------------------------------------------------------------------


def test_update_of_the_current_branch(database: Shell) -> None:
    assert database("switch", "-c", "b").code == 0
    done = database("update", "branch", "--status", "review", "--rename", "c", "--description", "new")
    assert (done.code, done.out, done.err[-30:]) == (0, "", ": status, rename, description\n"[-30:])
    for field, value in (("status", "review"), ("name", "c"), ("description", "new")):
        assert database("get", "branch", "--name", "c", "--field", field).out == f"{value}\n"
    assert database("settings", "branch").out == "c\n"
    assert database("get", "branch", "--field", "name") == Outcome(0, "c\n", "")
    assert database("describe", "branch").out.startswith("Branch: c\n")
    assert database("describe", "space").out.startswith("Space: all\n")
    assert database("annotate", "branch", "--description", "newer").code == 0
    said = database("update", "branch", "--status", "revew")
    assert (said.code, "did you mean 'review'" in said.err) == (2, True)


def test_update_is_all_or_nothing(greeting: Shell) -> None:
    greeting("create", "branch", "b")
    said = greeting("update", "--key", "k/f.txt", "--description", "new", "--branch", "nope")
    assert (said.code, said.out) == (2, "")
    assert greeting("get", "--key", "k/f.txt", "--field", "description").out == "a greeting\n"
    done = greeting("update", "--key", "k/f.txt", "--description", "new", "--branch", "b")
    assert (done.code, done.out, done.err.startswith("updated artifact ")) == (0, "", True)
    assert greeting("get", "--key", "k/f.txt", "--field", "uid").code == 3
    assert greeting("merge", "b").code == 0
    assert greeting("get", "--key", "k/f.txt", "--field", "description").out == "new\n"
    end = "; see 'lamin update --help'\n"
    sentence = "say what to change: --rename, --description, --status, --branch or --space"
    assert greeting("update", "--key", "k/f.txt") == Outcome(2, "", f"lamin: {sentence}{end}")
    sentence = "artifact rows have no status"
    assert greeting("update", "--key", "k/f.txt", "--status", "x") == Outcome(2, "", f"lamin: {sentence}{end}")
    assert greeting("update", "--status", "x").code == 2


def test_what_has_no_trash_is_asked_about(database: Shell) -> None:
    uid = database("create", "branch", "b").out.strip()
    sentence = "branch rows have no trash; to delete this one for good, pass --permanent; see 'lamin delete --help'"
    assert database("delete", "branch", "b") == Outcome(2, "", f"lamin: {sentence}\n")
    question = "branch rows have no trash; delete this one for good? [y/N]: "
    assert answered(database, "n") == ["n", f"{question}nothing was deleted"]
    assert len(branches(database)) == 4
    assert answered(database, "y") == ["y", f"{question}deleted branch {uid} for good"]
    assert len(branches(database)) == 3
    assert database("describe", "branch", "--uid", uid).code == 3


def answered(shell: Shell, answer: str) -> list[str]:
    """What a terminal shows where somebody answers `lamin delete branch b` before it asks."""
    terminal, end = pty.openpty()
    environment = {**os.environ, "HOME": str(shell.home), "LAMIN_SETTINGS_DIR": str(shell.home)}
    process = subprocess.Popen(
        [LAMIN, "delete", "branch", "b"], stdin=end, stdout=end, stderr=end, cwd=shell.folder, env=environment
    )
    os.write(terminal, f"{answer}\n".encode())
    process.wait(timeout=60)
    os.close(end)
    said = os.read(terminal, 10000).decode()
    os.close(terminal)
    return said.splitlines()


def test_delete_by_name(greeting: Shell) -> None:
    make_label(greeting, "blood")
    assert greeting("delete", "ulabel", "blood").code == 0
    assert greeting("delete", "artifact", "k/f.txt").code == 0
    said = greeting("delete", "ulabel", "blood", "--name", "blood")
    assert said == Outcome(2, "", "lamin: say which row once: 'blood', or an option; see 'lamin delete --help'\n")
    assert greeting("delete", "branch", "main", "--permanent").code == 2
    assert greeting("delete", "space", "all", "--permanent").code == 2


@pytest.mark.parametrize("registry", ["branch", "run", "project"])
def test_a_status_is_shown_by_its_name(database: Shell, registry: str) -> None:
    database.python("ln.Project(name='p').save(); ln.Run(ln.Transform(key='a.py').save()).save()")
    told = json.loads(database("list", registry, "--json").out)
    assert told[-1]["status"] in ("standalone", "planned", "scheduled")
