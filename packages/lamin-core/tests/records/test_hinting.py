"""Similar names are hinted at: once per registry and process, in the query that looks for the name anyway (PP-33)."""

import re

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.records import hinting

EXPERIMENTS = ["Test experiment 1", "Test experiment 2", "Special test experiment abc"]


@pytest.fixture(autouse=True)
def experiments(database: Database) -> None:
    ln.save([ln.Record(name=name) for name in EXPERIMENTS])
    hinting.forget()


def hints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [message for message in caplog.messages if message.startswith("new ")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Test experiment 3", "there are 'Test experiment 1', 'Test experiment 2' already"),
        ("test experiment 3", "there are 'Test experiment 1', 'Test experiment 2' already"),
        ("Special test experiment abd", "there is 'Special test experiment abc' already"),
        ("Testing experiments", None),
        ("%", None),
        ("_est experiment 3", None),
    ],
)
def test_pp33_similar_names(caplog: pytest.LogCaptureFixture, name: str, expected: str | None) -> None:
    ln.Record(name=name).save()
    assert hints(caplog) == (
        []
        if expected is None
        else [
            f"new Record {name!r}: {expected}; if you mean one of them, use its name "
            "(told once; ln.settings.creation.search_names = False turns it off)"
        ]
    )


def test_pp33_told_once_per_registry(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3, 6):
        ln.Record(name=f"Test experiment {number}").save()
    ln.ULabel(name="label 1").save()
    assert len(hints(caplog)) == 1
    ln.ULabel(name="label 2").save()
    assert [re.match(r"new (\w+)", message)[1] for message in hints(caplog)] == ["Record", "ULabel"]


def test_pp33_no_query_of_its_own(database: Database, queries: QueryLog) -> None:
    locks = 0 if database.dialect == "sqlite" else 1
    with queries.exactly(2 + locks):
        ln.Record(name="Test experiment 3").save()
    with queries.exactly(1):
        assert ln.Record(name="Test experiment 4") != ln.Record(name=None)
    if database.dialect == "sqlite":
        with database.reading() as connection, queries.log() as log:
            hinting.forget()
            ln.Record(name="Test experiment 5").save()
            plan = connection.exec_driver_sql(
                "EXPLAIN QUERY PLAN " + log.statements[0], ("x",) * log.statements[0].count("?")
            ).all()
        assert not [step for step in plan if re.search(r"SCAN lamindb_record", step[3])]


def test_pp33_can_be_switched_off(caplog: pytest.LogCaptureFixture) -> None:
    assert ln.settings.creation.search_names is True
    ln.settings.creation.search_names = False
    try:
        record = ln.Record(name="Test experiment 3").save()
        assert ln.Record(name="Test experiment 3").save() == record
    finally:
        ln.settings.creation.search_names = True
    assert hints(caplog) == []
    with pytest.raises(ln.errors.InvalidArgument, match="search_names must be True or False, not 'no'"):
        ln.settings.creation.search_names = "no"
    with pytest.raises(AttributeError):
        ln.settings.creation.serch_names = False


def test_pp33_within_the_type_and_the_visible_branches(caplog: pytest.LogCaptureFixture) -> None:
    kind = ln.Record(name="kind", is_type=True).save()
    ln.Record(name="Test experiment 3", type=kind).save()
    ln.Record.filter(name__startswith="Test", type=None).delete()
    ln.Record(name="Test experiment 4", type=None).save()
    assert hints(caplog) == []
    ln.Record(name="Test experiment 5", type=kind).save()
    assert len(hints(caplog)) == 1


def test_pp33_lists_and_names_that_exist_need_no_hint(caplog: pytest.LogCaptureFixture) -> None:
    ln.save([ln.Record(name="Test experiment 3")])
    ln.Record(name="Test experiment 1").save()
    assert hints(caplog) == []
