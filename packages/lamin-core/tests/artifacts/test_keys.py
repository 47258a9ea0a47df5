import pytest

from lamindb.artifacts.keys import check_key, check_suffix
from lamindb.errors import FieldValidationError, InvalidArgument


@pytest.mark.parametrize(
    "key", ["a", "a.csv", "plates/2024 spring/Ärmel.parquet", "a/b/c/d", "...", "a/..b/c..", "β-cells.h5ad", "x" * 1024]
)
def test_ordinary_keys_pass(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("", "key '' is empty; pass None or a path below the storage root, as 'plates/a.csv'"),
        ("a\\b.csv", r"key 'a\\b.csv' has a backslash; write folders with '/'"),
        ("../a.csv", "key '../a.csv' has the segment '.' or '..'; a key names its folders outright"),
        ("a/../b.csv", "key 'a/../b.csv' has the segment '.' or '..'; a key names its folders outright"),
        ("./a.csv", "key './a.csv' has the segment '.' or '..'; a key names its folders outright"),
        ("/a.csv", "key '/a.csv' starts with '/'; a key is a path below the storage root"),
        ("~/a.csv", "key '~/a.csv' starts with '~'; a key is a path below the storage root"),
        ("~user/a.csv", "key '~user/a.csv' starts with '~'; a key is a path below the storage root"),
        ("a//b.csv", "key 'a//b.csv' has an empty segment; write '/' once between folders and not at the end"),
        ("a/", "key 'a/' has an empty segment; write '/' once between folders and not at the end"),
        (
            ".lamindb/a.csv",
            "key '.lamindb/a.csv' has a segment '.lamindb', the folder in which lamin keeps its own files; choose another",
        ),
        (
            "x/.lamindb/a",
            "key 'x/.lamindb/a' has a segment '.lamindb', the folder in which lamin keeps its own files; choose another",
        ),
        ("a\nb", r"key 'a\nb' has a control character; leave it out"),
        ("a\x00b", r"key 'a\x00b' has a control character; leave it out"),
        ("a\udcffb", r"key 'a\udcffb' has a character that no text can hold; rename the file"),
    ],
)
def test_odd_keys_are_refused(key: str, text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        check_key(key)
    assert str(caught.value) == text


def test_long_key_and_wrong_type_are_refused() -> None:
    with pytest.raises(FieldValidationError) as caught:
        check_key("x" * 1025)
    assert str(caught.value) == f"key has 1025 characters, at most 1024 can be stored: {'x' * 40!r}…"
    with pytest.raises(FieldValidationError) as caught:
        check_key(5)
    assert str(caught.value) == "key must be a str or None, not int: 5"


def test_suffixes_of_key_and_path_must_agree() -> None:
    check_suffix("plates/A.CSV", "/data/a.csv")
    check_suffix("noext", "/data/other")
    check_suffix("x.nii.gz", "/data/y.gz")
    with pytest.raises(InvalidArgument) as caught:
        check_suffix("plates/a.parquet", "/data/a.csv")
    assert str(caught.value) == (
        "key 'plates/a.parquet' has suffix '.parquet', but the file '/data/a.csv' has '.csv'; give both the same suffix"
    )
    with pytest.raises(InvalidArgument):
        check_suffix("data", "/data/data.v1.2")
