"""Which row a record is becomes known when it is first needed."""

import pytest

import lamindb as ln


def test_saving_a_name_twice_gives_one_row(database):
    first = ln.ULabel(name="blood", description="whole blood").save()
    second = ln.ULabel(name="blood").save()
    assert second == first
    assert second.uid == first.uid
    assert second.description == "whole blood"
    assert ln.ULabel.filter(name="blood").count() == 1


@pytest.mark.parametrize("read", ["id", "uid", "created_at", "repr", "hash", "eq"])
def test_reading_what_only_the_row_knows_looks_it_up_once(database, queries, read):
    stored = ln.ULabel(name="blood").save()
    label = ln.ULabel(name="blood")
    ways = {"repr": repr, "hash": hash, "eq": lambda record: record == stored}
    with queries.exactly(1):
        ways.get(read, lambda record: getattr(record, read))(label)
        assert label.uid == stored.uid
        assert label.id == stored.id


def test_only_passed_arguments_apply_on_a_match(database):
    stored = ln.ULabel(name="tissue", is_type=True, description="kinds").save()
    again = ln.ULabel(name="tissue", description="kinds of tissue").save()
    assert again.is_type is True
    assert ln.ULabel.get(stored.id).description == "kinds of tissue"


def test_branch_and_space_of_a_match_never_move(database):
    ln.Branch(name="contribution").save()
    stored = ln.ULabel(name="blood").save()
    again = ln.ULabel(name="blood", branch=ln.Branch.get(name="contribution")).save()
    assert again == stored
    assert ln.ULabel.get(stored.id).branch_id == 1
    assert ln.ULabel.get(stored.id).created_on_id == 1


def test_names_are_unique_per_type(database):
    tissue, cell = ln.ULabel(name="tissue", is_type=True).save(), ln.ULabel(name="cell", is_type=True).save()
    one = ln.ULabel(name="B", type=tissue).save()
    other = ln.ULabel(name="B", type=cell).save()
    assert one != other
    assert ln.ULabel(name="B", type=cell).save() == other
    assert ln.ULabel(name="B", type=None).save() not in (one, other)
    assert ln.ULabel(name="B").save() == one  # no type passed: any, the oldest first


def test_a_trashed_name_can_be_used_again(database):
    first = ln.ULabel(name="blood").save()
    first.delete()
    assert ln.ULabel(name="blood").save() != first


def test_unsaved_records_equal_only_themselves(database):
    one, other = ln.ULabel(name="a"), ln.ULabel(name="a")
    assert one == one
    assert one != other
    assert one != "a"
    assert one != ln.Transform(key="a")


def test_a_record_in_a_set_is_found_after_saving(database):
    label = ln.ULabel(name="a")
    found = {label}
    label.save()
    assert label in found


def test_names_are_compared_exactly(database):
    one = ln.ULabel(name="CD8").save()
    assert ln.ULabel(name="cd8").save() != one
    assert ln.ULabel(name="CD8 ").save() != one
    assert ln.ULabel(name="Ärmel").save() == ln.ULabel(name="Ärmel").save()


def test_handles_of_others_are_refused(database, monkeypatch):
    from lamindb.records import context

    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("INSERT INTO lamindb_user (uid, handle) VALUES ('zzzzzzzz', 'taken')")
    monkeypatch.setenv("LAMIN_USER_HANDLE", "taken")
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", str(database.instance.storage.path / "other-settings"))
    context.forget(database)
    with pytest.raises(ln.errors.HandleTaken, match="the handle 'taken' belongs to another user"):
        ln.ULabel(name="a").save()
    assert ln.ULabel.filter(name="a").count() == 0
