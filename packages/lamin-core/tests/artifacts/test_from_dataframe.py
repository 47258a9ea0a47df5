"""Data frames, and files with one, as artifacts."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import ArtifactUnreadable, FieldValidationError, InvalidArgument

from .conftest import Write
from .objects import check_consistent, objects

FRAME = pd.DataFrame(
    {
        "text": ["ä", None, "#"],
        "whole": [1, 2, 3],
        "real": [0.5, float("nan"), -1.0],
        "day": pd.to_datetime(["2024-01-01", None, "2024-02-03"]),
        "kind": pd.Categorical(["x", "y", "x"]),
        "is": [True, False, True],
    }
)


@pytest.mark.parametrize("key", ["t.parquet", None])
def test_a_frame_comes_back_as_it_was(database: Database, root: Path, key: str | None) -> None:
    artifact = ln.Artifact.from_dataframe(FRAME, key=key, description="three rows").save()
    found = ln.Artifact.get(artifact.uid)
    pd.testing.assert_frame_equal(found.load(), FRAME)
    assert (found.kind, found.otype, found.n_observations, found.suffix) == ("dataset", "DataFrame", 3, ".parquet")
    assert found.path.name == f"{artifact.uid}.parquet"
    check_consistent(database, root)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".csv.gz"])
def test_a_text_table_gets_no_column_for_row_numbers(database: Database, suffix: str) -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    found = ln.Artifact.from_dataframe(frame, key=f"t{suffix}").save()
    pd.testing.assert_frame_equal(ln.Artifact.get(found.uid).load(), frame)
    assert (found.suffix, found.n_observations) == (suffix, 2)
    named = ln.Artifact.from_dataframe(frame.set_index("b"), key=f"named{suffix}").save()
    assert list(named.load().columns) == ["b", "a"]


def test_what_becomes_of_the_frame_afterwards_does_not_matter(database: Database) -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    artifact = ln.Artifact.from_dataframe(frame, key="t.parquet")
    frame.loc[0, "a"] = 99
    assert list(artifact.save().load()["a"]) == [1, 2]


def test_the_same_frame_is_the_same_artifact_and_another_the_next_version(database: Database, root: Path) -> None:
    first = ln.Artifact.from_dataframe(FRAME, key="t.parquet").save()
    assert ln.Artifact.from_dataframe(FRAME, key="t.parquet").save() == first
    second = ln.Artifact.from_dataframe(FRAME.head(2), key="t.parquet").save()
    assert (second.uid, second.n_observations) == (first.uid[:16] + "0001", 2)
    third = ln.Artifact.from_dataframe(FRAME.head(1), revises=second).save()
    assert (third.key, third.uid) == ("t.parquet", first.uid[:16] + "0002")
    assert len(check_consistent(database, root)) == 3


def test_a_path_is_looked_into(database: Database, tmp_path: Path, write: Write) -> None:
    FRAME.to_parquet(tmp_path / "t.parquet")
    found = ln.Artifact.from_dataframe(tmp_path / "t.parquet", key="t.parquet").save()
    assert (found.n_observations, found.otype, found.kind) == (3, "DataFrame", "dataset")
    assert (tmp_path / "t.parquet").exists()
    text = ln.Artifact.from_dataframe(str(write("a\n1\n2\n", "t.csv")), key="t.csv").save()
    assert (text.n_observations, text.otype, text.kind) == (None, "DataFrame", "dataset")


def test_a_folder_of_parquet_files(database: Database, tmp_path: Path) -> None:
    frame = FRAME[["text", "whole"]].assign(year=[2023, 2023, 2024])
    frame.to_parquet(tmp_path / "by_year", partition_cols=["year"])
    found = ln.Artifact.from_dataframe(tmp_path / "by_year", key="by_year").save()
    assert (found.n_observations, found.n_files) == (3, 2)
    assert sorted(found.load()["whole"]) == [1, 2, 3]
    opened = found.open()
    assert sorted(opened.schema.names) == ["text", "whole", "year"]


def test_options_of_the_formats(database: Database) -> None:
    found = ln.Artifact.from_dataframe(FRAME, key="t.csv", csv_kwargs={"columns": ["whole"], "sep": ";"}).save()
    assert found.path.read_text() == "whole\n1\n2\n3\n"
    packed = ln.Artifact.from_dataframe(FRAME, key="t.parquet", parquet_kwargs={"compression": "gzip"}).save()
    pd.testing.assert_frame_equal(packed.load(), FRAME)
    with pytest.raises(TypeError, match="unexpected"):
        ln.Artifact.from_dataframe(FRAME, key="t.csv", csv_kwargs={"colour": "blue"})
    assert ln.Artifact.from_dataframe(FRAME, key="t.csv", kind="model", description="d").kind == "model"


def test_no_rows_and_no_columns(database: Database) -> None:
    empty = ln.Artifact.from_dataframe(FRAME.head(0), key="empty.parquet").save()
    assert (empty.n_observations, list(empty.load().columns)) == (0, list(FRAME.columns))
    nothing = ln.Artifact.from_dataframe(pd.DataFrame(), key="nothing.parquet").save()
    assert (nothing.n_observations, nothing.load().shape) == (0, (0, 0))


@pytest.mark.parametrize(
    ("data", "key", "error", "text"),
    [
        ({"a": [1]}, "t.parquet", FieldValidationError, "pass a DataFrame or the path of a file with one, not dict"),
        (None, "t.parquet", FieldValidationError, "pass a DataFrame or the path of a file with one, not NoneType"),
        (FRAME, "t.h5ad", InvalidArgument, r"key 't\.h5ad' must end with .*\.parquet.* for a DataFrame to be written"),
        (FRAME, "t", InvalidArgument, r"key 't' must end with"),
        (FRAME, None, InvalidArgument, "pass a key or a description for this DataFrame"),
        (pd.DataFrame({"a": [object()]}), "t.parquet", InvalidArgument, "this DataFrame cannot be written as Parquet"),
        (pd.DataFrame({"a": [1, "x"]}), "t.parquet", InvalidArgument, "this DataFrame cannot be written as Parquet"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "t.parquet", InvalidArgument, "Duplicate column names"),
    ],
)
def test_what_cannot_be_written(database: Database, root: Path, data: Any, key: str | None, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        ln.Artifact.from_dataframe(data, key=key)
    assert (ln.Artifact.filter().count(), objects(root)) == (0, [])


def test_paths_that_are_no_table(database: Database, write: Write, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"a\.txt' is no file that a DataFrame is read from; those end with \.csv"):
        ln.Artifact.from_dataframe(write("x", "a.txt"), key="a.txt")
    with pytest.raises(ArtifactUnreadable, match=r"t\.parquet' cannot be read as Parquet"):
        ln.Artifact.from_dataframe(write("no parquet", "t.parquet"), key="t.parquet")
    (tmp_path / "mixed").mkdir()
    (tmp_path / "mixed" / "a.csv").write_text("a")
    (tmp_path / "mixed" / "b.txt").write_text("b")
    with pytest.raises(InvalidArgument, match="is no file that a DataFrame is read from"):
        ln.Artifact.from_dataframe(tmp_path / "mixed", key="mixed")


def test_files_for_data_in_memory_go(database: Database, cache_files: Any) -> None:
    artifact = ln.Artifact.from_dataframe(FRAME, key="t.parquet")
    assert len(cache_files()) == 1
    artifact.save()
    assert cache_files() == []
    given_up = ln.Artifact.from_dataframe(FRAME.head(1), key="t.parquet")
    assert len(cache_files()) == 1
    del given_up
    assert cache_files() == []


def test_dates_and_times_survive(database: Database) -> None:
    frame = pd.DataFrame({"at": [dt.datetime(2024, 1, 1, tzinfo=dt.UTC)], "on": [dt.date(2024, 1, 2)]})
    loaded = ln.Artifact.from_dataframe(frame, key="t.parquet").save().load()
    assert (loaded["at"][0], loaded["on"][0]) == (frame["at"][0], frame["on"][0])
