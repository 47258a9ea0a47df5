"""Merging: everything moves or nothing does, one head a family, nothing is left behind (checklist 11, PP-10, PP-12, PP-35)."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.instances import connection
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import BranchEnded, InvalidArgument, LockedRecord, MergeConflict, ObjectDoesNotExist, StaleRecord
from lamindb.records.merging import MergeReport


def merge(*args: Any, **keywords: Any) -> MergeReport:
    return ln.setup.merge(*args, **keywords)


@pytest.fixture
def trial(database: Database) -> ln.Branch:
    return ln.Branch(name="trial").save()


def names_on(branch: str) -> list[str]:
    return sorted(ln.ULabel.filter(branch__name=branch).to_list("name"))


def artifact(folder: Path, text: str, **values: Any) -> ln.Artifact:
    path = folder / "a.txt"
    path.write_text(text)
    return ln.Artifact(path, key="a.txt", **values).save()


# ---- what moves -------------------------------------------------------------------------------------------------------------


def test_11_rows_and_blocks_move_and_created_on_stays(trial: ln.Branch, tmp_path: Path) -> None:
    label, other = ln.ULabel(name="a", branch=trial).save(), ln.ULabel(name="b").save()
    transform = ln.Transform(key="a.py", source_code="1", branch="trial").save()
    found = artifact(tmp_path, "1", branch="trial")
    block = ln.models.ULabelBlock(ulabel=label, content="what it is", kind="readme", branch="trial").save()
    comment = ln.models.ULabelBlock(ulabel=other, content="hm", kind="comment", branch="trial").save()
    before = {type(one): one.updated_at for one in (label, found)}
    report = merge("trial")
    assert report.moved == {"Artifact": 1, "Transform": 1, "ULabel": 1, "ULabelBlock": 2}
    assert (report.source, report.target, report.total, report.conflicts) == ("trial", "main", 5, ())
    for one in (label, transform, found, block, comment):
        now = type(one).get(one.id)
        assert (now.branch.name, now.created_on) == ("main", trial), one
    assert all(kind.get(1).updated_at > moment for kind, moment in before.items())
    assert ln.ULabel.get(other.id).branch.name == "main"
    assert ln.Branch.get(name="trial").status == "merged"
    assert names_on("trial") == []


def test_11_one_head_a_family(trial: ln.Branch, tmp_path: Path) -> None:
    first = artifact(tmp_path, "1")
    mine = artifact(tmp_path, "2", branch="trial")
    theirs = artifact(tmp_path, "3")
    assert {one.uid for one in ln.Artifact.filter(key="a.txt", branch=None, is_latest=True)} == {mine.uid, theirs.uid}
    last = artifact(tmp_path, "4", branch="trial")
    elsewhere = [ln.Transform(key="b.py", source_code=text, branch=name).save() for text, name in (("1", "trial"), ("2", "main"))]
    merge("trial")
    assert ln.Artifact.filter(key="a.txt", is_latest=True).one() == last
    assert ln.Artifact.get(key="a.txt") == last
    assert [one.uid for one in ln.Artifact.filter(key="a.txt")] == [first.uid, mine.uid, theirs.uid, last.uid]
    assert ln.Transform.filter(key="b.py", is_latest=True).one() == elsewhere[1]  # the newest was on main already


def test_11_into_itself_is_nothing(trial: ln.Branch, queries: QueryLog) -> None:
    with queries.exactly(1):
        report = merge("main")
    assert report.moved == {}
    assert str(report) == "'main' is the branch to merge into, so there is nothing to merge"
    merge(trial, target="trial")
    assert ln.Branch.get(name="trial").status == "standalone"


def test_11_branches_that_are_not_there(trial: ln.Branch) -> None:
    for asked in ({"branch": "trail"}, {"branch": "trial", "target": "trail"}):
        with pytest.raises(ObjectDoesNotExist, match=r"has no branch 'trail'; did you mean 'trial' or 'trash'\?"):
            merge(**asked)
    with pytest.raises(ObjectDoesNotExist, match="has no branch 'x'; to make it, run `lamin switch --create x`"):
        merge("x")
    with pytest.raises(ln.Branch.DoesNotExist, match=r"'new'; call .save\(\) on it first"):
        merge(ln.Branch(name="new"))
    with pytest.raises(InvalidArgument, match="by record, name or uid, not by 3"):
        merge(3)


def test_11_into_another_branch(trial: ln.Branch) -> None:
    other = ln.Branch(name="other").save()
    label = ln.ULabel(name="a", branch=trial).save()
    assert merge(trial.uid, target=other).target == "other"
    assert ln.ULabel.get(label.id).branch == other
    ln.setup.switch("other")
    third = ln.Branch(name="third").save()
    ln.ULabel(name="b", branch=third).save()
    assert str(merge(third)) == "merged branch 'third' into 'other': 1 row moved\n  1 ULabel"


def test_pp35_a_readme_on_each_branch_is_one_afterwards(trial: ln.Branch) -> None:
    label = ln.ULabel(name="a").save()
    on_main = ln.models.ULabelBlock(ulabel=label, content="1", kind="readme").save()
    on_trial = ln.models.ULabelBlock(ulabel=label, content="2", kind="readme", branch="trial").save()
    merge("trial")
    assert ln.models.ULabelBlock.filter(ulabel=label, is_latest=True).one() == on_trial
    assert ln.models.ULabelBlock.get(on_main.id).is_latest is False


def test_stale_records_are_saved_where_they_are_now(trial: ln.Branch) -> None:
    label = ln.ULabel(name="a", branch=trial).save()
    merge("trial")
    label.description = "written afterwards"
    label.save()
    now = ln.ULabel.get(name="a")
    assert (now.branch.name, now.description) == ("main", "written afterwards")


def test_what_is_restored_follows_its_branch(trial: ln.Branch) -> None:
    other = ln.Branch(name="other").save()
    labels = [ln.ULabel(name=name, branch=trial).save() for name in "abc"]
    ln.ULabel.filter(branch=trial).delete()
    merge("trial", target="other")
    assert ln.ULabel.get(labels[0].id).restore().branch == other
    assert ln.ULabel.get(labels[1].id).restore().branch == other
    merge("other")
    ln.ULabel.filter(name="c", branch__name="trash").restore()
    assert ln.ULabel.get(labels[2].id).branch.name == "main"


# ---- what is refused --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["main", "archive", "trash"])
def test_pp12_first_branches_are_no_source(trial: ln.Branch, name: str) -> None:
    ln.ULabel(name="a").save().delete()
    with pytest.raises(InvalidArgument, match=f"{name} is part of every database and is not merged"):
        merge(name, target="trial", force=True)
    assert names_on("trash") == ["a"]
    assert {one.status for one in ln.Branch.filter()} == {"standalone"}


@pytest.mark.parametrize("name", ["archive", "trash"])
def test_pp12_nothing_is_merged_into_archive_or_trash(trial: ln.Branch, name: str) -> None:
    with pytest.raises(InvalidArgument, match=f"nothing is merged into the {name}"):
        merge("trial", target=name)


def sneak(database: Database, name: str, branch: ln.Branch) -> None:
    """Put a label on a branch without asking, as other programs do."""
    ln.ULabel(name=name).save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_ulabel SET branch_id = {branch.id} WHERE name = '{name}'")


@pytest.mark.parametrize("status", ["merged", "closed"])
def test_pp12_merging_again_needs_force(database: Database, trial: ln.Branch, status: str) -> None:
    trial.status = status
    trial.save()
    sneak(database, "late", trial)
    for dry_run in (True, False):
        with pytest.raises(BranchEnded, match=f"branch 'trial' is {status}, so nothing was moved; .* use force"):
            merge("trial", dry_run=dry_run)
    assert merge("trial", force=True, dry_run=True).moved == {"ULabel": 1}
    assert merge("trial", force=True).moved == {"ULabel": 1}
    assert names_on("main") == ["late"]
    assert ln.Branch.get(name="trial").status == "merged"


@pytest.mark.parametrize("status", ["merged", "closed"])
def test_pp12_an_ended_branch_is_no_target(trial: ln.Branch, status: str) -> None:
    other = ln.Branch(name="other").save()
    other.status = status
    other.save()
    for force in (True, False):
        with pytest.raises(BranchEnded, match=f"branch 'other' is {status}"):
            merge("trial", target="other", force=force)


@pytest.mark.parametrize("status", ["merged", "closed"])
def test_pp12_nothing_new_on_an_ended_branch(trial: ln.Branch, tmp_path: Path, status: str) -> None:
    stored = ln.ULabel(name="stored").save()
    trial.status = status
    trial.save()

    def assigned() -> None:
        stored.branch = trial
        stored.save()

    ways: list[Callable[[], object]] = [
        lambda: ln.ULabel(name="a", branch="trial").save(),
        lambda: ln.save([ln.ULabel(name="a", branch="trial"), ln.ULabel(name="b")]),
        lambda: artifact(tmp_path, "1", branch="trial"),
        lambda: ln.Transform(key="a.py", branch="trial").save(),
        lambda: ln.models.ULabelBlock(ulabel=stored, content="1", kind="readme", branch="trial").save(),
        lambda: ln.ULabel.filter(name="stored").update(branch="trial"),
        lambda: ln.track(key="a.py", source_code="1", branch="trial"),
        assigned,
    ]
    for way in ways:
        with pytest.raises(BranchEnded, match=f"the branch 'trial' is {status}, so nothing new can be put on it"):
            way()
    assert ln.ULabel.filter(branch=None).count() == 1
    assert ln.Artifact.filter(branch=None, kind__isnull=True).count() == 0
    assert ln.Transform.filter(branch=None).count() == 0
    assert list((tmp_path / "project/storage/.lamindb").glob("*.txt")) == [tmp_path / "project/storage/.lamindb/storage_uid.txt"]
    ln.setup.switch("trial")
    with pytest.raises(BranchEnded):
        ln.ULabel(name="a").save()
    reopened = ln.Branch.get(name="trial")
    reopened.status = "draft"
    reopened.save()
    assert ln.ULabel(name="a").save().branch == trial


def test_pp12_nothing_is_made_in_the_trash(database: Database) -> None:
    for way in (
        lambda: ln.ULabel(name="a", branch="trash").save(),
        lambda: ln.save([ln.ULabel(name="a", branch="trash")]),
        lambda: ln.ULabel.filter().update(branch="trash"),
    ):
        with pytest.raises(InvalidArgument, match=r"call .delete\(\)"):
            way()
    label = ln.ULabel(name="a").save()
    label.branch = "trash"  # type: ignore[assignment]  # names are for assignments
    with pytest.raises(InvalidArgument, match=r"call .delete\(\)"):
        label.save()
    assert names_on("trash") == []


def test_pp12_a_branch_is_not_called_merged_while_records_live_on_it(trial: ln.Branch) -> None:
    ln.ULabel(name="a", branch=trial).save()
    trial.status = "merged"
    with pytest.raises(InvalidArgument, match=r"1 ULabel live on the branch 'trial', so it is not merged; .*merge trial"):
        trial.save()


def test_pp12_conflicts_are_listed_and_nothing_moves(trial: ln.Branch, tmp_path: Path) -> None:
    kind, twin_kind = ln.ULabel(name="kind", is_type=True).save(), ln.ULabel(name="own", is_type=True, branch=trial).save()
    free = ln.ULabel(name="under another type", type=kind, branch=trial).save()
    mine = [ln.ULabel(name=name, type=type, branch=trial).save() for name, type in (("x", kind), ("y", None), ("z", twin_kind))]
    theirs = [ln.ULabel(name=name, type=type).save() for name, type in (("x", kind), ("y", None), ("z", kind))]
    ln.ULabel(name="under another type").save()
    locked = ln.Project(name="p", branch=trial).save()
    locked.is_locked = True
    locked.save()
    report = merge("trial", dry_run=True)
    assert report.moved == {"Project": 1, "ULabel": 5}
    assert report.is_dry_run
    assert [(one.registry, one.reason, one.value, one.uid, one.other_uid) for one in report.conflicts] == [
        ("Project", "locked", "p", locked.uid, None),
        ("ULabel", "name", "x", mine[0].uid, theirs[0].uid),
        ("ULabel", "name", "y", mine[1].uid, theirs[1].uid),
    ]
    with pytest.raises(MergeConflict) as raised:
        merge("trial")
    for text in ("nothing was moved", *map(str, report.conflicts)):
        assert text in str(raised.value)
    assert "\n" not in str(raised.value)
    assert names_on("trial") == ["own", "under another type", "x", "y", "z"]
    assert ln.Branch.get(name="trial").status == "standalone"
    locked.is_locked = False
    locked.save()
    for one in (mine[0], theirs[1]):
        one.delete()
    assert merge("trial", dry_run=True).conflicts == ()
    assert merge("trial").moved == {"Project": 1, "ULabel": 4}
    assert ln.ULabel.get(free.id).branch.name == "main"


def test_pp12_keys_of_two_families_are_a_conflict(database: Database, trial: ln.Branch, tmp_path: Path) -> None:
    mine = artifact(tmp_path, "1", branch="trial")
    with database.writing() as transaction:  # as LaminDB does where it does not look at other branches
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_artifact SET key = 'hidden.txt' WHERE id = {mine.id}")
    theirs = artifact(tmp_path, "2")
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_artifact SET key = 'a.txt' WHERE id = {mine.id}")
    (found,) = merge("trial", dry_run=True).conflicts
    assert (found.registry, found.reason, found.value) == ("Artifact", "key", "a.txt")
    assert (found.uid, found.other_uid) == (mine.uid, theirs.uid)
    assert str(found) == f"Artifact 'a.txt' is there already ({mine.uid} would join {theirs.uid})"


def test_pp12_many_conflicts_are_counted(trial: ln.Branch) -> None:
    ln.save([ln.ULabel(name=f"{number:02}", branch=trial) for number in range(30)])
    ln.save([ln.ULabel(name=f"{number:02}") for number in range(30)])
    assert len(merge("trial", dry_run=True).conflicts) == 30
    with pytest.raises(MergeConflict, match="; and 20 more; rename, unlock or delete"):
        merge("trial")


# ---- the report -------------------------------------------------------------------------------------------------------------


def test_the_report_is_frozen_and_says_the_same_as_text_and_html(trial: ln.Branch) -> None:
    ln.save([ln.ULabel(name=f"{number}", branch=trial) for number in range(12)])
    ln.Project(name="<p>", branch=trial).save()
    before = merge("trial", dry_run=True)
    assert str(before) == "branch 'trial' can be merged into 'main': 13 rows to move\n   1 Project\n  12 ULabel"
    ln.Project(name="<p>").save()
    text = str(merge("trial", dry_run=True))
    assert text.startswith("branch 'trial' cannot be merged into 'main': 1 conflict among 13 rows\n")
    assert "\n  ! Project '<p>' is there already (" in text
    assert "<li>Project &#x27;&lt;p&gt;&#x27; is there already" in merge("trial", dry_run=True)._repr_html_()
    ln.Project.get(name="<p>").delete()
    after = merge("trial")
    assert after.moved == before.moved
    assert str(after) == "merged branch 'trial' into 'main': 13 rows moved\n   1 Project\n  12 ULabel"
    with pytest.raises(AttributeError):
        after.source = "x"  # type: ignore[misc]  # it is frozen


def test_a_dry_run_writes_nothing(trial: ln.Branch, queries: QueryLog) -> None:
    ln.ULabel(name="a", branch=trial).save()
    with queries.log() as log:
        merge("trial", dry_run=True)
    assert [one for one in log.statements if not one.lstrip().upper().startswith("SELECT")] == []
    assert names_on("trial") == ["a"]
    assert ln.Branch.get(name="trial").status == "standalone"


def test_a_dry_run_of_what_can_only_be_read(database: Database, trial: ln.Branch) -> None:
    ln.ULabel(name="a", branch=trial).save()
    ln.connect(str(database.instance.folder), read_only=True)
    try:
        assert merge("trial", dry_run=True).moved == {"ULabel": 1}
        with pytest.raises(ln.errors.NoWriteAccess):
            merge("trial")
    finally:
        connection.set_default(database)


def test_saving_on_a_branch_costs_one_statement(database: Database, trial: ln.Branch) -> None:
    counts = []
    for branch in ("main", "trial"):
        ln.setup.switch(branch)
        ln.ULabel(name=f"first on {branch}").save()
        with QueryLog(database) as one:
            ln.ULabel(name=f"second on {branch}").save()
        with QueryLog(database) as many:
            ln.save([*(ln.ULabel(name=f"{number} on {branch}") for number in range(100)), ln.Project(name=f"on {branch}")])
        counts.append((len(one), len(many)))
    assert [after - before for before, after in zip(*counts, strict=True)] == [1, 1]


def test_the_number_of_statements_does_not_depend_on_rows(trial: ln.Branch, database: Database) -> None:
    counts = []
    for name, number in (("small", 3), ("large", 300)):
        ln.Branch(name=name).save()
        for text, branch in (("1", "main"), ("2", name)):
            ln.save([ln.Transform(key=f"{name} {n}.py", source_code=f"{n} {text}", branch=branch) for n in range(number)])
            ln.save([ln.ULabel(name=f"{name} {n} {text}", branch=branch) for n in range(number)])
        with QueryLog(database) as log:
            assert merge(name).total == 2 * number
        counts.append(len(log))
        assert ln.Transform.filter(key__startswith=name, is_latest=True).count() == number
    assert counts[1] <= counts[0], "many families need no lock of their own beside that of the table"
    assert counts[0] <= 12


# ---- death and company ------------------------------------------------------------------------------------------------------

PROCESS = """
import sys
import lamindb as ln
ln.connect({identifier!r})
def say(text):
    print(text, flush=True)
def pause_before(*beginnings):
    import lamindb_setup
    from sqlalchemy import event
    left = list(beginnings)
    def look(connection, cursor, statement, *_):
        if left and statement.startswith(left[0]):
            del left[0]
            if not left:
                say("held")
                sys.stdin.readline()
    event.listen(lamindb_setup.current().engine, "before_cursor_execute", look)
{body}
"""


class Process:
    """A process that works on the database of the test, tells lines, and goes on when it is told."""

    def __init__(self, database: Database, body: str) -> None:
        script = PROCESS.format(identifier=str(database.instance.folder), body=body)
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def go_on(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=60)

    def end(self) -> list[str]:
        """What is left to be read; the process must have succeeded."""
        out, err = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, err
        return out.splitlines()


@pytest.mark.parametrize("place", ["'UPDATE lamindb_project'", "'UPDATE lamindb_ulabel'", "'UPDATE lamindb_branch'"])
def test_killed_in_the_midst_nothing_has_changed(database: Database, trial: ln.Branch, place: str) -> None:
    ln.save([ln.ULabel(name="a", branch=trial), ln.Project(name="p", branch=trial)])
    process = Process(database, f"pause_before({place})\nln.setup.merge('trial')")
    assert process.line() == "held"
    process.kill()
    assert (names_on("trial"), names_on("main")) == (["a"], [])
    assert ln.Project.get(name="p", branch=None).branch == trial
    assert ln.Branch.get(name="trial").status == "standalone"
    assert merge("trial").moved == {"Project": 1, "ULabel": 1}


def test_of_two_at_once_one_merges(database: Database, trial: ln.Branch) -> None:
    ln.save([ln.ULabel(name=f"{number}", branch=trial) for number in range(100)])
    body = """
say("ready")
sys.stdin.readline()
try:
    say(ln.setup.merge("trial").total)
except ln.errors.BranchEnded as error:
    say(error)
"""
    processes = [Process(database, body) for _ in range(3)]
    assert [process.line() for process in processes] == ["ready"] * 3
    for process in processes:
        process.go_on()
    refused = "the branch 'trial' is merged, so nothing was moved; to merge what came to it since, use force"
    assert sorted(process.end()[0] for process in processes) == ["100", refused, refused]
    assert ln.ULabel.filter().count() == 100


def test_who_saves_before_the_merge_is_waited_for(database: Database, trial: ln.Branch) -> None:
    saver = Process(
        database,
        "with ln.transaction():\n    ln.ULabel(name='a', branch='trial').save()\n    say('saved')\n    sys.stdin.readline()\n",
    )
    assert saver.line() == "saved"
    timer = threading.Timer(0.5, saver.go_on)
    timer.start()
    assert merge("trial").moved == {"ULabel": 1}
    saver.end()
    assert names_on("main") == ["a"]


def test_who_saves_after_the_merge_began_is_refused(database: Database, trial: ln.Branch) -> None:
    ln.ULabel(name="a", branch=trial).save()
    merger = Process(database, "pause_before('UPDATE lamindb_branch')\nsay(ln.setup.merge('trial').total)")
    assert merger.line() == "held"
    saver = Process(
        database,
        "say('begins')\n"
        "try:\n    ln.ULabel(name='b', branch='trial').save()\n"
        "except ln.errors.BranchEnded as error:\n    say(error)",
    )
    assert saver.line() == "begins"
    time.sleep(0.5)  # it waits now
    merger.go_on()
    assert merger.end() == ["1"]
    assert saver.end()[0].startswith("the branch 'trial' is merged, so nothing new can be put on it")
    assert ln.ULabel.filter(branch=None).to_list("name") == ["a"]


def test_a_name_that_somebody_makes_on_the_target_meanwhile_is_no_twin(database: Database, trial: ln.Branch) -> None:
    ln.ULabel(name="a", branch=trial).save()
    merger = Process(database, "pause_before('UPDATE lamindb_ulabel')\nln.setup.merge('trial')")
    assert merger.line() == "held"
    saver = Process(database, "say('begins')\nsay(ln.ULabel(name='a').save().created_on.name)")
    assert saver.line() == "begins"
    time.sleep(0.5)  # it waits now
    merger.go_on()
    merger.end()
    assert saver.end() == ["trial"]
    assert names_on("main") == ["a"]


def test_who_undid_a_part_of_a_transaction_is_asked_again(database: Database, trial: ln.Branch) -> None:
    if database.dialect == "sqlite":
        pytest.skip("on SQLite nobody else writes until the transaction ends")
    body = """
with ln.transaction():
    try:
        with ln.transaction():
            ln.ULabel(name="undone", branch="trial").save()
            raise ValueError
    except ValueError:
        say("undone")
    sys.stdin.readline()
    try:
        with ln.transaction():
            ln.ULabel(name="late", branch="trial").save()
    except ln.errors.BranchEnded:
        say("refused")
"""
    saver = Process(database, body)
    assert saver.line() == "undone"
    merge("trial")
    saver.go_on()
    assert saver.end() == ["refused"]
    assert ln.ULabel.filter(branch=None).count() == 0


def test_savers_in_the_midst_of_it_lose_nothing(database: Database, trial: ln.Branch) -> None:
    body = """
import itertools, os
say("ready")
sys.stdin.readline()
labels = transforms = 0
for number in itertools.count():
    try:
        if number % 3 == 0:
            ln.save([ln.ULabel(name=f"{os.getpid()} {number} {n}", branch="trial") for n in range(3)])
            labels += 3
        elif number % 3 == 1:
            ln.Transform(key=f"{os.getpid()}.py", source_code=str(number), branch="trial").save()
            transforms += 1
        else:
            ln.ULabel(name=f"{os.getpid()} {number}", branch="trial").save()
            labels += 1
    except ln.errors.BranchEnded:
        break
    except ln.errors.DatabaseLocked:
        pass  # the machine is busy
    if number == 2:
        say("goes on")
say(labels)
say(transforms)
"""
    savers = [Process(database, body) for _ in range(2)]
    assert [saver.line() for saver in savers] == ["ready"] * 2
    for saver in savers:
        saver.go_on()
    assert [saver.line() for saver in savers] == ["goes on"] * 2
    report = merge("trial")
    saved = [[int(line) for line in saver.end()] for saver in savers]
    labels, transforms = (sum(counts) for counts in zip(*saved, strict=True))
    assert report.moved == {"Transform": transforms, "ULabel": labels}
    assert (ln.ULabel.filter().count(), ln.Transform.filter().count()) == (labels, transforms)
    assert ln.ULabel.filter(branch=trial).count() == ln.Transform.filter(branch=trial).count() == 0
    assert ln.Transform.filter(is_latest=True).count() == len(savers)


# ---- put elsewhere by hand --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["archive", "trial"])
def test_pp10_heads_are_settled_when_a_version_is_put_elsewhere(trial: ln.Branch, tmp_path: Path, to: str) -> None:
    first, second = artifact(tmp_path, "1"), artifact(tmp_path, "2")
    second.branch = to  # type: ignore[assignment]  # names are for assignments
    second.save()
    assert ln.Artifact.filter(key="a.txt", is_latest=True).one() == first
    assert second.is_latest is True  # the newest of its branch
    ln.Artifact.filter(id=second.id).update(branch="main")
    assert ln.Artifact.filter(key="a.txt", is_latest=True).one() == second
    assert ln.Artifact.get(first.id).is_latest is False
    second.branch = "main"  # type: ignore[assignment]  # as above
    with pytest.raises(StaleRecord):
        second.save()


def test_locked_rows_are_not_put_elsewhere(trial: ln.Branch) -> None:
    label = ln.ULabel(name="a").save()
    label.is_locked = True
    label.save()
    with pytest.raises(LockedRecord):
        ln.ULabel.filter().update(branch="trial")
    assert names_on("main") == ["a"]
