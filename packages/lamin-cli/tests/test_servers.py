"""The same commands on Postgres, in short; numbers are those of the acceptance list."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Outcome, Shell


def with_password(url: str) -> str:
    return url.replace("postgres@", "postgres:s3cr3t@", 1)


def test_40_a_whole_day_on_a_server(lamin: Shell, server_url: str) -> None:
    name = server_url.partition("@/")[2].partition("?")[0]
    slug = f"testuser/{name}"
    assert lamin("init", "--db", server_url) == Outcome(0, "", f"created {slug} in FOLDER\n")
    assert lamin("init") == Outcome(0, "", f"already initialised, connected {slug} in FOLDER\n")
    lamin.write("f.txt", "hello")
    saved = lamin("save", "f.txt", "--key", "k/f.txt", "--description", "a greeting")
    uid = saved.out.split()[0]
    line = f"{uid}  k/f.txt  FOLDER/storage/.lamindb/{uid}.txt\n"
    assert saved == Outcome(0, line, "saved as version 0000\n")
    assert lamin("save", "f.txt", "--key", "k/f.txt") == Outcome(0, line, "the same content is registered already\n")
    listed = lamin("list", "artifact").rows()
    assert [(row["key"], row["created_by"], row["branch"]) for row in listed] == [("k/f.txt", "testuser", "main")]
    assert lamin("describe", "--key", "k/f.txt").out.splitlines()[:2] == ["Artifact: k/f.txt (0000)", f"  uid          {uid}"]
    assert lamin("describe", "--key", "nope").code == 3
    assert lamin("switch", "--create", "trial").code == 0
    assert lamin("update", "--key", "k/f.txt", "--branch", "trial").code == 0
    assert lamin("switch", "main").code == 0
    assert lamin("merge", "trial").out == "merged branch 'trial' into 'main': 1 row moved\n  1 Artifact\n"
    assert lamin("migrate", "check") == Outcome(0, "", "the database is up to date\n")
    assert lamin("delete", "--uid", uid, "--permanent") == Outcome(0, "", f"deleted artifact {uid} for good\n")
    assert lamin("disconnect", "--here").code == 0
    assert lamin("connect", server_url) == Outcome(0, "", f"connected {slug}\n")
    assert [row["default"] for row in lamin("list").rows()] == ["yes"]


def test_40_a_password_is_written_nowhere(lamin: Shell, server_url: str) -> None:
    secret = with_password(server_url)
    for command in (
        ["init", "--db", secret],
        ["info"],
        ["info", "--json"],
        ["list"],
        ["list", "--json"],
        ["connect", secret],
        ["init", "--db", secret, "--name", "other", "--debug"],
    ):
        said = lamin(*command)
        assert "s3cr3t" not in said.out + said.err, command
    told = json.loads(lamin("info", "--json").out)
    assert told["database"] == server_url
    files = [path for folder in (lamin.folder, lamin.home) for path in folder.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if b"s3cr3t" in path.read_bytes()] == []


def test_41_a_second_folder_for_one_database(lamin: Shell, server_url: str, elsewhere: Path) -> None:
    assert lamin("init", "--db", server_url).code == 0
    said = lamin("init", "--db", server_url, folder=elsewhere)
    assert (said.code, said.out, said.err.count("\n")) == (4, "", 1)
    assert "--adopt" in said.err
    assert list(elsewhere.iterdir()) == []
    assert lamin("init", "--db", server_url, "--adopt", folder=elsewhere).code == 0
    assert json.loads(lamin("info", "--json", folder=elsewhere).out)["storage"] == "FOLDER/storage"


def test_a_database_that_does_not_exist(lamin: Shell, server_url: str) -> None:
    name = server_url.partition("@/")[2].partition("?")[0]
    said = lamin("init", "--db", server_url.replace(name, "nothing"))
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    said = lamin("init", "--db", server_url.replace("postgres@", "nobody@"))
    assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)
    assert list(lamin.folder.iterdir()) == []
