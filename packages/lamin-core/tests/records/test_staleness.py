"""Rows that someone else changed or deleted since they were loaded (PP-3), and parts of transactions that fail alone."""

import contextlib
from pathlib import Path

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import StaleRecord

from .test_races import race


def test_pp3_a_field_that_someone_else_changed_is_not_written_over(database: Database, queries: QueryLog) -> None:
    mine = ln.ULabel(name="blood", description="red").save()
    theirs = ln.ULabel.get(mine.id)
    theirs.description = "fluid"
    theirs.save()
    mine.description = "tissue"
    expected = (
        rf"someone else changed description from 'red' to 'fluid' of this ULabel \(id {mine.id}\) since it was loaded; "
        r"load it again, or write yours over it with save\(force=True\)"
    )
    with pytest.raises(StaleRecord, match=expected):
        mine.save()
    assert ln.ULabel.get(mine.id).description == "fluid"
    with queries.exactly(1):
        mine.save(force=True)
    assert ln.ULabel.get(mine.id).description == "tissue"


def test_pp3_other_fields_are_nobodys_business(database: Database, queries: QueryLog) -> None:
    mine = ln.ULabel(name="blood", description="red").save()
    theirs = ln.ULabel.get(mine.id)
    theirs.description, theirs.reference = "fluid", "here"
    theirs.save()
    mine.reference_type = "url"
    with queries.exactly(1):
        mine.save()
    mine.description = "fluid"  # as it is already, but mine does not know
    with pytest.raises(StaleRecord):
        mine.save()
    stored = ln.ULabel.get(mine.id)
    assert (stored.description, stored.reference, stored.reference_type) == ("fluid", "here", "url")


def test_pp3_nothing_and_something_are_told_apart(database: Database) -> None:
    mine = ln.ULabel(name="blood").save()
    theirs = ln.ULabel.get(mine.id)
    theirs.description = "fluid"
    theirs.save()
    mine.description = "tissue"
    with pytest.raises(StaleRecord, match="description from None to 'fluid'"):
        mine.save()
    with pytest.raises(StaleRecord, match="description from None to 'fluid'"):
        ln.save([ln.ULabel(name="other"), mine])
    assert ln.ULabel.filter(name="other").count() == 0


def test_pp3_an_edited_old_version_makes_no_second_head(database: Database) -> None:
    first = ln.Transform(key="a.py", source_code="1").save()
    ln.Transform(key="a.py", source_code="2").save()
    first.description = "the first one"
    first.save()
    assert ln.Transform.get(key="a.py").source_code == "2"
    assert ln.Transform.filter(key="a.py", is_latest=True).count() == 1


def test_pp3_artifacts_and_collections_take_force(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    artifact = ln.Artifact(path, key="a.csv").save()
    for mine in (artifact, ln.Collection([artifact], key="both").save()):
        theirs = type(mine).get(mine.id)
        theirs.description = "theirs"
        theirs.save()
        mine.description = "mine"
        with pytest.raises(StaleRecord, match="description from None to 'theirs'"):
            mine.save()
        mine.save(force=True)
        assert type(mine).get(mine.id).description == "mine"


def test_no_increment_is_lost(database: Database, tmp_path: Path) -> None:
    """Four processes count in one field; each that was too late loads it again."""
    label = ln.ULabel(name="counter", description="0").save()
    body = f"""
for number in range(15):
    while True:
        label = ln.ULabel.get({label.id})
        label.description = str(int(label.description) + 1)
        try:
            label.save()
            break
        except ln.errors.StaleRecord:
            pass
"""
    race(database, body, tmp_path)
    assert ln.ULabel.get(label.id).description == "60"


def test_a_nested_transaction_fails_alone(database: Database) -> None:
    with ln.transaction():
        kept = ln.ULabel(name="kept").save()
        inner = ln.ULabel(name="inner")
        with contextlib.suppress(ZeroDivisionError), ln.transaction():
            inner.save()
            kept.description = "changed"
            kept.save()
            _ = 1 / 0
        assert inner.database is None
        ln.ULabel(name="also kept").save()
    assert ln.ULabel.filter().order_by("id").to_list("name") == ["kept", "also kept"]
    assert ln.ULabel.get(name="kept").description is None


def test_a_nested_transaction_goes_with_the_outer_one(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), ln.transaction():
        with ln.transaction():
            ln.ULabel(name="inner").save()
        _ = 1 / 0
    assert ln.ULabel.filter().count() == 0


def test_errors_of_the_database_in_a_nested_transaction(database: Database) -> None:
    ln.ULabel(name="first").save()
    with ln.transaction():
        ln.ULabel(name="second").save()
        renamed = ln.ULabel.get(name="second")
        renamed.name = "first"
        with pytest.raises(ln.errors.UniqueViolation), ln.transaction():
            renamed.save()
        ln.ULabel(name="third").save()
    assert ln.ULabel.filter().order_by("id").to_list("name") == ["first", "second", "third"]
