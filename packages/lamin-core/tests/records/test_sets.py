"""Many records at once: what was changed is written by sets, with all the checks of one; and deleted by sets."""

import datetime as dt
import io
import re
import sys

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb import progress
from lamindb.records import bulk, saving


def labels_of(number: int, **values) -> list[ln.ULabel]:
    found = [ln.ULabel(name=f"label {i}", **values) for i in range(number)]
    ln.save(found)
    return found


# ---- changing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [3, 2000])
@pytest.mark.parametrize(
    ("change", "statements"),
    [
        (lambda label, kind: setattr(label, "description", f"new {label.name}"), 1),
        (lambda label, kind: setattr(label, "is_locked", True), 1),
        (lambda label, kind: setattr(label, "branch_id", 0), 1),
        (lambda label, kind: setattr(label, "_aux", {"ei": "🧬"}), 1),
        (lambda label, kind: setattr(label, "name", f"new {label.name}"), 5),
        (lambda label, kind: setattr(label, "type", kind), 6),
        (lambda label, kind: setattr(label, "is_type", True), 1),
        (lambda label, kind: setattr(label, "reference" if label.id % 2 else "description", "r"), 2),
    ],
    ids=["text", "lock", "branch", "json", "name", "type", "is_type", "two columns"],
)
def test_statements_do_not_grow_with_what_is_changed(
    database: Database, queries: QueryLog, number: int, change, statements: int
) -> None:
    kind, labels = ln.ULabel(name="kind", is_type=True).save(), labels_of(number)
    before = labels[0].updated_at
    for label in labels:
        change(label, kind)
    expected = [{**saving.changed(label)} for label in labels]
    locks = 0 if database.dialect == "sqlite" else 2
    with queries.at_most(statements + locks):
        ln.save(labels)
    stored = ln.ULabel.filter(branch=None, name__contains="label").order_by("id").to_list()
    for label, row, values in zip(labels, stored, expected, strict=True):
        if "name" in values:
            del values["name"]
            assert row.name == label.name
        assert {name: getattr(row, name) for name in values} == values == {name: getattr(label, name) for name in values}
        assert saving.changed(label) == {}
        assert row.updated_at == label.updated_at > before


def test_every_kind_of_value_is_the_same_one_by_one_and_together(database: Database) -> None:
    values = {
        "description": 'quotes " \\ and\nlines ü 🧬',
        "url": "https://lamin.ai/?a=1&b='x'",
        "start_date": dt.date(2024, 1, 31),
        "abbr": None,
        "_aux": {"a": [1, 2.5, None, {"b": "ü"}]},
        "is_type": True,
    }
    single, *many = [ln.Project(name=f"p{i}", abbr="x").save() for i in range(3)]
    for project in (single, *many):
        for name, value in values.items():
            setattr(project, name, value)
    single.save()
    ln.save(many)
    rows = [ln.Project.get(project.id) for project in (single, *many)]
    assert [{name: getattr(row, name) for name in values} for row in rows] == [values] * 3


@pytest.mark.parametrize("number", [5000])
def test_unchanged_records_send_nothing(database: Database, queries: QueryLog, number: int) -> None:
    labels = labels_of(number)
    with queries.exactly(0):
        ln.save(labels)
    loaded = ln.ULabel.filter().to_list()
    with queries.exactly(0):
        ln.save(loaded)


def test_one_stale_row_stops_all(database: Database) -> None:
    labels = labels_of(5)
    other = ln.ULabel.get(labels[3].id)
    other.description = "theirs"
    other.save()
    for label in labels:
        label.description = "mine"
    with pytest.raises(
        ln.errors.StaleRecord, match=rf"changed description from None to 'theirs' of this ULabel \(id {other.id}\)"
    ):
        ln.save(labels)
    assert set(ln.ULabel.filter().to_list("description")) == {None, "theirs"}
    assert all(saving.changed(label) == {"description": "mine"} for label in labels)
    ln.ULabel.get(labels[0].id).delete(permanent=True)
    with pytest.raises(ln.errors.StaleRecord, match=r"the row of this ULabel \(id \d+\) was deleted"):
        ln.save([*labels[:3], labels[4]])


def test_two_copies_of_a_row_in_a_list(database: Database) -> None:
    row = ln.ULabel(name="a").save()
    one, other = ln.ULabel.get(row.id), ln.ULabel.get(row.id)
    one.description, other.reference = "d", "r"
    ln.save([one, other])
    assert (ln.ULabel.get(row.id).description, ln.ULabel.get(row.id).reference) == ("d", "r")
    one, other = ln.ULabel.get(row.id), ln.ULabel.get(row.id)
    one.description, other.description = "e", "f"
    message = rf"the list has two copies of the ULabel with id {row.id}, which set description to 'e' and to 'f'; save one"
    with pytest.raises(ln.errors.StaleRecord, match=message):
        ln.save([one, other])
    assert ln.ULabel.get(row.id).description == "d"


def test_names_in_a_list_make_no_twins(database: Database) -> None:
    one, two, three = labels_of(3)
    one.name = two.name = "same"
    with pytest.raises(ln.errors.UniqueViolation, match="another ULabel is called 'same' already"):
        ln.save([one, two])
    one.name, two.name = "label 2", "other"
    with pytest.raises(ln.errors.UniqueViolation, match=rf"another ULabel is called 'label 2' already \(uid {three.uid}\)"):
        ln.save([one, two])
    one.name, two.name = "label 1", "label 0"
    ln.save([one, two])
    assert (ln.ULabel.get(one.id).name, ln.ULabel.get(two.id).name) == ("label 1", "label 0")


def test_moving_below_a_type_in_a_list_makes_no_twins(database: Database) -> None:
    kind = ln.ULabel(name="kind", is_type=True).save()
    inside, outside, another = ln.ULabel(name="a", type=kind).save(), ln.ULabel(name="a", type=None).save(), labels_of(1)[0]
    outside.type = another.type = kind
    with pytest.raises(ln.errors.UniqueViolation, match=rf"another ULabel is called 'a' already \(uid {inside.uid}\)"):
        ln.save([outside, another])
    with pytest.raises(ln.errors.UniqueViolation):
        kind.ulabels.add(outside)


def test_a_list_closes_no_circle_of_types(database: Database) -> None:
    one, two, three = (ln.Record(name=name, is_type=True).save() for name in "abc")
    one.type, two.type, three.type = two, three, one
    with pytest.raises(ln.errors.FieldValidationError, match="it would belong to itself"):
        ln.save([one, two, three])
    assert ln.Record.filter(type=None).count() == 3
    three.type = None
    ln.save([one, two, three])
    assert ln.Record.get(name="a").type == two


def test_a_type_and_its_members_change_together(database: Database) -> None:
    kind, member = labels_of(2)
    kind.is_type, kind.description, member.description = True, "d", "e"
    ln.save([kind, member])
    plain, other = ln.ULabel(name="plain").save(), ln.ULabel(name="other").save()
    plain.is_type = True
    other.type = plain
    ln.save([other, plain])
    assert ln.ULabel.get(other.id).type == plain
    plain.is_type, other.description = False, "d"
    with pytest.raises(ln.errors.FieldValidationError, match="it is the type of 1 record, so is_type stays True"):
        ln.save([plain, other])


def test_versions_and_runs_in_a_list(database: Database) -> None:
    transforms = [ln.Transform(key=f"{i}.py").save() for i in range(3)]
    runs = [ln.Run(transform) for transform in transforms]
    ln.save(runs)
    for transform, run in zip(transforms, runs, strict=True):
        transform.description, run.description = "d", "e"
    ln.save([*runs, *transforms])
    assert {run.description for run in ln.Run.filter()} == {"e"}
    assert {transform.description for transform in ln.Transform.filter()} == {"d"}


# ---- inserting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "statements"), [(10, 1), (25, 3)])
def test_rows_are_written_in_batches(database: Database, queries: QueryLog, number: int, statements: int) -> None:
    labels_of(1)
    lock = 0 if database.dialect == "sqlite" else 1
    with queries.exactly(1 + lock + statements):
        ln.save([ln.ULabel(name=f"new {i}") for i in range(number)], batch_size=10)
    assert ln.ULabel.filter(name__startswith="new").count() == number


def test_conflicts_are_left_out_if_asked(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    feature, label = ln.Feature("f", "cat[ULabel]").save(), ln.ULabel(name="l").save()
    project = ln.Project(name="p").save()
    first = ln.models.FeatureProject(feature=feature, project=project)
    ln.save([first])
    again, new = (
        ln.models.FeatureProject(feature=feature, project=project),
        ln.models.ULabelProject(ulabel=label, project=project),
    )
    with pytest.raises(ln.errors.UniqueViolation):
        ln.save([new, again])
    assert new.database is None
    ln.save([new, again], ignore_conflicts=True)
    assert new.database is not None
    assert again.database is None
    assert "1 of 1 new FeatureProject rows were left out, as their like exists" in caplog.text
    assert len(rows_of("FeatureProject")) == len(rows_of("ULabelProject")) == 1


def rows_of(registry: str) -> list:
    return getattr(ln.models, registry).filter().to_list()


@pytest.mark.parametrize("number", [6, 60])
def test_what_is_left_out_is_told_apart(database: Database, number: int) -> None:
    projects = [ln.Project(name=f"{i}") for i in range(number)]
    label = ln.ULabel(name="l")
    ln.save([*projects, label])
    ln.save([ln.models.ULabelProject(ulabel=label, project=project) for project in projects[::2]])
    links = [ln.models.ULabelProject(ulabel=label, project=project) for project in projects]
    ln.save(links, ignore_conflicts=True)
    assert [link.database is None for link in links] == [True, False] * (number // 2)
    stored = {link.project_id: link.id for link in rows_of("ULabelProject")}
    assert all(stored[link.project_id] == link.id for link in links if link.database is not None)
    assert len(stored) == number


def test_names_that_differ_in_case_only_are_conflicts(database: Database) -> None:
    ln.Branch(name="contribution").save()
    branches = [ln.Branch(name="Contribution"), ln.Branch(name="another")]
    with pytest.raises(ln.errors.UniqueViolation):
        ln.save(branches)
    ln.save(branches, ignore_conflicts=True)
    assert [branch.database is None for branch in branches] == [True, False]
    assert ln.Branch.get(name="another") == branches[1]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_shows_how_far_it_has_come(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(progress, "AFTER", 0.0)
    monkeypatch.setattr(bulk, "WORTH_A_BAR", 20)
    ln.save([ln.ULabel(name=f"few {i}") for i in range(19)])
    assert shown.getvalue() == ""
    ln.save([ln.ULabel(name=f"many {i}") for i in range(400)], batch_size=1)
    assert re.search(r"saving: .* [1-9]\d*/400", shown.getvalue())


# ---- deleting ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [5, 3000])
def test_deleting_for_good_takes_a_fixed_number_of_statements(database: Database, queries: QueryLog, number: int) -> None:
    labels = labels_of(number)
    project, parent = ln.Project(name="p").save(), ln.ULabel(name="parent").save()
    ln.save([ln.models.ULabelProject(ulabel=label, project=project) for label in labels])
    parent.children.add(*labels)
    with queries.log() as log:
        count, by_registry = ln.ULabel.filter(name__startswith="label").delete(permanent=True)
    assert (count, sorted(by_registry.values())) == (3 * number, [number] * 3)
    assert ln.ULabel.filter(branch=None).count() == 1
    assert len(rows_of("ULabelProject")) == 0
    statements.setdefault(database.dialect, set()).add(len(log))
    assert len(statements[database.dialect]) == 1


statements: dict[str, set[int]] = {}


@pytest.mark.parametrize("number", [2, 500])
def test_blockers_of_many_are_summarised(database: Database, queries: QueryLog, number: int) -> None:
    kind = ln.ULabel(name="kind", is_type=True).save()
    labels_of(number, type=kind)
    run = ln.Run(ln.Transform(key="a.py").save()).save()
    ln.save([ln.ULabel(name=f"made {i}", run=run) for i in range(3)])
    with pytest.raises(ln.errors.ProtectedError) as caught:
        kind.delete(permanent=True)
    assert str(caught.value) == (
        f"cannot delete this ULabel: {number} ULabel rows refer to it; delete those first, "
        "or move it to the trash with permanent=False"
    )
    with pytest.raises(ln.errors.ProtectedError, match="3 ULabel rows refer to it"):
        run.delete(permanent=True)
    assert ln.ULabel.filter().count() == number + 4


def test_versions_put_elsewhere_in_a_list_take_a_fixed_number_of_statements(database: Database) -> None:
    counts = []
    ln.Branch(name="elsewhere").save()
    for number in (3, 12):
        moved = [ln.Transform(key=f"{number} {n}.py", source_code=f"{n}").save() for n in range(number)]
        for transform in moved:
            transform.branch = "elsewhere"
        with QueryLog(database) as log:
            ln.save(moved)
        counts.append(len(log))
        assert all(transform.is_latest for transform in moved)
        assert ln.Transform.filter(branch__name="elsewhere", key__startswith=f"{number} ").count() == number
    assert counts[0] == counts[1], counts
