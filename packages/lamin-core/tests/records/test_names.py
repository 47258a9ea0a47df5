"""Branches, spaces and types by name or uid (PP-32), and attributes that do not exist (PP-34)."""

from pathlib import Path

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import FieldValidationError, InvalidArgument


@pytest.fixture
def kind(database: Database) -> ln.ULabel:
    return ln.ULabel(name="tissue", is_type=True).save()


def test_pp32_branch_space_and_type_by_name_and_by_uid(database: Database, kind: ln.ULabel) -> None:
    branch, space = ln.Branch(name="trial").save(), ln.Space(name="lab").save()
    by_name = ln.ULabel(name="blood", branch="trial", space="lab", type="tissue").save()
    by_uid = ln.ULabel(name="skin", branch=branch.uid, space=space.uid, type=kind.uid).save()
    for label in (by_name, by_uid):
        assert (label.branch, label.space, label.type) == (branch, space, kind)
        assert label.created_on == branch


def test_pp32_names_are_looked_up_when_needed_and_once(database: Database, kind: ln.ULabel, queries: QueryLog) -> None:
    with queries.exactly(0):
        label = ln.ULabel(name="blood", type="tissue")
    assert label.type == kind
    label.save()
    with queries.at_most(5):  # the name, a lock, names that exist, the type, the insert
        ln.save([ln.ULabel(name=f"tissue {number}", type="tissue") for number in range(1000)])
    assert kind.ulabels.count() == 1001


def test_pp32_names_are_unique_within_the_type_that_was_named(database: Database, kind: ln.ULabel) -> None:
    other = ln.ULabel(name="cell", is_type=True).save()
    first = ln.ULabel(name="blood", type="tissue").save()
    assert ln.ULabel(name="blood", type="tissue") == first
    assert ln.ULabel(name="blood", type=other.name).save() != first
    assert ln.ULabel.filter(name="blood").count() == 2


def test_pp32_a_stored_record_takes_names(database: Database, kind: ln.ULabel) -> None:
    label = ln.ULabel(name="blood").save()
    label.type = "tissue"  # type: ignore[assignment]  # names are for assignments, records for reading
    assert label.type_id == kind.id
    label.save()
    assert ln.ULabel.get(name="blood").type == kind


def test_pp32_unknown_and_ambiguous_names(database: Database, kind: ln.ULabel) -> None:
    ln.ULabel(name="plain").save()
    for name in ("plain", "tisue"):
        with pytest.raises(InvalidArgument, match=f"has no ULabel type '{name}'"):
            ln.ULabel(name="blood", type=name).save()
    assert ln.ULabel.filter(name="blood").count() == 0
    with pytest.raises(InvalidArgument, match="did you mean 'tissue'"):
        ln.ULabel(name="blood", type="tisue").save()
    with pytest.raises(InvalidArgument, match="has no Branch 'nowhere'"):
        ln.ULabel(name="blood", branch="nowhere").save()
    with pytest.raises(InvalidArgument, match="has no Space 'nowhere'"):
        ln.ULabel(name="blood", space="nowhere").save()
    with pytest.raises(FieldValidationError, match="type must be a ULabel, its name or its uid, not 3"):
        ln.ULabel(name="blood", type=3)  # type: ignore[arg-type]  # wrong on purpose
    above = ln.ULabel(name="above", is_type=True).save()
    nested = ln.ULabel(name="tissue", is_type=True, type=above).save()
    with pytest.raises(InvalidArgument, match="several ULabel types are called 'tissue'"):
        ln.ULabel(name="blood", type="tissue").save()
    assert ln.ULabel(name="blood", type=nested.uid).save().type == nested


def test_pp32_registries_with_constructors_of_their_own(database: Database, tmp_path: Path) -> None:
    branch, space = ln.Branch(name="trial").save(), ln.Space(name="lab").save()
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    records = [
        ln.Artifact(path, key="a.csv", branch="trial", space="lab"),
        ln.Transform(key="a.py", branch="trial", space="lab"),
        ln.Feature(name="age", dtype=int, branch="trial", space="lab"),
        ln.Project(name="atlas", branch="trial", space="lab"),
    ]
    for record in records:
        record.save()
        assert (record.branch, record.space) == (branch, space)


def test_pp34_typos_are_no_attributes(database: Database) -> None:
    label = ln.ULabel(name="blood")
    with pytest.raises(AttributeError, match=r"ULabel has no field 'descripton'.*did you mean 'description'"):
        label.descripton = "red"  # type: ignore[attr-defined]  # wrong on purpose


def test_pp32_a_type_may_live_on_the_branch_of_its_member(database: Database) -> None:
    ln.Branch(name="trial").save()
    there = ln.ULabel(name="there", is_type=True, branch="trial").save()
    with pytest.raises(ln.errors.InvalidArgument, match="has no ULabel type 'there'; what is called so is in the trash"):
        ln.ULabel(name="a", type="there").save()
    label = ln.ULabel(name="a", type="there", branch="trial").save()
    assert label.type == there
    stored = ln.ULabel(name="b", branch="trial").save()
    stored.type = "there"
    stored.save()
    assert ln.ULabel.get(stored.id).type == there
