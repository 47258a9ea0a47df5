"""Features: what is accepted as a dtype, and which feature a name stands for."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import lamindb as ln


@pytest.mark.parametrize(
    ("dtype", "text"),
    [
        *((kind, kind.__name__) for kind in (int, float, str, bool, dict)),
        (dt.date, "date"),
        (dt.datetime, "datetime"),
        (object, "object"),
        (list[int], "list[int]"),
        (list[list[str]], "list[list[str]]"),
        (dict[str, int], "dict"),
        ("num", "num"),
        ("path", "path"),
        (np.dtype("int32"), "int"),
        (np.dtype("uint8"), "int"),
        (np.dtype("float16"), "float"),
        (np.dtype("bool"), "bool"),
        (np.dtype("O"), "str"),
        (np.dtype("U5"), "str"),
        (np.dtype("datetime64[ns]"), "datetime"),
        (pd.CategoricalDtype(["a"]), "cat[ULabel]"),
        (pd.StringDtype(), "str"),
        (pd.Int64Dtype(), "int"),
        (pd.Float32Dtype(), "float"),
        (pd.BooleanDtype(), "bool"),
        (pd.DatetimeTZDtype(tz="Europe/Berlin"), "datetime64[ns, UTC]"),
        (lambda: ln.ULabel, "cat[ULabel]"),
        (lambda: ln.ULabel.name, "cat[ULabel]"),
        (lambda: ln.Artifact.key, "cat[Artifact.key]"),
        (lambda: list[ln.Record], "list[cat[Record]]"),
        (lambda: [ln.ULabel, ln.Artifact.key], "cat[ULabel|Artifact.key]"),
        (lambda: ln.ULabel | ln.Record, "cat[ULabel|Record]"),
        ("cat[ULabel.name|bionty.Gene.symbol]", "cat[ULabel|bionty.Gene.symbol]"),
        ("cat[User[handle=someone]]", "cat[User[handle=someone]]"),
        ("cat[Artifact[run__transform__key='a, b']]", "cat[Artifact[run__transform__key='a, b']]"),
    ],
)
def test_accepted(database, dtype, text):
    feature = ln.Feature("a", dtype() if getattr(dtype, "__name__", "") == "<lambda>" else dtype).save()
    assert feature.dtype == feature.dtype_as_str == ln.Feature.get(name="a").dtype == text
    assert ln.Feature.filter(dtype=text).one() == feature
    assert ln.Feature.filter(dtype_as_str__contains=text[:3]).one() == feature


@pytest.mark.parametrize(
    "dtype", [set, tuple, bytes, complex, list, np.int64, 5, None, [], [int], int | str, object(), lambda: 1]
)
def test_refused(database, dtype, queries):
    with queries.exactly(0), pytest.raises(ValueError, match=r"no dtype|dtype is required"):
        ln.Feature("a", dtype)


@pytest.mark.parametrize("dtype", [pd.PeriodDtype("D"), pd.IntervalDtype(), np.dtype("timedelta64[ns]"), np.dtype("complex64")])
def test_refused_dtypes_of_columns(database, dtype):
    with pytest.raises(ValueError, match="is no dtype; pass int, float"):
        ln.Feature("a", dtype)


@pytest.mark.parametrize(
    ("dtype", "message"),
    [
        ("cat[Ulabel]", r"in the dtype 'cat\[Ulabel\]', there is no registry 'Ulabel'; did you mean 'ULabel'\?"),
        ("list[cat[ULabel.nam]]", r"ULabel has no field 'nam'; did you mean 'name'\?"),
        ("cat[ULabel[nam=x]]", r"ULabel has no field 'nam'; did you mean 'name'\?"),
        ("cat[User[abcdefgh]]", "records of User have no types, so that 'abcdefgh' is none; write a filter as field=value"),
        ("cat[Feature]", "records of Feature cannot be values of a feature; those of Artifact, Collection, Project, Record, Ref"),
        ("cat[Storage]", "records of Storage cannot be values"),
        ("cat[ArtifactULabel]", "there is no registry 'ArtifactULabel'"),
        ("cat[lamndb.ULabel]", r"the module 'lamndb' is not installed; did you mean 'lamindb'\?"),
        ("cat[]", "names no registry"),
        ("cat[ULabel[nosuchid]]", "no type of ULabel has the uid 'nosuchid'"),
    ],
)
def test_names_that_do_not_exist(database, dtype, message):
    with pytest.raises(ln.errors.ValidationError, match=message):
        ln.Feature("a", dtype)


def test_types_as_dtypes(database, other_database):
    tissue = ln.ULabel(name="Tissue", is_type=True)
    with pytest.raises(ln.errors.InvalidArgument, match="the type 'Tissue' is not saved yet"):
        ln.Feature("a", tissue)
    tissue.save()
    feature = ln.Feature("a", tissue).save()
    assert feature.dtype == f"cat[ULabel[{tissue.uid}]]"
    assert ln.Feature("list", list[str]).save().dtype == "list[str]"
    assert ln.Feature("b", f"list[{feature.dtype}]").save().dtype == f"list[cat[ULabel[{tissue.uid}]]]"
    with pytest.raises(ln.errors.InvalidArgument, match="is no type, so it is no dtype"):
        ln.Feature("c", ln.ULabel(name="blood", type=tissue).save())
    with pytest.raises(ln.errors.InvalidArgument, match="is no type, so it is no dtype"):
        ln.Feature("c", ln.User.filter().first())
    with pytest.raises(ln.errors.InvalidArgument, match="the type 'Tissue' cannot be one of several in a dtype"):
        ln.Feature("c", [tissue, ln.Record])
    with pytest.raises(ln.errors.ValidationError, match=f"'Tissue' is the name of a type with the uid '{tissue.uid}'"):
        ln.Feature("c", "cat[ULabel[Tissue]]")
    with pytest.raises(ln.errors.ValidationError, match="is no type"):
        ln.Feature("c", f"cat[ULabel[{ln.ULabel.get(name='blood').uid}]]")


def test_a_name_is_one_feature(database, queries):
    first = ln.Feature("a", int, nullable=False, default_value=3, coerce=True, unit="mg/l", synonyms="b|c").save()
    with queries.exactly(1):
        again = ln.Feature("a", int)
        assert again.id == first.id
    again.save()
    found = ln.Feature.get(name="a")
    assert (found.nullable, found.default_value, found.coerce, found.unit, found.synonyms) == (False, 3, True, "mg/l", "b|c")
    ln.Feature(name="a", dtype="int", description="counts").save()
    assert ln.Feature.filter().one().description == "counts"


def test_another_dtype_under_a_name_is_refused(database):
    ln.Feature("a", "cat[ULabel[reference='x']]").save()
    with pytest.raises(ln.errors.ValidationError) as raised:
        ln.Feature("a", ln.ULabel)
    assert str(raised.value) == (
        "the feature 'a' exists with the dtype 'cat[ULabel[reference=x]]', not 'cat[ULabel]'; "
        "use that dtype, or another name or type for the new feature"
    )
    assert ln.Feature("a", "cat[ULabel[reference=x]]").save().dtype == "cat[ULabel[reference=x]]"


def test_someone_else_may_be_faster(database):
    mine, theirs = ln.Feature("a", int), ln.Feature("a", float)
    theirs.save()
    with pytest.raises(ln.errors.ValidationError, match="exists with the dtype 'float', not 'int'"):
        mine.save()
    with pytest.raises(ln.errors.ValidationError, match="exists with the dtype 'float', not 'int'"):
        ln.save([ln.ULabel(name="a"), mine])
    assert ln.ULabel.filter().count() == 0
    assert mine.database is None
    one, other = ln.Feature("b", int), ln.Feature("b", int)
    ln.save([one, other])
    assert one == other
    one, other = ln.Feature("c", int), ln.Feature("c", float)
    with pytest.raises(ln.errors.ValidationError, match="exists with the dtype 'int', not 'float'"):
        ln.save([one, other])
    assert ln.Feature.filter(name="c").count() == 0


def test_names_are_unique_within_a_type(database):
    kind = ln.Feature("Clinical", is_type=True).save()
    assert (kind.dtype, kind.nullable) == (None, None)
    age = ln.Feature("age", int).save()
    of_kind = ln.Feature("age", float, type=kind).save()
    assert of_kind != age
    assert ln.Feature("age", int, type=None) == age
    assert kind.features.one() == of_kind
    with pytest.raises(ln.errors.ValidationError):
        ln.Feature("age", int, type=kind)
    new = ln.Feature("New", is_type=True)
    weight = ln.Feature("age", str, type=new)
    ln.save([weight, new])
    assert ln.Feature.filter(name="age").count() == 3


def test_missing_values_are_allowed_unless_said_otherwise(database):
    assert ln.Feature("a", int).nullable is True
    assert ln.Feature("a", int).save().nullable is True
    assert ln.Feature("b", int, nullable=False).save().nullable is False
    ln.save([ln.Feature("c", int)])
    assert ln.Feature.get(name="c").nullable is True


def test_arguments(database):
    with pytest.raises(
        ln.errors.FieldValidationError, match=r"dtype is required, as Feature\('a', float\); only a type needs none"
    ):
        ln.Feature("a")
    with pytest.raises(ln.errors.FieldValidationError, match="Feature takes only name, dtype by position, got 3"):
        ln.Feature("a", int, "b")
    with pytest.raises(ln.errors.FieldValidationError, match="name has 151 characters"):
        ln.Feature("a" * 151, int)
    with pytest.raises(ln.errors.FieldValidationError, match="name must be text, not 5"):
        ln.Feature(5, int)
    with pytest.raises(ln.errors.FieldValidationError, match=r"_dtype_str has 2.. characters, at most 255 fit"):
        ln.Feature("a", [ln.ULabel] * 40)
    with pytest.raises(ln.errors.FieldValidationError, match="type must be a Feature, its name or its uid, not"):
        ln.Feature("a", int, type=ln.ULabel(name="b"))


def test_a_stored_dtype_is_replaced_by_a_valid_one_only(database):
    feature = ln.Feature("a", int).save()
    feature._dtype_str = "itn"
    with pytest.raises(ln.errors.ValidationError, match="did you mean 'int'"):
        feature.save()
    feature._dtype_str = "cat[ULabel[nosuchid]]"
    with pytest.raises(ln.errors.ValidationError, match="no type of ULabel"):
        feature.save()
    assert ln.Feature.get(name="a").dtype == "int"


def test_dtypes_that_this_version_cannot_read_stay(database):
    feature = ln.Feature("a", int).save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("UPDATE lamindb_feature SET _dtype_str = 'tensor<3>'")
    found = ln.Feature.get(feature.uid)
    assert found.dtype == "tensor<3>"
    found.description = "shape"
    assert found.save().dtype == "tensor<3>"
    with pytest.raises(ln.errors.ValidationError, match="exists with the dtype 'tensor<3>', not 'int'"):
        ln.Feature("a", int)


@pytest.mark.usefixtures("unconnected")
def test_without_a_database():
    feature = ln.Feature("a", "cat[ULabel[nosuchid]]")
    assert len(feature.uid) == 12


def test_types_are_looked_up_at_last_when_saved(unconnected, make):
    feature = ln.Feature("a", "cat[ULabel[nosuchid]]")
    make("project")
    with pytest.raises(ln.errors.ValidationError, match="no type of ULabel has the uid 'nosuchid'"):
        feature.save()
    assert ln.Feature.filter().count() == 0


def test_many_features(database, queries):
    features = [ln.Feature(f"f{i}", float) for i in range(100)]
    with queries.at_most(4):
        ln.save(features)
    assert ln.Feature.filter().count() == 100
