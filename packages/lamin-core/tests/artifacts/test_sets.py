"""Query sets of artifacts, read as one dataset."""

from pathlib import Path

import anndata as ad
import numpy as np
import pandas as pd
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.artifacts.sets import ArtifactSet
from lamindb.errors import ArtifactMissing, InvalidArgument

from .conftest import Write


@pytest.fixture
def plates(database: Database) -> list[ln.Artifact]:
    """Three tables, of which the last has a column more."""
    frames = [pd.DataFrame({"n": [1, 2]}), pd.DataFrame({"n": [3]}), pd.DataFrame({"n": [4], "more": ["x"]})]
    return [ln.Artifact.from_dataframe(frame, key=f"plates/{number}.parquet").save() for number, frame in enumerate(frames)]


def test_tables_as_one(database: Database, plates: list[ln.Artifact]) -> None:
    found = ln.Artifact.filter(key__startswith="plates/")
    assert isinstance(found, ArtifactSet)
    assert list(found.load()["n"]) == [1, 2, 3, 4]
    assert list(found.order_by("-key").load()["n"]) == [4, 3, 1, 2]
    assert list(found.load(join="inner").columns) == ["n"]
    assert found.open().to_table().column("n").to_pylist() == [1, 2, 3, 4]
    assert found.open().schema.names == ["n", "more"]
    assert list(found[:1].load()["n"]) == [1, 2]


def test_every_way_to_a_set(database: Database, plates: list[ln.Artifact]) -> None:
    label = ln.ULabel(name="plate").save()
    for plate in plates:
        plate.ulabels.add(label)
    ways = (
        label.artifacts.filter(key__endswith="1.parquet"),
        label.artifacts.all() & ln.Artifact.filter(key="plates/1.parquet"),
        ln.DB(str(database.instance.folder)).Artifact.filter(key="plates/1.parquet"),
        ln.Artifact.connect(str(database.instance.folder)).filter(key="plates/1.parquet"),
        plates[1].versions,
    )
    for found in ways:
        assert list(found.load(is_run_input=False)["n"]) == [3]


def test_annotated_data_as_one(database: Database) -> None:
    cells = [ad.AnnData(np.ones((n, 2)), obs=pd.DataFrame(index=[f"{n} {cell}" for cell in range(n)])) for n in (1, 2)]
    made = [ln.Artifact.from_anndata(one, key=f"{one.n_obs}.h5ad").save() for one in cells]
    found = ln.Artifact.filter(suffix=".h5ad").load()
    assert list(found.obs["artifact_uid"]) == [made[0].uid, made[1].uid, made[1].uid]


def test_what_cannot_be_read_as_one(database: Database, plates: list[ln.Artifact], write: Write) -> None:
    for read in (ln.Artifact.filter(key="none").load, ln.Artifact.filter(key="none").open):
        with pytest.raises(InvalidArgument, match="this query set has no artifacts, so there is nothing to read"):
            read()
    ln.Artifact(write("text", "t.txt"), key="t.txt").save()
    for read in (ln.Artifact.filter().load, ln.Artifact.filter().open):
        with pytest.raises(InvalidArgument, match=r"several formats \('\.parquet', '\.txt'\)"):
            read()
    with pytest.raises(InvalidArgument, match="which cannot be concatenated"):
        ln.Artifact.filter(suffix=".txt").load()
    with pytest.raises(InvalidArgument, match="are no tables that can be opened as one"):
        ln.Artifact.filter(suffix=".txt").open()
    with pytest.raises(InvalidArgument, match="join is 'outer' or 'inner', not 'left'"):
        ln.Artifact.filter(suffix=".parquet").load(join="left")  # type: ignore[arg-type]
    Path(str(plates[1].path)).unlink()
    with pytest.raises(ArtifactMissing, match=plates[1].uid):
        ln.Artifact.filter(suffix=".parquet").load()
