"""`from_values`: the records that values mean, found and made in sets, in the order of the values (item 19, PP-27)."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import DatabaseMismatch, FieldValidationError, InvalidArgument, MultipleObjectsReturned, ObjectDoesNotExist
from lamindb.models import SQLRecordList


def names(records):
    return [record.name for record in records]


def test_pp27_the_order_is_that_of_the_values(database, queries):
    ln.save([ln.ULabel(name=name) for name in "abc"])
    with queries.exactly(1):
        found = ln.ULabel.from_values(["c", "a", "c", "x", None, "b"], mute=True)
    assert isinstance(found, SQLRecordList)
    assert names(found) == ["c", "a", "b"]
    assert all(record.id for record in found)
    assert names(ln.ULabel.from_values("a")) == ["a"]
    assert ln.ULabel.from_values([]) == []


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, "", np.str_("")], ids=repr)
def test_pp27_missing_values_and_duplicates_make_no_records(database, missing):
    made = ln.ULabel.from_values([missing, "a", "b", missing, "a"], create=True)
    assert names(made) == ["a", "b"]
    assert all(record.database is None for record in made)
    assert names(made.save()) == ["a", "b"]
    assert ln.ULabel.filter().count() == 2


@pytest.mark.parametrize("number", [2, 1000, 10_000])
def test_pp27_made_in_one_lookup_and_saved_by_a_fixed_number_of_statements(database, queries, number):
    values = [f"name {one}" for one in range(number)]
    ln.save([ln.ULabel(name=value) for value in values[::2]])
    with queries.exactly(1):
        records = ln.ULabel.from_values(values, create=True)
        assert names(records) == values
        assert all(record.uid for record in records)
        assert repr(records[-1]).startswith("ULabel(uid=")
        assert records[-1] != records[-2]
    with queries.at_most(4):
        records.save()
    assert ln.ULabel.filter().count() == number
    assert ln.ULabel.from_values(values) == records


def test_19_synonyms_and_other_cases_are_the_records_that_they_mean(database, queries):
    cell = ln.Feature("T cell", int, synonyms="T-cell").save()
    ln.Feature("B cell", int).save()
    with queries.exactly(3):
        found = ln.Feature.from_values(["B cell", "t-cell", "t cell", "T cell", "xxx"], mute=True)
    assert names(found) == ["B cell", "T cell"]
    assert found[1] == cell
    assert ln.Feature.from_values(["T-cell"]).one() == cell


def test_19_a_name_under_two_types_gives_both(database):
    kinds = [ln.ULabel(name=name, is_type=True).save() for name in ("x", "y")]
    first, last = (ln.ULabel(name="a", type=kind).save() for kind in kinds)
    assert ln.ULabel.from_values(["a", "x"]) == [first, last, kinds[0]]
    assert ln.ULabel.filter(type=kinds[1]).from_values(["a"]) == [last]


def test_pp27_query_sets_find_and_make_what_belongs_to_them(database, queries):
    kind = ln.ULabel(name="tissue", is_type=True).save()
    ln.save([ln.ULabel(name="blood"), ln.ULabel(name="lung", type=kind)])
    tissues = ln.ULabel.filter(type=kind)
    assert names(tissues.from_values(["blood", "lung"], mute=True)) == ["lung"]
    with queries.exactly(1):
        made = tissues.from_values(["lung", "blood", "skin"], create=True)
        assert len({record.uid for record in made}) == 3
    made.save()
    assert [record.type for record in made] == [kind] * 3
    assert ln.ULabel.filter(name="blood").count() == 2
    assert tissues.count() == 3
    described = ln.ULabel.filter(type=None, description="d").from_values(["e", "blood"], create=True).save()
    assert [(one.name, one.description, one.type_id) for one in described] == [("e", "d", None), ("blood", "d", None)]
    assert ln.ULabel.filter(name="blood").count() == 2


def test_pp27_sets_that_say_more_than_fields_make_nothing(database):
    kind = ln.ULabel(name="tissue", is_type=True).save()
    for rows in (
        ln.ULabel.filter(type__name="tissue"),
        ln.ULabel.filter(name__startswith="b"),
        ln.ULabel.filter().exclude(type=kind),
        ln.ULabel.filter(ln.Q(type=kind) | ln.Q(type=None)),
        ln.ULabel.filter(ln.ULabel.id > 3),
    ):
        with pytest.raises(InvalidArgument, match="nobody knows whether a new ULabel meets the condition"):
            rows.from_values(["blood"], create=True)
        assert rows.from_values(["lung"], mute=True) == []
    with pytest.raises(InvalidArgument, match="new records cannot all have the name of the set"):
        ln.ULabel.filter(name="blood").from_values(["lung"], create=True)
    with pytest.raises(InvalidArgument, match="cannot be made in a slice"):
        ln.ULabel.filter()[:3].from_values(["blood"], create=True)


def test_19_what_is_not_there_is_told(database, caplog):
    ln.ULabel.from_values(["a", "b", "a"])
    assert caplog.messages == ["no ULabel for 2 values; to make them, pass create=True: 'a', 'b'"]
    caplog.clear()
    ln.ULabel.from_values([f"{number}" for number in range(30)])
    assert caplog.messages[0].endswith("'18', '19', …")
    caplog.clear()
    ln.ULabel.from_values(["a"], mute=True)
    ln.ULabel.from_values(["a"], create=True)
    assert caplog.messages == []


def test_19_other_fields(database):
    labels = [ln.ULabel(name=name, reference=f"X:{name}").save() for name in "ab"]
    assert ln.ULabel.from_values(["X:b", "X:a", "X:b"], field=ln.ULabel.reference) == labels[::-1]
    assert ln.ULabel.from_values([labels[1].id, labels[0].id], field="id") == labels[::-1]
    assert ln.Feature.from_values(["X:1"], field="description", mute=True) == []
    with pytest.raises(FieldValidationError, match="cannot make a Reference: name is required"):
        ln.Reference.from_values(["10.1038/x"], field="doi", create=True)


def test_19_what_cannot_be_made_is_told(database):
    with pytest.raises(FieldValidationError, match="dtype is required"):
        ln.Feature.from_values(["a"], create=True)
    for odd in ("a\0b", "\ud800", "x" * 1000):
        with pytest.raises(FieldValidationError, match="name"):
            ln.ULabel.from_values(["fine", odd], create=True)
    with pytest.raises(FieldValidationError, match="id is kept by the system"):
        ln.ULabel.from_values([17], field="id", create=True)
    assert ln.ULabel.filter().count() == 0


def test_19_similar_names_are_different_records(database):
    made = ln.ULabel.from_values(["CD8+", "CD8-", "CD8"], create=True).save()
    assert names(made) == ["CD8+", "CD8-", "CD8"]
    assert len({record.id for record in made}) == 3


def test_19_other_databases_are_read_and_not_written(database, other_database):
    ln.ULabel(name="here").save()
    there = ln.ULabel.connect(str(other_database.instance.folder))
    assert there.from_values(["here"], mute=True) == []
    with pytest.raises(DatabaseMismatch, match="leave out create=True, or connect to it"):
        there.from_values(["here"], create=True)


def test_19_what_is_in_the_trash_is_made_anew(database):
    ln.ULabel(name="a").save().delete()
    made = ln.ULabel.from_values(["a"], create=True).save()
    assert ln.ULabel.filter(name="a").one() == made.one()


def test_19_lists_of_records(database):
    records = ln.ULabel.from_values(["a", "b"], create=True)
    assert records.to_dataframe()["name"].tolist() == ["a", "b"]
    frame = records.save().to_dataframe()
    assert frame.index.tolist() == [record.id for record in records]
    assert list(frame) == list(ln.ULabel.to_dataframe())
    assert records.to_list("name") == ["a", "b"]
    assert records.to_list() == list(records)
    with pytest.raises(MultipleObjectsReturned, match="the list has 2 records, not one"):
        records.one()
    with pytest.raises(ObjectDoesNotExist):
        SQLRecordList().one()
    assert SQLRecordList().to_dataframe().shape == (0, 0)
    with pytest.raises(InvalidArgument, match=r"the list has lamindb\.Project, lamindb\.ULabel"):
        SQLRecordList([*records, ln.Project(name="p")]).to_dataframe()


MAKE = """
import sys, lamindb as ln
names = [f"name {number}" for number in range(500)]
records = ln.ULabel.from_values(names if sys.argv[1] == "0" else names[::-1], create=True)
print("ready", flush=True)
sys.stdin.readline()
records.save()
"""


def test_19_two_processes_make_no_twins(database: Database) -> None:
    folder = Path(database.instance.folder or ".")
    command = [sys.executable, "-c", MAKE]
    writers = [
        subprocess.Popen([*command, str(number)], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"  # both have looked, and found none
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    assert ln.ULabel.filter().count() == 500
    assert len(set(ln.ULabel.filter().to_list("name"))) == 500
