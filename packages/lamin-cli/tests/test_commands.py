"""Every command: its whole output, its exit code, and what it leaves behind."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Outcome, Shell

# Numbers are those of the acceptance list for set-up and command line, in its order.


def test_1_init_makes_a_database(lamin: Shell) -> None:
    assert lamin("init") == Outcome(0, "", "created testuser/project in FOLDER\n")
    assert (lamin.folder / "storage/.lamindb/lamin.db").is_file()
    assert (lamin.folder / "storage/.lamindb/storage_uid.txt").is_file()


def test_2_info_tells_where_everything_is(database: Shell) -> None:
    told = database("info", "--json")
    values = json.loads(told.out)
    assert (told.code, told.err) == (0, "")
    assert len(values.pop("uid")) == 12
    assert len(values.pop("user_uid")) == 8
    assert values == {
        "instance": "testuser/mydir",
        "branch": "main",
        "space": "all",
        "folder": "FOLDER",
        "storage": "FOLDER/mydir",
        "database": "sqlite:///FOLDER/mydir/.lamindb/lamin.db",
        "modules": ["lamindb"],
        "user": "testuser",
        "settings_dir": "HOME/.lamin",
        "cache_dir": "HOME/cache",
    }
    text = database("info").out.splitlines()
    assert text[0] == "instance      testuser/mydir"
    assert [line.split("  ")[0] for line in text] == [name.replace("_", " ") for name in json.loads(told.out)]


def test_3_init_again_changes_nothing(database: Shell) -> None:
    file = database.folder / "mydir/.lamindb/lamin.db"
    before = hashlib.sha256(file.read_bytes()).digest()
    assert database("init") == Outcome(0, "", "connected testuser/mydir in FOLDER\n")
    assert database("init", "--storage", "./mydir").code == 0
    assert hashlib.sha256(file.read_bytes()).digest() == before


def test_6_unknown_modules(lamin: Shell) -> None:
    said = lamin("init", "--modules", "nope")
    assert (said.code, said.out) == (3, "")
    assert said.err == "lamin: no installed package offers a module 'nope'; installed are: lamindb\n"
    assert list(lamin.folder.iterdir()) == []


def test_7_losing_the_settings_loses_nothing(database: Shell) -> None:
    shutil.rmtree(database.home / ".lamin")
    assert database("list", "branch").out.splitlines()[1].split()[1] == "main"


def test_8_a_project_can_be_moved(database: Shell) -> None:
    moved = database.folder.with_name("moved")
    database.folder.rename(moved)
    told = json.loads(database("info", "--json", folder=moved).out)
    assert told["storage"] == str(moved / "mydir")
    assert database("list", "branch", folder=moved).code == 0
    assert not database.folder.exists()


def test_9_a_lost_marker_is_written_again(database: Shell) -> None:
    marker = database.folder / "mydir/.lamindb/storage_uid.txt"
    before = marker.read_text()
    marker.unlink()
    assert database("init").code == 0
    assert marker.read_text() == before


def test_10_the_home_is_no_project(lamin: Shell) -> None:
    said = lamin("init", folder=lamin.home)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert sorted(path.name for path in lamin.home.iterdir()) in ([], [".lamin"])


def test_12_settings_are_private(database: Shell) -> None:
    files = [path for path in (database.home / ".lamin").rglob("*") if path.is_file()]
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_13_a_database_has_many_names(database: Shell, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    file = database.folder / "mydir/.lamindb/lamin.db"
    for name in (str(database.folder), "testuser/mydir", "mydir", str(database.folder / "mydir"), f"sqlite:///{file}"):
        assert database("connect", name, folder=elsewhere) == Outcome(0, "", "connected testuser/mydir\n")
    assert json.loads(database("info", "--json", folder=elsewhere).out)["instance"] == "testuser/mydir"
    assert database("disconnect", folder=elsewhere) == Outcome(0, "", "disconnected testuser/mydir from the user's default\n")
    assert database("disconnect", folder=elsewhere).code == 3


def test_14_what_is_not_known(lamin: Shell) -> None:
    said = lamin("connect", "nobody/x")
    assert (said.code, said.out) == (3, "")
    assert said.err == "lamin: no instance 'nobody/x' is known on this machine; connect to it by path or URL once\n"


def test_15_inside_another_project(database: Shell, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    database("init", folder=other)
    for extra in ([], ["--here"]):
        said = database("connect", str(database.folder), *extra, folder=other)
        assert said.code == 1
        assert "is the project of testuser/other" in said.err


def test_16_disconnect_removes_what_it_names(database: Shell) -> None:
    said = database("disconnect")
    assert said.code == 1
    assert "to end that, run `lamin disconnect --here`" in said.err
    assert (database.folder / "lamin.toml").exists()
    done = database("disconnect", "--here")
    assert done == Outcome(0, "", "disconnected testuser/mydir from FOLDER; lamin.toml was deleted, nothing else\n")
    assert not (database.folder / "lamin.toml").exists()
    assert (database.folder / "mydir/.lamindb/lamin.db").exists()


def test_18_the_environment_names_a_database(database: Shell, tmp_path: Path) -> None:
    assert database("list", "space", folder=tmp_path, LAMIN_CURRENT_INSTANCE=str(database.folder)).code == 0
    said = database("list", "space", folder=tmp_path, LAMIN_CURRENT_INSTANCE="nope")
    assert said.code == 3
    assert "'nope'" in said.err


def test_21_profiles_are_local(lamin: Shell) -> None:
    assert lamin("login", "ada", "--name", "Ada Lovelace", LAMIN_USER_HANDLE="").err.startswith("logged in ada (uid ")
    assert lamin("logout", LAMIN_USER_HANDLE="").code == 0
    assert lamin("login", "a b").code == 2


def test_22_save_wants_a_way_to_find_the_file_again(database: Shell) -> None:
    (database.folder / "f.txt").write_text("hello")
    said = database("save", "f.txt")
    assert said == Outcome(2, "", "lamin: say how to find the file again: pass --key or --description; see 'lamin save --help'\n")
    saved = database("save", "f.txt", "--key", "k/f.txt")
    uid = saved.out.split()[0]
    line = f"{uid}  k/f.txt  FOLDER/mydir/.lamindb/{uid}.txt\n"
    assert saved == Outcome(0, line, "saved as version 0000\n")
    assert database("save", "f.txt", "--key", "k/f.txt") == Outcome(0, line, "the same content is registered already\n")
    (database.folder / "f.txt").write_text("changed")
    again = database("save", "f.txt", "--key", "k/f.txt", "--json")
    assert json.loads(again.out)["uid"] == uid[:16] + "0001"
    inside = database.folder / "mydir/in.txt"
    inside.write_text("x")
    assert database("save", str(inside)).out.split()[1:] == ["in.txt", "FOLDER/mydir/in.txt"]


def test_30_describe(database: Shell) -> None:
    (database.folder / "f.txt").write_text("hello")
    database("save", "f.txt", "--key", "k/f.txt", "--description", "a greeting")
    said = database("describe", "--key", "nope")
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert said.err.startswith("lamin: no Artifact matches key='nope'")
    text = database("describe", "--key", "k/f.txt").out.splitlines()
    assert text[0] == "Artifact: k/f.txt (0000)"
    assert "  description  a greeting" in text
    assert json.loads(database("describe", "artifact", "--key", "k/f.txt", "--json").out)["description"] == "a greeting"
    assert database("describe", "branch", "--name", "main").out.splitlines()[0] == "Branch: main"
    assert database("describe", "nothing", "--name", "x").code == 3
    assert database("describe").code == 2


def test_31_lists_are_plain(database: Shell) -> None:
    told = database("list", "branch", "--json")
    assert [row["name"] for row in json.loads(told.out)] == ["main", "archive", "trash"]
    table = database("list", "branch")
    assert table.out.splitlines()[0].split() == ["uid", "name", "space_id", "description", "created_at", "created_by_id"]
    assert "\x1b" not in table.out
    assert "..." not in table.out
    assert database("list", "ulabel") == Outcome(0, "", "no row in ulabel\n")
    assert database("list", "artifcat").err == "lamin: no registry is called 'artifcat'; did you mean 'Artifact'?\n"
    assert database("list", "branch", "--limit", "0").code == 2
    known = database("list")
    assert known.out.splitlines()[1].split() == [
        "testuser/mydir", "FOLDER/mydir", "sqlite:///FOLDER/mydir/.lamindb/lamin.db", "FOLDER",
    ]  # fmt: skip


def test_35_settings(database: Shell) -> None:
    assert database("settings") == Outcome(0, "branch:    main\nspace:     all\ncache-dir: HOME/cache\n", "")
    assert database("settings", "branch") == Outcome(0, "main\n", "")
    assert json.loads(database("settings", "--json").out) == {"branch": "main", "space": "all", "cache-dir": "HOME/cache"}
    said = database("settings", "branch", "nope")
    assert (said.code, said.out) == (3, "")
    assert database("settings", "branch", "archive") == Outcome(0, "", "branch is now archive\n")
    assert database("settings", "branch", "--unset") == Outcome(0, "", "branch is now main\n")
    assert database("settings", "cache-dir", "relative", LAMIN_CACHE_DIR="").code == 2
    assert database("settings", "colour").code == 2
    assert database("settings", "--unset").code == 2


def test_42_migrate(database: Shell) -> None:
    assert database("migrate", "check") == Outcome(0, "", "up to date\n")
    assert database("migrate", "deploy") == Outcome(0, "", "up to date, nothing to do\n")


def test_40_postgres(lamin: Shell, server_url: str) -> None:
    assert lamin("init", "--db", server_url).code == 0
    (lamin.folder / "f.txt").write_text("hello")
    assert lamin("save", "f.txt", "--key", "k/f.txt").code == 0
    assert lamin("list", "artifact").out.splitlines()[1].split()[1] == "k/f.txt"
    told = json.loads(lamin("info", "--json").out)
    assert told["database"].startswith("postgresql://postgres@/")


def test_no_database_is_connected(lamin: Shell) -> None:
    for command in (["list", "artifact"], ["describe", "--key", "x"], ["migrate", "check"]):
        said = lamin(*command)
        assert (said.code, said.out, said.err.count("\n")) == (3, "", 1), said.err
    assert lamin("info").code == 0


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda file: file.unlink(), 3),
        (lambda file: file.write_bytes(b"no database at all" * 300), 1),
        (lambda file: os.truncate(file, 5000), 1),
    ],
)
def test_a_damaged_database_is_one_sentence(database: Shell, damage: object, code: int) -> None:
    file = database.folder / "mydir/.lamindb/lamin.db"
    for extra in ("-wal", "-shm"):
        file.with_name(file.name + extra).unlink(missing_ok=True)
    damage(file)  # type: ignore[operator]  # a function of the parameters above
    said = database("list", "artifact")
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1), said.err
    assert "Traceback" not in said.err


def test_a_missing_or_unreadable_file(database: Shell) -> None:
    assert database("save", "nothing.csv", "--key", "a.csv").code == 2
    folder = database.folder / "folder"
    folder.mkdir()
    assert database("save", "folder", "--key", "k/../x").code == 2


@pytest.fixture
def greeting(database: Shell) -> Shell:
    """A database with one artifact, k/f.txt."""
    (database.folder / "f.txt").write_text("hello")
    database("save", "f.txt", "--key", "k/f.txt", "--description", "a greeting")
    return database


def test_30_get_prints_the_value_alone(greeting: Shell) -> None:
    assert greeting("get", "--key", "k/f.txt", "--field", "description") == Outcome(0, "a greeting\n", "")
    assert greeting("get", "--key", "k/f.txt", "--field", "run_id") == Outcome(0, "", "")
    assert greeting("get", "--key", "k/f.txt", "--field", "size", "--json") == Outcome(0, "5\n", "")
    said = greeting("get", "--key", "k/f.txt", "--field", "colour")
    assert said.code == 2
    assert said.err.startswith("lamin: artifact has no field 'colour'; its fields are id, uid, key, ")


def test_27_load(greeting: Shell) -> None:
    path = greeting("load", "--key", "k/f.txt").out.strip().replace("FOLDER", str(greeting.folder))
    assert Path(path).read_text() == "hello"
    assert greeting("load", "artifact").code == 2
    assert greeting("load", "--key", "k/f.txt", "--to", "copy.txt") == Outcome(0, "copy.txt\n", "")
    assert (greeting.folder / "copy.txt").read_text() == "hello"
    said = greeting("load", "--key", "k/f.txt", "--to", "copy.txt")
    assert said.code == 2
    assert said.err.startswith("lamin: 'copy.txt' exists and is not replaced; pass another place with --to")
    assert greeting("load", "branch", "--name", "main").code == 2


def test_delete_moves_to_the_trash(greeting: Shell) -> None:
    uid = greeting("get", "--key", "k/f.txt", "--field", "uid").out.strip()
    assert greeting("delete", "--key", "k/f.txt") == Outcome(0, "", f"moved artifact {uid} to the trash\n")
    assert greeting("get", "--key", "k/f.txt", "--field", "uid").code == 3
    assert greeting("delete", "--uid", uid, "--permanent") == Outcome(0, "", f"deleted artifact {uid} for good\n")
    assert greeting("delete", "--uid", uid).code == 3
    assert not list((greeting.folder / "mydir/.lamindb").glob(f"{uid}*"))
    assert greeting("delete", "branch", "--name", "main", "--permanent").code == 4


def test_annotate_is_all_or_nothing(greeting: Shell) -> None:
    said = greeting("annotate", "--key", "k/f.txt", "--ulabel", "blood", "--description", "new")
    assert (said.code, said.out) == (3, "")
    assert greeting("get", "--key", "k/f.txt", "--field", "description").out == "a greeting\n"
    python = Path(sys.executable)
    code = "import lamindb as ln; ln.ULabel(name='blood').save(); ln.Project(name='atlas').save()"
    subprocess.run(
        [python, "-c", code], cwd=greeting.folder, check=True, env={**os.environ, "LAMIN_SETTINGS_DIR": str(greeting.home)}
    )
    done = greeting("annotate", "--key", "k/f.txt", "--ulabel", "blood", "--project", "atlas", "--description", "new")
    assert done.code == 0, done.err
    text = greeting("describe", "--key", "k/f.txt").out
    assert "  description  new\n" in text
    assert "  ulabels: 1\n" in text
    assert "  projects: 1\n" in text
    assert greeting("annotate", "--key", "k/f.txt").code == 2
    assert greeting("annotate", "branch", "--name", "main", "--description", "x").code == 0
