"""One small world of rows per dialect, read by all tests of this folder; and the same rows as plain dictionaries."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import lamindb_setup
import pytest
import sqlalchemy as sa
from lamindb_setup.databases import Database
from lamindb_setup.testing import PostgresServer

from lamindb import catalog
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import ONLY_MAIN, Scope

Row = dict[str, Any]
TRASH, ARCHIVE, MAIN, CONTRIB = -1, 0, 1, 2
START = dt.datetime(2024, 2, 29, 23, 59, 59, 123000, tzinfo=dt.UTC)


PARAMS: dict[int, Any] = {
    1: {"lr": 0.1},
    2: None,
    3: {"lr": 2, "name": "Alpha", "a": {"b": [1, "two"]}, "ok": True, "x": "3"},
    4: {"lr": "0.1", "name": "alp_a", "a": {"b": []}, "ok": False, "x": 3},
}
"""Of runs, by number."""


@dataclass(repr=False)
class World:
    """Rows by registry, in the order in which they can be inserted."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, registry: str, **values: Any) -> int:
        """Add a row with every column filled; returns its id."""
        rows = self.rows.setdefault(registry, [])
        row = {column.name: _default(column, len(rows) + 1) for column in catalog.registry(registry).__table__.columns}
        rows.append(row | values)
        return int(rows[-1]["id"])

    def link(self, registry: str, **values: int) -> None:
        self.add(registry, **values)

    def of(self, registry: str) -> list[Row]:
        return self.rows.get(registry, [])


def _default(column: sa.Column[Any], number: int) -> Any:
    if column.name == "id":
        return number
    if column.name == "uid":
        return f"{number:0{column.type.length}}"  # type: ignore[attr-defined]  # uids are strings
    if column.nullable:
        return None
    if column.foreign_keys:
        return 1
    if isinstance(column.default, sa.ColumnDefault) and column.default.is_scalar:
        return column.default.arg
    if column.name.endswith("_at"):
        return START + dt.timedelta(hours=number)
    return column.type.python_type()


def make_world() -> World:
    world = World()
    world.add("lamindb.User", handle="ada", name="Ada")
    world.add("lamindb.User", handle="bob", name=None)
    world.add("lamindb.Space", name="all")
    for branch_id, name in ((MAIN, "main"), (ARCHIVE, "archive"), (TRASH, "trash"), (CONTRIB, "contrib"), (3, "side")):
        world.add("lamindb.Branch", id=branch_id, name=name, uid=f"branch{branch_id:06}")
    world.add("lamindb.Storage", root="/data", type="local")
    _labels(world)
    _lineage(world)
    _artifacts(world)
    _projects(world)
    world.add("lamindb.Feature", name="tissue", _dtype_str="cat[ULabel]")
    world.link("lamindb.ArtifactULabel", artifact_id=1, ulabel_id=3, feature_id=1)
    return world


def _labels(world: World) -> None:
    def label(name: str, type_id: int | None = None, **values: Any) -> int:
        return world.add("lamindb.ULabel", name=name, type_id=type_id, **values)

    kind = label("Tissue", is_type=True, description="a type")
    other = label("Disease", is_type=True)
    label("alpha", kind, description="first", reference="x")
    label("Alpha", kind, created_by_id=2)
    label("alp_a", kind, description="")
    label("alp%a", other, description="100%")
    label("al*a?[b]", other, reference="X")
    label("βeta", None, description="Ωmega")
    label("ΒETA", kind, created_by_id=2)
    label("Été à la plage", other, reference="ΟΔΌΣ İ")
    label("a", None, description="\\ back'slash\"")
    label("emoji 😀", other, reference="😀")
    label("high \uffff", None, description="\ue000 then \ud7ff")
    label("a", kind, branch_id=TRASH)
    label("old", other, branch_id=ARCHIVE, description="first")
    label("mine", None, branch_id=CONTRIB)
    label("a\nb", other, branch_id=3)
    for child, parent in ((3, 4), (3, 5), (5, 6), (6, 3), (8, 9), (9, 8), (14, 3), (10, 10)):
        world.link("lamindb.ULabel_parents", from_ulabel_id=child, to_ulabel_id=parent)


def _lineage(world: World) -> None:
    for key, version, latest in (("prep.py", 0, False), ("prep.py", 1, True), ("fit.ipynb", 0, True)):
        stem = "T" * 12 if key == "prep.py" else "N" * 12
        world.add("lamindb.Transform", key=key, uid=f"{stem}000{version}", is_latest=latest, kind=key[:4])
    for number, (transform_id, microseconds) in enumerate(((1, 0), (2, 877_000), (2, 0), (3, 1)), 1):
        finished_at = START + dt.timedelta(seconds=number, microseconds=microseconds)
        world.add(
            "lamindb.Run",
            name=f"run {number}" if number % 2 else None,
            transform_id=transform_id,
            finished_at=None if number == 3 else finished_at,
            initiated_by_run_id=1 if number > 2 else None,
            params=PARAMS[number],
            _status_code=number - 2,
        )


def _artifacts(world: World) -> None:
    def artifact(key: str | None, stem: str, version: int, *, latest: bool, **values: Any) -> int:
        return world.add("lamindb.Artifact", key=key, uid=f"{stem * 16}000{version}", is_latest=latest, suffix=".h5ad", **values)

    artifact("pbmc.h5ad", "A", 0, latest=False, size=10, hash="h1", run_id=1, version_tag="v1", description="first try")
    artifact("pbmc.h5ad", "A", 1, latest=True, size=2**40, hash="h2", run_id=2, kind="dataset")
    artifact("pbmc.h5ad", "A", 2, latest=True, size=30, hash="h3", branch_id=CONTRIB)
    artifact("raw/100%_a.csv", "B", 0, latest=True, size=0, hash="h4", run_id=4, description="")
    artifact(None, "C", 0, latest=True, size=None, hash=None, extra_data={"a": [1, None]})
    artifact("gone.txt", "D", 0, latest=True, size=7, hash="h5", branch_id=TRASH, run_id=3)
    artifact("old.txt", "E", 0, latest=False, size=-7, n_observations=5, description="first try")
    artifact("old.txt", "E", 1, latest=False, size=8, kind="model", run_id=2)
    for artifact_id, label_id in ((1, 3), (1, 4), (2, 3), (2, 7), (3, 8), (4, 14), (7, 3), (7, 4), (7, 5), (8, 10)):
        world.link("lamindb.ArtifactULabel", artifact_id=artifact_id, ulabel_id=label_id)
    for artifact_id, run_id in ((1, 2), (1, 3), (2, 4), (4, 4)):
        world.link("lamindb.Artifact_input_of_runs", artifact_id=artifact_id, run_id=run_id)


def _projects(world: World) -> None:
    for number, (start, end, branch_id) in enumerate(
        (
            (dt.date(2024, 2, 29), None, MAIN),
            (None, dt.date(2023, 12, 31), MAIN),
            (dt.date(2024, 12, 30), dt.date(2025, 1, 5), TRASH),
            (dt.date(2023, 1, 1), dt.date(2024, 2, 29), CONTRIB),
            (dt.date(2021, 6, 6), dt.date(2021, 6, 6), MAIN),
        ),
        1,
    ):
        world.add("lamindb.Project", name=f"project {number}", start_date=start, end_date=end, branch_id=branch_id)
    for project_id, label_id in ((1, 3), (1, 14), (2, 4), (3, 3), (4, 4), (5, 16), (5, 3)):
        world.link("lamindb.ULabelProject", project_id=project_id, ulabel_id=label_id)


def fill(database: Database, world: World) -> None:
    """Put the rows of the world in the place of those of a new instance."""
    postgres = database.dialect == "postgresql"
    off, on = (
        ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        if postgres
        else ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    )
    with database.engine.connect() as connection:
        connection.exec_driver_sql(off)
        for qualified, rows in world.rows.items():
            table = catalog.registry(qualified).__table__
            connection.execute(sa.delete(table))
            connection.execute(sa.insert(table), rows)
        connection.exec_driver_sql("UPDATE lamindb_run SET extra_data = 'null' WHERE id = 2")
        if not postgres:  # as the database itself writes milliseconds, and LaminDB whole seconds
            connection.exec_driver_sql("UPDATE lamindb_artifact SET created_at = substr(created_at, 1, 23) WHERE id % 2")
            connection.exec_driver_sql("UPDATE lamindb_run SET finished_at = replace(finished_at, '.000000', '')")
        connection.exec_driver_sql(on)


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def world_database(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database that holds the world; nobody writes to it. It is not the current one."""
    folder = tmp_path_factory.mktemp("world") / "project"
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_template"), folder)
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        template, project = request.getfixturevalue("postgres_template")
        shutil.copytree(project, folder)
        descriptor = folder / "lamin.toml"
        descriptor.write_text(descriptor.read_text().replace(template, server.create(template)))
    database = lamindb_setup.open_database(str(folder))
    fill(database, world)
    yield database
    database.close()


@pytest.fixture
def rows_of(world_database: Database) -> Callable[..., QuerySet[Any]]:
    """Make a query set of a registry in the world, of main unless told otherwise."""

    def make(name: str, scope: Scope = ONLY_MAIN) -> QuerySet[Any]:
        return QuerySet(catalog.registry(f"lamindb.{name}"), world_database, scope)

    return make
