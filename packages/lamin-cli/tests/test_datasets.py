"""Registering, listing, describing and labelling. Numbers are those of the acceptance list for set-up and command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .conftest import Outcome, Shell

HASH = "XUFAKrxLKna5cZ2REBfFkg"
"""Of `hello`: its md5 as base64url."""


def uid_of(shell: Shell, key: str = "k/f.txt") -> str:
    uid = shell("get", "--key", key, "--field", "uid").out.strip()
    assert len(uid) == 20
    return uid


# ---- save -------------------------------------------------------------------------------------------------------------------
def test_22_save_wants_a_way_to_find_the_file_again(database: Shell) -> None:
    database.write("f.txt", "hello")
    sentence = "say how to find the file again: pass --key or --description"
    assert database("save", "f.txt") == Outcome(2, "", f"lamin: {sentence}; see 'lamin save --help'\n")
    assert database("list", "artifact") == Outcome(0, "", "no row in artifact\n")


def test_22_save_tells_what_it_saved(database: Shell) -> None:
    database.write("f.txt", "hello")
    saved = database("save", "f.txt", "--key", "k/f.txt")
    uid = uid_of(database)
    line = f"{uid}  k/f.txt  FOLDER/mydir/.lamindb/{uid}.txt\n"
    assert saved == Outcome(0, line, "saved as version 0000\n")
    assert (database.folder / f"mydir/.lamindb/{uid}.txt").read_text() == "hello"
    assert database("save", "f.txt", "--key", "k/f.txt") == Outcome(0, line, "the same content is registered already\n")
    database.write("f.txt", "changed")
    second = uid[:16] + "0001"
    line = f"{second}  k/f.txt  FOLDER/mydir/.lamindb/{second}.txt\n"
    assert database("save", "f.txt", "--key", "k/f.txt") == Outcome(0, line, "saved as version 0001\n")
    told = {"uid": second, "key": "k/f.txt", "path": f"FOLDER/mydir/.lamindb/{second}.txt", "existed": True}
    assert database("save", "f.txt", "--key", "k/f.txt", "--json") == Outcome(0, json.dumps(told, indent=2) + "\n", "")


def test_22_save_with_a_description(database: Shell) -> None:
    database.write("f.txt", "hello")
    saved = database("save", "f.txt", "--description", "a greeting", "--kind", "dataset")
    uid = json.loads(database("list", "artifact", "--json").out)[0]["uid"]
    assert saved == Outcome(0, f"{uid}  a greeting  FOLDER/mydir/.lamindb/{uid}.txt\n", "saved as version 0000\n")
    assert database("get", "--uid", uid, "--field", "kind").out == "dataset\n"


def test_22_a_file_in_the_storage_stays_there(database: Shell) -> None:
    (database.folder / "mydir/sub").mkdir()
    path = database.write("mydir/sub/in.txt", "hello")
    saved = database("save", str(path))
    assert saved == Outcome(
        0, f"{uid_of(database, 'sub/in.txt')}  sub/in.txt  FOLDER/mydir/sub/in.txt\n", "saved as version 0000\n"
    )


@pytest.mark.parametrize("name", ["with space.txt", "α-β.txt", "a#b?c%20.txt", "-f.txt"])
def test_22_odd_names(database: Shell, name: str) -> None:
    database.write(name, "hello")
    saved = database("save", "--key", f"k/{name}", "--", name)
    uid = uid_of(database, f"k/{name}")
    assert saved == Outcome(0, f"{uid}  k/{name}  FOLDER/mydir/.lamindb/{uid}.txt\n", "saved as version 0000\n")


def test_23_a_folder_is_one_artifact(database: Shell) -> None:
    for name in ("a.txt", "sub/b.txt"):
        (database.folder / "plates/sub").mkdir(parents=True, exist_ok=True)
        database.write(f"plates/{name}", name)
    uid = json.loads(database("save", "plates", "--key", "screen/plates", "--json").out)["uid"]
    assert database("get", "--uid", uid, "--field", "n_files").out == "2\n"
    assert database("save", "plates", "--key", "screen/plates").err == "the same content is registered already\n"
    where = database("load", "--uid", uid).out.strip().replace("FOLDER", str(database.folder))
    assert Path(where, "sub/b.txt").read_text() == "sub/b.txt"
    assert database("load", "--uid", uid, "--to", "copy") == Outcome(0, "copy\n", "")
    assert (database.folder / "copy/sub/b.txt").read_text() == "sub/b.txt"
    assert database("load", "--uid", uid, "--to", "copy").out == "copy/plates\n"
    assert database("load", "--uid", uid, "--to", "copy").code == 2


def test_24_source_code_is_a_transform(database: Shell) -> None:
    (database.folder / "s").mkdir()
    database.write("s/a.py", "print(1)\n")
    first = database("save", "s/a.py")
    uid = first.out.split()[0]
    assert first == Outcome(0, f"{uid}  s/a.py\n", "this script is version 0000\n")
    assert database("save", "s/a.py") == first
    database.write("s/a.py", "print(2)\n")
    assert database("save", "s/a.py").out == f"{uid[:12]}0001  s/a.py\n"
    assert database("list", "artifact").err == "no row in artifact\n"
    told = json.loads(database("save", "s/a.py", "--registry", "artifact", "--key", "a.py", "--json").out)
    assert told["key"] == "a.py"


def test_24_the_uid_that_the_code_tracks_with(database: Shell) -> None:
    database.write("b.py", 'import lamindb as ln\n# ln.track("zzzzzzzzzzzz")\nln.track("abcdefghijkl")\n')
    assert database("save", "b.py").out == "abcdefghijkl0000  b.py\n"
    database.write("c.py", 'import lamindb as ln\nln.track(transform="abcdefghijkl")\nprint(2)\n')
    assert database("save", "c.py").out == "abcdefghijkl0001  c.py\n"
    database.write("d.R", 'db <- connect()\n# db$track("zzzzzzzzzzzz")\ndb$track("ABCDEFGHIJKL")\n')
    assert database("save", "d.R").out == "ABCDEFGHIJKL0000  d.R\n"
    database.write("e.py", "this is no Python\n")
    assert database("save", "e.py").code == 0


def test_24_code_outside_of_the_project(database: Shell, elsewhere: Path) -> None:
    (elsewhere / "far.py").write_text("print(1)\n")
    assert database("save", str(elsewhere / "far.py")).out.endswith("  far.py\n")


def test_save_what_cannot_be_saved(database: Shell) -> None:
    end = "; see 'lamin save --help'\n"
    missing = "lamin: invalid value for 'PATH': Path 'nothing.csv' does not exist"
    assert database("save", "nothing.csv", "--key", "a.csv") == Outcome(2, "", missing + end)
    assert database("save", "--key", "a.csv") == Outcome(2, "", f"lamin: missing argument 'PATH'{end}")
    database.write("f.txt", "hello")
    for key in ("k/../f.txt", "k\\f.txt", "/f.txt", "f.csv"):
        said = database("save", "f.txt", "--key", key)
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1), said
        assert said.err.startswith("lamin: ")
        assert repr(key) in said.err
    assert database("list", "artifact") == Outcome(0, "", "no row in artifact\n")
    assert [path.name for path in (database.folder / "mydir/.lamindb").iterdir() if path.suffix == ".txt"] == ["storage_uid.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_save_an_unreadable_file(database: Shell) -> None:
    database.write("f.txt", "hello").chmod(0)
    said = database("save", "f.txt", "--key", "f.txt")
    assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)


# ---- list and describe ------------------------------------------------------------------------------------------------------
@pytest.fixture
def fresh(lamin: Shell) -> Shell:
    """A project that was never moved, with k/f.txt."""
    assert lamin("init").code == 0
    lamin.write("f.txt", "hello")
    assert lamin("save", "f.txt", "--key", "k/f.txt", "--description", "a greeting").code == 0
    return lamin


def test_30_describe(fresh: Shell) -> None:
    uid = uid_of(fresh)
    text = f"""\
Artifact: k/f.txt (0000)
  uid          {uid}
  key          k/f.txt
  description  a greeting
  suffix       .txt
  size         5 B
  hash         {HASH}
  storage      FOLDER/storage
  created_by   testuser
  branch       main
  space        all
  created_at   WHEN UTC
  created_on   main
"""
    for arguments in (["--key", "k/f.txt"], ["artifact", "--uid", uid], ["Artifact", "--uid", uid[:10]]):
        assert fresh("describe", *arguments) == Outcome(0, text, "")
    values = {
        "id": 1,
        "uid": uid,
        "key": "k/f.txt",
        "description": "a greeting",
        "storage_id": 1,
        "suffix": ".txt",
        "kind": None,
        "otype": None,
        "size": 5,
        "hash": HASH,
        "n_files": None,
        "n_observations": None,
        "run_id": None,
        "schema_id": None,
        "extra_data": None,
        "created_by_id": 1,
        "version_tag": None,
        "is_latest": True,
        "created_at": "WHEN",
        "updated_at": "WHEN",
        "branch_id": 1,
        "created_on_id": 1,
        "space_id": 1,
        "is_locked": False,
    }
    assert fresh("describe", "--key", "k/f.txt", "--json") == Outcome(0, json.dumps(values, indent=2) + "\n", "")


def test_30_describe_rows_of_other_registries(database: Shell) -> None:
    shown = database("describe", "branch", "--name", "main")
    assert (shown.code, shown.err, shown.out.splitlines()[:3]) == (
        0,
        "",
        ["Branch: main", "  uid          mmmmmmmmmmmm", "  name         main"],
    )
    assert database("describe", "lamindb.Space", "--name", "all").out.startswith("Space: all\n")


def test_30_rows_that_are_not_there(database: Shell) -> None:
    assert database("describe", "--key", "nope") == Outcome(
        3, "", "lamin: no Artifact matches key='nope' on branch main in testuser/mydir\n"
    )
    said = database("describe", "--uid", "nope")
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    sentence = "no registry is called 'nothing'"
    assert database("describe", "nothing", "--name", "x") == Outcome(3, "", f"lamin: {sentence}\n")
    said = database("describe", "branch", "--key", "x")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "'key'" in said.err
    for arguments in ([], ["--key", "a", "--name", "b"]):
        sentence = "say which row by one of --uid, --key, --name; see 'lamin describe --help'"
        assert database("describe", *arguments) == Outcome(2, "", f"lamin: {sentence}\n")


def test_31_lists_for_people(fresh: Shell) -> None:
    listed = fresh("list", "artifact")
    assert (listed.code, listed.err) == (0, "")
    assert [{name: fresh.neutral(value) for name, value in row.items()} for row in listed.rows()] == [
        {
            "uid": uid_of(fresh),
            "key": "k/f.txt",
            "description": "a greeting",
            "storage": "FOLDER/storage",
            "suffix": ".txt",
            "size": "5",
            "hash": HASH,
            "created_by": "testuser",
            "is_latest": "yes",
            "created_at": "WHEN",
            "updated_at": "WHEN",
            "branch": "main",
            "created_on": "main",
            "space": "all",
            "is_locked": "no",
        }
    ]


def test_31_nothing_is_shortened_in_a_narrow_terminal(database: Shell) -> None:
    key = "/".join(["deep" * 10] * 10) + "/f.txt"
    database.write("f.txt", "hello")
    assert database("save", "f.txt", "--key", key, "--description", "a\nb " * 20).code == 0
    wide, narrow = database("list", "artifact", COLUMNS="300"), database("list", "artifact", COLUMNS="20")
    assert wide.rows() == narrow.rows()
    assert (narrow.rows()[0]["key"], narrow.rows()[0]["description"]) == (key, ("a b " * 20).strip())


def test_31_lists_for_programs(database: Shell) -> None:
    told = database("list", "branch", "--json")
    assert "\x1b" not in told.out
    same = {"created_at": "WHEN", "created_by_id": 1, "status": "standalone"}
    assert json.loads(told.out) == [
        {"current": name == "main", "uid": letter * 12, "name": name, "space_id": 1, "description": text} | same
        for letter, name, text in (
            ("m", "main", "Where records live unless they are put elsewhere."),
            ("a", "archive", "Records that are kept, but do not show up in queries."),
            ("t", "trash", "Deleted records, until they are deleted for good."),
        )
    ]
    assert database("list", "artifact", "--json") == Outcome(0, "[]\n", "")


def test_31_how_many(database: Shell) -> None:
    database.python("ln.save([ln.ULabel(name=f'label {number}') for number in range(25)])")
    names = [f"label {number}" for number in range(24, -1, -1)]
    assert [row["name"] for row in database("list", "ulabel").rows()] == names[:20]
    assert [row["name"] for row in database("list", "ULabel", "--limit", "2").rows()] == names[:2]
    assert [row["name"] for row in json.loads(database("list", "ulabel", "--limit", "100", "--json").out)] == names
    end = "; see 'lamin list --help'\n"
    said = database("list", "ulabel", "--limit", "0")
    assert said == Outcome(2, "", f"lamin: invalid value for '--limit': 0 is not in the range x>=1{end}")


def test_31_the_number_of_queries_does_not_grow_with_the_rows(database: Shell) -> None:
    counted = """
import lamindb_setup
from lamindb_setup.testing import QueryLog
from lamin_cli.commands.list import _rows
from lamindb import catalog
catalog.registry("lamindb.ULabel").filter().count()
for number in (1, 50):
    with QueryLog(lamindb_setup.current()) as log:
        assert len(_rows("ulabel", number, with_ids=False)) == number
    print(len(log))
"""
    database.python("ln.save([ln.ULabel(name=f'label {number}') for number in range(50)])")
    one, fifty = database.python(counted).splitlines()
    assert one == fifty
    assert int(one) <= 6


def test_31_names_of_registries(database: Shell) -> None:
    assert database("list", "artifcat") == Outcome(3, "", "lamin: no registry is called 'artifcat'; did you mean 'Artifact'?\n")
    assert database("list", "LAMINDB.ulabel") == Outcome(0, "", "no row in LAMINDB.ulabel\n")


# ---- get, load, annotate, delete --------------------------------------------------------------------------------------------
def test_30_get_prints_the_value_alone(greeting: Shell) -> None:
    assert greeting("get", "--key", "k/f.txt", "--field", "description") == Outcome(0, "a greeting\n", "")
    assert greeting("get", "--key", "k/f.txt", "--field", "run_id") == Outcome(0, "", "")
    assert greeting("get", "--key", "k/f.txt", "--field", "size", "--json") == Outcome(0, "5\n", "")
    said = greeting("get", "--key", "k/f.txt", "--field", "colour")
    assert said.code == 2
    assert said.err.startswith("lamin: artifact has no field 'colour'; its fields are id, uid, key, ")


def test_27_load(greeting: Shell) -> None:
    uid = uid_of(greeting)
    assert greeting("load", "--key", "k/f.txt") == Outcome(0, f"FOLDER/mydir/.lamindb/{uid}.txt\n", "")
    sentence = "say which row by one of --uid, --key, --name; see 'lamin load --help'"
    assert greeting("load", "artifact") == Outcome(2, "", f"lamin: {sentence}\n")
    assert greeting("load", "--key", "k/f.txt", "--to", "copy.txt") == Outcome(0, "copy.txt\n", "")
    assert (greeting.folder / "copy.txt").read_text() == "hello"
    sentence = "'copy.txt' exists and is not replaced; pass another place with --to; see 'lamin load --help'"
    assert greeting("load", "--key", "k/f.txt", "--to", "copy.txt") == Outcome(2, "", f"lamin: {sentence}\n")
    sentence = "branch rows have no file; load takes artifact, collection or transform; see 'lamin load --help'"
    assert greeting("load", "branch", "--name", "main") == Outcome(2, "", f"lamin: {sentence}\n")


def test_27_bytes_that_are_gone(greeting: Shell) -> None:
    (greeting.folder / f"mydir/.lamindb/{uid_of(greeting)}.txt").unlink()
    said = greeting("load", "--key", "k/f.txt")
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert "' are not at 'FOLDER/mydir/.lamindb/" in said.err


def test_delete_moves_to_the_trash(greeting: Shell) -> None:
    uid = uid_of(greeting)
    assert greeting("delete", "--key", "k/f.txt") == Outcome(0, "", f"moved artifact {uid} to the trash\n")
    assert greeting("get", "--key", "k/f.txt", "--field", "uid").code == 3
    assert greeting("delete", "--uid", uid, "--permanent") == Outcome(0, "", f"deleted artifact {uid} for good\n")
    assert greeting("delete", "--uid", uid).code == 3
    assert not list((greeting.folder / "mydir/.lamindb").glob(f"{uid}*"))
    said = greeting("delete", "branch", "--name", "main", "--permanent")
    assert (said.code in (2, 4), said.out, said.err.count("\n")) == (True, "", 1)
    assert greeting("describe", "branch", "--name", "main").code == 0


def test_what_runs_keep_is_not_listed(greeting: Shell) -> None:
    greeting.python("a = ln.Artifact.get(key='k/f.txt'); a.kind = '__lamindb_run__'; a.save()")
    assert greeting("list", "artifact").out == ""
    assert greeting("get", "--key", "k/f.txt", "--field", "description").out == "a greeting\n"


def test_annotate_is_all_or_nothing(greeting: Shell) -> None:
    said = greeting("annotate", "--key", "k/f.txt", "--ulabel", "blood", "--description", "new")
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert greeting("get", "--key", "k/f.txt", "--field", "description").out == "a greeting\n"
    greeting.python("ln.ULabel(name='blood').save(); ln.Project(name='atlas').save()")
    done = greeting("annotate", "--key", "k/f.txt", "--ulabel", "blood", "--project", "atlas", "--description", "new")
    assert done == Outcome(0, "", f"annotated artifact {uid_of(greeting)}\n")
    lines = greeting("describe", "--key", "k/f.txt").out.splitlines()
    assert "  description  new" in lines
    assert lines[-2:] == ["  projects: 1 (atlas)", "  ulabels: 1 (blood)"]
    sentence = "say what to add: --ulabel, --project, --description, --readme or --comment; see 'lamin annotate --help'"
    assert greeting("annotate", "--key", "k/f.txt") == Outcome(2, "", f"lamin: {sentence}\n")
    assert greeting("annotate", "branch", "--name", "main", "--description", "x").code == 0


def test_source_code_is_loaded_into_a_file(database: Shell, elsewhere: Path) -> None:
    database.python("ln.Transform(key='a/script.py', kind='script', source_code='print(1)\\n').save()")
    done = database("load", "transform", "--key", "a/script.py", folder=elsewhere, LAMIN_CURRENT_INSTANCE="mydir")
    assert done == Outcome(0, "script.py\n", "")
    assert (elsewhere / "script.py").read_text() == "print(1)\n"
    listed = database("list", "transform").rows()
    assert [(row["key"], "source_code" in row) for row in listed] == [("a/script.py", False)]


def test_the_files_of_a_collection_are_loaded(database: Shell) -> None:
    database.python(
        "from pathlib import Path\n"
        "made = [ln.Artifact(p, key=p.name).save() for p in map(Path, 'ab') if p.write_text(p.name)]\n"
        "ln.Collection(made, key='both').save()"
    )
    assert len(database("load", "collection", "--key", "both").out.splitlines()) == 2
    assert database("load", "collection", "--key", "both", "--to", "nowhere").code == 2
    (database.folder / "copies").mkdir()
    assert database("load", "collection", "--key", "both", "--to", "copies").out == "copies/a\ncopies/b\n"
    assert database("load", "collection", "--key", "both", "--to", "copies").code == 2
    assert [(database.folder / "copies" / name).read_text() for name in "ab"] == ["a", "b"]
    for registry in ("collection", "transform"):
        assert database("list", registry).code == 0
    assert database("annotate", "collection", "--key", "both", "--description", "both of them").code == 0
    assert "  description  both of them" in database("describe", "collection", "--key", "both").out.splitlines()
    assert database("delete", "collection", "--key", "both").code == 0
    assert database("load", "collection", "--key", "both").code == 3
