"""`QuerySet.update`: the checks of saving each row, for all rows at once, by a fixed number of statements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import (
    DatabaseMismatch,
    FieldError,
    FieldValidationError,
    InvalidArgument,
    LockedRecord,
    ObjectDoesNotExist,
    UniqueViolation,
    UnsavedRecord,
)


def labels_of(number: int, **values: Any) -> list[ln.ULabel]:
    found = [ln.ULabel(name=f"label {each}", **values) for each in range(number)]
    ln.save(found)
    return found


@pytest.mark.parametrize("number", [3, 1000])
def test_plain_fields_take_two_statements(database: Database, queries: QueryLog, number: int) -> None:
    before = labels_of(number)[0].updated_at
    ln.ULabel(name="same", description="new").save()
    with queries.exactly(2):  # one look at locks and numbers, one change
        assert ln.ULabel.filter().update(description="new", reference="r") == number + 1
    stored = ln.ULabel.filter(name__startswith="label").to_list()
    assert {(row.description, row.reference) for row in stored} == {("new", "r")}
    assert all(row.updated_at > before for row in stored)  # type: ignore[operator]
    with queries.exactly(2):
        assert ln.ULabel.filter(name="same").update(reference="r", description="new") == 1
    assert ln.ULabel.filter(description="new").update(description=None) == number + 1
    assert ln.ULabel.filter(description=None).count() == number + 1


def test_rows_that_are_as_wanted_already_are_not_touched(database: Database) -> None:
    label = ln.ULabel(name="a", description="new").save()
    other = ln.ULabel(name="b").save()
    assert ln.ULabel.filter().update(description="new") == 2
    assert ln.ULabel.get(label.id).updated_at == label.updated_at
    assert ln.ULabel.get(other.id).updated_at > other.updated_at  # type: ignore[operator]


@pytest.mark.parametrize("number", [3, 500])
@pytest.mark.parametrize(
    ("values", "statements"),
    [({"type": "kind"}, 8), ({"is_locked": True}, 4), ({"is_type": True}, 4), ({"branch_id": 0}, 4)],
    ids=["type", "lock", "is_type", "branch"],
)
def test_fields_with_rules_take_a_fixed_number(
    database: Database, queries: QueryLog, number: int, values: dict[str, Any], statements: int
) -> None:
    ln.ULabel(name="kind", is_type=True).save()
    labels_of(number)
    with queries.at_most(statements + (2 if database.dialect == "postgresql" else 0)):
        assert ln.ULabel.filter(name__startswith="label").update(**values) == number
    found = ln.ULabel.filter(branch=None, name__startswith="label")
    changed = {"type__name": "kind"} if "type" in values else values
    assert found.filter(**changed).count() == number


def test_relations_by_record_id_and_name(database: Database, queries: QueryLog) -> None:
    kind, other = (ln.ULabel(name=name, is_type=True).save() for name in ("kind", "other"))
    labels_of(2)
    rows = ln.ULabel.filter(name__startswith="label")
    for value, expected in ((kind, kind), (other.uid, other), ("kind", kind)):
        assert rows.update(type=value) == 2
        assert {row.type for row in rows.all()} == {expected}
    assert rows.update(type_id=other.id) == rows.update(type=None) == 2
    assert rows.filter(type=None).count() == 2


def test_conditions_over_relations(database: Database, tmp_path: Path) -> None:
    label = labels_of(2)[0]
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    artifact.ulabels.add(label)
    rows = ln.ULabel.filter(artifacts__key="a.txt").annotate(n=ln.Count("artifacts")).filter(n=1)
    assert rows.update(description="used") == 1
    assert ln.ULabel.filter(description="used").one() == label


def test_classes_with_rules_of_their_own(database: Database, tmp_path: Path) -> None:
    ln.save([ln.Project(name=name, start_date=dt.date(2024, 1, 1)) for name in "ab"])
    assert ln.Project.filter().update(status="completed", end_date=dt.date(2024, 2, 1)) == 2
    assert {project.status for project in ln.Project.filter()} == {"completed"}
    with pytest.raises(FieldValidationError, match="would end on 2023-01-01, before it starts"):
        ln.Project.filter().update(end_date=dt.date(2023, 1, 1))
    with pytest.raises(InvalidArgument, match="complete"):
        ln.Project.filter().update(status="complete")
    artifacts = []
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(name)
        artifacts.append(ln.Artifact(tmp_path / f"{name}.txt", key=f"{name}.txt").save())
    assert ln.Artifact.filter().update(description="text", kind="dataset") == 2
    assert ln.Artifact.filter(description="text", kind="dataset").count() == 2
    with pytest.raises(InvalidArgument):
        ln.Artifact.filter().update(hash="x" * 22)
    assert ln.Transform.filter().update(description="d") == 0
    ln.save([ln.Feature(name=name, dtype=int) for name in "xy"])
    assert ln.Feature.filter().update(description="of cells") == 2


def test_names_make_no_twins_and_renames_are_noted(database: Database) -> None:
    labels_of(2)
    with pytest.raises(UniqueViolation, match="another ULabel is called 'same' already"):
        ln.ULabel.filter().update(name="same")
    assert ln.ULabel.filter().to_list("name") == ["label 0", "label 1"]
    assert ln.ULabel.filter(name="label 0").update(name="new") == 1
    assert "label 0" in ln.ULabel.get(name="new")._aux["renamed"].values()
    with pytest.raises(UniqueViolation, match="another ULabel is called 'new' already"):
        ln.ULabel.filter(name="label 1").update(name="new")


def test_pp11_one_locked_row_stops_all(database: Database) -> None:
    labels = labels_of(3)
    labels[1].is_locked = True
    labels[1].save()
    for values in ({"description": "d"}, {"name": "n"}, {"is_type": True}, {"space": "all", "description": "d"}):
        with pytest.raises(LockedRecord):
            ln.ULabel.filter().update(**values)
    assert ln.ULabel.filter(description=None, is_type=False).count() == 3
    assert ln.ULabel.filter().update(is_locked=False) == 3
    assert ln.ULabel.filter().update(description="d") == 3


def test_pp14_types_and_members(database: Database) -> None:
    kind = ln.ULabel(name="kind", is_type=True).save()
    member = ln.ULabel(name="member", type=kind).save()
    with pytest.raises(FieldValidationError, match="it is the type of 1 record"):
        ln.ULabel.filter(name="kind").update(is_type=False)
    with pytest.raises(FieldValidationError, match="it would belong to itself"):
        ln.ULabel.filter(name="kind").update(type=kind)
    plain = ln.ULabel(name="plain").save()
    with pytest.raises(FieldValidationError, match="'plain' is no type"):
        ln.ULabel.filter(id=member.id).update(type_id=plain.id)


def test_moves_and_other_fields_together(database: Database) -> None:
    ln.Branch(name="trial").save()
    labels_of(2, description="old")
    assert ln.ULabel.filter(description="old").update(description="new", branch="trial", reference="r") == 2
    assert ln.ULabel.filter(branch="trial", description="new", reference="r").count() == 2
    assert ln.ULabel.filter(description="new").count() == 0


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({}, InvalidArgument, "say what to change"),
        ({"nam": "x"}, FieldError, r"ULabel has no field 'nam'; did you mean 'name'\?; its fields are ablocks, "),
        ({"_aux": {}}, FieldError, "ULabel has no field '_aux'"),
        ({"id": 1}, FieldValidationError, "ULabel.id never changes"),
        ({"uid": "12345678"}, FieldValidationError, "ULabel.uid never changes"),
        ({"created_at": dt.datetime(2024, 1, 1)}, FieldValidationError, "ULabel.created_at never changes"),
        ({"created_by": 1}, InvalidArgument, "created_by"),
        ({"created_on_id": 1}, FieldValidationError, "never changes"),
        ({"name": 5}, FieldValidationError, "name must be text, not 5"),
        ({"name": None}, FieldValidationError, "name is required"),
        ({"name": "x" * 300}, FieldValidationError, "has 300 characters, at most"),
        ({"description": "a\0"}, FieldValidationError, "contains a NUL character"),
        ({"description": "\ud800"}, FieldValidationError, "is not decodable text"),
        ({"is_locked": "yes"}, FieldValidationError, "is_locked must be True or False"),
        ({"artifacts": []}, FieldError, r"ULabel.artifacts holds many records of a row; change it row by row"),
        ({"type": 5}, InvalidArgument, "type must be a ULabel, not 5"),
        ({"type": "nothing"}, InvalidArgument, "has no ULabel type 'nothing'"),
        ({"type": None, "type_id": None}, FieldError, "pass type or type_id, not both"),
        ({"branch": "nowhere"}, ObjectDoesNotExist, "has no branch 'nowhere'"),
        ({"branch": None}, InvalidArgument, "a branch is given by record, name or uid"),
        ({"name__startswith": "x"}, FieldError, "ULabel has no field 'name__startswith'"),
        ({"delete": True}, FieldError, "ULabel has no field 'delete'"),
    ],
)
def test_what_is_refused(database: Database, values: dict[str, Any], error: type[Exception], said: str) -> None:
    labels_of(2)
    before = ln.ULabel.filter().values()
    with pytest.raises(error, match=said):
        ln.ULabel.filter().update(**values)
    assert ln.ULabel.filter().values() == before


def test_a_reference_to_no_row_is_named(database: Database) -> None:
    labels_of(2)
    for values in ({"run_id": 99}, {"run_id": 99, "is_type": True}):
        with pytest.raises(ln.errors.ForeignKeyViolation, match=r"run_id is 99, but .* has no Run with this id"):
            ln.ULabel.filter().update(**values)
    assert ln.ULabel.filter(run=None, is_type=False).count() == 2


def test_slices_are_refused(database: Database) -> None:
    labels_of(3)
    with pytest.raises(InvalidArgument, match="update takes no slice, as which rows it has depends on their order"):
        ln.ULabel.filter()[:2].update(description="d")


def test_records_that_are_not_saved_or_elsewhere(database: Database, other_database: Database) -> None:
    labels_of(1)
    with pytest.raises(UnsavedRecord):
        ln.ULabel.filter().update(type=ln.ULabel(name="new", is_type=True))
    there = ln.Space.connect(str(other_database.instance.folder)).get(1)
    with pytest.raises(DatabaseMismatch):
        ln.ULabel.filter().update(space=there)


def test_another_database_is_changed_through_its_own_sets(database: Database, other_database: Database) -> None:
    labels_of(1)
    db = ln.DB(str(other_database.instance.folder))
    assert db.ULabel.update(description="d") == 0
    assert ln.ULabel.filter(description=None).count() == 1
    with pytest.raises(ln.errors.NoWriteAccess):
        ln.DB(str(other_database.instance.folder), read_only=True).ULabel.update(description="d")


def test_all_is_undone_with_the_transaction(database: Database) -> None:
    labels_of(2)
    with pytest.raises(RuntimeError, match="stop"), ln.transaction():  # noqa: PT012  # the block is what is tested
        ln.ULabel.filter().update(description="d")
        raise RuntimeError("stop")
    assert ln.ULabel.filter(description=None).count() == 2


def test_links_and_users(database: Database, tmp_path: Path) -> None:
    labels_of(1)
    assert ln.User.filter().update(name="Ada") == 1
    assert ln.User.filter().one().name == "Ada"
