"""What must hold of reading, by the numbers of the checklist of records; each on both databases."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument, MultipleObjectsReturned, ObjectDoesNotExist


@pytest.fixture
def transforms(database: Database) -> list[ln.Transform]:
    """Two versions of one, the first of which has a description of its own."""
    first = ln.Transform(key="a.py", source_code="1", description="first try").save()
    return [first, ln.Transform(key="a.py", source_code="2", description="second try").save()]


@pytest.mark.parametrize("registry", ["ULabel", "Record", "Project", "Reference", "Feature", "Schema"])
def test_2_types_are_contexts_that_queries_tell_apart(database: Database, registry: str) -> None:
    make = getattr(ln, registry)
    values = {"Feature": {"dtype": int}, "Schema": {"itype": "Feature"}}.get(registry, {})
    one, other = make(name="one", is_type=True).save(), make(name="other", is_type=True).save()
    under_one, under_other = (make(name="x", type=kind, **values).save() for kind in (one, other))
    outside = make(name="x", type=None, **values).save()
    assert make.filter(name="x", type=one).one() == make.get(name="x", type__name="one") == under_one
    assert make.filter(name="x", type=None).one() == outside
    assert make.filter(name="x", type__in=[one, other]).to_list() == [under_one, under_other]
    with pytest.raises(MultipleObjectsReturned, match=f"3 {registry} records match name='x', not one"):
        make.get(name="x")


def test_13_get_by_id_uid_and_its_beginning(transforms: list[ln.Transform]) -> None:
    first, head = transforms
    assert ln.Transform.get(first.id) == first
    assert ln.Transform.get(first.uid) == first
    assert ln.Transform.get(head.uid) == head
    label = ln.ULabel(name="a").save()
    assert ln.ULabel.get(label.uid) == ln.ULabel.get(label.uid[:4]) == label
    label.delete()
    assert ln.ULabel.get(label.uid) == ln.ULabel.get(label.id) == label, "also in the trash"
    assert ln.Transform.get(first.stem_uid) == ln.Transform.get(first.stem_uid[:6]) == head, "of a family the head"


def test_13_get_by_keywords_gives_the_head_or_the_newest_old_version(transforms: list[ln.Transform]) -> None:
    first, head = transforms
    assert ln.Transform.get(key="a.py") == head
    assert ln.Transform.get(description="first try") == first
    assert ln.Transform.get(key="a.py", is_latest=False) == first
    third = ln.Transform(key="a.py", source_code="3", description="first try").save()
    ln.Transform(key="a.py", source_code="4").save()
    assert ln.Transform.get(description="first try") == third


def test_13_the_error_suggests_the_keyword(database: Database) -> None:
    with pytest.raises(ObjectDoesNotExist, match=r"if 'blood' is no uid, write ULabel\.get\(name='blood'\)"):
        ln.ULabel.get("blood")
    with pytest.raises(ln.Artifact.DoesNotExist, match=r"write Artifact\.get\(key='a\.csv'\)"):
        ln.Artifact.get("a.csv")
    with pytest.raises(ObjectDoesNotExist, match="no ULabel matches name='blood' on branch main"):
        ln.ULabel.get(name="blood")


@pytest.mark.parametrize("registry", ["ULabel", "Artifact", "Run", "Record", "Transform", "Feature", "User", "Branch"])
def test_14_unknown_fields_are_told_with_those_that_exist(database: Database, registry: str) -> None:
    rows = getattr(ln, registry).filter()
    for ask in (
        lambda: rows.filter(nothing_like_it=1),
        lambda: rows.exclude(nothing_like_it__in=[1]),
        lambda: rows.get(nothing_like_it=1),
        lambda: rows.order_by("nothing_like_it"),
        lambda: rows.values("nothing_like_it"),
        lambda: rows.to_list("nothing_like_it"),
        lambda: rows.to_dataframe(include="nothing_like_it"),
        lambda: rows.aggregate(ln.Count("nothing_like_it")),
        lambda: rows.annotate(ln.Count("nothing_like_it")),
        lambda: rows.update(nothing_like_it=1),
        lambda: (
            rows.filter(ln.Q(created_on__nothing_like_it=1))
            if registry not in ("User", "Branch")
            else rows.filter(nothing_like_it=1)
        ),
    ):
        with pytest.raises(FieldError, match=r"has no field 'nothing_like_it'.*; its fields are (\w+, )+\w+") as caught:
            ask()
        assert " id, " in str(caught.value)
        assert "links_" not in str(caught.value)
        assert "_aux" not in str(caught.value)


def test_15_status_by_name(database: Database, tmp_path: Path) -> None:
    transform = ln.Transform(key="a.py").save()
    runs = [ln.Run(transform).save() for _ in range(3)]
    for code in (-1, 0):
        runs[0]._status_code = code
        runs[0].save()
    before = {run.status for run in runs[1:]}.pop()
    assert ln.Run.filter(status="completed").one() == transform.runs.filter(status="completed").one() == runs[0]
    assert ln.Run.filter(status__in=["completed", before]).count() == 3
    assert transform.runs.filter(status__in=[before]).to_list() == runs[1:]
    assert ln.Run.filter().exclude(status="completed").count() == transform.runs.all().exclude(status=before).count() + 1
    assert ln.Transform.filter(runs__status="completed").one() == transform
    projects = [ln.Project(name=name).save() for name in "ab"]
    projects[0].status = "completed"
    projects[0].save()
    projects[1].parents.add(projects[0])
    assert ln.Project.filter(status="completed").one() == projects[1].parents.filter(status="completed").one() == projects[0]
    assert ln.Project.filter(status__in=["planned", "completed"]).count() == 2
    assert ln.Branch.filter(status="standalone").count() >= 1
    for registry, value, near in (
        (ln.Run, "complete", "completed"),
        (ln.Project, "plannd", "planned"),
        (ln.Branch, "mergd", "merged"),
    ):
        for lookups in ({"status": value}, {"status__in": [value]}):
            with pytest.raises(InvalidArgument, match=rf"status is one of .*, not '{value}'; did you mean '{near}'"):
                registry.filter(**lookups)


def test_16_included_columns_stand_after_uid_and_name(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    artifact.ulabels.add(ln.ULabel(name="b").save(), ln.ULabel(name="a").save())
    frame = ln.Artifact.to_dataframe(include=["ulabels__name", "created_by__handle", "suffix"])
    assert list(frame.columns) == ["uid", "key", "ulabels__name", "created_by__handle", "suffix"]
    assert frame.loc[artifact.id].tolist()[1:] == ["a.txt", ["b", "a"], artifact.created_by.handle, ".txt"]
    assert frame.index.name == "id"
    assert list(ln.ULabel.to_dataframe(include="artifacts__key").columns) == ["uid", "name", "artifacts__key"]
    assert list(ln.ULabel.to_dataframe().columns)[:2] == ["uid", "name"]


def test_16_only_the_default_limit_warns(database: Database) -> None:
    ln.save([ln.ULabel(name=f"{number:02}") for number in range(21)])
    with pytest.warns(UserWarning, match="only 20 ULabel rows are shown; to see all, pass limit=None"):
        assert len(ln.ULabel.to_dataframe()) == 20
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(ln.ULabel.to_dataframe(limit=5)) == 5
        assert len(ln.ULabel.to_dataframe(limit=None)) == 21
        assert len(ln.ULabel.filter(name__lt="20").to_dataframe()) == 20


def test_18_lookup_writes_names_as_attributes(database: Database) -> None:
    kind, other = (ln.ULabel(name=name, is_type=True).save() for name in ("A kind", "Other"))
    made = [ln.ULabel(name=name, type=kind).save() for name in ("T cell (CD8+)", "2 days", "class", "dict", "same")]
    again = ln.ULabel(name="same", type=other).save()
    lookup = ln.ULabel.lookup()
    assert [lookup.t_cell_cd8_, lookup.ln_2_days, lookup.class_, lookup.dict_, lookup.same] == made
    assert ln.ULabel.lookup(keep="last").same == again
    assert ln.ULabel.lookup(keep=False).same == [made[-1], again]
    assert ln.ULabel.lookup(return_field="uid").class_ == made[2].uid
    assert lookup.dict() == {row.name: row for row in [again, *made, kind, other] if row != again}
    assert ln.ULabel.filter(type=other).lookup().dict() == {"same": again}
    assert ln.ULabel.lookup("uid").dict()[again.uid] == again
    with pytest.raises(FieldError, match="ULabel has no field 'nam'"):
        ln.ULabel.lookup("nam")
