"""Databases with more modules than the core's: adding one, what it requires, and a newer version of it.

The modules are installed distributions of the test, made of YAML as anybody's. Numbers are those of the acceptance list.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Outcome, Shell

SCHEMA = """
id: https://example.org/{name}
name: {name}
description: A module of the test.
imports: [linkml:types, base, {imports}]
default_range: string
annotations: {{module: {name}, package: {name}._registries}}
classes:
  {registry}:
    description: Something with a name.
    is_a: SQLRecord
    mixins: [CanCurate, TracksRun, TracksUpdates]
    annotations: {{uid_length: 8, name_field: name}}
    attributes:
      name: {{description: Its name., required: true, annotations: {{max_length: 100}}}}
      {column}
"""


class Site:
    """A folder of installed modules: `zoo`, and `circus`, which requires it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])}

    def install(self, name: str, registry: str, imports: str = "core", column: str = "", message: str = "first tables") -> None:
        """Generate a module, or a newer version of it."""
        package = self.folder / name
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text('"""A module of the test."""\n')
        source = self.folder / f"{name}.yaml"
        source.write_text(SCHEMA.format(name=name, registry=registry, imports=imports, column=column))
        command = [sys.executable, "-m", "lamin_codegen", "--into", str(package / "_registries"), "-m", message, str(source)]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **self.environment})
        assert done.returncode == 0, done.stderr
        info = self.folder / f"{name}-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[lamin.modules]\n{name} = {name}._registries\n")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site")
    site.install("zoo", "Animal")
    return site


def modules_of(shell: Shell, site: Site) -> list[str]:
    found: list[str] = json.loads(shell("info", "--json", **site.environment).out)["modules"]
    return found


def test_4_a_module_is_added_to_what_is_there(greeting: Shell, site: Site) -> None:
    done = greeting("init", "--modules", "zoo", **site.environment)
    assert done == Outcome(0, "", "extended testuser/mydir in FOLDER; modules: lamindb, zoo\n")
    assert modules_of(greeting, site) == ["lamindb", "zoo"]
    assert greeting("settings", "modules", **site.environment) == Outcome(0, "lamindb,zoo\n", "")
    assert [row["key"] for row in greeting("list", "artifact", **site.environment).rows()] == ["k/f.txt"]
    assert greeting("list", "zoo.Animal", **site.environment) == Outcome(0, "", "no row in zoo.Animal\n")
    again = greeting("init", "--modules", "zoo", **site.environment)
    assert again == Outcome(0, "", "already initialised, connected testuser/mydir in FOLDER\n")


def test_4_a_registry_of_a_module_that_the_database_does_not_have(database: Shell, site: Site) -> None:
    sentence = (
        "testuser/mydir has no table 'zoo_animal': the module 'zoo' is not set up there; "
        "to add it, run `lamin init --modules zoo` there"
    )
    assert database("list", "animal", **site.environment) == Outcome(3, "", f"lamin: {sentence}\n")
    assert database("list", "animal") == Outcome(3, "", "lamin: no registry is called 'animal'\n")


def test_5_what_a_module_requires_comes_along(lamin: Shell, site: Site) -> None:
    site.install("circus", "Artist", imports="core, zoo", column="animal: {description: Who performs., range: Animal}")
    done = lamin("init", "--modules", "circus", **site.environment)
    said = "lamindb, zoo came along because others require it; modules: lamindb, zoo, circus"
    assert done == Outcome(0, "", f"created testuser/project in FOLDER; {said}\n")
    assert modules_of(lamin, site) == ["lamindb", "zoo", "circus"]
    assert lamin("list", "artist", **site.environment) == Outcome(0, "", "no row in artist\n")
    assert lamin("list", "animal", **site.environment) == Outcome(0, "", "no row in animal\n")


@pytest.mark.parametrize("backup", [True, False])
def test_42_43_migrate(lamin: Shell, site: Site, backup: bool) -> None:
    assert lamin("init", "--modules", "zoo", **site.environment).code == 0
    lamin.python("from zoo._registries.animal import Animal; Animal(name='Yak').save()", **site.environment)
    for command in (["migrate", "check"], ["migrate", "deploy"]):
        said = "the database is up to date" + (" already" if command[1] == "deploy" else "") + "\n"
        assert lamin(*command, **site.environment) == Outcome(0, "", said)
    site.install("zoo", "Animal", column="legs: {description: How many., range: integer}", message="number of legs")
    newest = "zoo_0002"
    said = "1 missing; to apply, run `lamin migrate deploy`\n"
    assert lamin("migrate", "check", **site.environment) == Outcome(1, f"{newest}\n", said)
    assert [row["name"] for row in lamin("list", "animal", **site.environment).rows()] == ["Yak"]
    done = lamin("migrate", "deploy", *([] if backup else ["--no-backup"]), **site.environment)
    assert done == Outcome(0, f"{newest}\n", "applied 1; the database is up to date\n")
    copies = [path.name for path in (lamin.folder / "storage/.lamindb").glob("lamin.db.before-*")]
    assert copies == ([f"lamin.db.before-{newest}"] if backup else [])
    assert lamin("migrate", "check", **site.environment) == Outcome(0, "", "the database is up to date\n")
    told = json.loads(lamin("list", "animal", "--json", **site.environment).out)
    assert [(row["name"], row["legs"]) for row in told] == [("Yak", None)]


def test_a_database_newer_than_the_module(lamin: Shell, site: Site, tmp_path: Path) -> None:
    site.install("zoo", "Animal", column="legs: {description: How many., range: integer}", message="number of legs")
    assert lamin("init", "--modules", "zoo", **site.environment).code == 0
    older = Site(tmp_path / "older")
    older.install("zoo", "Animal")
    listed = lamin("list", "animal", **older.environment)
    assert listed == Outcome(0, "", "no row in animal\n")
    assert lamin("migrate", "check", **older.environment) == Outcome(0, "", "the database is up to date\n")
    lamin.write("f.txt", "hello")
    assert lamin("save", "f.txt", "--key", "f.txt", **older.environment).code == 0
