"""`validate` and `inspect`: which values are names of records, in sets, on both databases (item 19)."""

import numpy as np
import pandas as pd
import pytest

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument, WrongType

MISSING = [None, float("nan"), pd.NA, pd.NaT, ""]
VALUES = ["T cell", "t cell", "T-cell", "B cell", "B-cell", "xxx", None, "", "xxx"]


@pytest.fixture
def cell(database):
    return ln.Feature("T cell", int, synonyms="T-cell|T lymphocyte").save()


def test_19_validate_compares_letter_by_letter(database, cell, queries):
    with queries.exactly(1):
        found = ln.Feature.validate(VALUES)
    assert isinstance(found, np.ndarray)
    assert found.dtype == bool
    assert found.tolist() == [True, *[False] * 8]
    assert ln.Feature.validate("T cell") is True
    assert ln.Feature.validate("t cell") is False
    assert ln.Feature.validate([]).tolist() == []


def test_19_inspect_tells_what_is_there(database, cell, queries):
    with queries.exactly(2):
        result = ln.Feature.inspect(VALUES, mute=True)
    assert result.validated == ["T cell"]
    assert result.non_validated == ["t cell", "T-cell", "B cell", "B-cell", "xxx"]
    assert result.synonyms_mapper == {"t cell": "T cell", "T-cell": "T cell"}
    assert (result.n_unique, result.n_empty, result.n_missing, result.n_duplicates) == (6, 3, 2, 1)
    assert result.frac_validated == result.percent_validated == 16.7
    assert result["validated"] == result["mapped"] == ["T cell"]
    assert result["non_validated"] == result["not_mapped"] == result.non_validated
    with pytest.raises(KeyError, match="there is no 'valid'"):
        result["valid"]
    assert result.df.index.tolist() == ["T cell", "t cell", "T-cell", "B cell", "B-cell", "xxx"]
    assert result.df["__validated__"].tolist() == [True, *[False] * 5]


def test_19_the_result_is_pleasant_to_read(database, cell):
    result = ln.Feature.inspect([*VALUES, "<b>"], mute=True)
    assert repr(result).splitlines() == [
        "1 of 7 validated as Feature.name (14.3 %)",
        "2 spelled otherwise: 't cell' → 'T cell', 'T-cell' → 'T cell'",
        "4 unknown: 'B cell', 'B-cell', 'xxx', '<b>'",
        "2 missing",
        "1 repeated",
    ]
    assert result._repr_html_().startswith("<table>")
    assert "&lt;b&gt;" in result._repr_html_()
    everything = ln.Feature.inspect([f"new {number}" for number in range(5000)], mute=True)
    assert repr(everything).splitlines()[-1].endswith("'new 9', …")
    nothing = ln.Feature.inspect([], mute=True)
    assert (nothing.frac_validated, nothing.df.shape, repr(nothing)) == (0.0, (0, 1), "0 of 0 validated as Feature.name (0 %)")


@pytest.mark.parametrize("method", ["validate", "inspect", "standardize", "from_values"])
@pytest.mark.parametrize("registry", ["ULabel", "Feature", "Record", "Project", "User"])
def test_19_calling_on_a_record_is_a_mistake(database, cell, method, registry):
    records = {
        "ULabel": ln.ULabel(name="a"),
        "Feature": cell,
        "Record": ln.Record(name="a"),
        "Project": ln.Project(name="a"),
        "User": ln.User.filter().first(),
    }
    with pytest.raises(TypeError, match=rf"^{method} belongs to the registry .* call {registry}.{method}\(…\)$") as told:
        getattr(records[registry], method)(["a"])
    assert isinstance(told.value, ln.errors.LaminError)


@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_pp27_missing_values_never_validate(database, missing):
    ln.ULabel(name="a", description="").save()
    ln.ULabel(name="b").save()
    assert ln.ULabel.validate([missing, "a"]).tolist() == [False, True]
    assert ln.ULabel.validate([missing, "x"], field="description", mute=True).tolist() == [False, False]
    assert ln.ULabel.inspect([missing, "a"]).n_empty == 1
    assert ln.ULabel.inspect([missing]).frac_validated == 0
    assert ln.ULabel.validate([missing], mute=True).tolist() == [False]
    assert ln.ULabel.validate(missing, mute=True) is False


def test_19_query_sets_see_their_rows(database):
    kind, other = (ln.ULabel(name=name, is_type=True).save() for name in ("tissue", "cell"))
    ln.save([ln.ULabel(name="blood", type=kind), ln.ULabel(name="T", type=other), ln.ULabel(name="blood", type=other)])
    names = ["blood", "T", "tissue"]
    assert ln.ULabel.validate(names).tolist() == [True, True, True]
    assert ln.ULabel.filter(type=kind).validate(names, mute=True).tolist() == [True, False, False]
    assert ln.ULabel.filter(type=kind).inspect(names, mute=True).validated == ["blood"]
    assert ln.ULabel.filter(type__name="cell").validate(names, mute=True).tolist() == [True, True, False]
    assert ln.ULabel.filter().exclude(name="T").validate(names, mute=True).tolist() == [True, False, True]
    assert ln.ULabel.filter().order_by("-id")[:1].validate(names, mute=True).tolist() == [True, False, False]
    assert (ln.ULabel.filter(name="T") | ln.ULabel.filter(is_type=True)).validate(names, mute=True).tolist() == [
        False,
        True,
        True,
    ]
    assert ln.ULabel.filter().none().validate(names, mute=True).tolist() == [False, False, False]


def test_19_the_scope_is_that_of_queries(database):
    ln.Branch(name="trial").save()
    trashed, elsewhere = ln.ULabel(name="trashed").save(), ln.ULabel(name="elsewhere", branch="trial").save()
    trashed.delete()
    names = ["trashed", "elsewhere"]
    assert ln.ULabel.validate(names, mute=True).tolist() == [False, False]
    assert ln.ULabel.filter(branch=None).validate(names, mute=True).tolist() == [True, True]
    ln.setup.switch("trial")
    assert ln.ULabel.validate(names, mute=True).tolist() == [False, True]
    assert ln.ULabel.filter(branch=elsewhere.branch).validate(names, mute=True).tolist() == [False, True]


def test_19_another_database_is_asked_there(database, other_database):
    ln.ULabel(name="here").save()
    there = ln.ULabel.connect(str(other_database.instance.folder))
    assert there.validate(["here"], mute=True).tolist() == [False]
    assert ln.ULabel.validate(["here"]).tolist() == [True]


def test_19_one_statement_for_10_000_values(database, queries):
    ln.ULabel(name="known").save()
    names = [f"name {number}" for number in range(10_001)] * 2
    with queries.exactly(2):
        assert not ln.ULabel.filter(is_type=False).validate([*names, "x"], mute=True).any()
    with queries.exactly(1):
        found = ln.ULabel.validate(["known", "other"] * 500_000, mute=True)
    assert (len(found), found.sum()) == (1_000_000, 500_000)


@pytest.mark.parametrize("field", ["name", "uid", "description", "reference"])
def test_19_other_fields(database, field):
    label = ln.ULabel(name="blood", description="red", reference="X:1").save()
    value = getattr(label, field)
    for asked in (field, getattr(ln.ULabel, field)):
        assert ln.ULabel.validate([value, "none"], asked, mute=True).tolist() == [True, False]
        assert ln.ULabel.inspect([value, "none"], asked, mute=True).validated == [value]


def test_19_fields_of_numbers(database):
    label = ln.ULabel(name="blood").save()
    assert ln.ULabel.validate(pd.Series([label.id, None, 10**6, 2**40, 2**70]), field="id", mute=True).tolist() == [
        True,
        *[False] * 4,
    ]
    with pytest.raises(WrongType, match=r"ULabel.id holds whole numbers, got '1'"):
        ln.ULabel.validate(["1"], field="id")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("nam", r"ULabel has no field 'nam'; did you mean 'name'"),
        ("type__name", "takes a field of ULabel itself"),
        ("name__in", "is a comparison"),
        ("is_type", "holds boolean, which is no name"),
        ("created_at", "holds datetime, which is no name"),
        ("_aux", "holds json, which is no name"),
        ("type", "holds relation, which is no name|takes a field of ULabel itself"),
        (ln.Feature.name, "Feature.name is no field of ULabel"),
        (3, "takes the name of a field of ULabel"),
    ],
)
@pytest.mark.parametrize("method", ["validate", "inspect", "standardize", "from_values"])
def test_19_fields_that_hold_no_names_are_told(database, field, said, method):
    with pytest.raises(FieldError, match=said):
        getattr(ln.ULabel, method)(["a"], field=field)


@pytest.mark.parametrize("method", ["validate", "inspect", "standardize", "from_values"])
@pytest.mark.parametrize("values", [[1, 2], ["a", 1], [{}], [[["a"], 1.5]], [b"a"], 3], ids=repr)
def test_19_what_is_no_text_is_told(database, method, values):
    with pytest.raises(TypeError, match=r"^ULabel.name holds text, got "):
        getattr(ln.ULabel, method)(values)


@pytest.mark.parametrize(
    "odd", ["a\0b", "\ud800", "x" * 100_000, "'; DROP TABLE lamindb_ulabel; --", "%", "_", '"', "\n", "β", " "]
)
def test_19_odd_texts_are_names_or_not(database, odd):
    ln.ULabel(name="a").save()
    assert ln.ULabel.validate([odd, "a"], mute=True).tolist() == [False, True]
    assert ln.ULabel.inspect([odd, "a"], mute=True).non_validated == [odd]
    assert ln.Feature.inspect([odd, "a"], mute=True).validated == []
    assert ln.Feature.standardize([odd, "a"]) == [odd, "a"]
    assert list(ln.ULabel.from_values([odd, "a"], mute=True)) == [ln.ULabel.get(name="a")]


def test_19_similar_names_are_different(database):
    ln.ULabel(name="CD8+").save()
    assert ln.ULabel.validate(["CD8+", "CD8-", "CD8", "cd8+"], mute=True).tolist() == [True, False, False, False]


@pytest.mark.parametrize("method", ["validate", "inspect", "standardize", "from_values"])
def test_19_registries_without_names_say_so(database, method):
    with pytest.raises(InvalidArgument, match=r"Artifact is no registry of names.*Artifact.filter\(…__in=\[…\]\)"):
        getattr(ln.Artifact.filter(), method)(["a"])
    with pytest.raises(AttributeError, match="Artifact has no attribute"):
        getattr(ln.Artifact, method)


def test_19_registries_without_organisms_and_sources_say_so(database):
    for keyword in ("organism", "source"):
        with pytest.raises(InvalidArgument, match=f"ULabel records have no {keyword}, so none can be passed, got 'human'"):
            ln.ULabel.validate(["a"], **{keyword: "human"})


def test_19_what_is_not_valid_is_told_unless_muted(database, caplog):
    ln.ULabel.validate(["a"])
    assert caplog.messages == ["there is no ULabel yet, so none of the values is the name of one"]
    caplog.clear()
    ln.ULabel(name="a").save()
    ln.ULabel.validate(["a", "b", "b"])
    assert caplog.messages == ["1 of 2 values are no ULabel.name: 'b'"]
    caplog.clear()
    ln.ULabel.inspect(["a", "b"])
    assert caplog.messages == [
        "1 of 2 validated as ULabel.name (50 %)\n1 unknown: 'b'\n  to make new records: ULabel.from_values(…, create=True).save()"
    ]
    caplog.clear()
    for method in ("validate", "inspect", "standardize", "from_values"):
        getattr(ln.ULabel, method)(["a", "b"], mute=True)
    ln.ULabel.validate(["a"])
    ln.ULabel.inspect(["a"])
    assert caplog.messages == []


def test_19_users_are_known_by_their_handles(database):
    user = ln.User.filter().first()
    assert ln.User.validate([user.handle, "nobody"], mute=True).tolist() == [True, False]
    assert list(ln.User.from_values([user.handle])) == [user]
