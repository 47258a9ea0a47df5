"""AnnData, and files with some, as artifacts."""

from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import ArtifactUnreadable, FieldValidationError, InvalidArgument

from .conftest import Write
from .objects import check_consistent, objects


@pytest.fixture
def cells() -> ad.AnnData:
    """Three cells by two genes, with what people keep beside."""
    obs = pd.DataFrame({"type": ["T", "B", "T"], "n": [1, 2, 3]}, index=["c1", "c2", "c3"])
    found = ad.AnnData(sp.csr_matrix(np.eye(3, 2, dtype="float32")), obs=obs, var=pd.DataFrame(index=["g1", "g2"]))
    found.obsm["X_pca"] = np.ones((3, 2))
    found.layers["raw"] = found.X.copy()
    found.uns["colours"] = {"T": "red"}
    return found


def test_annotated_data_comes_back_as_it_was(database: Database, root: Path, cells: ad.AnnData) -> None:
    artifact = ln.Artifact.from_anndata(cells, key="cells.h5ad").save()
    found = ln.Artifact.get(artifact.uid)
    loaded = found.load()
    assert (loaded.shape, list(loaded.obs["type"]), loaded.uns["colours"]) == ((3, 2), ["T", "B", "T"], {"T": "red"})
    assert (loaded.X.toarray() == cells.X.toarray()).all()
    assert (found.kind, found.otype, found.n_observations, found.suffix) == ("dataset", "AnnData", 3, ".h5ad")
    check_consistent(database, root)


def test_the_object_stays_as_it_is(database: Database, cells: ad.AnnData) -> None:
    before = cells.obs.dtypes.to_dict()
    ln.Artifact.from_anndata(cells, key="cells.h5ad").save()
    assert cells.obs.dtypes.to_dict() == before, "writing an AnnData turns texts into categories"


def test_open_reads_a_part(database: Database, cells: ad.AnnData) -> None:
    artifact = ln.Artifact.from_anndata(cells, key="cells.h5ad").save()
    opened = artifact.open()
    try:
        assert opened.isbacked
        assert opened[opened.obs["type"] == "T"].to_memory().shape == (2, 2)
    finally:
        opened.file.close()


def test_views_and_backed_objects(database: Database, cells: ad.AnnData, tmp_path: Path) -> None:
    view = ln.Artifact.from_anndata(cells[:2], key="view.h5ad").save()
    assert (view.load().shape, view.n_observations) == ((2, 2), 2)
    cells.write_h5ad(tmp_path / "cells.h5ad")
    backed = ad.read_h5ad(tmp_path / "cells.h5ad", backed="r")
    try:
        assert ln.Artifact.from_anndata(backed, key="backed.h5ad").save().load().shape == (3, 2)
    finally:
        backed.file.close()


def test_a_path_is_counted_without_being_loaded(database: Database, cells: ad.AnnData, tmp_path: Path) -> None:
    cells.write_h5ad(tmp_path / "cells.h5ad")
    found = ln.Artifact.from_anndata(tmp_path / "cells.h5ad", key="cells.h5ad").save()
    assert (found.n_observations, found.otype, found.kind) == (3, "AnnData", "dataset")
    plain = ln.Artifact(tmp_path / "cells.h5ad", key="cells.h5ad")
    assert plain == found


def test_versions(database: Database, root: Path, cells: ad.AnnData) -> None:
    first = ln.Artifact.from_anndata(cells, key="cells.h5ad").save()
    second = ln.Artifact.from_anndata(cells[:1].copy(), key="cells.h5ad").save()
    third = ln.Artifact.from_anndata(cells[:2].copy(), revises=second).save()
    assert [each.uid[16:] for each in (first, second, third)] == ["0000", "0001", "0002"]
    assert [ln.Artifact.get(each.uid).load().n_obs for each in (first, second, third)] == [3, 1, 2]
    check_consistent(database, root)


def test_nothing_in_it(database: Database) -> None:
    empty = ln.Artifact.from_anndata(ad.AnnData(np.zeros((0, 0))), key="empty.h5ad").save()
    assert (empty.n_observations, empty.load().shape) == (0, (0, 0))


@pytest.mark.parametrize(
    ("data", "key", "error", "text"),
    [
        (
            pd.DataFrame({"a": [1]}),
            "t.h5ad",
            FieldValidationError,
            "pass an AnnData or the path of a file with one, not DataFrame",
        ),
        (7, "t.h5ad", FieldValidationError, "pass an AnnData or the path of a file with one, not int"),
        ("cells", "t.parquet", InvalidArgument, r"key 't\.parquet' must end with \.h5ad for an AnnData to be written"),
        ("cells", None, InvalidArgument, "pass a key or a description for this AnnData"),
        ("odd", "t.h5ad", InvalidArgument, "this AnnData cannot be written as AnnData"),
    ],
)
def test_what_cannot_be_written(
    database: Database, root: Path, cells: ad.AnnData, data: Any, key: str | None, error: Any, text: str
) -> None:
    if data == "odd" if isinstance(data, str) else False:
        cells.uns["thing"] = object()
    with pytest.raises(error, match=text):
        ln.Artifact.from_anndata(cells if isinstance(data, str) else data, key=key)
    assert (ln.Artifact.filter().count(), objects(root)) == (0, [])


def test_damaged_files(database: Database, cells: ad.AnnData, write: Write, tmp_path: Path) -> None:
    with pytest.raises(ArtifactUnreadable, match=r"t\.h5ad' cannot be read as AnnData"):
        ln.Artifact.from_anndata(write("no HDF5", "t.h5ad"), key="t.h5ad")
    cells.write_h5ad(tmp_path / "cells.h5ad")
    whole = (tmp_path / "cells.h5ad").read_bytes()
    artifact = ln.Artifact(write(whole[: len(whole) // 2], "half.h5ad"), key="half.h5ad").save()
    for read in (artifact.load, artifact.open):
        with pytest.raises(ArtifactUnreadable, match="cannot be read as AnnData"):
            read()
    with pytest.raises(InvalidArgument, match=r"is no file that an AnnData is read from; those end with \.h5ad"):
        ln.Artifact.from_anndata(write("x", "a.csv"), key="a.csv")
