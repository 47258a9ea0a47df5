"""What is written about records: which readme is read, who can write, and how notes look. Numbers as in `test_checklist`."""

import importlib.util
import logging
import re
import subprocess
import sys
import time

import pytest

import lamindb as ln
from lamindb.records import markdown, notes

from .test_races import race


@pytest.fixture
def label(database):
    return ln.ULabel(name="a").save()


def readme(label, content, **arguments):
    return ln.models.ULabelBlock(ulabel=label, content=content, kind="readme", **arguments).save()


def comment(label, content):
    return ln.models.ULabelBlock(ulabel=label, content=content, kind="comment").save()


# ---- reading -------------------------------------------------------------------------------------------------------


def test_21_readmes_have_versions_and_comments_have_none(label):
    assert label.notes is None
    first, second = readme(label, "# One"), readme(label, "# Two")
    assert (first.uid[-4:], second.uid[-4:]) == ("0000", "0001")
    assert label.notes == "# Two"
    assert readme(label, "# Two") == second
    said = [comment(label, "good") for _ in range(2)]
    assert {block.uid[-4:] for block in said} == {"0000"}
    assert label.notes == "# Two"
    text = label.describe(return_str=True)
    assert text.splitlines()[-2:] == ["Notes", "  # Two"]
    with_comments = label.describe(return_str=True, include="comments")
    times = [block.created_at.strftime("%Y-%m-%d %H:%M:%S UTC") for block in said]
    assert with_comments == text + "".join(f"\n  comment by testuser at {moment}\n    good" for moment in times)


def test_21_deleting_the_latest_readme_brings_back_the_one_before(label):
    readme(label, "one")
    second = readme(label, "two")
    second.delete()
    assert label.notes == "one"
    readme(label, "one").delete()
    assert label.notes is None


def test_notes_of_a_record_that_was_made_again(label):
    readme(label, "one")
    assert ln.ULabel(name="a").notes == "one"
    assert ln.ULabel(name="new").notes is None


def test_notes_cost_one_statement(label, queries):
    for number in range(3):
        readme(label, f"{number}")
        comment(label, f"{number}")
        with queries.exactly(1):
            assert label.notes == f"{number}"
        with queries.exactly(1):
            assert len(notes.notes_section(label, include_comments=True)) == 2 + 2 * (number + 1)


def test_what_has_no_notes(database):
    for record in (ln.User.get(1), ln.Storage.filter().first()):
        with pytest.raises(AttributeError, match="'notes'"):
            record.notes  # noqa: B018
        assert notes.notes_section(record, include_comments=True) == []


def test_notes_are_not_assigned(label):
    sentence = r'ln.models.ULabelBlock\(ulabel=…, content="…", kind="readme"\).save\(\)'
    with pytest.raises(AttributeError, match=sentence):
        label.notes = "one"
    assert label.notes is None


def test_notes_of_branches_and_spaces(database):
    branch, space = ln.Branch(name="b").save(), ln.Space(name="s").save()
    ln.models.BranchBlock(branch=branch, content="why", kind="readme").save()
    ln.models.SpaceBlock(space=space, content="who", kind="readme").save()
    assert (branch.notes, space.notes, ln.Branch.get(name="main").notes) == ("why", "who", None)
    assert branch.describe(return_str=True).endswith("\nNotes\n  why")


@pytest.mark.parametrize("name", ["main", "archive", "trash"])
def test_notes_of_the_first_branches_have_versions(database, name):
    branch = ln.Branch.get(name=name)
    blocks = [ln.models.BranchBlock(branch=branch, content=text, kind="readme").save() for text in ("one", "two", "two", "one")]
    assert [block.uid[-4:] for block in blocks] == ["0000", "0001", "0001", "0002"]
    assert ln.models.BranchBlock.filter(branch=branch, is_latest=True).one() == blocks[-1]
    assert branch.notes == "one"


# ---- branches ------------------------------------------------------------------------------------------------------


def test_pp35_each_branch_has_its_latest_readme_and_the_nearest_is_read(label):
    readme(label, "on main")
    trial, other = ln.Branch(name="trial").save(), ln.Branch(name="other").save()
    readme(label, "on trial", branch=trial)
    assert label.notes == "on main"
    ln.setup.switch("trial")
    assert label.notes == "on trial"
    readme(label, "on trial, too")
    assert label.notes == "on trial, too"
    ln.setup.switch("other")
    assert label.notes == "on main"
    ln.setup.switch("main")
    readme(label, "newer, on main")
    ln.setup.switch("trial")
    assert label.notes == "on trial, too"
    readme(label, "on other", branch=other)
    assert label.notes == "on trial, too"
    heads = ln.models.ULabelBlock.filter(branch=None, is_latest=True)
    assert {block.branch.name: block.content for block in heads} == {
        "main": "newer, on main",
        "trial": "on trial, too",
        "other": "on other",
    }


def test_pp35_a_record_of_another_branch_shows_what_is_written_there(database):
    branch = ln.Branch(name="trial").save()
    label = ln.ULabel(name="a", branch=branch).save()
    readme(label, "there", branch=branch)
    assert label.notes == "there"
    readme(label, "here")
    assert label.notes == "here"


def test_pp35_merging_leaves_one_latest_readme(label):
    readme(label, "on main")
    ln.Branch(name="trial").save()
    ln.setup.switch("trial")
    readme(label, "on trial")
    comment(label, "said on trial")
    ln.setup.switch("main")
    assert "said on trial" not in label.describe(return_str=True, include="comments")
    ln.setup.merge("trial")
    assert label.notes == "on trial"
    assert ln.models.ULabelBlock.filter(branch=None, is_latest=True, kind="readme").count() == 1
    assert "said on trial" in label.describe(return_str=True, include="comments")


def test_pp35_two_latest_readmes_of_one_branch_are_read_and_followed(label, database):
    """LaminDB leaves them behind after a transfer."""
    first = readme(label, "one")
    copied = ln.models.ULabelBlock(ulabel=ln.ULabel(name="other").save(), content="two", kind="readme").save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_ulabelblock SET ulabel_id = {label.id} WHERE id = {copied.id}")
    assert ln.models.ULabelBlock.filter(ulabel=label, is_latest=True).count() == 2
    assert label.notes == "two"
    third = readme(label, "three")
    assert third.stem_uid in (first.stem_uid, copied.stem_uid)
    assert label.notes == "three"


def test_pp42_blocks_of_every_branch_are_found_from_everywhere(database):
    trial, main = ln.Branch(name="trial").save(), ln.Branch.get(name="main")
    blocks = {branch: ln.models.BranchBlock(branch=branch, content="why", kind="readme").save() for branch in (trial, main)}
    for name in ("main", "trial"):
        ln.setup.switch(name)
        assert ln.models.BranchBlock.filter().count() == 2
        for branch, block in blocks.items():
            assert ln.models.BranchBlock.filter(branch=branch).one() == block
            assert branch.ablocks.one() == block


def test_pp41_the_project_of_a_run_says_the_same_for_every_registry(database, tmp_path):
    project = ln.Project(name="atlas").save()
    script = tmp_path / "make.py"
    script.write_text(
        f"import lamindb as ln\nln.connect({str(database.instance.folder)!r})\nln.track(project='atlas')\n"
        "ln.ULabel(name='a').save(); ln.Record(name='a').save(); ln.Project(name='a').save(); ln.Feature('a', int).save()\n"
        "ln.Reference(name='a').save()\nln.finish()\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [run.transform.key.endswith("make.py") for run in project.runs.all()] == [True]
    for registry in (ln.ULabel, ln.Record, ln.Project, ln.Feature, ln.Reference):
        assert registry.filter(run__projects=project).one().name == "a"
    assert [project.ulabels.count(), project.records.count(), project.features.count()] == [0, 0, 0]


# ---- writing -------------------------------------------------------------------------------------------------------


def test_writers_at_once_make_one_first_readme(label, tmp_path):
    body = (
        "import os\nlabel = ln.ULabel.get(name='a')\n"
        "for i in range(5): ln.models.ULabelBlock(ulabel=label, content=f'{os.getpid()} {i}', kind='readme').save()"
    )
    race(label.database, body, tmp_path)
    blocks = ln.models.ULabelBlock.filter(ulabel=label)
    assert sorted(uid[-4:] for uid in blocks.to_list("uid")) == [f"{'0'}00{'0123456789ABCDEFGHIJ'[i]}" for i in range(20)]
    assert len({uid[:-4] for uid in blocks.to_list("uid")}) == 1
    assert label.notes == blocks.filter(is_latest=True).one().content


def test_a_locked_record_keeps_its_notes(label):
    first, said = readme(label, "one"), comment(label, "said")
    label.is_locked = True
    label.save()
    sentence = f"the ULabel with id {label.id} is locked, so its readme and comments stay as they are; to change them, set is_lo"
    first.content = "other"
    for attempt in (
        lambda: readme(label, "two"),
        lambda: comment(label, "two"),
        lambda: ln.save([ln.models.ULabelBlock(ulabel=label, content="two", kind="comment")]),
        first.save,
        lambda: ln.save([first]),
        first.delete,
        said.delete,
        ln.models.ULabelBlock.filter(ulabel=label).delete,
    ):
        with pytest.raises(ln.errors.LockedRecord, match=sentence):
            attempt()
    assert readme(label, "one").uid == first.uid
    assert [block.content for block in ln.models.ULabelBlock.filter().order_by("id")] == ["one", "said"]
    label.is_locked = False
    label.save()
    assert readme(label, "two").content == label.notes


def test_a_record_in_the_trash_keeps_its_notes_and_takes_new_ones(label):
    readme(label, "one")
    label.delete()
    assert label.notes == "one"
    readme(label, "two")
    label.restore()
    assert label.notes == "two"


def test_a_record_that_was_deleted_takes_no_notes(label, database):
    block = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme")
    by_id = ln.models.ULabelBlock(ulabel_id=label.id, content="one", kind="readme")
    ln.ULabel.get(label.id).delete(permanent=True)
    for late in (block, by_id):
        with pytest.raises(
            ln.errors.StaleRecord, match=rf"the ulabel \(id {label.id}\) that this ULabelBlock belongs to was del"
        ):
            late.save()
    assert label.notes is None


def test_owner_and_kind_stay(label):
    block, other = comment(label, "one"), ln.ULabel(name="b").save()
    block.ulabel = other
    with pytest.raises(ln.errors.InvalidArgument, match="the ulabel of a ULabelBlock never changes; make a new block"):
        block.save()
    block = ln.models.ULabelBlock.get(block.uid)
    block.kind = "readme"
    with pytest.raises(ln.errors.InvalidArgument, match="the kind of a ULabelBlock never changes"):
        ln.save([block])
    assert other.ablocks.count() == 0


def test_pages_without_a_key_with_the_same_text_are_one(database, caplog):
    first = ln.models.Block(content="one", kind="readme").save()
    with caplog.at_level(logging.INFO, logger="lamindb"):
        assert ln.models.Block(content="one", kind="readme").save() == first
    assert "exists already" in caplog.text
    other = ln.models.Block(content="two", kind="readme").save()
    assert other.stem_uid != first.stem_uid
    first.delete()
    assert ln.models.Block(content="one", kind="readme").save() != first
    second = ln.models.Block(content="three", kind="readme", revises=other).save()
    assert ln.models.Block(content="two", kind="readme").save().stem_uid != second.stem_uid
    anchored = ln.models.Block(content="four", kind="readme", anchor=second).save()
    anchored.projects.add(ln.Project(name="p").save())
    assert ln.models.Block.filter(projects__name="p", anchor=second).one() == anchored


# ---- how notes look ------------------------------------------------------------------------------------------------


def test_a_description_shows_the_beginning_of_long_notes(label):
    readme(label, "\n" + "x" * 100 + "\n" + "\n".join(f"line {number}" for number in range(2, 33)) + "\n")
    shown = label.describe(return_str=True).partition("\nNotes\n")[2].splitlines()
    assert shown[0] == "  " + "x" * 79 + "…"
    assert shown[1:] == [*(f"  line {number}" for number in range(2, 31)), "  … 2 more lines"]
    readme(label, "\n".join(map(str, range(31))))
    assert label.describe(return_str=True).endswith("\n  29\n  … 1 more line")
    readme(label, "y" * 80)
    assert label.describe(return_str=True).endswith("\n  " + "y" * 80)


def test_notes_do_not_command_the_terminal(label):
    readme(label, "\x1b[31mred\x07\u202e\tend")
    assert label.describe(return_str=True).endswith("Notes\n  [31mred end")


def test_what_a_description_can_include(label):
    with pytest.raises(ln.errors.InvalidArgument, match="what can be included is 'comments', not 'comment'"):
        label.describe(include="comment")


EVIL = """# Title

<script>alert(1)</script> <img src=x onerror="alert(2)">

[a](javascript:alert(3)) <b>bold</b> | [b](data:text/html,x)
"""


def harmless(html):
    tags = re.findall(r"<\s*/?\s*(\w+)([^>]*)>", html)
    assert {tag for tag, _ in tags} <= {"div", "b", "pre", "h1", "p", "em", "a", "table", "thead", "tbody", "tr", "th", "td"}
    assert not any("javascript:" in attributes or "onerror" in attributes or "data:" in attributes for _, attributes in tags)


def test_a_notebook_shows_a_block_as_it_was_written(label, monkeypatch):
    monkeypatch.setitem(sys.modules, "markdown_it", None)  # as where it is not installed
    block = readme(label, EVIL)
    html = block._repr_html_()
    assert html.startswith(f"<div><div><b>ULabelBlock: {block.uid[:7]} (0000)</b></div><pre")
    assert "&lt;script&gt;alert(1)" in html
    harmless(html)


@pytest.mark.skipif(importlib.util.find_spec("markdown_it") is None, reason="the extra `markdown` is not installed")
def test_a_notebook_shows_markdown(label):
    html = readme(label, EVIL)._repr_html_()
    assert "<h1>Title</h1>" in html
    assert "&lt;script&gt;alert(1)" in html
    harmless(html)
    table = markdown.rendered("| a | b |\n|---|---|\n| *1* | [x](https://example.org) |")
    assert "<td><em>1</em></td>" in table
    assert '<a href="https://example.org">x</a>' in table


def test_importing_and_describing_load_no_markdown(label):
    folder = str(label.database.instance.folder)
    code = f"import sys, lamindb as ln; ln.connect({folder!r}); ln.ULabel.get(name='a').describe()"
    code += "; print('markdown_it' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.endswith("\nFalse\n")


def test_text_that_is_changed_before_saving_is_what_counts(label):
    first = readme(label, "one")
    block = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme")
    block.content = "two"
    assert block.save() != first
    assert [found.content for found in label.ablocks.all().order_by("uid")] == ["one", "two"]


def test_times_of_comments_are_in_their_order(label):
    for number in range(3):
        comment(label, f"number {number}")
        time.sleep(0.01)
    text = label.describe(return_str=True, include="comments")
    assert re.findall(r"number \d", text) == ["number 0", "number 1", "number 2"]
