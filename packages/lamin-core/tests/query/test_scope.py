"""Which branches are seen."""

from __future__ import annotations

import lamindb_setup
import pytest
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.query import scope
from lamindb.query.q import Q
from lamindb.query.scope import EVERYTHING, ONLY_MAIN, Scope

EVERY = list(range(1, 18))


@pytest.mark.parametrize(
    "narrow",
    [
        lambda rows: rows.filter(id=14),
        lambda rows: rows.filter(pk=14),
        lambda rows: rows.filter(id__in=[14]),
        lambda rows: rows.filter(uid="00000014"),
        lambda rows: rows.filter(uid__endswith="14"),
        lambda rows: rows.filter(Q(uid="00000014")),
        lambda rows: rows.filter(~Q(~Q(pk=14))),
        lambda rows: rows.filter(name="a").filter(id=14),
        lambda rows: rows.filter(id=14).filter(name="a"),
        lambda rows: rows.filter(id=14).exclude(name="b").order_by("name"),
        lambda rows: rows.filter(branch=-1),
        lambda rows: rows.filter(branch_id=-1),
        lambda rows: rows.filter(branch__name="trash"),
        lambda rows: rows.filter(branch_id__in=[-1]).filter(name="a"),
        lambda rows: rows.filter(Q(branch=-1) | Q(branch=-5)),
        lambda rows: rows.filter(branch=None, name="a", type=1),
        lambda rows: rows.filter(branch_id=None).filter(name="a", type=1),
        lambda rows: rows.filter(ln.ULabel.uid == "00000014"),
        lambda rows: rows.filter(ln.ULabel.branch_id < 0),
    ],
)
def test_naming_rows_or_branches_widens_the_scope(rows_of, narrow):
    assert narrow(rows_of("ULabel")).to_list("id") == [14]


def test_otherwise_only_main_is_seen(rows_of):
    labels = rows_of("ULabel")
    assert labels.to_list("id") == list(range(1, 14))
    assert labels.filter(name="a").to_list("id") == [11]
    assert labels.filter(Q(name="a") | Q(name="mine")).to_list("id") == [11]
    assert labels.filter(type__id=1, created_by__uid="00000001").to_list("id") == [
        3,
        5,
    ]  # ids of related rows name no row of ours
    assert labels.filter(branch=None).to_list("id") == labels.filter(branch_id=None).to_list("id") == EVERY
    assert labels.exclude(branch=1).to_list("id") == [14, 15, 16, 17]
    assert labels.exclude(branch=None).to_list("id") == []
    assert labels.filter(Q(branch=None) | Q(name="a")).to_list("id") == EVERY
    assert rows_of("ULabel", EVERYTHING).to_list("id") == EVERY
    assert rows_of("ULabel", Scope(("contrib", "main"))).filter(type=None).to_list("id") == [1, 2, 8, 11, 13, 16]


def test_related_rows_are_seen_on_every_branch(rows_of):
    assert rows_of("Artifact").filter(ulabels__branch=-1).to_list("id") == [4]
    assert rows_of("Artifact").filter(ulabels__id=14).to_list("id") == [4]


def test_registries_without_branches(rows_of):
    assert rows_of("Branch").count() == 5
    assert rows_of("User").filter(handle="bob").count() == 1
    assert rows_of("ArtifactULabel").filter(ulabel=3).count() == 4
    assert not scope.has_branches("lamindb.BranchBlock")  # refers to a branch, but does not live on one
    assert not scope.has_branches("lamindb.BranchUser")
    assert scope.has_branches("lamindb.ULabelBlock")


def test_the_scope_is_kept_from_creation(database):
    ln.Branch(name="contribution").save()
    ln.ULabel(name="on main").save()
    before = ln.ULabel.filter()
    lamindb_setup.settings.branch = "contribution"
    ln.ULabel(name="mine").save()
    assert before.to_list("name") == ["on main"]
    during = ln.ULabel.filter()
    lamindb_setup.settings.branch = "main"
    assert during.to_list("name") == ["on main", "mine"]
    assert ln.ULabel.filter().to_list("name") == ["on main"]
    assert ln.ULabel.filter(branch__name="contribution").to_list("name") == ["mine"]


def test_a_branch_is_looked_up_once(database):
    ln.Branch(name="contribution").save()
    lamindb_setup.settings.branch = "contribution"
    scope.forget_branches(database)
    with QueryLog(database).exactly(2):
        ln.ULabel.filter().count()
    with QueryLog(database).exactly(1):
        ln.ULabel.filter(name="x").count()


def test_other_databases_show_main(database, other_database):
    ln.Branch(name="contribution").save()
    lamindb_setup.settings.branch = "contribution"
    assert Scope.default(database) == Scope(("contribution", "main"))
    assert Scope.default(other_database) == ONLY_MAIN
    assert ln.User.filter()._statements().description.effective_scope == EVERYTHING
    lamindb_setup.connect(str(other_database.instance.folder))
    assert Scope.default(database) == ONLY_MAIN


def test_a_branch_that_is_gone(database):
    lamindb_setup.settings.branch = "gone"
    with pytest.raises(ln.errors.ObjectDoesNotExist, match=r"has no branch 'gone' any more, which is set as the current one; "):
        ln.ULabel.filter().count()
    assert ln.ULabel.filter(branch=None).count() == 0
    assert ln.ULabel.filter(id=1).count() == 0
