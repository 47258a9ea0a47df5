"""Branches and spaces: switching, renaming, deleting, and moving records between them (PP-12, PP-13, PP-14, PP-32)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import lamindb_setup
import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import (
    BranchAlreadyExists,
    BranchEnded,
    DatabaseMismatch,
    InvalidArgument,
    LockedRecord,
    ObjectDoesNotExist,
    ProtectedError,
    UniqueViolation,
)


def names(**lookups: str) -> list[str]:
    return sorted(ln.ULabel.filter(**{f"{field}__name": name for field, name in lookups.items()}).to_list("name"))


def in_another_process(database: Database, code: str) -> str:
    """What code prints in a process of its own, in the folder of the project."""
    done = subprocess.run(
        [sys.executable, "-c", f"import lamindb as ln\n{code}"], cwd=database.instance.folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# ---- switching --------------------------------------------------------------------------------------------------------------


def test_switching_holds_for_this_process_and_for_later_ones(database: Database) -> None:
    ln.ULabel(name="before").save()
    ln.setup.switch("trial", create=True)
    assert ln.setup.settings.branch == ln.settings.branch == "trial"
    label = ln.ULabel(name="a").save()
    assert label.branch.name == label.created_on.name == "trial"
    assert names() == ["a", "before"]
    code = "print(ln.settings.branch, ln.ULabel(name='b').save().branch.name, len(ln.ULabel.filter()))"
    assert in_another_process(database, code) == "trial trial 3"
    ln.setup.switch("main")
    assert names() == ["before"]
    assert names(branch="trial") == ["a", "b"]
    assert in_another_process(database, "print(ln.settings.branch, len(ln.ULabel.filter()))") == "main 1"


def test_pp32_switching_by_record_name_and_uid(database: Database) -> None:
    branch, space = ln.Branch(name="trial").save(), ln.Space(name="lab").save()
    for way in (branch, "trial", branch.uid):
        ln.setup.switch(way)
        assert ln.settings.branch == "trial"
        ln.setup.switch("main")
        ln.settings.branch = way  # type: ignore[assignment]  # names and uids are for assignments
        assert ln.settings.branch == "trial"
        ln.settings.branch = "main"
    for way in (space, "lab", space.uid):
        ln.setup.switch(way, space=True)
        assert ln.settings.space == "lab"
        ln.settings.space = "all"
        ln.settings.space = way  # type: ignore[assignment]  # as above
        assert ln.ULabel(name=f"{way}").save().space == space
        ln.setup.switch("all", space=True)


def test_what_is_not_there_is_refused_with_the_command_that_makes_it(database: Database) -> None:
    with pytest.raises(ln.Branch.DoesNotExist, match="has no branch 'x'; to make it, run `lamin switch --create x`"):
        ln.setup.switch("x")
    with pytest.raises(ln.Space.DoesNotExist, match="has no space 'x'; to make it, run `lamin create space x`"):
        ln.setup.switch("x", space=True)
    for name, registry in (("branch", ln.Branch), ("space", ln.Space)):
        with pytest.raises(registry.DoesNotExist):
            setattr(ln.settings, name, "x")
    assert (ln.settings.branch, ln.settings.space) == ("main", "all")


def test_what_is_there_is_not_made_again(database: Database) -> None:
    branch = ln.Branch(name="trial").save()
    for taken in ("trial", branch.uid, "main", branch):
        with pytest.raises(BranchAlreadyExists, match=r"has a Branch .* already; to use it, run `lamin switch "):
            ln.setup.switch(taken, create=True)
    with pytest.raises(UniqueViolation, match="'Trial' differs from it in case only"):
        ln.setup.switch("Trial", create=True)
    assert ln.settings.branch == "main"
    assert ln.Branch.filter().count() == 4
    ln.setup.switch("lab", space=True, create=True)
    with pytest.raises(UniqueViolation, match="has a Space 'lab' already; to use it, run `lamin switch --space lab`"):
        ln.setup.switch("lab", space=True, create=True)


@pytest.mark.parametrize("name", ["trash", "archive"])
def test_pp12_archive_and_trash_cannot_be_the_current_branch(database: Database, name: str) -> None:
    branch = ln.Branch.get(name=name)
    for way in (name, branch, branch.uid):
        with pytest.raises(InvalidArgument, match=f"the {name} cannot be the current branch"):
            ln.setup.switch(way)
    with pytest.raises(InvalidArgument, match=f"query with branch__name='{name}'"):
        lamindb_setup.settings.branch = name
    with pytest.raises(InvalidArgument, match=f"the {name} cannot be the current branch"):
        ln.track(key="a.py", source_code="1", branch=name)
    assert ln.settings.branch == "main"
    assert ln.context.run is None


def test_a_record_of_another_database(database: Database, other_database: Database) -> None:
    branch = ln.Branch.connect(str(other_database.instance.folder)).get(name="main")
    with pytest.raises(DatabaseMismatch, match="this branch belongs to"):
        ln.setup.switch(branch)


def test_switching_to_a_branch_that_ended_is_told(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    branch = ln.Branch(name="trial").save()
    branch.status = "closed"
    branch.save()
    ln.setup.switch("trial")
    assert caplog.messages == ["the branch 'trial' is closed: it can be looked at, but nothing new can be put on it"]


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "a\nb"])
def test_names_that_cannot_be_typed(database: Database, name: str) -> None:
    for make in (lambda: ln.Branch(name=name).save(), lambda: ln.Space(name=name).save()):
        with pytest.raises(InvalidArgument, match="name"):
            make()


# ---- the branch of a run ----------------------------------------------------------------------------------------------------


def test_pp13_queries_see_the_branch_of_the_run_that_of_the_settings_and_main(database: Database) -> None:
    ln.Branch(name="trial").save()
    ln.ULabel(name="on main").save()
    ln.setup.switch("mine", create=True)
    mine = ln.ULabel(name="on mine").save()
    ln.track(key="a.py", source_code="1", branch="trial", space=ln.Space(name="lab").save())
    try:
        made = ln.ULabel(name="on trial").save()
        assert (made.branch.name, made.space.name) == ("trial", "lab")
        assert names() == ["on main", "on mine", "on trial"]
        assert ln.ULabel.get(name="on trial") == made
        assert ln.ULabel(name="on mine").save() == mine  # names count where they are seen
        assert (ln.settings.branch, ln.settings.space) == ("mine", "all")
        ln.setup.switch("main")  # the run goes on where it began
        assert ln.ULabel(name="later").save().branch.name == "trial"
        assert names() == ["later", "on main", "on trial"]
    finally:
        ln.finish()
    assert names() == ["on main"]
    assert ln.ULabel(name="after").save().space.name == "all"


def test_pp13_the_space_of_a_run_is_not_noted_in_the_settings(database: Database) -> None:
    ln.Space(name="lab").save()
    ln.track(key="a.py", source_code="1", space="lab")
    ln.setup.switch("trial", create=True)
    ln.finish()
    assert ln.settings.space == "all"
    assert in_another_process(database, "print(ln.settings.space, ln.settings.branch)") == "all trial"


def test_a_merged_branch_does_not_keep_a_run_from_ending(database: Database) -> None:
    ln.Branch(name="trial").save()
    ln.track(key="a.py", source_code="1", branch="trial", stream_tracking=True)
    run = ln.context.run
    assert run is not None
    print("hello")
    ln.setup.merge("trial")
    with pytest.raises(BranchEnded):
        ln.ULabel(name="a").save()
    ln.finish()
    run = ln.Run.get(run.id)
    assert (run.status, run.branch.name) == ("completed", "main")
    assert run.report.branch.name == "main"


# ---- names ------------------------------------------------------------------------------------------------------------------


def test_no_twins_on_a_branch_that_is_not_the_current_one(database: Database) -> None:
    ln.Branch(name="trial").save()
    first = ln.ULabel(name="a", branch="trial").save()
    assert ln.ULabel(name="a", branch="trial").save() == first
    ln.save([ln.ULabel(name="a", branch="trial"), ln.ULabel(name="b", branch="trial"), ln.ULabel(name="b", branch="trial")])
    assert names(branch="trial") == ["a", "b"]
    on_main = ln.ULabel(name="a").save()
    assert on_main != first
    ln.save([ln.ULabel(name="b")])
    assert names() == ["a", "b"]


def test_a_record_is_not_put_where_its_name_is_taken(database: Database) -> None:
    ln.Branch(name="trial").save()
    mine, theirs = ln.ULabel(name="a", branch="trial").save(), ln.ULabel(name="a").save()
    mine.branch = "main"  # type: ignore[assignment]  # names are for assignments
    with pytest.raises(UniqueViolation, match="another ULabel is called 'a' already"):
        mine.save()
    with pytest.raises(
        UniqueViolation, match=f"nothing was moved: ULabel 'a' is there already .{mine.uid} would join {theirs.uid}"
    ):
        ln.ULabel.filter(branch__name="trial").update(branch="main")
    theirs.delete()
    assert ln.ULabel.filter(branch__name="trial").update(branch="main") == 1
    with pytest.raises(UniqueViolation):
        ln.ULabel.filter(branch__name="trash").restore()
    assert names(branch="trash") == ["a"]


def test_the_archive_takes_any_number_of_one_name(database: Database) -> None:
    for _ in range(2):
        ln.ULabel(name="a").save()
        ln.ULabel.filter().update(branch="archive")
    label = ln.ULabel(name="a").save()
    label.branch = "archive"  # type: ignore[assignment]  # names are for assignments
    label.save()
    assert names(branch="archive") == ["a"] * 3
    with pytest.raises(UniqueViolation):
        ln.ULabel.filter(branch__name="archive").update(branch="main")


def test_a_record_that_leaves_the_trash_by_hand_forgets_where_it_came_from(database: Database) -> None:
    ln.Branch(name="trial").save()
    label = ln.ULabel(name="a", branch="trial").save()
    label.delete()
    label.branch = "main"  # type: ignore[assignment]  # names are for assignments
    label.save()
    label.delete()
    assert label.restore().branch.name == "main"


# ---- renaming and deleting --------------------------------------------------------------------------------------------------


def test_a_renamed_branch_is_the_current_one_still(database: Database) -> None:
    ln.setup.switch("trial", create=True)
    label = ln.ULabel(name="a").save()
    branch = ln.Branch.get(name="trial")
    branch.name = "final"
    branch.save()
    assert ln.settings.branch == "final"
    assert names() == ["a"]
    assert ln.ULabel(name="b").save().branch_id == label.branch_id
    assert in_another_process(database, "print(ln.settings.branch, len(ln.ULabel.filter()))") == "final 2"
    ln.setup.switch("trial", create=True)  # another one
    assert ln.ULabel(name="c").save().branch_id != label.branch_id


def test_the_old_name_of_a_branch_is_forgotten(database: Database) -> None:
    branch = ln.Branch(name="trial").save()
    ln.setup.switch("trial")
    ln.ULabel.filter().count()
    ln.setup.switch("main")
    branch.name = "final"
    branch.save()
    lamindb_setup.settings.branch = "trial"
    with pytest.raises(ObjectDoesNotExist, match="has no branch 'trial' any more"):
        ln.ULabel.filter().count()


def test_a_rename_that_is_rolled_back_changes_nothing(database: Database) -> None:
    ln.setup.switch("trial", create=True)
    branch = ln.Branch.get(name="trial")

    def fail() -> None:
        with ln.transaction():
            branch.name = "final"
            branch.save()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert ln.settings.branch == "trial"
    assert ln.ULabel(name="a").save().branch.name == "trial"


def test_the_branch_and_space_of_a_run_may_be_renamed(database: Database) -> None:
    branch, space = ln.Branch(name="trial").save(), ln.Space(name="lab").save()
    ln.track(key="a.py", source_code="1", branch=branch, space=space)
    try:
        for one in (branch, space):
            one.name = f"{one.name} 2"
            one.save()
        label = ln.ULabel(name="a").save()
        assert (label.branch, label.space) == (branch, space)
    finally:
        ln.finish()


def test_a_branch_with_records_is_kept(database: Database) -> None:
    branch = ln.Branch(name="trial").save()
    ln.save([ln.ULabel(name=name, branch=branch) for name in "ab"])
    ln.Project(name="p", branch=branch).save()
    for delete in (branch.delete, lambda: branch.delete(permanent=True), ln.Branch.filter(name="trial").delete):
        with pytest.raises(
            ProtectedError, match="the branch 'trial' cannot be deleted: 1 Project, 2 ULabel live on it; merge it"
        ):
            delete()
    ln.setup.merge(branch)
    with pytest.raises(ProtectedError, match="1 Project, 2 ULabel were made on it and say so in created_on"):
        branch.delete()
    assert ln.Branch.filter(name="trial").exists()


def test_what_is_in_the_trash_of_a_deleted_branch_goes_to_main(database: Database) -> None:
    branch, label = ln.Branch(name="trial").save(), ln.ULabel(name="a").save()
    ln.ULabel.filter().update(branch=branch)
    ln.ULabel.get(label.id).delete()
    assert branch.delete() == (1, {"lamindb.Branch": 1})
    assert ln.ULabel.get(label.id).restore().branch.name == "main"


def test_a_deleted_branch_is_forgotten(database: Database) -> None:
    branch = ln.Branch(name="trial").save()
    ln.setup.switch("trial")
    ln.ULabel.filter().count()
    with pytest.raises(InvalidArgument, match="'trial' is the current branch; to delete it, run `lamin switch main` first"):
        branch.delete()
    ln.setup.switch("main")
    branch.delete()
    ln.setup.switch("trial", create=True)
    assert ln.ULabel(name="a").save().branch == ln.Branch.get(name="trial") != branch.id


def test_a_branch_that_somebody_else_deleted(database: Database) -> None:
    ln.setup.switch("trial", create=True)
    ln.ULabel.filter().count()
    in_another_process(database, "ln.setup.switch('main'); ln.Branch.get(name='trial').delete()")
    with pytest.raises(ObjectDoesNotExist, match="it was deleted; run `lamin switch main`"):
        ln.ULabel(name="a").save()


def test_a_space_with_records_is_kept(database: Database) -> None:
    space = ln.Space(name="lab").save()
    ln.save([ln.ULabel(name=name, space=space) for name in "ab"])
    with pytest.raises(ProtectedError, match="cannot delete this Space: 2 ULabel rows refer to it"):
        space.delete()
    ln.ULabel.filter().update(space="all")
    ln.setup.switch("lab", space=True)
    with pytest.raises(InvalidArgument, match="'lab' is the current space; to delete it, run `lamin switch --space all` first"):
        ln.Space.filter(name="lab").delete()
    ln.setup.switch("all", space=True)
    assert space.delete() == (1, {"lamindb.Space": 1})


def test_the_first_rows_stay_as_they_are(database: Database) -> None:
    everybody = ln.Space.get(name="all")
    for delete in (everybody.delete, lambda: everybody.delete(permanent=True), ln.Space.filter().delete):
        with pytest.raises(InvalidArgument, match="the space all is part of every database and cannot be deleted"):
            delete()
    everybody.name = "nobody"
    with pytest.raises(InvalidArgument, match="the space all is part of every database and keeps its name"):
        everybody.save()
    for name in ("main", "archive", "trash"):
        branch = ln.Branch.get(name=name)
        branch.status = "closed"
        with pytest.raises(InvalidArgument, match="keep their names and status"):
            branch.save()


def test_a_renamed_space_is_the_current_one_still(database: Database) -> None:
    ln.setup.switch("lab", space=True, create=True)
    space = ln.Space.get(name="lab")
    space.name = "laboratory"
    space.save()
    assert ln.settings.space == "laboratory"
    assert ln.ULabel(name="a").save().space == space


# ---- moving between spaces --------------------------------------------------------------------------------------------------


def test_pp32_records_move_to_a_space_by_name(database: Database) -> None:
    lab = ln.Space(name="lab").save()
    label = ln.ULabel(name="a").save()
    label.space = "lab"  # type: ignore[assignment]  # names are for assignments
    label.save()
    assert ln.ULabel.get(name="a").space == lab
    assert names(space="lab") == ["a"]


def test_sets_move_to_a_space_by_a_fixed_number_of_statements(database: Database, queries: QueryLog) -> None:
    lab = ln.Space(name="lab").save()
    ln.save([ln.ULabel(name=f"{number}") for number in range(300)])
    before = ln.ULabel.get(name="7").updated_at
    with queries.at_most(5):  # the ids, the space, locked ones, the move, types
        assert ln.ULabel.filter(name__startswith="1").update(space=lab) == 111
    assert ln.ULabel.filter(space__name="lab").count() == 111
    assert ln.ULabel.filter(space__name="all").count() == 189
    assert ln.ULabel.get(name="7").updated_at == before < ln.ULabel.get(name="1").updated_at  # type: ignore[operator]


def test_sets_move_whole_or_not_at_all(database: Database) -> None:
    ln.Branch(name="trial").save()
    ln.Space(name="lab").save()
    labels = [ln.ULabel(name=name).save() for name in "ab"]
    labels[1].is_locked = True
    labels[1].save()
    for way in ({"space": "lab"}, {"branch": "trial"}):
        with pytest.raises(LockedRecord):
            ln.ULabel.filter().update(**way)
    assert (names(space="all"), names(branch="main")) == (["a", "b"], ["a", "b"])
    labels[1].is_locked = False
    labels[1].save()
    assert ln.ULabel.filter().update(space="lab", branch="trial") == 2
    assert names(space="lab", branch="trial") == ["a", "b"]


def test_sets_that_cannot_move(database: Database) -> None:
    with pytest.raises(InvalidArgument, match="say what to change"):
        ln.ULabel.filter().update()
    with pytest.raises(InvalidArgument, match="User rows live on no branch"):
        ln.User.filter().update(branch="main")
    with pytest.raises(InvalidArgument, match="User rows are in no space"):
        ln.User.filter().update(space="all")
    with pytest.raises(ObjectDoesNotExist, match="has no space 'nowhere'"):
        ln.ULabel.filter().update(space="nowhere")


@pytest.fixture
def sheet(database: Database) -> ln.ULabel:
    """A type in the space lab with a policy, a type below it with one, a third without, and members of each."""
    for name in ("lab", "clinic"):
        ln.Space(name=name).save()
    kind = ln.ULabel(name="kind", is_type=True, space="lab").save()
    kind.settings.single_space = True
    kind.save()
    below = ln.ULabel(name="below", is_type=True, type=kind).save()
    below.settings.single_space = True
    below.save()
    free = ln.ULabel(name="free", is_type=True, type=below).save()
    ln.save([ln.ULabel(name=f"of {one.name}", type=one) for one in (kind, below)])
    ln.ULabel(name="of free", type=free, space="clinic").save()
    return kind


@pytest.mark.parametrize("by_set", [True, False])
def test_pp14_a_type_takes_its_members_to_another_space(sheet: ln.ULabel, by_set: bool) -> None:
    assert names(space="lab") == ["below", "free", "kind", "of below", "of kind"]
    if by_set:
        ln.ULabel.filter(name="kind").update(space="all")
    else:
        sheet.space = "all"  # type: ignore[assignment]  # names are for assignments
        sheet.save()
    assert names(space="all") == ["below", "free", "kind", "of below", "of kind"]
    assert names(space="clinic") == ["of free"]


def test_pp14_members_do_not_leave_the_space_of_their_type(sheet: ln.ULabel) -> None:
    for moving in ("of kind", "below"):
        with pytest.raises(InvalidArgument, match="members of the ULabel type 'kind' have to be in the space 'lab'"):
            ln.ULabel.filter(name=moving).update(space="clinic")
    assert ln.ULabel.filter(name="of free").update(space="all") == 1
    assert names(space="lab") == ["below", "free", "kind", "of below", "of kind"]


def test_pp14_a_locked_member_keeps_its_type_where_it_is(sheet: ln.ULabel) -> None:
    member = ln.ULabel.get(name="of below")
    member.is_locked = True
    member.save()
    sheet.space = "all"  # type: ignore[assignment]  # names are for assignments
    with pytest.raises(LockedRecord, match="1 ULabel rows that would move are locked"):
        sheet.save()
    assert names(space="lab") == ["below", "free", "kind", "of below", "of kind"]


def test_storages_are_of_every_branch(database: Database, tmp_path: Path) -> None:
    ln.setup.switch("trial", create=True)
    (tmp_path / "elsewhere").mkdir()
    assert ln.Storage(tmp_path / "elsewhere").save().branch.name == "main"
