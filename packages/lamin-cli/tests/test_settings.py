"""`lamin settings`. Numbers are those of the acceptance list for set-up and command line."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Outcome, Shell

FREE = {"LAMIN_CACHE_DIR": ""}
"""An environment that leaves the cache to the settings."""


def test_settings_are_shown(database: Shell) -> None:
    shown = """\
branch:    main
space:     all
cache-dir: HOME/cache
dev-dir:   FOLDER
modules:   lamindb
"""
    assert database("settings") == Outcome(0, shown, "")
    told = {"branch": "main", "space": "all", "cache-dir": "HOME/cache", "dev-dir": "FOLDER", "modules": ["lamindb"]}
    assert json.loads(database("settings", "--json").out) == told
    for name, value in told.items():
        text = ",".join(value) if isinstance(value, list) else value
        assert database("settings", name) == Outcome(0, f"{text}\n", "")
        assert database("settings", name, "get") == Outcome(0, f"{text}\n", "")
        assert json.loads(database("settings", name, "--json").out) == {name: value}


def test_settings_without_a_database(lamin: Shell) -> None:
    shown = "branch:\nspace:\ncache-dir: HOME/cache\ndev-dir:\nmodules:\n"
    assert lamin("settings") == Outcome(0, shown, "")
    assert lamin("settings", "cache-dir") == Outcome(0, "HOME/cache\n", "")


def test_branch_and_space_are_set_where_they_exist(database: Shell) -> None:
    database.python("ln.Branch(name='trial').save()")
    assert database("settings", "branch", "set", "trial") == Outcome(0, "", "branch is now trial, before main\n")
    assert database("settings", "branch") == Outcome(0, "trial\n", "")
    assert 'branch = "trial"' in (database.folder / "lamin.toml").read_text()
    database.write("f.txt", "hello")
    assert database("save", "f.txt", "--key", "f.txt").code == 0
    assert database.python("print(ln.Artifact.get(key='f.txt', branch=None).branch.name)") == "trial"
    assert database("settings", "branch", "unset") == Outcome(0, "", "branch is now main, before trial\n")
    assert database("settings", "branch", "unset") == Outcome(0, "", "branch is now main\n")
    database.python("ln.Space(name='lab').save()")
    assert database("settings", "space", "set", "lab") == Outcome(0, "", "space is now lab, before all\n")
    assert database("save", "f.txt", "--key", "g.txt").code == 0
    assert database.python("print(ln.Artifact.get(key='g.txt').space.name)") == "lab"


def test_branches_that_do_not_exist(database: Shell) -> None:
    for name, command in (("branch", "switch --create nope"), ("space", "create space nope")):
        sentence = f"testuser/mydir has no {name} 'nope'; to make it, run `lamin {command}`"
        assert database("settings", name, "set", "nope") == Outcome(3, "", f"lamin: {sentence}\n")
    for name in ("archive", "trash"):
        said = database("settings", "branch", "set", name)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"lamin: the {name} cannot be the current branch, as nothing new is made there; ")
    assert database("settings", "branch") == Outcome(0, "main\n", "")


def test_a_branch_that_is_gone_can_be_left(database: Shell) -> None:
    database.python("ln.Branch(name='short').save()")
    assert database("settings", "branch", "set", "short").code == 0
    database.python(
        "with ln.setup.current().writing() as transaction:\n"
        "    transaction.connection.exec_driver_sql(\"DELETE FROM lamindb_branch WHERE name = 'short'\")"
    )
    sentence = (
        "testuser/mydir has no branch 'short' any more, which is set as the current one; "
        "to go back to main, run `lamin switch main`"
    )
    assert database("list", "artifact") == Outcome(3, "", f"lamin: {sentence}\n")
    assert database("settings", "branch", "unset") == Outcome(0, "", "branch is now main, before short\n")
    assert database("list", "artifact") == Outcome(0, "", "no row in artifact\n")


def test_outside_of_projects_a_branch_belongs_to_the_database(database: Shell, elsewhere: Path) -> None:
    assert database("connect", "mydir", folder=elsewhere).code == 0
    (database.folder / "lamin.toml").unlink()
    assert database("switch", "--create", "trial", folder=elsewhere).code == 0
    assert database("settings", "branch", folder=elsewhere) == Outcome(0, "trial\n", "")


def test_35_the_cache(database: Shell) -> None:
    sentence = "the cache directory 'rel' (the new setting) is relative; write an absolute path"
    assert database("settings", "cache-dir", "set", "rel", **FREE) == Outcome(2, "", f"lamin: {sentence}\n")
    new = database.home / "other"
    said = "cache-dir is now HOME/other, before HOME/.cache/lamindb\n"
    assert database("settings", "cache-dir", "set", str(new), **FREE) == Outcome(0, "", said)
    assert database("settings", "cache-dir", **FREE) == Outcome(0, "HOME/other\n", "")
    assert database("settings", "cache-dir") == Outcome(0, "HOME/cache\n", "")
    said = "cache-dir is noted, but LAMIN_CACHE_DIR is set and wins: HOME/cache\n"
    assert database("settings", "cache-dir", "set", str(new)) == Outcome(0, "", said)
    said = "cache-dir is now HOME/.cache/lamindb, before HOME/other\n"
    assert database("settings", "cache-dir", "unset", **FREE) == Outcome(0, "", said)


def test_wrong_usage(database: Shell) -> None:
    def refused(*arguments: str) -> str:
        said = database("settings", *arguments)
        assert (said.code, said.out) == (2, "")
        return said.err

    end = "; see 'lamin settings --help'\n"
    assert refused("branch", "set") == f"lamin: `set` takes a value{end}"
    assert refused("branch", "get", "x") == f"lamin: `get` takes no value{end}"
    assert refused("branch", "unset", "x") == f"lamin: `unset` takes no value{end}"
    assert refused("dev-dir", "unset") == (
        "lamin: dev-dir is not set here: a project is made by `lamin init` or `lamin connect --here`, "
        f"and ended by `lamin disconnect --here`{end}"
    )
    assert "'colour' is not one of 'branch', 'space', 'cache-dir', 'dev-dir', 'modules'" in refused("colour")
