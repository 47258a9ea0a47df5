"""What people pass as names: any list, any column, and the values that stand for none."""

import enum

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lamindb.errors import InvalidArgument, WrongType
from lamindb.naming.given import given, is_missing

MISSING = [None, "", float("nan"), np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), np.str_("")]


class Tissue(enum.StrEnum):
    BLOOD = "blood"


@pytest.mark.parametrize(
    "values",
    [
        ["a", "b", "a"],
        ("a", "b", "a"),
        (letter for letter in "aba"),
        pd.Series(["a", "b", "a"], index=[5, 3, 1]),
        pd.Series(["a", "b", "a"], dtype="string"),
        pd.Series(["a", "b", "a"], dtype="category"),
        pd.Series(["a", "b", "a"], dtype="string[pyarrow]"),
        pd.Index(["a", "b", "a"]),
        pd.Categorical(["a", "b", "a"], categories=["c", "b", "a"]),
        np.array(["a", "b", "a"]),
        np.array(["a", "b", "a"], dtype=object),
        np.array([["a", "b", "a"]]),
        pl.Series(["a", "b", "a"]),
        pa.array(["a", "b", "a"]),
        pa.chunked_array([["a"], ["b", "a"]]),
        [["a"], ["b", ["a"]]],
        [("a", "b"), "a"],
        [np.array(["a", "b"]), "a"],
        [np.str_("a"), np.str_("b"), "a"],
    ],
    ids=lambda values: type(values).__name__,
)
def test_all_lists_are_alike(values):
    found = given(values, "text", "ULabel.name")
    assert list(found.values) == ["a", "b", "a"]
    assert found.names == ["a", "b"]
    assert {type(value) for value in [*found.values, *found.names]} == {str}
    assert not found.is_one


@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_missing_values_are_alike(missing):
    assert is_missing(missing)
    found = given([missing, "a", missing], "text", "ULabel.name")
    assert (found.names, found.n_missing, len(found.values)) == (["a"], 2, 3)
    alone = given(missing, "text", "ULabel.name")
    assert (alone.names, alone.is_one) == ([], True)


@pytest.mark.parametrize("value", [" ", "nan", "None", 0, False, 0.0, np.int64(0)])
def test_what_is_not_missing(value):
    assert not is_missing(value)


def test_one_text_is_one_value():
    found = given("blood", "text", "ULabel.name")
    assert (found.names, found.is_one) == (["blood"], True)
    assert given(Tissue.BLOOD, "text", "ULabel.name").names == ["blood"]
    assert given(np.array("blood"), "text", "ULabel.name").names == ["blood"]


def test_numbers_where_names_are_numbers():
    found = given(pd.Series([9606, None, 10090, 9606]), "integer", "Organism.taxon_id")
    assert (found.names, found.n_missing) == ([9606, 10090], 1)
    assert given(np.array([9606], dtype="uint32"), "integer", "x").names == [9606]
    assert given([np.int16(3), 2**70], "integer", "x").names == [3, 2**70]
    for wrong in ("9606", 1.5, True, np.True_, [1, "2"]):
        with pytest.raises(WrongType, match="holds whole numbers, got"):
            given([wrong], "integer", "Organism.taxon_id")


@pytest.mark.parametrize(
    "wrong",
    [1, 1.5, True, b"a", object(), {"a": 1}, np.int64(3), bytearray(b"a"), slice(1)],
    ids=lambda wrong: type(wrong).__name__,
)
def test_what_is_no_name_is_told(wrong):
    with pytest.raises(WrongType, match=r"^ULabel\.name holds text, got ") as told:
        given(["a", wrong], "text", "ULabel.name")
    assert isinstance(told.value, TypeError)
    assert isinstance(told.value, ValueError)


def test_numbers_alone_are_told_how_to_be_compared():
    with pytest.raises(WrongType, match="got 3; to compare numbers with it, write them as text"):
        given(3, "text", "ULabel.name")


@pytest.mark.parametrize(
    "table", [pd.DataFrame({"a": ["a"]}), {"a": 1}, b"abc", pa.table({"a": ["a"]}), pl.DataFrame({"a": [1]})]
)
def test_tables_are_refused(table):
    with pytest.raises(InvalidArgument, match="takes a list of names, not a"):
        given(table, "text", "ULabel.name")


def test_long_values_are_cut_in_messages():
    with pytest.raises(WrongType) as told:
        given([b"x" * 10_000], "text", "ULabel.name")
    assert len(str(told.value)) < 200
