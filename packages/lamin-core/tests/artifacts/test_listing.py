"""Reports and environments of runs are artifacts that lists of artifacts leave out, and that can be asked for."""

from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln

HIDDEN = "__lamindb_run__"


@pytest.fixture
def artifacts(database: Database, tmp_path: Path) -> dict[str, ln.Artifact]:
    """One of each kind, one without, and a report of a run."""

    def made(key: str, **values: Any) -> ln.Artifact:
        path = tmp_path / key
        path.write_text(key)
        return ln.Artifact(path, key=key, **values).save()

    found = {"plain": made("plain.csv"), "dataset": made("dataset.csv", kind="dataset"), "report": made("report.txt")}
    table = ln.Artifact.__table__
    with database.writing() as transaction:
        change = table.update().where(table.c.id == found["report"].id).values(kind=HIDDEN)
        transaction.connection.execute(change)
    return found


def keys(found: Any) -> list[str]:
    return list(found.to_dataframe()["key"])


def test_frames_leave_out_what_runs_keep(artifacts: dict[str, ln.Artifact], queries: Any) -> None:
    with queries.exactly(1):
        assert keys(ln.Artifact) == ["dataset.csv", "plain.csv"]
    assert keys(ln.Artifact.filter()) == keys(ln.Artifact.filter(key__contains=".")) == ["dataset.csv", "plain.csv"]
    assert keys(ln.Artifact.filter(suffix=".txt")) == []


def test_who_asks_for_the_kind_gets_it(artifacts: dict[str, ln.Artifact]) -> None:
    assert keys(ln.Artifact.filter(kind=HIDDEN)) == ["report.txt"]
    assert keys(ln.Artifact.filter(kind__startswith="__lamindb")) == ["report.txt"]
    assert keys(ln.Artifact.filter(ln.Q(kind=HIDDEN) | ln.Q(kind="dataset"))) == ["report.txt", "dataset.csv"]
    assert keys(ln.Artifact.filter().exclude(kind="dataset")) == ["report.txt", "plain.csv"]
    assert keys(ln.Artifact.filter(ln.Artifact.kind == HIDDEN)) == ["report.txt"]
    assert keys(ln.Artifact.filter()[:3]) == ["plain.csv", "dataset.csv", "report.txt"]


def test_query_sets_hide_nothing(artifacts: dict[str, ln.Artifact]) -> None:
    assert ln.Artifact.filter().count() == len(ln.Artifact.filter()) == 3
    assert ln.Artifact.get(key="report.txt") == artifacts["report"]


def test_other_registries_are_listed_as_they_are(database: Database) -> None:
    ln.ULabel(name="__lamindb_x").save()
    assert list(ln.ULabel.to_dataframe()["name"]) == ["__lamindb_x"]
