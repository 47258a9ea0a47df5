"""What `lamin init` makes at once equals all migrations from nothing, and upgrading keeps rows: the core, and a module on it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lamin_codegen.generating import Target, generate
from lamin_codegen.shapes import Shape, differences, shape_of_postgres, shape_of_sqlite
from lamindb_setup.databases import creation, migrations
from lamindb_setup.databases.database import Database
from lamindb_setup.errors import DatabaseError
from lamindb_setup.modules import Module
from lamindb_setup.testing import PostgresServer, bare_database

TOY = """
id: https://example.org/toy
name: toy
description: Samples and where they are kept.
imports: [linkml:types, core]
annotations:
  module: toy
  package: {package}
  on_delete_in_database: true
classes:
"""
TOY_1 = """
  Freezer:
    description: A place for samples.
    is_a: SQLRecord
    annotations: {uid_length: 12}
    attributes:
      name: {description: Name., required: true, annotations: {max_length: 20, unique: true}}
      floor: {description: Floor of the building., range: integer}
  Sample:
    description: A sample.
    is_a: SQLRecord
    mixins: [HasType, CanCurate, TracksRun, TracksUpdates]
    annotations: {uid_length: 12, annotates: Artifact}
    attributes:
      name: {description: Name., annotations: {max_length: 50, index: true}}
      volume: {description: Volume in ml., range: float}
      type: {description: Type., range: Sample, annotations: {on_delete: protect, reverse: samples}}
      freezer: {description: Where it is kept., range: Freezer, annotations: {on_delete: protect, reverse: samples}}
    unique_keys:
      unique_sample: {description: One in a place., unique_key_slots: [name, freezer], annotations: {where: freezer is not null}}
"""
TOY_2 = """
  Freezer:
    description: A place for samples.
    is_a: SQLRecord
    annotations: {uid_length: 12}
    attributes:
      name: {description: Name., required: true, annotations: {max_length: 40, unique: true}}
      storey:
        description: Floor of the building.
        range: integer
        required: true
        annotations: {db_default: 0, previous_name: floor}
  Specimen:
    description: A sample.
    is_a: SQLRecord
    mixins: [HasType, CanCurate, TracksRun, TracksUpdates]
    annotations: {uid_length: 12, annotates: Artifact, previous_name: Sample}
    attributes:
      name: {description: Name., required: true, annotations: {max_length: 50, db_default: "no name"}}
      volume: {description: Volume in ml., range: float}
      type: {description: Type., range: Specimen, annotations: {on_delete: protect, reverse: specimens}}
      freezer: {description: Where it is kept., range: Freezer, annotations: {on_delete: set_null, reverse: specimens}}
      taken_at: {description: Time in UTC., range: datetime, required: true, annotations: {db_default: now, index: true}}
      tissues: {description: Where it is from., range: Tissue, multivalued: true, annotations: {reverse: specimens}}
  Tissue:
    description: A part of the body.
    is_a: SQLRecord
    mixins: [HasParents, CanCurate]
    annotations: {uid_length: 8}
    attributes:
      name: {description: Name., required: true, annotations: {max_length: 50, index: true}}
      parents: {description: Wholes., range: Tissue, multivalued: true, annotations: {reverse: children}}
    unique_keys:
      unique_tissue_name: {description: One in any case., unique_key_slots: [name], annotations: {lower: true}}
"""

ROWS = [
    "INSERT INTO lamindb_user (uid, handle) VALUES ('user0000', 'ada')",
    "INSERT INTO lamindb_space (uid, name) VALUES ('space0000000', 'all')",
    "INSERT INTO lamindb_branch (uid, name, created_by_id) VALUES ('branch000000', 'main', 1)",
    "INSERT INTO lamindb_storage (uid, root, type, created_by_id) VALUES ('storage00000', '/data', 'local', 1)",
    "INSERT INTO lamindb_artifact (uid, storage_id, suffix, is_latest, _key_is_virtual, _overwrite_versions, created_by_id)"
    " VALUES ('artifact000000000000', 1, '.csv', true, true, false, 1)",
    "INSERT INTO toy_freezer (uid, name, floor) VALUES ('freezer00000', 'cold', NULL), ('freezer00001', 'colder', 3)",
    "INSERT INTO toy_sample (uid, name, volume, freezer_id, created_by_id) VALUES ('sample000000', 'blood', 1.5, 1, 1)",
    "INSERT INTO toy_sample (uid, name, type_id, created_by_id) VALUES ('sample000001', NULL, 1, 1)",
    "INSERT INTO toy_artifactsample (artifact_id, sample_id, created_by_id) VALUES (1, 2, 1)",
]
ROWS_AFTER = {
    "SELECT name, storey FROM toy_freezer ORDER BY id": [("cold", 0), ("colder", 3)],
    "SELECT name, volume, type_id, freezer_id FROM toy_specimen ORDER BY id": [
        ("blood", 1.5, None, 1),
        ("no name", None, 1, None),
    ],
    "SELECT count(*) FROM toy_specimen WHERE taken_at IS NOT NULL": [(2,)],
    "SELECT artifact_id, specimen_id FROM toy_artifactspecimen": [(1, 2)],
    "SELECT count(*) FROM toy_tissue_parents": [(0,)],
    "SELECT uid, is_latest FROM lamindb_artifact": [("artifact000000000000", True)],
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory, schemas: Path) -> Iterator[dict[str, Module]]:
    """Generated packages: the core, and a module of a stranger at its first and at its second revision."""
    root = tmp_path_factory.mktemp("packages")
    for name in ("base.yaml", "core.yaml"):
        shutil.copy(schemas / name, root)
    core = root / "upgrade_core"
    generate(Target((root / "base.yaml", root / "core.yaml"), core, root))
    for number, (classes, message) in enumerate([(TOY_1, None), (TOY_2, "Samples become specimens.")], 1):
        package = f"upgrade_toy_{number}"
        if number == 2:
            shutil.copytree(root / "upgrade_toy_1", root / package)
        (root / "toy.yaml").write_text(TOY.format(package=package) + classes)
        generate(Target((root / "toy.yaml",), root / package, root), message)
    sys.path.insert(0, str(root))
    yield {
        "core": Module("lamindb", "upgrade_core", "lamin-core", "3.0.0"),
        "toy at 1": Module("toy", "upgrade_toy_1", "toy", "1.0"),
        "toy at 2": Module("toy", "upgrade_toy_2", "toy", "2.0"),
    }
    sys.path.remove(str(root))


@pytest.fixture
def new_database(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Makes empty databases of the dialect."""
    opened: list[Database] = []
    names: list[str] = []

    def make() -> Database:
        if dialect == "sqlite":
            path = tmp_path / f"{len(opened)}.db"
            path.touch()
            url = f"sqlite:///{path}"
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            names.append(server.create())
            url = server.url(names[-1])
        opened.append(bare_database(url))
        return opened[-1]

    yield make
    for database in opened:
        database.close()
    for name in names:
        request.getfixturevalue("postgres_server").drop(name)


def made_at_once(database: Database, *modules: Module) -> Shape:
    """The shape after the DDL of the modules, as `lamin init` runs it."""
    with database.writing() as transaction:
        for module in modules:
            creation.execute(transaction.connection, creation.ddl(module, database.url.dialect))
    return shape_of(database)


def shape_of(database: Database) -> Shape:
    """The tables of the modules; those of the bookkeeping are made by the same statements in either case."""
    reader = shape_of_sqlite if database.dialect == "sqlite" else shape_of_postgres
    with database.reading() as connection:
        shape = reader(lambda query: connection.exec_driver_sql(query).fetchall())
    return {table: facts for table, facts in shape.items() if not table.startswith("lamin_")}


def test_core_from_nothing_by_migrations_equals_its_ddl(
    packages: dict[str, Module], new_database: Callable[[], Database]
) -> None:
    migrated, made = new_database(), new_database()
    assert migrations.upgrade(migrated, [packages["core"]]) == ["lamindb_0001"]
    assert differences(shape_of(migrated), made_at_once(made, packages["core"]), extra_tables=()) == []


def test_toy_from_nothing_by_migrations_equals_its_ddl(packages: dict[str, Module], new_database: Callable[[], Database]) -> None:
    modules = packages["core"], packages["toy at 2"]
    migrated, made = new_database(), new_database()
    assert migrations.upgrade(migrated, modules) == ["lamindb_0001", "toy_0001", "toy_0002"]
    assert differences(shape_of(migrated), made_at_once(made, *modules), extra_tables=()) == []


def test_upgrading_keeps_rows(packages: dict[str, Module], new_database: Callable[[], Database]) -> None:
    upgraded, made = new_database(), new_database()
    migrations.upgrade(upgraded, [packages["core"], packages["toy at 1"]])
    with upgraded.writing() as transaction:
        for statement in ROWS:
            transaction.connection.exec_driver_sql(statement)
    modules = packages["core"], packages["toy at 2"]
    assert migrations.upgrade(upgraded, modules) == ["toy_0002"]
    assert differences(shape_of(upgraded), made_at_once(made, *modules), extra_tables=()) == []
    with upgraded.reading() as connection:
        found = {query: [tuple(row) for row in connection.exec_driver_sql(query)] for query in ROWS_AFTER}
    assert found == ROWS_AFTER


def test_a_failed_upgrade_leaves_the_database_as_it_was(
    packages: dict[str, Module], new_database: Callable[[], Database]
) -> None:
    database = new_database()
    migrations.upgrade(database, [packages["core"], packages["toy at 1"]])
    with database.writing() as transaction:
        for statement in [*ROWS, "CREATE TABLE toy_tissue_parents (id integer)"]:  # in the way of the new revision
            transaction.connection.exec_driver_sql(statement)
    before = shape_of(database)
    with pytest.raises(DatabaseError):
        migrations.upgrade(database, [packages["core"], packages["toy at 2"]])
    assert differences(shape_of(database), before, extra_tables=()) == []
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM toy_sample").scalar() == 2
