"""Opening artifacts without reading them all, and loading what is damaged, gone or unknown."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, InvalidArgument

from .conftest import Write

FRAME = pd.DataFrame({"cell": np.arange(1000), "type": ["T", "B"] * 500})


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv"])
def test_tables_are_pyarrow_datasets(database: Database, suffix: str) -> None:
    artifact = ln.Artifact.from_dataframe(FRAME, key=f"cells{suffix}").save()
    opened = artifact.open()
    assert isinstance(opened, ds.Dataset)
    assert opened.schema.names == ["cell", "type"]
    found = opened.to_table(columns=["cell"], filter=(ds.field("type") == "B") & (ds.field("cell") < 10))
    assert found.column("cell").to_pylist() == [1, 3, 5, 7, 9]
    assert opened.count_rows() == 1000


def test_a_parquet_file_is_not_read_to_be_opened(database: Database, tmp_path: Path) -> None:
    """Only its footer is: the first bytes of the columns may be anything."""
    artifact = ln.Artifact.from_dataframe(FRAME, key="cells.parquet").save()
    with Path(str(artifact.path)).open("r+b") as file:
        file.seek(4)
        file.write(b"\0" * 64)
    opened = ln.Artifact.get(artifact.uid).open()
    assert (opened.schema.names, opened.count_rows()) == (["cell", "type"], 1000)
    with pytest.raises(ArtifactUnreadable, match="cannot be read as Parquet"):
        artifact.load()


def test_other_files_are_file_objects(database: Database, write: Write) -> None:
    with ln.Artifact(write("one\ntwo\n", "t.txt"), key="t.txt").save().open() as text:
        assert isinstance(text, io.TextIOBase)
        assert list(text) == ["one\n", "two\n"]
    with ln.Artifact(write(b"\0\1", "x.xyz"), key="x.xyz").save().open() as data:
        assert data.read(1) == b"\0"
    with ln.Artifact(write('{"a": 1}', "x.json"), key="x.json").save().open() as text:
        assert text.read() == '{"a": 1}'


def test_options_reach_the_reader(database: Database) -> None:
    artifact = ln.Artifact.from_dataframe(FRAME, key="cells.csv").save()
    opened = artifact.open(schema=pa.schema([("cell", pa.int64()), ("type", pa.string())]))
    assert opened.schema.types == [pa.int64(), pa.string()]
    assert len(artifact.load(nrows=3)) == 3
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        artifact.load(colour="blue")


@pytest.mark.parametrize("mode", ["w", "a", "r+", "rb", "", None])
def test_only_for_reading(database: Database, write: Write, mode: Any) -> None:
    artifact = ln.Artifact(write(), key="a.csv").save()
    with pytest.raises(InvalidArgument, match=f"mode must be 'r', not {mode!r}".replace("+", r"\+")):
        artifact.open(mode)


def test_bytes_that_are_gone(database: Database) -> None:
    artifact = ln.Artifact.from_dataframe(FRAME, key="cells.parquet").save()
    artifact.path.unlink()
    for read in (artifact.load, artifact.open, artifact.cache):
        with pytest.raises(ArtifactMissing, match=f"the bytes of artifact '{artifact.uid}' are not at"):
            read()


@pytest.mark.parametrize("suffix", [".parquet", ".h5ad", ".json", ".csv.gz"])
@pytest.mark.parametrize("damage", ["empty", "garbage", "half"])
def test_damaged_files(database: Database, write: Write, tmp_path: Path, suffix: str, damage: str) -> None:
    whole = write_whole(tmp_path / f"whole{suffix}").read_bytes()
    content = {"empty": b"", "garbage": b"\x80\x81garbage" * 50, "half": whole[: len(whole) // 2]}[damage]
    artifact = ln.Artifact(write(content, f"t{suffix}"), key=f"t{suffix}").save()
    with pytest.raises(ArtifactUnreadable, match=r"t\S*' cannot be read as|\.lamindb.*' cannot be read as"):
        artifact.load()


def write_whole(path: Path) -> Path:
    if path.suffix == ".parquet":
        FRAME.to_parquet(path)
    elif path.suffix == ".h5ad":
        anndata = pytest.importorskip("anndata")
        anndata.AnnData(np.ones((100, 20))).write_h5ad(path)
    elif path.suffix == ".json":
        FRAME.to_json(path)
    else:
        FRAME.to_csv(path)
    return path


def test_what_nothing_reads(database: Database, write: Write) -> None:
    for name in ("t.xyz", "noext", "t.bam.bai"):
        artifact = ln.Artifact(write("x", name), key=name).save()
        with pytest.raises(InvalidArgument, match="nothing is known that reads"):
            artifact.load()
        assert artifact.cache().read_text() == "x"


def test_before_it_is_saved(database: Database, write: Write) -> None:
    artifact = ln.Artifact(write("a\n1\n"), key="a.csv")
    assert (artifact.load().shape, artifact.open().count_rows()) == ((1, 1), 1)


def test_loading_gives_an_object_of_ones_own(database: Database) -> None:
    """P25: what the caller does with the frame does not come back."""
    frame = FRAME.copy()
    artifact = ln.Artifact.from_dataframe(frame, key="cells.parquet").save()
    loaded = artifact.load()
    loaded.loc[0, "cell"] = -1
    frame.loc[0, "cell"] = -2
    assert artifact.load().loc[0, "cell"] == 0
