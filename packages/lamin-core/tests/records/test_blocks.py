"""Readmes and comments: a readme has versions per owner, a comment has none."""

import pytest

import lamindb as ln


def make_owner(name, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a")
    makers = {
        "artifact": lambda: ln.Artifact(path, key="a.txt"),
        "branch": lambda: ln.Branch(name="b"),
        "collection": lambda: ln.Collection(ln.Artifact(path, key="a.txt").save(), key="c"),
        "feature": lambda: ln.Feature("a", int),
        "project": lambda: ln.Project(name="p"),
        "record": lambda: ln.Record(name="r"),
        "run": lambda: ln.Run(ln.Transform(key="a.py").save()),
        "schema": lambda: ln.Schema(name="s", itype="Feature"),
        "space": lambda: ln.Space(name="s"),
        "transform": lambda: ln.Transform(key="a.py"),
        "ulabel": lambda: ln.ULabel(name="a"),
    }
    return makers[name]()


OWNERS = ["artifact", "branch", "collection", "feature", "project", "record", "run", "schema", "space", "transform", "ulabel"]
BLOCKS = {
    **{name: f"{name.capitalize()}Block" for name in OWNERS},
    "ulabel": "ULabelBlock",
}


@pytest.fixture
def label(database):
    return ln.ULabel(name="a").save()


@pytest.mark.parametrize("owner", OWNERS)
def test_every_kind_of_owner(database, tmp_path, owner):
    make, record = getattr(ln.models, BLOCKS[owner]), make_owner(owner, tmp_path).save()
    first = make(**{owner: record}, content="# One", kind="readme").save()
    assert len(first.uid) == 20
    assert (first.uid[-4:], first.is_latest, len(first.hash)) == ("0000", True, 22)
    second = make(**{owner: record}, content="# Two", kind="readme", version="v2").save()
    assert (second.uid, second.version) == (first.stem_uid + "0001", "v2")
    comment = make(**{owner: record}, content="well", kind="comment").save()
    assert [block.content for block in record.ablocks.filter(kind="readme", is_latest=True)] == ["# Two"]
    assert record.ablocks.filter(kind="comment").one() == comment
    assert record.ablocks.filter(branch=None).count() == 3 if owner != "branch" else record.ablocks.count() == 3


def test_the_same_text_is_the_same_block(label):
    first = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    again = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    assert again == first
    other = ln.models.ULabelBlock(ulabel=label, content="two", kind="readme").save()
    back = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    assert [block.uid[-4:] for block in (first, other, back)] == ["0000", "0001", "0002"]
    assert label.ablocks.filter(is_latest=True).one() == back


def test_owners_have_readmes_of_their_own(label):
    other = ln.ULabel(name="other").save()
    first = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    second = ln.models.ULabelBlock(ulabel=other, content="one", kind="readme").save()
    assert first.stem_uid != second.stem_uid
    assert second.is_latest is True


def test_comments_have_no_versions(label):
    blocks = [ln.models.ULabelBlock(ulabel=label, content="same", kind="comment").save() for _ in range(2)]
    assert blocks[0] != blocks[1]
    assert {block.uid[-4:] for block in blocks} == {"0000"}
    with pytest.raises(ln.errors.FieldValidationError, match="a comment has no versions"):
        ln.models.ULabelBlock(ulabel=label, content="b", kind="comment", revises=blocks[0])


def test_a_readme_on_another_branch_has_a_head_there(label):
    branch = ln.Branch(name="b").save()
    first = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    second = ln.models.ULabelBlock(ulabel=label, content="two", kind="readme", branch=branch).save()
    assert second.stem_uid == first.stem_uid
    assert set(label.ablocks.filter(is_latest=True, branch=None)) == {first, second}
    assert ln.models.ULabelBlock.filter(ulabel=label, is_latest=True).one() == first


def test_blocks_are_deleted_for_good_and_with_their_owner(label):
    first = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    second = ln.models.ULabelBlock(ulabel=label, content="two", kind="readme").save()
    with pytest.raises(ValueError, match="ULabelBlock has no trash"):
        second.delete(permanent=False)
    assert second.delete() == (1, {"lamindb.ULabelBlock": 1})
    assert label.ablocks.filter(is_latest=True).one() == first
    label.delete()
    assert ln.models.ULabelBlock.filter().count() == 1
    assert label.delete(permanent=True) == (2, {"lamindb.ULabel": 1, "lamindb.ULabelBlock": 1})


def test_edited_text_has_another_hash(label):
    block = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    before = block.hash
    block.content = "two"
    block.save()
    assert ln.models.ULabelBlock.get(block.uid).hash != before
    assert ln.models.ULabelBlock(ulabel=label, content="two", kind="readme").save() == block


def test_revising_by_hand(label):
    first = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme").save()
    second = ln.models.ULabelBlock(ulabel=label, content="two", kind="readme", revises=first).save()
    assert (first.is_latest, second.is_latest) == (False, True)
    other = ln.ULabel(name="other").save()
    with pytest.raises(ln.errors.FieldValidationError, match="revises is a readme of another ulabel"):
        ln.models.ULabelBlock(ulabel=other, content="two", kind="readme", revises=first)
    with pytest.raises(ln.errors.InvalidArgument, match="revises must be a ULabelBlock, not"):
        ln.models.ULabelBlock(ulabel=label, content="two", kind="readme", revises=label)


def test_owner_and_block_are_saved_together(database):
    label = ln.ULabel(name="a")
    block = ln.models.ULabelBlock(ulabel=label, content="one", kind="readme")
    with pytest.raises(ln.errors.UnsavedRecord, match=r"ULabelBlock.ulabel is a ULabel that is not saved yet"):
        block.save()
    ln.save([block, label])
    assert label.ablocks.one() == block


def test_lines_of_source_code(database):
    transform = ln.Transform(key="a.py", source_code="1\n2").save()
    block = ln.models.TransformBlock(transform=transform, content="why", kind="comment", line_number=2).save()
    assert transform.ablocks.filter(line_number=2).one() == block


def test_pages(database):
    first = ln.models.Block(key="README.md", content="one", kind="readme").save()
    second = ln.models.Block(key="README.md", content="two", kind="readme").save()
    assert second.uid == first.stem_uid + "0001"
    assert ln.models.Block(key="__lamindb_artifact__", content="one", kind="readme").save().uid[-4:] == "0000"
    second.delete()
    assert second.branch_id == -1
    assert ln.models.Block.get(key="README.md") == first


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"content": "a", "kind": "readme"}, "ulabel is required: the record that the block belongs to"),
        ({"ulabel": None, "content": "a", "kind": "readme"}, "ulabel is required"),
        ({"ulabel": "label", "content": "a"}, "kind is 'readme' or 'comment', not None"),
        ({"ulabel": "label", "content": "a", "kind": "coment"}, "not 'coment'; did you mean 'comment'"),
        ({"ulabel": "label", "kind": "readme"}, "content is required"),
        ({"ulabel": "label", "content": "a", "kind": "readme", "contents": "b"}, "'contents' is not an argument"),
        ({"ulabel": "label", "content": 5, "kind": "readme"}, "content must be text, not 5"),
    ],
)
def test_bad_blocks(label, arguments, message):
    if "ulabel" in arguments and arguments["ulabel"] is not None:
        arguments = {**arguments, "ulabel": label}
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        ln.models.ULabelBlock(**arguments)


def test_bad_pages(database):
    with pytest.raises(ln.errors.FieldValidationError, match=r"key is 'README.md' or '__lamindb_<registry>__', not 'notes.md'"):
        ln.models.Block(key="notes.md", content="a", kind="readme")
    with pytest.raises(ln.errors.FieldValidationError, match="kind is 'readme', not 'comment'"):
        ln.models.Block(content="a", kind="comment")
    with pytest.raises(ln.errors.FieldValidationError, match="takes no arguments by position"):
        ln.models.Block("a", kind="readme")
