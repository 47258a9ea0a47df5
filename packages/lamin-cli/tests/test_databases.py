"""Making, finding and leaving databases. Numbers are those of the acceptance list for set-up and command line."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from pathlib import Path

from .conftest import Outcome, Shell


def identifiers(shell: Shell, **environment: str) -> dict[str, str]:
    """The random identifiers of a project's database and user."""
    told = json.loads(shell("info", "--json", **environment).out)
    return {"uid": told["uid"], "user_uid": told["user_uid"]}


def test_1_init_makes_a_database(lamin: Shell) -> None:
    assert lamin("init") == Outcome(0, "", "created testuser/project in FOLDER\n")
    assert (lamin.folder / "storage/.lamindb/lamin.db").is_file()
    assert (lamin.folder / "storage/.lamindb/storage_uid.txt").is_file()
    assert sorted(path.name for path in lamin.folder.iterdir()) == ["lamin.toml", "storage"]


def test_1_storage_and_name_may_be_chosen(lamin: Shell) -> None:
    assert lamin("init", "--storage", "my data", "--name", "α-lab") == Outcome(0, "", "created testuser/α-lab in FOLDER\n")
    assert (lamin.folder / "my data/.lamindb/lamin.db").is_file()


def test_2_info_tells_where_everything_is(database: Shell) -> None:
    told = {
        "instance": "testuser/mydir",
        "uid": identifiers(database)["uid"],
        "branch": "main",
        "space": "all",
        "folder": "FOLDER",
        "storage": "FOLDER/mydir",
        "database": "sqlite:///FOLDER/mydir/.lamindb/lamin.db",
        "modules": ["lamindb"],
        "user": "testuser",
        "user_uid": identifiers(database)["user_uid"],
        "settings_dir": "HOME/.lamin",
        "cache_dir": "HOME/cache",
    }
    assert len(str(told["uid"])) == 12
    assert len(str(told["user_uid"])) == 8
    assert database("info", "--json") == Outcome(0, as_json(told), "")
    text = f"""\
instance      testuser/mydir
uid           {told["uid"]}
branch        main
space         all
folder        FOLDER
storage       FOLDER/mydir
database      sqlite:///FOLDER/mydir/.lamindb/lamin.db
modules       lamindb
user          testuser
user uid      {told["user_uid"]}
settings dir  HOME/.lamin
cache dir     HOME/cache
"""
    assert database("info") == Outcome(0, text, "")


def as_json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"


def test_2_info_without_a_database(lamin: Shell) -> None:
    told = lamin("info")
    assert (told.code, told.err) == (0, "")
    lines = dict(
        line.split(maxsplit=1) for line in told.out.splitlines() if not line.startswith(("user uid", "settings", "cache"))
    )
    nothing = ("instance", "uid", "branch", "space", "folder", "storage", "database", "modules")
    assert lines == {**dict.fromkeys(nothing, "-"), "user": "testuser"}
    assert not (lamin.folder / "storage").exists()


def test_3_init_again_changes_nothing(database: Shell) -> None:
    file = database.folder / "mydir/.lamindb/lamin.db"
    before = hashlib.sha256(file.read_bytes()).digest()
    again = Outcome(0, "", "already initialised, connected testuser/mydir in FOLDER\n")
    assert database("init") == again
    assert database("init", "--storage", "./mydir") == again
    assert hashlib.sha256(file.read_bytes()).digest() == before


def test_3_init_with_other_wishes_is_refused(database: Shell) -> None:
    sentence = "'testuser/mydir' is here already and cannot also be called 'other'; leave the name out to connect"
    assert database("init", "--name", "other") == Outcome(2, "", f"lamin: {sentence}\n")
    said = database("init", "--storage", "other")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "leave storage out to connect" in said.err
    assert not (database.folder / "other").exists()


def test_6_unknown_modules(lamin: Shell) -> None:
    sentence = "no installed package offers a module 'nope'; installed are: lamindb"
    assert lamin("init", "--modules", "nope") == Outcome(3, "", f"lamin: {sentence}\n")
    assert list(lamin.folder.iterdir()) == []


def test_7_losing_the_settings_loses_nothing(greeting: Shell) -> None:
    shutil.rmtree(greeting.home / ".lamin")
    assert json.loads(greeting("info", "--json").out)["instance"] == "testuser/mydir"
    assert [row["key"] for row in greeting("list", "artifact").rows()] == ["k/f.txt"]


def test_8_a_project_can_be_moved(greeting: Shell) -> None:
    moved = greeting.folder.with_name("moved")
    greeting.folder.rename(moved)
    told = json.loads(greeting("info", "--json", folder=moved).out)
    assert (told["folder"], told["storage"]) == (str(moved), str(moved / "mydir"))
    assert [row["name"] for row in greeting("list", "branch", folder=moved).rows()] == ["main", "archive", "trash"]
    path = Path(greeting("load", "--key", "k/f.txt", folder=moved).raw.strip())
    assert (path.is_relative_to(moved), path.read_text()) == (True, "hello")
    assert not greeting.folder.exists()


def test_9_a_lost_marker_is_written_again(greeting: Shell) -> None:
    marker = greeting.folder / "mydir/.lamindb/storage_uid.txt"
    before = marker.read_text()
    marker.unlink()
    said = "already initialised, connected testuser/mydir in FOLDER; the storage marker was missing and is there again\n"
    assert greeting("init") == Outcome(0, "", said)
    assert marker.read_text() == before
    assert [row["key"] for row in greeting("list", "artifact").rows()] == ["k/f.txt"]


def test_9_a_database_is_adopted_after_all_else_is_lost(greeting: Shell) -> None:
    (greeting.folder / "mydir/.lamindb/storage_uid.txt").unlink()
    (greeting.folder / "lamin.toml").unlink()
    shutil.rmtree(greeting.home / ".lamin")
    assert greeting("init", "--storage", "mydir").code == 0
    assert [row["key"] for row in greeting("list", "artifact").rows()] == ["k/f.txt"]


def test_10_the_home_is_no_project(lamin: Shell) -> None:
    sentence = "your home folder 'HOME' cannot be a project; make a folder for it and work there"
    assert lamin("init", folder=lamin.home) == Outcome(2, "", f"lamin: {sentence}\n")
    assert list(lamin.home.iterdir()) == []
    sentence = sentence.replace("project", "storage")
    assert lamin("init", "--storage", str(lamin.home)) == Outcome(2, "", f"lamin: {sentence}\n")
    assert list(lamin.home.iterdir()) == []


def test_11_equal_names_are_different_databases(lamin: Shell, tmp_path: Path) -> None:
    found = []
    for user in ("ada", "bea"):
        home, folder = tmp_path / user, tmp_path / f"work of {user}" / "x"
        for place in (home, folder):
            place.mkdir(parents=True)
        shell = Shell(home, folder)
        assert shell("init", LAMIN_USER_HANDLE="alice") == Outcome(0, "", "created alice/x in FOLDER\n")
        found.append(identifiers(shell, LAMIN_USER_HANDLE="alice"))
    assert found[0]["uid"] != found[1]["uid"]
    assert found[0]["user_uid"] != found[1]["user_uid"]


def test_12_settings_are_private(database: Shell) -> None:
    assert database("login", "ada").code == 0
    files = [path for path in (database.home / ".lamin").rglob("*") if path.is_file()]
    assert {"instances.json", "profiles.json"} <= {path.name for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_13_a_database_has_many_names(database: Shell, elsewhere: Path) -> None:
    file = database.folder / "mydir/.lamindb/lamin.db"
    names = ["../project", "testuser/mydir", "mydir", database.folder / "mydir", database.folder / "lamin.toml", file]
    for name in [f"sqlite:///{file}", *map(str, names), str(database.folder)]:
        assert database("connect", name, folder=elsewhere) == Outcome(0, "", "connected testuser/mydir\n")
        assert json.loads(database("info", "--json", folder=elsewhere).out)["instance"] == "testuser/mydir"
    listed = database("list", folder=elsewhere).rows()
    assert [{key: database.neutral(value) for key, value in row.items()} for row in listed] == [
        {
            "database": "testuser/mydir",
            "default": "yes",
            "gone": "no",
            "storage": "FOLDER/mydir",
            "url": "sqlite:///FOLDER/mydir/.lamindb/lamin.db",
            "folder": "FOLDER",
        }
    ]


def test_13_known_databases_are_listed(lamin: Shell, database: Shell, elsewhere: Path) -> None:
    assert json.loads(database("list", "--json").out) == [
        {
            "database": "testuser/mydir",
            "default": False,
            "gone": False,
            "storage": "FOLDER/mydir",
            "url": "sqlite:///FOLDER/mydir/.lamindb/lamin.db",
            "folder": "FOLDER",
        }
    ]
    shutil.rmtree(database.folder / "mydir")
    assert [row["gone"] for row in database("list", folder=elsewhere).rows()] == ["yes"]
    shutil.rmtree(database.home / ".lamin")
    assert database("list") == Outcome(0, "", "no database is known\n")
    assert database("list", "--json") == Outcome(0, "[]\n", "")


def test_14_what_is_not_known(database: Shell, elsewhere: Path) -> None:
    sentence = "no instance 'nobody/x' is known on this machine; connect to it by path or URL once"
    assert database("connect", "nobody/x", folder=elsewhere) == Outcome(3, "", f"lamin: {sentence}\n")
    sentence = "no instance 'mydri' is known on this machine; did you mean 'mydir'?"
    assert database("connect", "mydri", folder=elsewhere) == Outcome(3, "", f"lamin: {sentence}\n")
    said = database("connect", "./nothing", folder=elsewhere)
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert database("connect", "mysql://a/b", folder=elsewhere).code == 2
    assert list(elsewhere.iterdir()) == []


def test_15_inside_another_project(database: Shell, elsewhere: Path) -> None:
    assert database("init", folder=elsewhere).code == 0
    before = (elsewhere / "lamin.toml").read_text()
    sentence = (
        f"'{elsewhere}' is the project of testuser/elsewhere, which is used here whatever else is connected; "
        "leave the folder, or run `lamin disconnect --here` in it"
    )
    for extra in ([], ["--here"]):
        assert database("connect", str(database.folder), *extra, folder=elsewhere) == Outcome(1, "", f"lamin: {sentence}\n")
    assert (elsewhere / "lamin.toml").read_text() == before


def test_15_another_folder_becomes_a_project_too(greeting: Shell, elsewhere: Path) -> None:
    done = greeting("connect", "--here", "mydir", folder=elsewhere)
    assert done == Outcome(0, "", "connected testuser/mydir in this folder\n")
    assert [path.name for path in elsewhere.iterdir()] == ["lamin.toml"]
    inner = elsewhere / "deep/er"
    inner.mkdir(parents=True)
    assert [row["key"] for row in greeting("list", "artifact", folder=inner).rows()] == ["k/f.txt"]
    sentence = "your home folder 'HOME' cannot be a project; make a folder for it and work there"
    assert greeting("connect", "--here", "mydir", folder=greeting.home) == Outcome(2, "", f"lamin: {sentence}\n")
    assert not (greeting.home / "lamin.toml").exists()


def test_16_disconnect_removes_what_it_names(database: Shell, elsewhere: Path) -> None:
    assert database("init", folder=elsewhere).code == 0
    assert database("connect", "elsewhere", folder=database.home).code == 0
    sentence = (
        "'FOLDER' is the project of testuser/mydir; to end that, run `lamin disconnect --here`, which deletes lamin.toml; "
        "the user's default was left alone"
    )
    assert database("disconnect") == Outcome(1, "", f"lamin: {sentence}\n")
    assert (database.folder / "lamin.toml").exists()
    done = database("disconnect", "--here")
    assert done == Outcome(0, "", "disconnected testuser/mydir from FOLDER; lamin.toml was deleted, nothing else\n")
    assert not (database.folder / "lamin.toml").exists()
    assert (database.folder / "mydir/.lamindb/lamin.db").exists()
    assert [row["default"] for row in database("list").rows()] == ["yes", "no"]
    assert database("disconnect") == Outcome(0, "", "disconnected testuser/elsewhere from the user's default\n")
    sentence = "no instance is connected, so there is nothing to disconnect from"
    assert database("disconnect") == Outcome(3, "", f"lamin: {sentence}\n")
    assert database("disconnect", "--here") == Outcome(3, "", "lamin: no lamin.toml lies in 'FOLDER' or above it\n")


def test_18_the_environment_names_a_database(greeting: Shell, elsewhere: Path) -> None:
    for name in (str(greeting.folder), "testuser/mydir", "mydir"):
        listed = greeting("list", "artifact", folder=elsewhere, LAMIN_CURRENT_INSTANCE=name)
        assert [row["key"] for row in listed.rows()] == ["k/f.txt"]
    sentence = "LAMIN_CURRENT_INSTANCE: no instance 'nope' is known on this machine; connect to it by path or URL once"
    for command in (["list", "artifact"], ["info"]):
        said = greeting(*command, folder=elsewhere, LAMIN_CURRENT_INSTANCE="nope")
        assert said == Outcome(3, "", f"lamin: {sentence}\n")


def test_no_database_is_connected(lamin: Shell) -> None:
    lamin.write("f.txt", "hello")
    sentence = (
        "no instance is connected: run `lamin init` to make one here, `lamin connect NAME`, or call ln.connect('name') in Python"
    )
    for command in (
        ["list", "artifact"],
        ["describe", "--key", "x"],
        ["migrate", "check"],
        ["migrate", "deploy"],
        ["save", "f.txt", "--key", "f.txt"],
        ["settings", "branch"],
        ["settings", "branch", "set", "main"],
    ):
        assert lamin(*command) == Outcome(3, "", f"lamin: {sentence}\n"), command
    assert lamin("info").code == 0
