"""Types and what belongs to them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import lamindb as ln


def tree(depth, members):
    """A chain of types, each with some members."""
    types = []
    for level in range(depth):
        types.append(ln.ULabel(name=f"type {level}", is_type=True, **({"type": types[-1]} if types else {})).save())
        ln.save([ln.ULabel(name=f"{level} {i}", type=types[-1]) for i in range(members)])
    return types


@pytest.mark.parametrize(("depth", "members"), [(1, 1), (5, 20)])
def test_a_subtree_goes_to_the_trash_by_one_update(database, queries, depth, members):
    types = tree(depth, members)
    with queries.at_most(3) as log:
        types[0].delete()
    assert sum("UPDATE lamindb_ulabel" in statement for statement in log.statements) == 1
    assert ln.ULabel.filter().count() == 0
    assert ln.ULabel.filter(branch_id=-1).count() == depth * (members + 1)


def test_sets_of_types_take_their_members_along(database):
    tree(2, 3)
    ln.ULabel(name="other").save()
    ln.ULabel.filter(name="type 0").delete()
    assert ln.ULabel.filter().one().name == "other"


def test_a_circle_of_types_ends(database):
    one, other = ln.ULabel(name="one", is_type=True).save(), ln.ULabel(name="other", is_type=True).save()
    other.type = one
    other.save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_ulabel SET type_id = {other.id} WHERE id = {one.id}")
    one.delete()
    assert ln.ULabel.filter().count() == 0


def test_members_remember_where_they_came_from(database):
    branch = ln.Branch(name="contribution").save()
    kind = ln.ULabel(name="kind", is_type=True).save()
    on_main, elsewhere = ln.ULabel(name="a", type=kind).save(), ln.ULabel(name="b", type=kind, branch=branch).save()
    archived = ln.ULabel(name="c", type=kind, branch=ln.Branch.get(0)).save()
    earlier = ln.ULabel(name="d", type=kind, branch=branch).save()
    earlier.delete()
    kind.delete()
    for label, branch_id in {on_main: 1, elsewhere: branch.id, archived: 0, earlier: branch.id}.items():
        found = ln.ULabel.get(label.uid)
        assert found.branch_id == -1
        assert found.restore().branch_id == branch_id
        assert ln.ULabel.get(label.uid).branch_id == branch_id
        assert found._aux is None


def test_other_settings_survive_the_trash(database):
    branch = ln.Branch(name="contribution").save()
    label = ln.ULabel(name="a", branch=branch).save()
    label._aux = {"ei": "🧪"}
    label.save()
    label.delete()
    assert ln.ULabel.get(label.uid)._aux == {"ei": "🧪", "trashed_from": branch.id}
    assert ln.ULabel.get(label.uid).restore()._aux == {"ei": "🧪"}


@pytest.mark.parametrize("stored", ["null", "{}", '{"ei": "x"}'])
def test_settings_that_others_wrote(database, stored):
    branch = ln.Branch(name="contribution").save()
    label = ln.ULabel(name="a", branch=branch).save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_ulabel SET _aux = '{stored}'")
    ln.ULabel.get(label.uid).delete()
    found = ln.ULabel.get(label.uid)
    assert found._aux["trashed_from"] == branch.id
    assert found.restore().branch_id == branch.id
    assert found._aux == ({"ei": "x"} if "x" in stored else None)


def test_a_locked_member_keeps_all_where_they_are(database):
    types = tree(2, 2)
    ln.ULabel.filter(name="1 1").one().save()
    locked = ln.ULabel.get(name="1 1")
    locked.is_locked = True
    locked.save()
    with pytest.raises(ln.errors.LockedRecord, match="1 ULabel rows are locked"):
        types[0].delete()
    assert ln.ULabel.filter().count() == 6


def test_a_name_under_a_new_type_is_new(database):
    ln.ULabel(name="a").save()
    kind = ln.ULabel(name="kind", is_type=True)
    label = ln.ULabel(name="a", type=kind)
    assert label.uid != ln.ULabel.get(name="a").uid
    ln.save([label, kind])
    assert ln.ULabel.filter(name="a").count() == 2


def test_a_name_under_a_type_that_exists_is_found(database):
    kind = ln.ULabel(name="kind", is_type=True).save()
    label = ln.ULabel(name="a", type=kind).save()
    again = ln.ULabel(name="a", type=ln.ULabel(name="kind", is_type=True))
    assert again.uid == label.uid
    assert again == label


def test_a_type_given_later_is_a_type(database):
    plain, label = ln.ULabel(name="plain").save(), ln.ULabel(name="a").save()
    label.type = plain
    with pytest.raises(ln.errors.FieldValidationError, match="cannot save this ULabel: 'plain' is no type, so it can have no"):
        label.save()
    plain.is_type = True
    plain.save()
    assert label.save().type == plain
    plain.is_type = False
    with pytest.raises(ln.errors.FieldValidationError, match="it is the type of 1 record, so is_type stays True"):
        plain.save()
    label.type = None
    label.save()
    assert plain.save().is_type is False


def test_members_added_through_their_type(database):
    plain, kind, label = (ln.ULabel(name=name, is_type=name == "kind").save() for name in ("plain", "kind", "label"))
    kind.ulabels.add(label)
    assert ln.ULabel.get(label.id).type == kind
    with pytest.raises(ln.errors.FieldValidationError, match="'plain' is no type, so it can have no members"):
        plain.ulabels.add(label)
    with pytest.raises(ln.errors.FieldValidationError, match="it would belong to itself, as 'kind' is or belongs to it"):
        kind.ulabels.set([label, kind])
    assert kind.ulabels.one() == label
    kind.ulabels.clear()
    assert ln.ULabel.filter(type=None).count() == 3


@pytest.mark.parametrize("length", [1, 2, 5])
def test_types_form_no_circle(database, length):
    types = tree(length, 0)
    types[0].type = types[-1]
    with pytest.raises(ln.errors.FieldValidationError, match=f"it would belong to itself, as 'type {length - 1}' is or belongs"):
        ln.save(types)
    assert ln.ULabel.get(types[0].uid).type is None


def test_two_changes_at_once_form_no_circle(database):
    one, other = ln.ULabel(name="one", is_type=True).save(), ln.ULabel(name="other", is_type=True).save()
    ready = threading.Barrier(2)

    def put_below(label, kind):
        mine = ln.ULabel.get(label.id)
        mine.type = ln.ULabel.get(kind.id)
        ready.wait()
        mine.save()

    with ThreadPoolExecutor() as pool:
        running = [pool.submit(put_below, one, other), pool.submit(put_below, other, one)]
    refused = [each.exception() for each in running if each.exception() is not None]
    assert [type(each) for each in refused] == [ln.errors.FieldValidationError]
    assert ln.ULabel.filter(type=None).count() == 1
