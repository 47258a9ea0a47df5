"""What is said about conditions that cannot be: what was wrong, with which value, what to do."""

from __future__ import annotations

import datetime as dt

import pytest
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.query.q import Q
from lamindb.query.scope import EVERYTHING

LABEL_FIELDS = (
    "ablocks, artifacts, branch, branch_id, branches, children, collections, created_at, created_by, created_by_id, created_on, "
    "created_on_id, description, id, is_locked, is_type, linked_in_records, name, parents, projects, reference, "
    "reference_type, run, run_id, runs, space, space_id, transforms, type, type_id, uid, ulabels, updated_at"
)


def said(call, error=ln.errors.FieldError):
    with pytest.raises(error) as caught:
        call()
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def test_unknown_fields(rows_of):
    labels, artifacts = rows_of("ULabel"), rows_of("Artifact")
    text = said(lambda: labels.filter(nam="x"))
    assert text == f"ULabel has no field 'nam'; did you mean 'name'?; its fields are {LABEL_FIELDS}"
    assert said(lambda: labels.exclude(Q(name="a") | ~Q(nothing__at__all=1))).startswith(
        "ULabel has no field 'nothing'; its fields"
    )
    assert said(lambda: artifacts.filter(ulabels__nme="x")).startswith(
        "'ulabels__nme' of Artifact: ULabel has no field 'nme' and no comparison 'nme'; did you mean 'name'?; its fields are "
    )
    assert said(lambda: artifacts.filter(run__transform__kei__in=[])).startswith(
        "'run__transform__kei__in' of Artifact: Transform has no field 'kei'; did you mean 'key'?"
    )
    assert "links_" not in text
    assert "_aux" not in text
    assert labels.filter(_aux=None).count() == 13
    assert labels.filter(links_artifact__artifact=1).to_list("id") == [3, 4]


@pytest.mark.parametrize("name", ["", "__", "name__", "name____in", "__name", "name__exact__exact", "type__", "_"])
def test_malformed_keywords(rows_of, name):
    said(lambda: rows_of("ULabel").filter(**{name: "x"}))


def test_unknown_comparisons(rows_of):
    labels = rows_of("ULabel")
    assert said(lambda: labels.filter(name__startwith="x")) == (
        "ULabel.name (text) cannot be compared by 'startwith'; did you mean 'startswith' or 'istartswith'?; "
        "it can by exact, iexact, contains, icontains, "
        "startswith, istartswith, endswith, iendswith, gt, gte, lt, lte, in, range, isnull, regex, iregex"
    )
    assert said(lambda: labels.filter(is_type__gt=True)) == (
        "ULabel.is_type (boolean) cannot be compared by 'gt'; it can by exact, in, isnull"
    )
    assert said(lambda: labels.filter(type__contains="x")) == (
        "ULabel.type (relation) cannot be compared by 'contains'; it can by exact, in, isnull"
    )
    assert said(lambda: rows_of("Run").filter(created_at__year__contains=1)) == (
        "Run.created_at__year (integer) cannot be compared by 'contains'; it can by exact, gt, gte, lt, lte, in, range, isnull"
    )


def test_relations_compared_with_text(rows_of):
    artifacts = rows_of("Artifact")
    assert said(lambda: artifacts.filter(ulabels="blood")) == (
        "Artifact.ulabels takes a ULabel or its id, got 'blood'; to compare with its name, write ulabels__name="
    )
    assert said(lambda: artifacts.filter(created_by="user1")) == (
        "Artifact.created_by takes a User or its id, got 'user1'; to compare with its handle, write created_by__handle="
    )
    assert said(lambda: artifacts.filter(run__transform__in=["a"])) == (
        "Artifact.run__transform takes a Transform or its id, got 'a'; to compare with its key, write run__transform__key="
    )


NOW = dt.datetime(2024, 1, 1)


@pytest.mark.parametrize(
    ("registry", "lookups", "expected"),
    [
        ("ULabel", {"id": "abc"}, "ULabel.id is compared by exact with a whole number, got 'abc'"),
        ("ULabel", {"id": True}, "ULabel.id is compared by exact with a whole number, got True"),
        ("ULabel", {"id": 2**64}, "ULabel.id is compared by exact with a whole number, got 18446744073709551616"),
        ("ULabel", {"id": 1.5}, "ULabel.id is compared by exact with a whole number, got 1.5"),
        ("ULabel", {"id__gt": float("inf")}, "ULabel.id is compared by gt with a whole number, got inf"),
        ("ULabel", {"id__in": [1, None, "x"]}, "ULabel.id is compared by in with a whole number, got 'x'"),
        ("ULabel", {"id__in": "12"}, "ULabel.id__in takes a list of values, got '12'"),
        ("ULabel", {"id__in": 1}, "ULabel.id__in takes a list of values, got 1"),
        ("ULabel", {"name__in": {"a": 1}}, "ULabel.name__in takes a list of values, got {'a': 1}"),
        ("ULabel", {"id__range": (1, 2, 3)}, "ULabel.id__range takes a first and a last value, got (1, 2, 3)"),
        ("ULabel", {"id__range": (1, None)}, "ULabel.id is compared by range with a whole number, got None"),
        ("ULabel", {"name": 5}, "ULabel.name is compared by exact with text, got 5"),
        ("ULabel", {"name__gt": None}, "ULabel.name is compared by gt with text, got None"),
        ("ULabel", {"name__contains": "a\0"}, r"ULabel.name is compared by contains with text, got 'a\x00'"),
        ("ULabel", {"name": "\ud800"}, r"ULabel.name is compared by exact with text, got '\ud800'"),
        ("ULabel", {"name__isnull": 1}, "ULabel.name__isnull takes True or False, got 1"),
        ("ULabel", {"is_type": 1}, "ULabel.is_type is compared by exact with True or False, got 1"),
        ("ULabel", {"is_type": "yes"}, "ULabel.is_type is compared by exact with True or False, got 'yes'"),
        ("ULabel", {"type": 1.5}, "ULabel.type takes a ULabel or its id, got 1.5"),
        ("ULabel", {"type": [1]}, "ULabel.type takes a ULabel or its id, got [1]"),
        ("Artifact", {"created_at": "yesterday"}, "Artifact.created_at is compared by exact with a datetime, got 'yesterday'"),
        ("Artifact", {"created_at__gt": 5}, "Artifact.created_at is compared by gt with a datetime, got 5"),
        (
            "Project",
            {"start_date": NOW},
            "Project.start_date is compared by exact with a date, got datetime.datetime(2024, 1, 1, 0, 0)",
        ),
        ("Project", {"start_date__lt": "2024"}, "Project.start_date is compared by lt with a date, got '2024'"),
        ("Run", {"params": {"a": 1}}, "Run.params is compared by exact with text, a number, True or False, got {'a': 1}"),
        ("Run", {"params": float("nan")}, "Run.params is compared by exact with text, a number, True or False, got nan"),
    ],
)
def test_values_that_do_not_fit(rows_of, registry, lookups, expected):
    assert said(lambda: rows_of(registry).filter(**lookups), ln.errors.InvalidArgument) == expected


def test_records_of_another_registry(rows_of):
    user, labels = rows_of("User").get(1), rows_of("ULabel")
    assert said(lambda: labels.filter(type=user), ln.errors.InvalidArgument) == "ULabel.type takes a ULabel, got a User"
    assert said(lambda: labels.filter(type__in=rows_of("User")), ln.errors.InvalidArgument) == (
        "ULabel.type takes ULabel records, got a set of User"
    )


@pytest.mark.parametrize("condition", [5, "name", None, {"name": "x"}, ln.ULabel])
def test_what_is_no_condition(rows_of, condition):
    text = said(lambda: rows_of("ULabel").filter(condition), ln.errors.InvalidArgument)
    assert text == (
        f"{condition!r} is not a condition; pass keywords as name='x', Q objects, or expressions as ULabel.name == 'x'"
    )
    said(lambda: Q(condition), ln.errors.InvalidArgument)
    said(lambda: Q(name="x") | condition, ln.errors.InvalidArgument)


def test_expressions_about_another_registry(rows_of):
    text = said(lambda: rows_of("ULabel").filter(ln.Artifact.size > 5), ln.errors.InvalidArgument)
    assert text == (
        "the expression lamindb_artifact.size > :size_1 is about lamindb_artifact, not about ULabel; "
        "to filter by related rows, use keywords as run__name='x'"
    )


def test_conditions_have_no_truth(rows_of):
    q = Q(name="a") & ~Q(name="b") | Q(id=1)
    assert repr(q) == "(Q(Q(name='a'), ~Q(Q(name='b'))) | Q(id=1))"
    with pytest.raises(ln.errors.InvalidArgument, match=r"combine with &, \| and ~, not with and, or, not"):
        bool(q)


def test_slices_are_final(rows_of):
    part = rows_of("ULabel")[:3]
    for change in (
        lambda: part.filter(name="x"),
        lambda: part.exclude(name="x"),
        lambda: part.order_by("name"),
        lambda: part.get(1),
        lambda: part.get(name="x"),
    ):
        assert "a slice cannot be changed by " in said(change, ln.errors.InvalidArgument)
    assert said(lambda: part.filter(name="x"), ln.errors.InvalidArgument) == (
        "a slice cannot be changed by filter; call filter first and slice its result"
    )


def test_positions(rows_of):
    labels = rows_of("ULabel")
    for call in (lambda: labels[-1], lambda: labels[:-1], lambda: labels[-2:], lambda: labels[::2], lambda: labels[100]):
        with pytest.raises(IndexError):
            call()
        said(call, ln.errors.InvalidArgument)
    assert said(lambda: labels[-1], ln.errors.InvalidArgument) == (
        "positions start at 0, got -1; for the last record, use last() or order_by('-id')[0]"
    )
    assert said(lambda: labels[100], ln.errors.InvalidArgument) == "the set has 13 ULabel records, none at position 100"


def test_order(rows_of):
    labels, runs = rows_of("ULabel"), rows_of("Run")
    assert said(lambda: labels.order_by("-nme")).startswith("ULabel has no field 'nme'; did you mean 'name'?")
    assert said(lambda: labels.order_by("artifacts__key")) == (
        "ULabel.artifacts__key may have several values in a row; to read them, use to_dataframe(include='artifacts__key')"
    )
    assert said(lambda: runs.order_by("params")) == "Run.params holds JSON, which has no order"
    assert said(lambda: labels.order_by("name__in")) == "ULabel.name__in is a comparison; write the field alone, as 'name'"
    assert (
        said(lambda: labels.order_by(5), ln.errors.InvalidArgument) == "order_by takes names of fields, as '-created_at', got 5"
    )
    assert said(lambda: labels.to_list("ulabels__name")).startswith("ULabel.ulabels__name may have several values in a row")


def test_mistakes_are_noticed_before_the_database_is_asked(rows_of, world_database):
    with QueryLog(world_database).exactly(0):
        said(lambda: rows_of("ULabel", EVERYTHING).filter(nam="x"))
        said(lambda: rows_of("ULabel").filter(id="x"), ln.errors.InvalidArgument)
