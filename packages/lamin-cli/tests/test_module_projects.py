"""A module from nothing: its project, its mistakes, its second version on databases with rows, and what it is in other words."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from lamindb_setup.testing import PostgresServer

from .conftest import Outcome, Shell

AGE = "      age: {description: Age of the donor in years., range: integer}\n"
RENAMED = (
    "      label: {description: Name of the sample., required: true, "
    "annotations: {max_length: 150, index: true, previous_name: name}}\n"
)


class Workshop:
    """The project of module `toylab`, installed so that it can be edited, and a database."""

    def __init__(self, lamin: Shell, database: str | None) -> None:
        self.lamin, self.database = lamin, database
        self.folder = lamin.folder / "toylab"
        self.site = lamin.folder.parent / "site"

    @property
    def environment(self) -> dict[str, str]:
        paths = [str(self.folder / "src"), str(self.site), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {"PYTHONPATH": os.pathsep.join(paths)}

    def __call__(self, *arguments: str, folder: Path | None = None) -> Outcome:
        return self.lamin(*arguments, folder=folder, **self.environment)

    def create(self, name: str = "toylab") -> None:
        done = self.lamin("module", "create", name)
        assert done.code == 0, done.err
        info = self.site / f"{name}-0.1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 0.1.0\n")
        (info / "entry_points.txt").write_text(f"[lamin.modules]\n{name} = {name}._registries\n")

    def init(self) -> None:
        done = self("init", "--modules", "toylab", *(["--db", self.database] if self.database else []))
        assert done.code == 0, done.err

    def edit(self, old: str, new: str, name: str = "toylab") -> None:
        path = self.lamin.folder / name / "schema.yaml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    def add_age(self) -> None:
        self.edit("    attributes:\n", f"    attributes:\n{AGE}")

    def python(self, code: str) -> str:
        return self.lamin.python(f"import toylab\n{code}", **self.environment)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        if self.database:
            with psycopg.connect(self.database) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.lamin.folder / "storage/.lamindb/lamin.db")) as file, file:
            return file.execute(statement).fetchall()


@pytest.fixture(params=["sqlite", "postgresql"])
def workshop(request: pytest.FixtureRequest, lamin: Shell) -> Iterator[Workshop]:
    if request.param == "sqlite":
        yield Workshop(lamin, None)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.clone() as url:
        yield Workshop(lamin, url)


@pytest.fixture
def bench(lamin: Shell) -> Workshop:
    """Where no database is needed."""
    found = Workshop(lamin, None)
    found.create()
    return found


# ---- making one ------------------------------------------------------------------------------------------------------
def test_what_is_made_installs_and_its_test_passes(lamin: Shell, tmp_path: Path) -> None:
    done = lamin("module", "create", "toylab")
    said = "created module toylab; next: pip install -e toylab, then lamin init --modules toylab\n"
    assert done == Outcome(0, "FOLDER/toylab\n", said)
    target = tmp_path / "target"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target"]
    subprocess.run([*pip, str(target), "./toylab"], cwd=lamin.folder, check=True)
    paths = os.pathsep.join(filter(None, [str(target), os.environ.get("PYTHONPATH")]))
    test = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "toylab", "toylab/tests"],
        cwd=lamin.folder,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert test.returncode == 0, test.stdout + test.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Toy-Lab"], "`Toy-Lab` can't be the name of a module: write up to 30 small letters and digits, as `toylab`"),
        (["core"], "the name `core` is taken by something installed; choose another"),
        (["lamindb"], "the name `lamindb` is taken by something installed; choose another"),
        (["zoo", "--imports", "nowhere"], "no installed package offers a module `nowhere` with a schema; install it first"),
        (["zoo", "--path", "."], ". is there already and not empty; choose another place with --path"),
    ],
)
def test_what_cannot_be_made(lamin: Shell, arguments: list[str], said: str) -> None:
    lamin.write("mine.txt", "mine")
    assert lamin("module", "create", *arguments) == Outcome(1, "", f"lamin: {said}\n")
    assert [path.name for path in lamin.folder.iterdir()] == ["mine.txt"]


def test_a_module_that_builds_on_another(bench: Workshop) -> None:
    assert bench("module", "create", "zoo", "--imports", "toylab").code == 0
    assert "imports: [linkml:types, base, core, toylab]" in (bench.lamin.folder / "zoo/schema.yaml").read_text()


# ---- mistakes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("classes:\n", "classes: [\n", "toylab/schema.yaml:"),
        ("      name: {", "     name: {", "toylab/schema.yaml:"),
        ("    is_a: SQLRecord", "    isa: SQLRecord", "toylab/schema.yaml:14:5: a class has no word `isa`; write `is_a`"),
        ("range: string\n", "range: string\nclases: {}\n", "write `classes`"),
        ("module: toylab", "module: other", "but pyproject.toml offers `toylab`; write `module: toylab`"),
        ("base, core]", "base, core, nowhere]", "there is no schema `nowhere`"),
    ],
)
def test_mistakes_have_file_line_cause_and_cure(bench: Workshop, old: str, new: str, told: str) -> None:
    bench.edit(old, new)
    done = bench("module", "check")
    assert done.code == 1
    assert told in done.out
    assert done.err.startswith("lamin: ")
    assert "nothing was written" in done.err
    before = sorted(path.stat().st_mtime_ns for path in bench.folder.rglob("*"))
    assert bench("migrate", "create").code == 1
    assert sorted(path.stat().st_mtime_ns for path in bench.folder.rglob("*")) == before


def test_modules_that_import_each_other(bench: Workshop) -> None:
    bench.create("zoo")
    bench.edit("base, core]", "base, core, zoo]")
    bench.edit("base, core]", "base, core, toylab]", "zoo")
    done = bench("migrate", "create")
    assert done.code == 1
    assert "modules import each other in a circle" in done.err


def test_two_modules_that_claim_one_relation(bench: Workshop) -> None:
    bench.create("zoo")
    for name in ("toylab", "zoo"):
        bench.edit("name_field: name}", "name_field: name, annotates: Artifact}", name)
    assert bench("migrate", "create", "--module", "toylab").code == 0
    environment = {"PYTHONPATH": os.pathsep.join([str(bench.lamin.folder / "zoo/src"), bench.environment["PYTHONPATH"]])}
    done = bench.lamin("module", "check", "zoo", **environment)
    assert done.code == 1
    assert "the relation `samples` of `lamindb.Artifact` is added by the installed module `toylab`, too" in done.out


def test_a_revision_that_uses_columns_of_another_module(bench: Workshop) -> None:
    revision = bench.folder / "src/toylab/_registries/revisions/toylab_0001.py"
    text = revision.read_text()
    revision.write_text(text + '    op.execute("UPDATE toylab_sample SET run_id = (SELECT min(id) FROM lamindb_run)")\n')
    assert bench("module", "check").code == 0
    revision.write_text(text + "    op.execute(\"DELETE FROM lamindb_artifact WHERE suffix = '.csv'\")\n")
    done = bench("module", "check")
    assert done.code == 1
    assert "the revision uses `lamindb_artifact.suffix`, a column of the module `lamindb`, which may change it" in done.out
    revision.write_text(f"import lamindb\n{text}")
    assert "the revision imports `lamindb`" in bench("module", "check").out


def test_without_a_project(lamin: Shell) -> None:
    said = "neither FOLDER nor a folder in it is the project of a module; name one, or run `lamin module create NAME`"
    assert lamin("migrate", "create") == Outcome(1, "", f"lamin: {said}\n")
    assert lamin("module", "check", "zoo").err.endswith("run `lamin module create zoo`\n")


# ---- second versions -------------------------------------------------------------------------------------------------
def test_a_second_version_with_rows(workshop: Workshop) -> None:
    workshop.create()
    workshop.init()
    workshop.python("toylab.Sample(name='blood 1', description='red').save()")
    workshop.add_age()
    workshop.edit(
        "      name: {description: Name of the sample., required: true, annotations: {max_length: 150, index: true}}\n", RENAMED
    )
    workshop.edit("name_field: name", "name_field: label")
    done = workshop("migrate", "create", "-m", "age of donors")
    steps = ["  rename column toylab_sample.name to label", "  add column toylab_sample.age", "  change indexes of toylab_sample"]
    assert (done.code, done.out) == (0, "toylab_0002\n")
    assert sorted(done.err.splitlines()) == sorted([*steps, "to apply, run `lamin migrate deploy`"])
    assert workshop("migrate", "create") == Outcome(0, "", "nothing changed\n")
    assert workshop("module", "check").code == 0
    dry = workshop("migrate", "deploy", "--dry-run")
    assert dry == Outcome(0, "toylab_0002\n", "nothing was changed\n")
    assert "ADD COLUMN" in workshop("migrate", "deploy", "--sql").out
    assert workshop("migrate", "check").code == 1
    assert workshop("migrate", "deploy") == Outcome(0, "toylab_0002\n", "applied 1; the database is up to date\n")
    assert workshop("migrate", "deploy") == Outcome(0, "", "the database is up to date already\n")
    assert workshop.python("print(toylab.Sample.get(label='blood 1').age)") == "None"
    listed = [row for row in json.loads(workshop("migrate", "history", "--json").out) if row["module"] == "toylab"]
    assert [(row["name"], row["message"], row["applied"]) for row in listed] == [
        ("toylab_0001", "First tables of toylab.", True),
        ("toylab_0002", "age of donors", True),
    ]
    assert all(row["applied_at"] for row in listed)


def test_dropping_is_asked_for(workshop: Workshop) -> None:
    workshop.create()
    workshop.init()
    workshop.edit("      description: {description: What else is known of it., annotations: {max_length: 1000}}\n", "")
    done = workshop("migrate", "create")
    assert done.code == 1
    assert "Sample.description is gone, and with it its values" in done.err
    assert done.err.endswith("lamin: 1 mistake; nothing was written; --allow-drop drops them\n")
    assert workshop("migrate", "create", "--allow-drop").err.startswith("  drop column toylab_sample.description\n")
    assert workshop("migrate", "deploy").code == 0
    assert workshop.python("print(toylab.Sample(name='x').save().name)") == "x"


def test_a_revision_changed_after_it_was_applied(workshop: Workshop) -> None:
    workshop.create()
    workshop.init()
    revision = workshop.folder / "src/toylab/_registries/revisions/toylab_0001.py"
    text = revision.read_text()
    revision.write_text(text + "    op.execute('SELECT 1')\n")
    for command in ("check", "deploy"):
        done = workshop("migrate", command)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(
            "lamin: revision toylab_0001 was changed after it was applied to this database on WHEN; restore"
        )
    revision.write_text(text)
    assert workshop("migrate", "check").code == 0


def test_a_failing_data_step_keeps_nothing(workshop: Workshop) -> None:
    workshop.create()
    workshop.init()
    workshop.add_age()
    assert workshop("migrate", "create").code == 0
    revision = workshop.folder / "src/toylab/_registries/revisions/toylab_0002.py"
    text = revision.read_text()
    revision.write_text(text + "    raise ValueError('the unit of row 7 is unknown')\n")
    done = workshop("migrate", "deploy")
    assert done.code == 1
    said = "revision toylab_0002 failed (ValueError: the unit of row 7 is unknown); nothing was kept"
    assert done.err == f"lamin: {said}, correct it and deploy again\n"
    assert workshop("migrate", "check").out == "toylab_0002\n"
    revision.write_text(text)
    assert workshop("migrate", "deploy").code == 0


def test_tables_of_others_stay_and_one_in_the_way_is_named(workshop: Workshop) -> None:
    workshop.create()
    workshop.init()
    workshop.sql("CREATE TABLE theirs (x integer)")
    workshop.sql("CREATE TABLE toylab_donor (x integer)")
    workshop.edit(
        "classes:\n", "classes:\n  Donor:\n    description: A person.\n    is_a: SQLRecord\n    annotations: {uid_length: 8}\n"
    )
    assert workshop("migrate", "create").code == 0
    done = workshop("migrate", "deploy")
    assert done.code != 0
    assert "toylab_donor" in done.err
    assert "already exists" in done.err
    workshop.sql("DROP TABLE toylab_donor")
    assert workshop("migrate", "deploy").code == 0
    assert workshop.sql("SELECT count(*) FROM theirs") == [(0,)]


# ---- showing ---------------------------------------------------------------------------------------------------------
def test_list_and_show(bench: Workshop) -> None:
    listed = {row["name"]: row for row in bench("module", "list").rows()}
    assert listed["toylab"]["state"] == "not in database"
    bench.init()
    bench.add_age()
    assert bench("migrate", "create").code == 0
    row = {row["name"]: row for row in bench("module", "list").rows()}["toylab"]
    assert row == {"name": "toylab", "version": "0.1.0", "newest": "toylab_0002", "applied": "toylab_0001", "state": "behind"}
    absent = json.loads(bench.lamin("module", "list", "--json").out)
    assert [one["state"] for one in absent if one["name"] == "toylab"] == ["not installed"]
    shown = bench("module", "show", "toylab").out
    assert "toylab_sample" in shown
    told = json.loads(bench("module", "show", "toylab", "--json").out)
    assert (told["applied"], told["registries"]["Sample"]["columns"]["age"]) == ("toylab_0001", 2)
    assert bench("module", "show", "toilab").code == 3


def test_export(bench: Workshop) -> None:
    document = json.loads(bench("module", "export", "toylab").out)
    sample = document["$defs"]["Sample"]
    assert sample["properties"]["name"]["maxLength"] == 150
    assert "name" in sample["required"]
    assert bench("module", "export", "toylab", "--format", "linkml").out == (bench.folder / "schema.yaml").read_text()
    assert 'CREATE TABLE "toylab_sample"' in bench("module", "export", "toylab", "--format", "sql", "--dialect", "postgresql").out
    diagram = bench("module", "export", "toylab", "--format", "mermaid").out
    assert diagram.startswith("erDiagram\n    Sample {\n")
    assert 'Sample }o--o| lamindb_Run : "run_id"' in diagram
    core = json.loads(bench("module", "export", "lamindb").out)
    assert "Artifact" in core["$defs"]
    assert bench("module", "export", "toylap").err.endswith("write `toylab`\n")


# ---- modules of a database -------------------------------------------------------------------------------------------
def test_modules_are_added_by_the_settings_and_none_is_removed(workshop: Workshop) -> None:
    workshop.create()
    arguments = ["--db", workshop.database] if workshop.database else []
    assert workshop("init", *arguments).code == 0
    assert workshop("settings", "modules", "set", "toylab") == Outcome(0, "", "added toylab\n")
    assert workshop("settings", "modules") == Outcome(0, "lamindb,toylab\n", "")
    assert workshop.python("print(toylab.Sample(name='x').save().name)") == "x"
    assert workshop("settings", "modules", "set", "lamindb,toylab") == Outcome(0, "", "modules are lamindb, toylab already\n")
    done = workshop("settings", "modules", "set", "lamindb")
    said = "the database has tables of toylab, and no module is removed from a database; write "
    assert done == Outcome(4, "", f"lamin: {said}`lamin settings modules set lamindb,toylab`\n")


def test_what_is_in_the_way_of_a_deployment(workshop: Workshop) -> None:
    """A copy that a killed deployer left half done; a reader on Postgres who never ends."""
    workshop.create()
    workshop.init()
    workshop.add_age()
    assert workshop("migrate", "create").code == 0
    if workshop.database:
        with psycopg.connect(workshop.database) as reader:
            reader.execute("SELECT * FROM toylab_sample")
            assert workshop("migrate", "deploy", "--lock-timeout", "0.3").code == 4
        assert workshop("migrate", "check").out == "toylab_0002\n"
    else:
        (workshop.lamin.folder / "storage/.lamindb/lamin.db.before-toylab_0002.partial").write_bytes(b"SQLite format 3\0half")
    assert workshop("migrate", "deploy").code == 0
    assert not list(workshop.lamin.folder.glob("storage/.lamindb/*.partial"))
