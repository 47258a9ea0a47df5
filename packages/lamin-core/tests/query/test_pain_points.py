"""What LaminDB gets wrong about reading, by the numbers of its pain points; each on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lamindb_setup
import pandas as pd
import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import FieldError, MultipleObjectsReturned, ObjectDoesNotExist

Labels = dict[str, ln.ULabel]


@pytest.fixture
def labels(database: Database) -> Labels:
    """One label that is seen, one in the trash, one archived and one on another branch; all members of one type."""
    ln.Branch(name="trial").save()
    kind = ln.ULabel(name="Kind", is_type=True).save()
    made = {name: ln.ULabel(name=name, type=kind).save() for name in ("seen", "trashed", "archived")}
    made["trashed"].delete()
    ln.ULabel.filter(name="archived").update(branch="archive")
    made["elsewhere"] = ln.ULabel(name="elsewhere", type=kind, branch="trial").save()
    return {name: ln.ULabel.get(label.id) for name, label in {"Kind": kind, **made}.items()}


@pytest.fixture
def artifact(labels: Labels, tmp_path: Path) -> ln.Artifact:
    """An artifact with all four labels."""
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    artifact.ulabels.add(*(label for name, label in labels.items() if name != "Kind"))
    return artifact


def names(rows: Any) -> list[str]:
    return sorted(rows.to_list("name"))


# -- PP-15, 19: one scope ---------------------------------------------------------------------------------------------


def test_pp15_sets_and_registries_show_what_is_seen(labels: Labels) -> None:
    shown = ["Kind", "seen"]
    db = ln.DB(str(lamindb_setup.current().instance.folder))
    assert names(ln.ULabel.filter()) == names(ln.ULabel.connect()) == names(db.ULabel) == names(db.ULabel.filter()) == shown
    assert db.ULabel.count() == ln.ULabel.filter().count() == 2
    assert sorted(ln.ULabel.to_dataframe()["name"]) == shown
    assert sorted(ln.ULabel.lookup().dict()) == sorted(db.ULabel.lookup().dict()) == shown
    assert ln.ULabel.filter().aggregate(ln.Count("id")) == {"id__count": 2}
    assert [row["name"] for row in ln.ULabel.filter().order_by("name").values("name")] == shown
    assert sum(batch.num_rows for batch in ln.ULabel.filter().iter_batches()) == 2
    assert ln.ULabel.filter().exists()
    with pytest.raises(ObjectDoesNotExist, match="there is one outside of these branches"):
        ln.ULabel.get(name="trashed")


def test_pp15_relations_show_what_is_seen(labels: Labels, artifact: ln.Artifact) -> None:
    assert names(artifact.ulabels) == names(labels["Kind"].ulabels) == ["seen"]
    assert (artifact.ulabels.count(), artifact.ulabels.exists(), artifact.ulabels.one().name) == (1, True, "seen")
    assert names(artifact.ulabels.filter(type=labels["Kind"])) == ["seen"]
    assert artifact.ulabels.filter(name="trashed").count() == 0
    assert len(artifact.ulabels.to_dataframe()) == len(list(artifact.ulabels)) == 1
    assert ln.Artifact.filter().annotate(n=ln.Count("ulabels")).one().n == 1
    frame = ln.Artifact.to_dataframe(include="ulabels__name")
    assert frame["ulabels__name"].tolist() == [["seen"]]
    assert ln.Artifact.filter().to_arrow(include="ulabels__name").column("ulabels__name").to_pylist() == [["seen"]]


@pytest.mark.parametrize(("name", "found"), [("seen", 1), ("trashed", 0), ("archived", 0), ("elsewhere", 0)])
def test_pp15_conditions_over_relations_see_the_same(labels: Labels, artifact: ln.Artifact, name: str, found: int) -> None:
    assert ln.Artifact.filter(ulabels__name=name).count() == found
    assert ln.Artifact.filter().exclude(ulabels__name=name).count() == 1 - found
    assert ln.ULabel.filter(ulabels__name=name).count() == found
    assert ln.Artifact.filter(ulabels=labels[name]).count() == 1, "who names a row sees it"
    assert ln.Artifact.filter(ulabels__uid=labels[name].uid, ulabels__name=name).count() == 1
    assert ln.Artifact.filter(ulabels__branch=labels[name].branch_id, ulabels__name=name).count() == 1
    assert ln.Artifact.filter(branch=None, ulabels__name=name).count() == 1
    assert ln.Artifact.filter(ulabels__branch__name=labels[name].branch.name).filter(ulabels__name=name).count() == 1


def test_pp15_what_a_row_points_to_is_seen_wherever_it_lives(labels: Labels) -> None:
    labels["Kind"].delete()
    ln.ULabel.get(labels["seen"].id).restore()
    assert names(ln.ULabel.filter(type__name="Kind")) == ["seen"]
    assert ln.ULabel.get(name="seen").type == labels["Kind"]


def test_pp15_the_trash_is_included_on_request(labels: Labels, artifact: ln.Artifact) -> None:
    with_trash = ln.ULabel.filter().include_trash()
    assert names(with_trash) == ["Kind", "seen", "trashed"]
    assert with_trash.get(name="trashed") == labels["trashed"]
    assert with_trash.filter(name__startswith="t").one() == labels["trashed"]
    assert names(with_trash & ln.ULabel.filter()) == ["Kind", "seen"]
    assert names(with_trash.filter(name="trashed") | ln.ULabel.filter(name="seen")) == ["seen", "trashed"]
    assert sorted(with_trash.lookup().dict()) == ["Kind", "seen", "trashed"]
    assert with_trash.lookup().trashed == labels["trashed"]
    assert names(artifact.ulabels.all().include_trash()) == ["seen", "trashed"]
    assert ln.Artifact.filter().include_trash().annotate(n=ln.Count("ulabels")).one().n == 2
    assert ln.Artifact.filter(ulabels__name="trashed").include_trash().count() == 1
    with pytest.raises(ObjectDoesNotExist, match="on branch main or trash"):
        with_trash.get(name="nothing")
    assert names(ln.ULabel.filter(branch=None).include_trash()) == names(ln.ULabel.filter(branch=None))
    assert ln.User.filter().include_trash().count() == ln.User.filter().count()


def test_pp15_relations_of_a_row_elsewhere_show_its_own_branch(labels: Labels, artifact: ln.Artifact) -> None:
    ln.Artifact.filter().update(branch="trial")
    there = ln.Artifact.get(artifact.uid)
    assert names(there.ulabels) == ["elsewhere", "seen"]
    there.delete()
    assert names(ln.Artifact.get(artifact.uid).ulabels) == ["seen", "trashed"]


def test_pp15_the_current_branch_is_seen_everywhere(labels: Labels, artifact: ln.Artifact) -> None:
    lamindb_setup.settings.branch = "trial"
    assert names(ln.ULabel.filter()) == ["Kind", "elsewhere", "seen"]
    assert names(artifact.ulabels) == ["elsewhere", "seen"]
    assert ln.Artifact.filter(ulabels__name="elsewhere").annotate(n=ln.Count("ulabels")).one().n == 2


def test_pp19_a_scope_is_kept_through_a_chain(labels: Labels) -> None:
    there = labels["trashed"]
    for rows in (
        ln.ULabel.filter(branch="trash").filter(name="trashed"),
        ln.ULabel.filter(id=there.id).filter(name="trashed"),
        ln.ULabel.filter(pk=there.id).exclude(name="seen").order_by("name"),
        ln.ULabel.filter(branch_id=None).filter(name="trashed").filter(type__name="Kind"),
        ln.ULabel.filter(ln.Q(uid=there.uid)).filter(name="trashed"),
        ln.ULabel.filter(name="trashed").filter(uid__startswith=there.uid[:6]),
        ln.ULabel.filter(name="trashed").filter(branch__in=["trash", "main"]),
    ):
        assert rows.one() == there
        assert rows.get(name="trashed") == there


def test_branches_and_spaces_by_name_or_uid(labels: Labels, queries: QueryLog) -> None:
    trial = ln.Branch.get(name="trial")
    for value in ("trial", trial.uid, trial, trial.id):
        assert names(ln.ULabel.filter(branch=value)) == ["elsewhere"]
        assert names(ln.ULabel.filter(branch__in=[value, "trash"])) == ["elsewhere", "trashed"]
    assert names(ln.ULabel.filter(ln.Q(branch="trial") | ln.Q(name="seen"), space="all")) == ["elsewhere", "seen"]
    assert ln.ULabel.filter(created_on="trial").count() == 0
    assert names(ln.ULabel.filter(branch=None, created_on="trial")) == ["elsewhere"]
    assert names(ln.ULabel.filter(ulabels__branch="trash")) == ["Kind"]
    with queries.exactly(2):  # the branch, the rows
        ln.ULabel.filter(branch="trial").to_list()
    with pytest.raises(ln.Branch.DoesNotExist, match="has no branch 'trail'; did you mean 'trial'"):
        ln.ULabel.filter(branch="trail").count()
    with pytest.raises(ln.Space.DoesNotExist, match="has no space 'lab'"):
        ln.ULabel.filter(space="lab").count()
    with pytest.raises(ln.errors.InvalidArgument):
        ln.ULabel.filter(branch="a\0")


# -- PP-16 to 18: get -------------------------------------------------------------------------------------------------


def test_pp16_get_combines_an_id_with_conditions(labels: Labels) -> None:
    seen = labels["seen"]
    assert ln.ULabel.get(seen.id, name="seen") == ln.ULabel.get(seen.uid[:6], type__name="Kind") == seen
    with pytest.raises(ObjectDoesNotExist, match=rf"no ULabel matches name='other', id={seen.id}"):
        ln.ULabel.get(seen.id, name="other")


def test_pp16_get_takes_what_filter_takes(labels: Labels) -> None:
    seen = labels["seen"]
    rows = ln.ULabel.filter()
    assert ln.ULabel.get(ln.Q(name="seen") | ln.Q(name="none")) == seen
    assert rows.get(ln.Q(name="seen"), ~ln.Q(is_type=True), type=labels["Kind"]) == seen
    assert ln.ULabel.get(ln.ULabel.name == "seen") == seen
    assert labels["Kind"].ulabels.get(ln.Q(name="seen")) == seen


@pytest.fixture
def versions(database: Database) -> list[ln.Transform]:
    first = ln.Transform(key="a.py", source_code="1", version="v1").save()
    return [first, *(ln.Transform(key="a.py", source_code=text).save() for text in ("2", "3"))]


def test_pp17_versions_as_they_are_shown(versions: list[ln.Transform]) -> None:
    rows = ln.Transform.filter(key="a.py")
    shown = [version.version for version in versions]
    assert shown == ["v1", "0001", "0002"]
    for version in versions:
        assert rows.filter(version=version.version).one() == version
        assert ln.Transform.get(key="a.py", version=version.version) == version
    assert rows.order_by("version").to_list("version") == ["0001", "0002", "v1"]
    assert rows.order_by("-version").first() == versions[0]
    assert rows.filter(version__in=["v1", "0002"]).count() == rows.filter(version__startswith="000").count() == 2
    assert rows.to_dataframe(include="version", order_by="id")["version"].tolist() == shown
    assert rows.values("version") == [{"version": each} for each in shown]
    assert rows.filter(version=None).count() == rows.filter(version__isnull=True).count() == 2, "None asks for the tag"
    run = ln.Run(versions[1]).save()
    assert ln.Run.filter(transform__version="0001").one() == run
    assert ln.Run.filter().order_by("-transform__version").values_list("transform__version", flat=True) == ["0001"]


def test_pp18_the_head_of_the_current_branch_is_preferred(versions: list[ln.Transform]) -> None:
    ln.Branch(name="trial").save()
    lamindb_setup.settings.branch = "trial"
    mine = ln.Transform(key="a.py", source_code="mine").save()
    assert mine.stem_uid == versions[0].stem_uid
    assert ln.Transform.filter(key="a.py", is_latest=True).count() == 2
    assert ln.Transform.get(key="a.py") == ln.Transform.get(mine.stem_uid) == ln.Transform.get(mine.stem_uid[:5]) == mine
    assert ln.Transform.get(key="a.py", branch="main") == versions[-1]
    lamindb_setup.settings.branch = "main"
    assert ln.Transform.get(key="a.py") == ln.Transform.get(mine.stem_uid) == versions[-1]


# -- PP-20 to 22: the same everywhere ---------------------------------------------------------------------------------


def test_pp20_case_means_the_same_on_both_databases(database: Database) -> None:
    ln.save([ln.ULabel(name=name) for name in ("Blood", "blood", "BLOOD", "Äther", "äther")])
    rows = ln.ULabel.filter()
    for lookup, value, expected in (
        ("contains", "loo", ["Blood", "blood"]),
        ("startswith", "b", ["blood"]),
        ("endswith", "D", ["BLOOD"]),
        ("regex", "^B", ["BLOOD", "Blood"]),
        ("icontains", "LOO", ["BLOOD", "Blood", "blood"]),
        ("istartswith", "ä", ["Äther", "äther"]),
        ("iexact", "ÄTHER", ["Äther", "äther"]),
        ("iregex", "^b", ["BLOOD", "Blood", "blood"]),
        ("exact", "blood", ["blood"]),
        ("gte", "a", ["blood", "Äther", "äther"]),
    ):
        assert names(rows.filter(**{f"name__{lookup}": value})) == expected, lookup


def test_pp21_frames_are_the_same_whatever_the_rows(labels: Labels, artifact: ln.Artifact) -> None:
    labels["trashed"].restore()
    include = ["ulabels__name", "description", "run__transform__key"]
    frame = ln.Artifact.to_dataframe(include=include)
    assert include == ["ulabels__name", "description", "run__transform__key"], "the caller's list stays"
    assert list(frame.columns) == ["uid", "key", *include]
    assert frame["ulabels__name"].tolist() == [["seen", "trashed"]], "in the order in which they were linked"
    artifact.ulabels.clear()
    again = ln.Artifact.to_dataframe(include=include)
    empty = ln.Artifact.filter(key="none").to_dataframe(include=include)
    assert again["ulabels__name"].tolist() == [[]]
    assert list(empty.columns) == list(frame.columns)
    assert dict(empty.dtypes) == dict(frame.dtypes) == dict(again.dtypes)
    assert (empty.index.name, empty.index.dtype, frame.index.name) == ("id", frame.index.dtype, "id")
    sizes = ln.Artifact.to_dataframe()["n_observations"]
    assert sizes.dtype == pd.Int64Dtype()
    with pytest.raises(FieldError, match=r"ULabel\.type is a relation; include one of its fields, as 'type__name'"):
        ln.ULabel.to_dataframe(include="type")
    with pytest.raises(FieldError, match="ULabel has no field 'nam'"):
        ln.ULabel.to_dataframe(order_by="nam")


# -- PP-24: conditions compose ----------------------------------------------------------------------------------------


def test_pp24_conditions_compose(labels: Labels, artifact: ln.Artifact) -> None:
    rows, q = ln.ULabel.filter(branch=None), ln.Q
    assert names(rows.filter(q(name="seen") | q(name="trashed"))) == ["seen", "trashed"]
    assert names(rows.filter(~q(name__in=["seen", "Kind"]) & q(type__name="Kind"))) == ["archived", "elsewhere", "trashed"]
    assert names(rows.filter(q(name="seen") & ~q(is_type=True), ln.ULabel.name != "x", type=labels["Kind"])) == ["seen"]
    assert names(rows.filter(q(ln.ULabel.name == "seen") | q(is_type=True))) == ["Kind", "seen"]
    assert names(rows.filter((q(name="seen") | q(name="Kind")) & (q(is_type=True) | q(artifacts__isnull=True)))) == ["Kind"]
    assert names(rows.exclude(q(name="seen") | q(name="trashed"))) == ["Kind", "archived", "elsewhere"]
    assert ln.Artifact.filter(ulabels__name="no such label").count() == 0, "what is not there is found nowhere, and no error"
    assert ln.Artifact.filter(~q(ulabels__name="no such label")).count() == 1
    assert ln.Artifact.filter(~q(description="x")).count() == 1, "what has no description has not that one either"
    assert names(rows.filter(name__in=ln.ULabel.filter(is_type=True).to_list("name"))) == ["Kind"]
    assert ln.Artifact.filter(links_ulabel__ulabel__name="seen").one() == artifact, "link rows can be asked for, too"
    kinds = {ln.ULabel.get(name="Kind"): 1}
    assert labels["Kind"] in kinds, "records are compared, and conditions are made of keywords"


# -- PP-25, 40, 42 ----------------------------------------------------------------------------------------------------


def test_pp25_trees_take_one_statement(database: Database, queries: QueryLog) -> None:
    chain = [ln.ULabel(name=f"level {number}") for number in range(30)]
    ln.save(chain)
    for below, above in zip(chain[1:], chain, strict=False):
        below.parents.add(above)
    with queries.exactly(1):
        assert len(chain[0].query_children()) == 29
    with queries.exactly(1):
        assert chain[-1].query_parents().count() == 29


@pytest.mark.parametrize("number", [3, 100])
def test_pp25_a_type_goes_to_the_trash_with_its_members_by_sets(database: Database, queries: QueryLog, number: int) -> None:
    kind = ln.ULabel(name="kind", is_type=True).save()
    below = ln.ULabel(name="below", is_type=True, type=kind).save()
    ln.save([ln.ULabel(name=f"{each}", type=below) for each in range(number)])
    with queries.at_most(4):
        kind.delete()
    assert ln.ULabel.filter(branch="trash").count() == number + 2


@pytest.mark.parametrize("number", [2, 60])
def test_pp40_statements_do_not_grow_with_what_is_read(labels: Labels, artifact: ln.Artifact, number: int) -> None:
    more = [ln.ULabel(name=f"label {each}") for each in range(number)]
    ln.save(more)
    artifact.ulabels.add(*more)
    database = lamindb_setup.current()
    for most, read in (
        (1, lambda: ln.Artifact.get(key="a.txt")),
        (1, lambda: artifact.ulabels.to_list()),
        (3, lambda: ln.Artifact.to_dataframe(include=["ulabels__name", "ulabels__type__name", "created_by__handle"])),
        (1, lambda: ln.Artifact.filter().annotate(n=ln.Count("ulabels"), last=ln.Max("ulabels__name")).to_list()),
        (1, lambda: [label.name for label in ln.ULabel.filter(artifacts=artifact)]),
        (2, lambda: ln.ULabel.filter().to_arrow(include="created_by__handle")),
        (3, lambda: artifact.describe(return_str=True)),
        (1, lambda: ln.ULabel.filter(id__in=[label.id for label in more]).count()),
    ):
        with QueryLog(database).at_most(most):
            read()


def test_pp42_blocks_of_other_branches_are_found(database: Database) -> None:
    trial = ln.Branch(name="trial").save()
    note = ln.models.BranchBlock(branch=trial, content="why", kind="readme").save()
    assert ln.models.BranchBlock.filter().one() == note
    assert ln.models.BranchBlock.filter(branch=trial).one() == ln.models.BranchBlock.filter(branch="trial").one() == note
    assert ln.models.BranchBlock.filter(content="why").include_trash().one() == note
    assert trial.ablocks.one() == note
    assert ln.Branch.filter(ablocks__content="why").one() == trial


def test_pp42_blocks_of_records_live_on_branches(labels: Labels) -> None:
    ln.models.ULabelBlock(ulabel=labels["seen"], content="here", kind="comment").save()
    ln.models.ULabelBlock(ulabel=labels["seen"], content="there", kind="comment", branch="trial").save()
    assert ln.models.ULabelBlock.filter().to_list("content") == ["here"]
    assert sorted(ln.models.ULabelBlock.filter(branch=None).to_list("content")) == ["here", "there"]


def test_several_versions_of_several_families_are_told(versions: list[ln.Transform]) -> None:
    ln.Transform(key="b.py", source_code="1").save()
    with pytest.raises(MultipleObjectsReturned, match="2 Transform records match"):
        ln.Transform.get(key__endswith=".py")
