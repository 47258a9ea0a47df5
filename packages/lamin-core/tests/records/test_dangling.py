"""References to rows that are not there are told by field, id and registry, never in the words of a driver."""

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import ForeignKeyViolation

NOWHERE = 32_000


def said(kind: str, column: str, target: str, row_id: int = NOWHERE) -> str:
    return rf"^cannot save this {kind}: {column} is {row_id}, but \S+ has no {target} with this id; pass the record itself"


def test_a_new_record(database: Database) -> None:
    label = ln.ULabel(name="blood", space_id=NOWHERE)
    with pytest.raises(ForeignKeyViolation, match=said("ULabel", "space_id", "Space")) as caught:
        label.save()
    assert (caught.value.columns, label.database, ln.ULabel.filter().count()) == (("space_id",), None, 0)
    label.space_id = 1
    assert label.save().id is not None


def test_a_changed_record(database: Database) -> None:
    record = ln.Record(name="sample").save()
    record.schema_id = NOWHERE
    with pytest.raises(ForeignKeyViolation, match=said("Record", "schema_id", "Schema")):
        record.save()
    assert ln.Record.get(name="sample").schema_id is None


def test_a_list_names_the_one_that_is_wrong(database: Database, queries: QueryLog) -> None:
    labels = [ln.ULabel(name=f"label {number}") for number in range(50)]
    labels.append(ln.ULabel(name="another", space_id=NOWHERE))
    with pytest.raises(ForeignKeyViolation, match=said("ULabel", "space_id", "Space")):
        ln.save(labels)
    assert ln.ULabel.filter().count() == 0


def test_what_was_deleted_since_it_was_passed(database: Database) -> None:
    kind = ln.Record(name="samples", is_type=True).save()
    sample = ln.Record(name="sample", schema_id=NOWHERE, type=kind)
    ln.Record.get(kind.id).delete(permanent=True)
    with pytest.raises(ln.errors.LaminError, match=rf"type_id is {kind.id}"):
        sample.save()
    assert ln.Record.filter().count() == 0


def test_within_a_transaction_it_is_said_at_its_end(database: Database) -> None:
    """Both databases look at references when they commit."""
    label = ln.ULabel(name="second", space_id=NOWHERE)
    with pytest.raises(ForeignKeyViolation):
        _in_one_transaction(ln.ULabel(name="first"), label)
    assert (ln.ULabel.filter().count(), label.database) == (0, None)


def _in_one_transaction(*labels: ln.ULabel) -> None:
    with ln.transaction():
        for label in labels:
            label.save()
