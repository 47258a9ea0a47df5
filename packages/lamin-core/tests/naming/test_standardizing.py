"""`standardize`: exact names, then other cases, then synonyms; all else stays as it is (item 19)."""

import numpy as np
import pandas as pd
import pytest

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument


@pytest.fixture
def cells(database):
    ln.Feature("T cell", int, synonyms="T-cell|T lymphocyte|ΤΆΞΙΣ").save()
    ln.Feature("B cell", int, synonyms="B-cell").save()


def test_19_examples(database, cells, queries):
    values = ["T cell", "t cell", "T-cell", "B-cell", "xxx", None]
    with queries.exactly(2):
        found = ln.Feature.standardize(values)
    assert found == ["T cell", "T cell", "T cell", "B cell", "xxx", None]
    assert {type(value) for value in found} == {str, type(None)}
    with queries.exactly(2):
        mapper = ln.Feature.standardize(values, return_mapper=True)
    assert mapper == {"t cell": "T cell", "T-cell": "T cell", "B-cell": "B cell"}
    with queries.exactly(1):
        assert ln.Feature.standardize(["T cell", "B cell", ""]) == ["T cell", "B cell", ""]
    assert ln.Feature.standardize("t-CELL") == "T cell"
    assert ln.Feature.standardize([]) == []


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["t cell", "xxx", "T-cell"], index=[3, 2, 1]),
        pd.Categorical(["t cell", "xxx", "T-cell"]),
        np.array(["t cell", "xxx", "T-cell"]),
        dict.fromkeys(["t cell", "xxx", "T-cell"]).keys(),
        [["t cell"], ["xxx", "T-cell"]],
    ],
    ids=lambda values: type(values).__name__,
)
def test_19_any_list_gives_plain_text_in_its_order(database, cells, values):
    found = ln.Feature.standardize(values)
    assert found == ["T cell", "xxx", "T cell"]
    assert {type(value) for value in found} == {str}


def test_19_missing_values_stay_as_they_are(database, cells):
    nan = float("nan")
    found = ln.Feature.standardize([None, nan, pd.NA, "", "t cell"])
    assert found[0] is None
    assert found[1] is nan
    assert found[2] is pd.NA
    assert found[3:] == ["", "T cell"]
    assert ln.Feature.standardize([None, nan], return_mapper=True) == {}


def test_19_letters_of_all_scripts_in_any_case(database, cells):
    assert ln.Feature.standardize(["τάξισ", "τάξις", "ΤΆΞΙΣ"]) == ["T cell", "τάξις", "T cell"]


def test_19_case_sensitive(database, cells):
    values = ["t cell", "t-cell", "T-cell", "T CELL"]
    assert ln.Feature.standardize(values, case_sensitive=True) == ["t cell", "t-cell", "T cell", "T CELL"]


def test_19_names_come_before_other_cases_and_those_before_synonyms(database):
    ln.Feature("first", int, synonyms="b|c").save()
    ln.Feature("B", int).save()
    ln.Feature("c", int).save()
    assert ln.Feature.standardize(["b", "c", "C"]) == ["B", "c", "c"]


def test_19_several_records_for_one_value(database, caplog):
    first = ln.Feature("first", int, synonyms="alias").save()
    last = ln.Feature("last", int, synonyms="other|alias|ALIAS").save()
    kept = {keep: ln.Feature.standardize(["alias", "x"], keep=keep) for keep in ("first", "last", False)}
    assert kept == {"first": ["first", "x"], "last": ["last", "x"], False: [["first", "last"], "x"]}
    assert caplog.messages == ["1 names mean several records, and all are returned: 'alias'"]
    uids = ln.Feature.standardize(["alias", "first", "x"], keep=False, return_field="uid", mute=True)
    assert uids == [[first.uid, last.uid], first.uid, "x"]
    for wrong in ("any", None, True, 0):
        with pytest.raises(InvalidArgument, match="keep is 'first', 'last' or False"):
            ln.Feature.standardize(["alias"], keep=wrong)


def test_19_the_same_name_under_two_types_is_one_name(database):
    for kind in ("a", "b"):
        group = ln.Feature(kind, is_type=True).save()
        ln.Feature("T cell", int, type=group, synonyms="T-cell").save()
    assert ln.Feature.standardize(["T-cell"], keep=False) == ["T cell"]


def test_19_return_field(database, cells, queries):
    uids = {name: ln.Feature.get(name=name).uid for name in ("T cell", "B cell")}
    with queries.exactly(2):
        found = ln.Feature.standardize(["T cell", "T-cell", "b cell", "xxx", None], return_field="uid")
    assert found == [uids["T cell"], uids["T cell"], uids["B cell"], "xxx", None]
    mapper = ln.Feature.standardize(["T cell", "T-cell", "xxx"], return_field=ln.Feature.uid, return_mapper=True)
    assert mapper == {"T cell": uids["T cell"], "T-cell": uids["T cell"]}
    assert ln.Feature.standardize([uids["B cell"], "T-cell"], field="uid", return_field="name") == ["B cell", "T-cell"]
    assert ln.Feature.standardize(["T-cell"], return_field="id") == [ln.Feature.get(name="T cell").id]


def test_19_other_fields_have_no_other_spellings(database, queries):
    ln.Feature("T cell", int, synonyms="T-cell", description="A Cell").save()
    with queries.exactly(0):
        assert ln.Feature.standardize(["a cell", "T-cell"], field="description") == ["a cell", "T-cell"]


def test_19_registries_without_synonyms_give_values_back(database, queries):
    label = ln.ULabel(name="blood").save()
    with queries.exactly(0):
        assert ln.ULabel.standardize(["Blood", "blood", None]) == ["Blood", "blood", None]
        assert ln.ULabel.standardize("Blood") == "Blood"
        assert ln.ULabel.standardize(["Blood"], return_mapper=True) == {}
    assert ln.ULabel.standardize(["Blood", "blood"], return_field="uid") == ["Blood", label.uid]


def test_19_query_sets_and_the_trash(database, cells):
    ln.Feature.get(name="B cell").delete()
    assert ln.Feature.standardize(["B-cell", "T-cell"]) == ["B-cell", "T cell"]
    assert ln.Feature.filter(branch=None).standardize(["B-cell", "T-cell"]) == ["B cell", "T cell"]
    assert ln.Feature.filter(name__startswith="B", branch=None).standardize(["B-cell", "T-cell"]) == ["B cell", "T-cell"]
    assert ln.Feature.filter().order_by("name")[:1].standardize(["t-cell"]) == ["T cell"]


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"synonyms_field": "synonym"}, "Feature has no field 'synonym' with synonyms; did you mean 'synonyms'"),
        ({"synonyms_field": "name"}, "Feature.name cannot hold both the names and their synonyms"),
        ({"synonyms_field": "created_at"}, "Feature has no field 'created_at' with synonyms"),
        ({"return_field": "nam"}, "Feature has no field 'nam'"),
        ({"return_field": "default_value"}, "Feature.default_value holds json"),
    ],
)
def test_19_wrong_fields_are_told(database, keywords, said):
    with pytest.raises(FieldError, match=said):
        ln.Feature.standardize(["a"], **keywords)


def test_19_synonyms_in_another_field(database):
    ln.Feature("T cell", int, description="T-cell|Tc").save()
    assert ln.Feature.standardize(["tc", "t-cell"], synonyms_field="description") == ["T cell", "T cell"]


def test_19_huge_synonyms_and_many_values(database, queries):
    ln.Feature("T cell", int, synonyms="|".join(f"alias {number}" for number in range(20_000))).save()
    values = [f"Alias {number}" for number in range(12_000)]
    with queries.at_most(4):
        found = ln.Feature.standardize(values)
    assert found == ["T cell"] * 12_000
    odd = ["||", "|", "a|b", "alias 1|alias 2"]
    assert ln.Feature.standardize(odd) == odd
