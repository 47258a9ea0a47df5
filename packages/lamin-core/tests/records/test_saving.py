"""Writing one record: few statements, changed columns only, nothing lost when it fails."""

import copy
import pickle
from contextlib import suppress

import pytest
import sqlalchemy as sa

import lamindb as ln
from lamindb.records import saving


def test_statements_of_a_save(database, queries):
    ln.ULabel(name="first").save()  # the user's id is known from now on
    locks = 0 if database.dialect == "sqlite" else 1
    with queries.exactly(2 + locks):
        label = ln.ULabel(name="second").save()
    with queries.exactly(0):
        label.save()
        assert label.id is not None
        assert label.created_at.tzinfo is not None


def test_an_update_writes_the_changed_columns_only(database, queries):
    label = ln.ULabel(name="a", description="b").save()
    label.description = "c"
    assert saving.changed(label) == {"description": "c"}
    with queries.exactly(1) as log:
        label.save()
    assert "name" not in log.statements[0].split("WHERE")[0].lower().replace("lamindb_ulabel", "")
    assert saving.changed(label) == {}


def test_setting_the_same_value_is_no_change(database, queries):
    label = ln.ULabel(name="a").save()
    label.name = "a"
    with queries.exactly(0):
        label.save()


def test_stale_copies_do_not_overwrite_what_others_wrote(database):
    label = ln.ULabel(name="a").save()
    one, other = ln.ULabel.get(label.id), ln.ULabel.get(label.id)
    one.description = "d"
    one.save()
    other.reference = "r"
    other.save()
    stored = ln.ULabel.get(label.id)
    assert (stored.description, stored.reference) == ("d", "r")


def test_updated_at_moves(database):
    label = ln.ULabel(name="a").save()
    before = label.updated_at
    label.description = "b"
    label.save()
    assert label.updated_at > before
    assert ln.ULabel.get(label.id).updated_at == label.updated_at


@pytest.fixture
def unique_references(database):
    """References of labels are unique for the time of the test."""
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("CREATE UNIQUE INDEX planted ON lamindb_ulabel (reference)")
    yield
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("DROP INDEX planted")


def test_a_failed_save_loses_nothing(unique_references):
    first = ln.ULabel(name="first").save()
    first.reference = "r"
    first.save()
    second = ln.ULabel(name="second", reference="r")
    with pytest.raises(ln.errors.UniqueViolation):
        second.save()
    assert second.database is None
    assert second.id is None
    assert (second.name, second.reference) == ("second", "r")
    second.reference = "s"
    assert second.save().id is not None

    second.reference, second.description = "r", "kept"
    with pytest.raises(ln.errors.UniqueViolation):
        second.save()
    assert saving.changed(second) == {"reference": "r", "description": "kept"}
    second.reference = "s"
    second.save()
    assert ln.ULabel.get(second.id).description == "kept"


def test_a_rolled_back_transaction_restores_ids_and_history(database):
    stored = ln.ULabel(name="stored").save()
    new = ln.ULabel(name="new")
    stored.description = "changed"

    class Stop(Exception): ...

    with pytest.raises(Stop), ln.transaction():  # noqa: PT012  # the block is what is tested
        stored.save()
        new.save()
        assert new.id is not None
        assert ln.ULabel.filter(name="new").count() == 1
        raise Stop
    assert new.database is None
    assert new.id is None
    assert saving.changed(stored) == {"description": "changed"}
    assert ln.ULabel.filter(name="new").count() == 0
    ln.save([new, stored])
    assert ln.ULabel.get(name="new") == new
    assert ln.ULabel.get(name="stored").description == "changed"


def test_the_row_may_be_gone(database):
    label = ln.ULabel(name="a").save()
    copied = ln.ULabel.get(label.id)
    label.delete(permanent=True)
    copied.description = "b"
    with pytest.raises(ln.errors.StaleRecord, match=r"the row of this ULabel \(id \d+\) was deleted since it was loaded"):
        copied.save()


def test_locked_records_are_not_changed(database):
    label = ln.ULabel(name="a", is_locked=True).save()
    label.description = "b"
    with pytest.raises(ln.errors.LockedRecord, match="the ULabel 'a' is locked; to change it, set is_locked=False"):
        label.save()
    with pytest.raises(ln.errors.LockedRecord):
        label.delete()
    with pytest.raises(ln.errors.LockedRecord):
        label.delete(permanent=True)
    label.is_locked = False
    label.save()
    assert ln.ULabel.get(label.id).description == "b"


def test_unsaved_relations_are_named(database):
    kind = ln.ULabel(name="tissue", is_type=True)
    label = ln.ULabel(name="blood", type=kind)
    with pytest.raises(ln.errors.UnsavedRecord, match=r"ULabel\.type is a ULabel that is not saved yet; save it first"):
        label.save()
    kind.save()
    assert label.save().type_id == kind.id


def test_reading_only_is_said(database):
    handle = ln.DB(str(database.instance.folder), read_only=True)
    label = ln.ULabel(name="a").save()
    found = handle.ULabel.get(name="a")
    found.description = "b"
    with pytest.raises(ln.errors.NoWriteAccess, match="is open for reading only"):
        found.save()
    assert label == ln.ULabel.get(name="a")


def test_records_pickle_and_copy(database):
    label = ln.ULabel(name="a").save()
    again = pickle.loads(pickle.dumps(label))
    assert again == label
    assert again.name == "a"
    assert copy.copy(label) == label
    unsaved = pickle.loads(pickle.dumps(ln.ULabel(name="b")))
    assert unsaved.save().name == "b"


def test_json_null_and_sql_null_are_both_none(database):
    transform = ln.Transform(key="a.py").save()
    run = ln.Run(transform).save()
    table = ln.Run.__table__
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_run SET params = 'null' WHERE id = {run.id}")
    assert ln.Run.get(run.id).params is None
    with database.reading() as connection:
        assert connection.execute(sa.select(table.c.extra_data).where(table.c.id == run.id)).scalar() is None
    assert ln.Run.filter(params=None).count() == ln.Run.filter(extra_data=None).count() == 1
    run.params = {"a": [1, 2.5, "ü"]}
    run.save()
    assert ln.Run.get(run.id).params == {"a": [1, 2.5, "ü"]}


def test_ids_and_heads_cannot_be_assigned(database):
    one, other = ln.ULabel(name="one").save(), ln.ULabel(name="other").save()
    other.id = one.id
    with pytest.raises(ln.errors.FieldValidationError, match="id is given by the database"):
        other.save()
    old = ln.Transform(key="a.py", source_code="1").save()
    ln.Transform(key="a.py", source_code="2").save()
    old = ln.Transform.get(old.id)
    old.is_latest = True
    with pytest.raises(ln.errors.FieldValidationError, match="is_latest follows from the versions and cannot be set"):
        old.save()


def test_renaming_makes_no_twins(database):
    first, second = ln.ULabel(name="first").save(), ln.ULabel(name="second").save()
    second.name = "first"
    with pytest.raises(ln.errors.UniqueViolation, match=rf"another ULabel is called 'first' already \(uid {first.uid}\)"):
        second.save()
    second.name = "third"
    second.save()
    assert ln.ULabel.get(name="third") == second


def test_restoring_makes_no_twins(database):
    first = ln.ULabel(name="a").save()
    first.delete()
    ln.ULabel(name="a").save()
    with pytest.raises(ln.errors.UniqueViolation, match="another ULabel is called 'a' already"):
        first.restore()
    assert ln.ULabel.filter(name="a").count() == 1


def test_records_of_another_database_are_no_relations(database, other_database):
    theirs = ln.DB(str(other_database.instance.folder)).User.first()
    space = ln.DB(str(other_database.instance.folder)).Space.first()
    with pytest.raises(ln.errors.DatabaseMismatch, match=r"ULabel.space is a Space of "):
        ln.ULabel(name="a", space=space).save()
    with pytest.raises(ln.errors.DatabaseMismatch):
        ln.save([ln.ULabel(name="a", space=space)])
    with pytest.raises(ln.errors.DatabaseMismatch, match="new records go to the current database"):
        ln.save([ln.ULabel(name="a"), theirs])
    label = ln.ULabel(name="b").save()
    label.space = space
    with pytest.raises(ln.errors.DatabaseMismatch):
        label.save()
    assert ln.ULabel.filter().count() == 1


def test_what_was_deleted_for_good_is_gone(database):
    label = ln.ULabel(name="a").save()
    label.delete(permanent=True)
    for use in (label.save, label.delete, label.restore):
        with pytest.raises(ln.errors.StaleRecord, match="this ULabel was deleted for good; make a new one"):
            use()
    copied = ln.ULabel(name="b").save()
    ln.ULabel.get(copied.id).delete(permanent=True)
    with pytest.raises(ln.errors.StaleRecord):
        copied.delete()
    kept = ln.ULabel(name="c").save()

    class Stop(Exception): ...

    with pytest.raises(Stop), ln.transaction():  # noqa: PT012  # the block is what is tested
        kept.delete(permanent=True)
        raise Stop
    kept.description = "still there"
    assert ln.ULabel.get(kept.save().id).description == "still there"


def test_a_record_saved_twice_in_a_transaction_is_put_back_to_before_both(database):
    label = ln.ULabel(name="stored").save()
    label.description = "first"
    with suppress(ZeroDivisionError), ln.transaction():
        label.save()
        label.description = "second"
        label.save()
        raise ZeroDivisionError
    assert label.description == "first"
    label.save()
    assert ln.ULabel.get(label.uid).description == "first"
