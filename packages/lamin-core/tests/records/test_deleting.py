"""Trash, restoring, deleting for good."""

import pytest

import lamindb as ln


def test_trash_and_restore(database):
    label = ln.ULabel(name="a").save()
    assert label.delete() is None
    assert label.branch_id == -1
    assert ln.ULabel.filter(name="a").count() == 0
    assert ln.ULabel.filter(name="a", branch=None).one() == label
    assert ln.ULabel.get(label.uid) == label
    label.restore()
    assert ln.ULabel.get(name="a") == label
    assert label._aux is None


def test_restored_records_go_back_to_their_branch(database):
    branch = ln.Branch(name="contribution").save()
    label = ln.ULabel(name="a", branch=branch).save()
    label.delete()
    ln.ULabel.get(label.uid).restore()
    assert ln.ULabel.get(label.uid).branch_id == branch.id


def test_permanent_deletion_counts(database):
    a, b = ln.ULabel(name="a").save(), ln.ULabel(name="b").save()
    b.parents.add(a)
    assert b.delete(permanent=True) == (2, {"lamindb.ULabel": 1, "lamindb.ULabel_parents": 1})
    assert ln.ULabel.filter(branch=None).one() == a


def test_deleting_from_the_trash(database):
    label = ln.ULabel(name="a").save()
    label.delete()
    assert label.delete(permanent=False) is None
    assert label.delete() is None  # cleaning up twice destroys nothing
    assert ln.ULabel.filter(branch=None).count() == 1
    with pytest.raises(ln.errors.InvalidArgument, match="permanent is True, False or None, not 'yes'"):
        label.delete(permanent="yes")
    assert label.delete(permanent=True) == (1, {"lamindb.ULabel": 1})


def test_a_row_that_refers_twice_is_one_blocker(database, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a")
    artifact = ln.Artifact(path, key="a.txt").save()
    ln.Transform(key="a.py", environment=artifact, plan=artifact).save()
    with pytest.raises(
        ln.errors.ProtectedError, match=r"cannot delete this Artifact: 1 Transform row refers to it; delete those first, or"
    ):
        artifact.delete(permanent=True)


def test_unsaved_records_are_not_deleted(database, queries):
    with queries.exactly(0):
        assert ln.ULabel(name="a").delete() is None
    with pytest.raises(ln.errors.InvalidArgument, match="was never saved"):
        ln.ULabel(name="a").restore()


def test_blockers_are_summarised(database):
    kind = ln.ULabel(name="kind", is_type=True).save()
    ln.save([ln.ULabel(name=f"{i}", type=kind) for i in range(3)])
    with pytest.raises(
        ln.errors.ProtectedError, match="cannot delete this ULabel: 3 ULabel rows refer to it; delete those first"
    ):
        kind.delete(permanent=True)
    assert ln.ULabel.filter().count() == 4


@pytest.mark.parametrize("registry", ["User", "Branch", "Space"])
def test_registries_without_trash(database, registry):
    record = getattr(ln, registry).filter().first()
    with pytest.raises(ValueError, match=f"{registry} has no trash: to delete it for good, pass permanent=True"):
        record.delete(permanent=False)


def test_sets_are_deleted_in_a_fixed_number_of_statements(database, queries):
    counts = []
    for number in (2, 50):
        ln.save([ln.ULabel(name=f"{number} {i}") for i in range(number)])
        with queries.log() as log:
            ln.ULabel.filter(name__startswith=f"{number} ").delete()
        counts.append(len(log.statements))
        assert ln.ULabel.filter(name__startswith=f"{number} ").count() == 0
    assert counts[0] == counts[1]
    ln.ULabel.filter(branch_id=-1).delete(permanent=True)
    assert ln.ULabel.filter(branch=None).count() == 0
