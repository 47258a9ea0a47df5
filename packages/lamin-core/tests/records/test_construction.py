"""Constructors check everything the schema says, all at once, and touch no database."""

import datetime as dt

import pytest

import lamindb as ln
from lamindb.errors import FieldValidationError


def test_a_constructor_sends_nothing(database, queries):
    with queries.exactly(0):
        label = ln.ULabel(name="blood", description="whole blood")
        assert label.name == "blood"
        assert label.reference is None
        assert label.is_type is False


def test_a_constructor_needs_no_instance(unconnected):
    label = ln.ULabel(name="blood")
    assert label.name == "blood"
    assert label.id is None
    assert len(label.uid) == 8


@pytest.mark.parametrize(
    ("registry", "arguments", "message"),
    [
        ("ULabel", {}, "cannot make a ULabel: name is required"),
        ("ULabel", {"name": None}, "cannot make a ULabel: name is required"),
        ("ULabel", {"name": 5}, "cannot make a ULabel: name must be text, not 5"),
        ("ULabel", {"name": "x" * 151}, "cannot make a ULabel: name has 151 characters, at most 150 fit: '" + "x" * 40 + "'…"),
        ("ULabel", {"name": "a", "is_type": 1}, "cannot make a ULabel: is_type must be True or False, not 1"),
        ("ULabel", {"name": "a", "type": 5}, "cannot make a ULabel: type must be a ULabel, its name or its uid, not 5"),
        ("Branch", {"name": "y" * 101}, "cannot make a Branch: name has 101 characters, at most 100 fit: '" + "y" * 40 + "'…"),
        ("Run", {}, "cannot make a Run: transform is required"),
        ("Run", {"transform": None}, "cannot make a Run: transform is required"),
    ],
)
def test_what_is_wrong_is_said(registry, arguments, message):
    with pytest.raises(FieldValidationError) as caught:
        getattr(ln, registry)(**arguments)
    assert str(caught.value) == message


def test_all_problems_are_said_at_once():
    with pytest.raises(FieldValidationError) as caught:
        ln.ULabel(descripton="x", is_type="yes", reference_type="r" * 26)
    message = str(caught.value)
    assert "name is required" in message
    assert "'descripton' is not an argument; did you mean 'description'? (arguments are branch, branch_id, descr" in message
    assert "is_type must be True or False, not 'yes'" in message
    assert "reference_type has 26 characters, at most 25 fit" in message


def test_an_error_of_a_constructor_is_what_python_people_catch():
    for builtin in (ValueError, TypeError, ln.errors.LaminError):
        with pytest.raises(builtin):
            ln.ULabel()


def test_uid_and_bookkeeping_cannot_be_passed():
    for name in ("uid", "id", "created_at"):
        with pytest.raises(FieldValidationError, match=f"{name} is kept by the system and cannot be passed"):
            ln.ULabel(name="a", **{name: 1})
    with pytest.raises(FieldValidationError, match="'created_by' is not an argument"):
        ln.ULabel(name="a", created_by=1)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("bad\ud800", r"name is not decodable text: 'bad\\ud800'; decode the bytes that it came from with their encoding"),
        ("x\0y", "name contains a NUL character, which is not text"),
    ],
)
def test_text_that_no_database_keeps(value, message):
    with pytest.raises(FieldValidationError, match=message):
        ln.ULabel(name=value)


@pytest.mark.parametrize("value", [{"a": {1}}, {"a": float("nan")}, {"a": "\ud800"}, ["\0"], object()])
def test_values_that_are_no_json(database, value):
    run = ln.Run(ln.Transform(key="a.py").save()).save()
    run.extra_data = value
    with pytest.raises(FieldValidationError, match=r"extra_data (cannot be written as JSON|contains a NUL)"):
        run.save()


def test_positions():
    with pytest.raises(
        FieldValidationError, match=r"ULabel takes no arguments by position, got 1: pass keywords, as ULabel\(name=…\)"
    ):
        ln.ULabel("a")
    transform = ln.Transform(key="a.py")
    assert ln.Run(transform).transform is transform
    with pytest.raises(FieldValidationError, match="Run got transform twice"):
        ln.Run(transform, transform=transform)
    with pytest.raises(FieldValidationError, match="Run takes only transform by position, got 2"):
        ln.Run(transform, "more")


def test_a_relation_and_its_id_exclude_each_other():
    label = ln.ULabel(name="t", is_type=True)
    with pytest.raises(FieldValidationError, match="pass type or type_id, not both"):
        ln.ULabel(name="a", type=label, type_id=3)


def test_unknown_attributes_cannot_be_set():
    label = ln.ULabel(name="a")
    with pytest.raises(AttributeError, match="ULabel has no field 'desciption'; did you mean 'description'"):
        label.desciption = "lost"


def test_unknown_attributes_of_a_registry_name_the_nearest():
    with pytest.raises(AttributeError, match="ULabel has no attribute 'nam'; did you mean 'name'"):
        ln.ULabel.nam  # noqa: B018


def test_assigned_values_are_checked_on_saving(database):
    label = ln.ULabel(name="a").save()
    label.name = "x" * 151
    with pytest.raises(FieldValidationError, match="cannot save this ULabel: name has 151 characters, at most 150 fit"):
        label.save()
    label.name = None
    with pytest.raises(FieldValidationError, match="cannot save this ULabel: name is required"):
        label.save()


@pytest.mark.parametrize(("name", "value"), [("uid", "abcdefgh"), ("created_at", dt.datetime.now(dt.UTC)), ("created_by_id", 7)])
def test_what_never_changes_is_refused(database, name, value):
    label = ln.ULabel(name="a").save()
    setattr(label, name, value)
    with pytest.raises(FieldValidationError, match=f"{name} never changes"):
        label.save()


def test_only_types_have_members(database):
    label = ln.ULabel(name="plain").save()
    with pytest.raises(FieldValidationError, match="cannot make a ULabel: 'plain' is no type, so it can have no members"):
        ln.ULabel(name="a", type=label)
