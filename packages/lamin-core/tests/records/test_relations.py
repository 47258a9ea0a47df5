"""Relations: to-one attributes, managers of to-many, errors in one sentence."""

import pytest

import lamindb as ln


@pytest.fixture
def labels(database):
    found = [ln.ULabel(name=name) for name in "abc"]
    ln.save(found)
    return found


def test_to_one_loads_and_follows_its_key(database, queries):
    kind, other = ln.ULabel(name="k", is_type=True).save(), ln.ULabel(name="o", is_type=True).save()
    label = ln.ULabel.get(ln.ULabel(name="a", type=kind).save().id)
    with queries.exactly(1):
        assert label.type == kind
        assert label.type.name == "k"
    label.type_id = other.id
    assert label.type == other
    label.type = None
    assert label.type_id is None
    label.save()
    assert ln.ULabel.get(label.id).type is None
    assert label.created_by.handle == "testuser"
    assert label.branch.name == "main"
    with pytest.raises(ln.errors.InvalidArgument, match="type must be a ULabel, not 5"):
        label.type = 5


def test_parents_and_children(labels):
    a, b, c = labels
    b.parents.add(a)
    c.parents.add(a, b)
    assert a.children.to_list("name") == ["b", "c"]
    assert c.parents.count() == 2
    c.parents.remove(a)
    assert [label.name for label in c.parents] == ["b"]
    c.parents.remove(a)  # is no member any more: nothing happens
    c.parents.set([a])
    assert c.parents.to_list("name") == ["a"]
    c.parents.clear()
    assert not c.parents.exists()


def test_adding_is_idempotent_and_takes_a_fixed_number_of_statements(labels, database, queries):
    locks = 0 if database.dialect == "sqlite" else 1
    host, *others = labels
    with queries.exactly(3 + locks):  # is it locked, does it lead in a circle, insert
        host.parents.add(others[0])
    with queries.exactly(4 + locks):  # and where not all were inserted: is every one linked
        host.parents.add(*others)
    with queries.exactly(4 + locks):
        host.parents.add(*others)
    assert host.parents.count() == 2


def test_reverse_relations(database):
    transform = ln.Transform(key="a.py").save()
    run = ln.Run(transform).save()
    assert transform.runs.one() == run
    assert transform.runs.filter(name=None).count() == 1


def test_trashed_members_stay_attached(labels):
    a, b, _ = labels
    b.parents.add(a)
    a.delete()
    assert b.parents.count() == 0
    assert b.parents.all().include_trash().one() == a
    b.parents.set([])
    assert b.parents.all().include_trash().count() == 0, "what is not seen is replaced, too"
    b.parents.add(a)
    a.restore()
    assert b.parents.one() == a


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda labels: [[labels[1]]], r"\.parents takes ULabel records, their names, uids or ids, not \["),
        (lambda labels: ln.Transform(key="x"), r"\.parents takes ULabel records, their names, uids or ids, not Transform"),
        (lambda labels: ln.ULabel(name="new"), "is not saved yet"),
    ],
)
def test_what_cannot_be_added(labels, wrong, message):
    with pytest.raises(ln.errors.InvalidArgument, match=message):
        labels[0].parents.add(wrong(labels))
    assert labels[0].parents.count() == 0


def test_unsaved_hosts_and_assignment(labels):
    with pytest.raises(ln.errors.UnsavedRecord, match=r"save this ULabel before using its \.parents"):
        ln.ULabel(name="new").parents.add(labels[0])
    with pytest.raises(ln.errors.InvalidArgument, match=r"use \.parents\.set"):
        labels[0].parents = [labels[1]]


def test_records_of_two_databases_are_not_linked(labels, other_database):
    foreign = ln.DB(str(other_database.instance.folder))
    with other_database.writing():
        pass
    theirs = foreign.User.first()
    assert theirs is not None
    assert theirs.database is other_database
    assert theirs != ln.User.filter().first()
    with pytest.raises(ln.errors.DatabaseMismatch, match="these records live in several databases"):
        ln.save([labels[0], theirs])


def test_class_side_names_the_relation():
    assert repr(ln.ULabel.parents) == "Relation(ULabel.parents)"
    assert ln.ULabel.type.target == "lamindb.ULabel"
