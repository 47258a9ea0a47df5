"""Profiles are local. Numbers are those of the acceptance list for set-up and command line."""

from __future__ import annotations

import getpass
import json
import os
import re
from pathlib import Path

import pytest

from .conftest import Outcome, Shell

OFFLINE = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "urllib.Request"):
        os.write(2, f"{event} {arguments}\\n".encode())
        os._exit(99)

sys.addaudithook(refuse)
"""


@pytest.fixture
def own(lamin: Shell) -> dict[str, str]:
    """The environment of a user who sets no profile by it."""
    return {"LAMIN_USER_HANDLE": ""}


def uid_of(shell: Shell, own: dict[str, str]) -> str:
    uid = json.loads(shell("info", "--json", **own).out)["user_uid"]
    assert re.fullmatch("[0-9A-Za-z]{8}", uid)
    return str(uid)


@pytest.fixture
def guard(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that ends at the first try to reach a network."""
    folder = tmp_path / "guard"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(OFFLINE)
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


def test_20_rows_name_their_creator_and_no_request_leaves_the_machine(
    lamin: Shell, own: dict[str, str], guard: dict[str, str]
) -> None:
    lamin.write("f.txt", "hello")
    for command in (
        ["login", "alice", "--name", "Alice"],
        ["init"],
        ["save", "f.txt", "--key", "f.txt"],
        ["list", "artifact"],
        ["describe", "--key", "f.txt"],
        ["info"],
        ["settings"],
        ["migrate", "check"],
        ["logout"],
    ):
        assert lamin(*command, **own, **guard).code == 0, command
    assert [row["created_by"] for row in lamin("list", "artifact", **own).rows()] == ["alice"]
    assert lamin.python("print(ln.Artifact.get(key='f.txt').created_by.name)", **own) == "Alice"


def test_20_the_guard_sees_what_it_looks_for(lamin: Shell, guard: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match=r"socket\.getaddrinfo \('localhost', 1"):
        lamin.python("import socket; socket.getaddrinfo('localhost', 1)", **guard)


def test_21_login_makes_and_chooses_profiles(lamin: Shell, own: dict[str, str]) -> None:
    me = getpass.getuser()
    first = lamin("login", **own)
    mine = uid_of(lamin, own)
    said = f"the profile in use is {me} (uid {mine}); it is local, another is chosen or made by `lamin login HANDLE`\n"
    assert first == Outcome(0, "", said)
    done = lamin("login", "ada", "--name", "Ada Lovelace", **own)
    ada = uid_of(lamin, own)
    assert done == Outcome(0, "", f"logged in ada (uid {ada}, Ada Lovelace)\n")
    assert ada != mine
    assert lamin("login", "--email", "ada@example.org", **own) == Outcome(0, "", f"logged in ada (uid {ada}, Ada Lovelace)\n")
    assert lamin("logout", **own) == Outcome(0, "", f"logged out, now {me}\n")
    assert lamin("logout", **own) == Outcome(0, "", f"already {me}\n")
    assert uid_of(lamin, own) == mine
    assert lamin("login", "ada", **own) == Outcome(0, "", f"logged in ada (uid {ada}, Ada Lovelace)\n")


def test_21_a_handle_has_no_spaces(lamin: Shell, own: dict[str, str]) -> None:
    sentence = "'a b' cannot be a handle: write up to 30 letters, digits, '.', '-' or '_', without spaces"
    assert lamin("login", "a b", **own) == Outcome(2, "", f"lamin: {sentence}\n")


def test_a_handle_that_somebody_else_has(database: Shell, tmp_path: Path) -> None:
    (tmp_path / "other home").mkdir()
    database.write("f.txt", "hello")
    other = Shell(tmp_path / "other home", database.folder)
    said = other("save", "f.txt", "--key", "f.txt")
    assert (said.code, said.out, said.err.count("\n")) == (4, "", 1)
    assert said.err.startswith("lamin: ")
    assert "'testuser'" in said.err
    assert other("list", "artifact") == Outcome(0, "", "no row in artifact\n")


def test_settings_that_cannot_be_written(lamin: Shell) -> None:
    (lamin.home / ".lamin").write_text("a file where the folder should be")
    said = lamin("login", "ada")
    assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)
    assert said.err.startswith("lamin: the settings directory 'HOME/.lamin' cannot be written (")
    assert said.err.endswith("); set LAMIN_SETTINGS_DIR to one that can\n")
