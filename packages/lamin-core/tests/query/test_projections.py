"""Rows as values, numbers, Arrow batches and polars frames; sets joined with | and &; the statement and its plan."""

from __future__ import annotations

import datetime as dt
import json
import statistics
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import DatabaseMismatch, FieldError, InvalidArgument
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import EVERYTHING, Scope

from .conftest import World

Rows = Callable[..., QuerySet[Any]]


# -- values ----------------------------------------------------------------------------------------------------------


def test_values_are_dictionaries(rows_of: Rows, world_database: Database) -> None:
    runs = rows_of("Run").filter(id__lt=3)
    with QueryLog(world_database).exactly(1):
        found = runs.values("id", "transform__key", "created_by__handle")
    assert found == [
        {"id": 1, "transform__key": "prep.py", "created_by__handle": "ada"},
        {"id": 2, "transform__key": "prep.py", "created_by__handle": "ada"},
    ]
    assert runs.order_by("-id").values("id") == [{"id": 2}, {"id": 1}]
    assert runs.none().values("id") == []


def test_values_of_all_columns(rows_of: Rows, world: World) -> None:
    for found, row in zip(rows_of("Run", EVERYTHING).values(), world.of("lamindb.Run"), strict=True):
        assert set(found) == set(row)
        assert {name: found[name] for name in ("id", "uid", "name", "params", "finished_at", "_status_code")} == {
            name: row[name] for name in ("id", "uid", "name", "params", "finished_at", "_status_code")
        }


def test_values_list(rows_of: Rows) -> None:
    labels = rows_of("ULabel").filter(id__in=[3, 4, 6], type__name="Tissue")
    assert labels.values_list("id", "name") == [(3, "alpha"), (4, "Alpha")]
    assert labels.values_list("name", flat=True) == ["alpha", "Alpha"]
    assert rows_of("ULabel").filter(id__in=[3, 4, 6]).distinct().values_list("type__name", flat=True) == ["Tissue", "Disease"]
    assert rows_of("ULabel")[1:3].values_list("id", flat=True) == [2, 3]
    with pytest.raises(InvalidArgument, match="flat=True is for one field, got 2"):
        labels.values_list("id", "name", flat=True)


def test_fields_that_are_not_there_or_have_several_values(rows_of: Rows) -> None:
    with pytest.raises(FieldError, match="ULabel has no field 'nam'; did you mean 'name'"):
        rows_of("ULabel").values("nam")
    with pytest.raises(FieldError, match="may have several values in a row"):
        rows_of("ULabel").values_list("artifacts__key")
    with pytest.raises(FieldError, match="is a comparison"):
        rows_of("ULabel").values("name__startswith")


# -- numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_over_all_rows(rows_of: Rows, world: World, world_database: Database) -> None:
    sizes = [row["size"] for row in world.of("lamindb.Artifact") if row["size"] is not None]
    times = [row["finished_at"] for row in world.of("lamindb.Run") if row["finished_at"] is not None]
    artifacts, runs = rows_of("Artifact", EVERYTHING), rows_of("Run", EVERYTHING)
    with QueryLog(world_database).exactly(1):
        found = artifacts.aggregate(
            ln.Count("id"), ln.Sum("size"), mean=ln.Avg("size"), least=ln.Min("size"), most=ln.Max("size")
        )
    assert found == {
        "id__count": 8,
        "size__sum": sum(sizes),
        "mean": pytest.approx(statistics.mean(sizes)),
        "least": min(sizes),
        "most": max(sizes),
    }
    assert [type(value) for value in found.values()] == [int, int, float, int, int]
    assert runs.aggregate(first=ln.Min("finished_at"), last=ln.Max("finished_at")) == {"first": min(times), "last": max(times)}


def test_text_by_code_point_and_equal_values_once(rows_of: Rows, world: World) -> None:
    names = [row["name"] for row in world.of("lamindb.ULabel")]
    assert rows_of("ULabel", EVERYTHING).aggregate(ln.Min("name"), ln.Max("name")) == {
        "name__min": min(names),
        "name__max": max(names),
    }
    assert rows_of("Artifact", EVERYTHING).aggregate(
        ln.Count("run__transform__key"), kinds=ln.Count("run__transform__key", distinct=True)
    ) == {"run__transform__key__count": 5, "kinds": 2}


def test_numbers_over_none_and_over_slices(rows_of: Rows) -> None:
    nothing = rows_of("Artifact").filter(key="none")
    assert nothing.aggregate(ln.Count("id"), ln.Sum("size"), ln.Max("key")) == {
        "id__count": 0,
        "size__sum": None,
        "key__max": None,
    }
    assert rows_of("ULabel").order_by("-id")[:3].aggregate(ln.Count("id"), last=ln.Min("id")) == {"id__count": 3, "last": 11}


def test_numbers_that_are_none(rows_of: Rows) -> None:
    for wanted, text in (
        (ln.Sum("key"), r"Artifact\.key \(text\) has no sum; that is for integer, float"),
        (ln.Max("is_latest"), r"\(boolean\) has no max"),
        (ln.Min("extra_data"), r"\(json\) has no min"),
        (ln.Avg("run"), "has no avg"),
        (ln.Sum("siz"), "Artifact has no field 'siz'; did you mean 'size'"),
    ):
        with pytest.raises(FieldError, match=text):
            rows_of("Artifact").aggregate(wanted)
    for arguments, text in (
        ((), "aggregate needs at least one of"),
        (("size",), r"as Sum\('size'\), not 'size'"),
        ((ln.Sum("size"), ln.Sum("size")), "two numbers have one name: size__sum"),
    ):
        with pytest.raises(InvalidArgument, match=text):
            rows_of("Artifact").aggregate(*arguments)


# -- order and sets --------------------------------------------------------------------------------------------------


def test_reverse(rows_of: Rows) -> None:
    labels = rows_of("ULabel").filter(id__in=[3, 4, 5])
    assert labels.reverse().to_list("id") == [5, 4, 3]
    assert labels.reverse().reverse().to_list("id") == [3, 4, 5]
    assert labels.order_by("-name").reverse().to_list("name") == ["Alpha", "alp_a", "alpha"]
    assert labels.reverse().order_by("id").to_list("id") == [3, 4, 5], "an order that is asked for afterwards is as asked for"
    assert (labels.reverse().first().id, labels.reverse().last().id) == (5, 3)  # type: ignore[union-attr]
    assert labels.reverse()[1:].to_list("id") == [4, 3]
    assert list(labels.reverse().to_dataframe().index) == [5, 4, 3]
    with pytest.raises(InvalidArgument, match="a slice cannot be changed by reverse"):
        labels[:2].reverse()


def test_either_set_and_both(rows_of: Rows, world_database: Database) -> None:
    labels = rows_of("ULabel")
    tissue, early = labels.filter(type__name="Tissue"), labels.filter(id__lt=5)
    with QueryLog(world_database).exactly(1):
        assert (tissue | early).to_list("id") == [1, 2, 3, 4, 5, 9]
    assert (tissue & early).to_list("id") == [3, 4]
    assert (early | tissue).filter(name="alpha").to_list("id") == [3]
    assert (tissue.order_by("-id") | early).to_list("id") == [9, 5, 4, 3, 2, 1]
    assert (tissue | labels.none()).to_list("id") == tissue.to_list("id")
    assert (tissue & labels.none()).count() == 0
    assert (labels | tissue).count() == labels.count()


def test_each_set_has_related_rows_of_its_own(rows_of: Rows) -> None:
    artifacts = rows_of("Artifact")
    first, second = artifacts.filter(ulabels__name="alpha"), artifacts.filter(ulabels__name="Alpha")
    assert (first & second).to_list("id") == first.filter(ulabels__name="Alpha").to_list("id") == [1, 7]
    assert artifacts.filter(ulabels__name="alpha").filter(ln.Q(ulabels__name="Alpha")).to_list("id") == [1, 7]
    assert (first | second).to_list("id") == [1, 2, 7]


def test_each_set_sees_its_own_branches(rows_of: Rows) -> None:
    main, everything = rows_of("ULabel").filter(name="a"), rows_of("ULabel").filter(name="a", branch=None)
    assert (main.to_list("id"), everything.to_list("id")) == ([11], [11, 14])
    assert (main | everything).to_list("id") == [11, 14]
    assert (main & everything).to_list("id") == [11]
    mine = rows_of("ULabel", Scope(("contrib", "main"))).filter(name="mine")
    assert (mine | main).to_list("id") == [11, 16]


def test_what_cannot_be_joined(rows_of: Rows, world_database: Database, database: Database) -> None:
    labels = rows_of("ULabel")
    for other in (rows_of("Artifact"), [1, 2], None):
        with pytest.raises(InvalidArgument, match="takes another query set of ULabel, not"):
            labels | other  # type: ignore[operator]
    with pytest.raises(InvalidArgument, match="a slice cannot be changed by &"):
        labels & labels[:3]
    with pytest.raises(DatabaseMismatch, match="one set is about"):
        labels | ln.ULabel.filter()


# -- batches ---------------------------------------------------------------------------------------------------------


def test_batches_have_all_rows_in_their_order(rows_of: Rows) -> None:
    labels = rows_of("ULabel", EVERYTHING).order_by("-name")
    for size in (1, 3, 17, 100):
        batches = list(labels.iter_batches(size))
        assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1)
        found = [name for batch in batches for name in batch.column("name").to_pylist()]
        assert found == labels.to_list("name")
    assert list(rows_of("ULabel").none().iter_batches()) == []


def test_a_table_has_the_columns_of_a_frame(rows_of: Rows, world: World) -> None:
    artifacts = rows_of("Artifact", EVERYTHING)
    table, frame = artifacts.to_arrow(), artifacts.to_dataframe(limit=None, order_by=None)
    assert table.column_names == ["id", *frame.columns]
    assert table.column("size").to_pylist() == [row["size"] for row in world.of("lamindb.Artifact")]
    assert table.column("created_at").to_pylist() == [each.created_at for each in artifacts]
    assert [json.loads(each) if each else None for each in table.column("extra_data").to_pylist()] == [
        row["extra_data"] for row in world.of("lamindb.Artifact")
    ]


def test_types_do_not_depend_on_the_rows(rows_of: Rows) -> None:
    artifacts = rows_of("Artifact", EVERYTHING)
    include = ["size", "is_latest", "created_at", "ulabels__name", "run__finished_at"]
    schema = artifacts.to_arrow(include=include).schema
    assert artifacts.none().to_arrow(include=include).schema == schema
    assert {field.name: field.type for field in schema} == {
        "id": pa.int64(),
        "uid": pa.string(),
        "key": pa.string(),
        "size": pa.int64(),
        "is_latest": pa.bool_(),
        "created_at": pa.timestamp("us", tz="UTC"),
        "ulabels__name": pa.list_(pa.string()),
        "run__finished_at": pa.timestamp("us", tz="UTC"),
    }


def test_lists_and_related_fields_in_batches(rows_of: Rows) -> None:
    artifacts = rows_of("Artifact", EVERYTHING).filter(id__in=[1, 5, 7])
    found = artifacts.to_arrow(include=["ulabels__name", "run__transform__key"]).to_pylist()
    assert [(row["ulabels__name"], row["run__transform__key"]) for row in found] == [
        (["alpha", "Alpha"], "prep.py"),
        ([], None),
        (["alpha", "Alpha", "alp_a"], None),
    ]


def test_the_number_of_statements(rows_of: Rows, world_database: Database) -> None:
    labels = rows_of("ULabel", EVERYTHING)
    with QueryLog(world_database).exactly(2):
        labels.to_arrow()
    with QueryLog(world_database).exactly(1 + 2 * 4):
        list(labels.iter_batches(5, include="artifacts__key"))


def test_rows_that_go_meanwhile_are_left_out(database: Database) -> None:
    ln.save([ln.ULabel(name=f"{number}") for number in range(6)])
    batches = ln.ULabel.filter().iter_batches(2)
    assert next(batches).column("name").to_pylist() == ["0", "1"]
    ln.ULabel.get(name="3").delete(permanent=True)
    ln.ULabel(name="new").save()
    assert [batch.column("name").to_pylist() for batch in batches] == [["2"], ["4", "5"]]


def test_polars(rows_of: Rows) -> None:
    polars = pytest.importorskip("polars")
    frame = rows_of("ULabel").filter(type__name="Tissue").to_polars(include="artifacts__key")
    assert frame.shape == (4, 4)
    assert frame.schema["artifacts__key"] == polars.List(polars.String)
    assert rows_of("Run").to_polars().schema["finished_at"] == polars.Datetime("us", "UTC")


@pytest.mark.parametrize("size", [0, -1, 1.5, "many", True])
def test_sizes_that_are_none(rows_of: Rows, size: Any) -> None:
    with pytest.raises(InvalidArgument, match="batch_size is a number of rows from 1, not"):
        rows_of("ULabel").iter_batches(size)


def test_fields_that_are_not_there_are_told_before_the_first_batch(rows_of: Rows) -> None:
    with pytest.raises(FieldError, match="ULabel has no field 'nam'"):
        rows_of("ULabel").iter_batches(include="nam")


# -- the plan --------------------------------------------------------------------------------------------------------


def test_explain_shows_statement_parameters_and_plan(rows_of: Rows, world_database: Database) -> None:
    text = rows_of("ULabel").filter(name="alpha", created_at__gt=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)).explain()
    assert text.startswith("SELECT lamindb_ulabel.id")
    assert "= 'alpha'" in text
    plan = text.rpartition("\n\n")[2]
    assert ("USING INDEX" if world_database.dialect == "sqlite" else "Scan") in plan
    if world_database.dialect == "postgresql":
        assert "actual time" in rows_of("ULabel").explain(analyze=True)
