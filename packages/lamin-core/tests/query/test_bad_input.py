"""What people type wrongly when they read, wherever it can be typed: refused in words on both databases, or right."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument, LaminError, UnsavedRecord
from lamindb.query.queryset import QuerySet

Rows = Callable[..., QuerySet[Any]]


@pytest.mark.parametrize(
    ("keyword", "where", "near"),
    [
        ("nam", "ULabel", "name"),
        ("typ__name", "ULabel", "type"),
        ("type__nam", "ULabel", "name"),
        ("artifacts__kee", "Artifact", "key"),
        ("artifacts__run__nme", "Run", "name"),
        ("artifacts__run__transform__kye__startswith", "Transform", "key"),
        ("artifacts__ulabels__artifacts__siz__gt", "Artifact", "size"),
    ],
)
def test_misspelt_fields_at_each_depth(rows_of: Rows, keyword: str, where: str, near: str) -> None:
    segment = next(part for part in keyword.split("__") if part in ("nam", "typ", "kee", "nme", "kye", "siz"))
    with pytest.raises(FieldError) as caught:
        rows_of("ULabel").filter(**{keyword: 1})
    text = str(caught.value)
    assert re.search(rf"{where} has no field {segment!r}.*did you mean {near!r}", text) or f"{near!r}" in text
    assert re.search(rf"its fields are (\w+, )*{near}(, \w+)*", text)


def test_unsaved_records_as_values(database: Database) -> None:
    new = ln.ULabel(name="new")
    for lookups in ({"type": new}, {"type__in": [new]}, {"parents": new}, {"artifacts__ulabels": new}):
        with pytest.raises(UnsavedRecord, match="is not saved yet, so no row refers to it; save it before filtering by it"):
            ln.ULabel.filter(**lookups).count()
    with pytest.raises(UnsavedRecord, match="save this ULabel before using its"):
        new.artifacts.filter(key="a")


@pytest.mark.parametrize("number", [0, 1, 999, 10_000])
@pytest.mark.parametrize("field", ["name", "id", "type", "created_at"])
def test_long_lists_of_values(rows_of: Rows, number: int, field: str) -> None:
    values = {
        "name": [f"label {each}" for each in range(number)] + ["alpha"],
        "id": [*range(1000, 1000 + number), 3],
        "type": [*range(1000, 1000 + number), 1],
        "created_at": [dt.datetime(1990, 1, 1) + dt.timedelta(seconds=each) for each in range(number)],
    }[field]
    found = rows_of("ULabel").filter(branch=1, **{f"{field}__in": values}).to_list("id")
    assert found == {"name": [3], "id": [3], "type": [3, 4, 5, 9], "created_at": []}[field]


def test_fifty_joined_conditions(rows_of: Rows) -> None:
    either, both, chained, nested = ln.Q(), ln.Q(), rows_of("ULabel"), ln.Q(name="alpha")
    for number in range(50):
        either |= ln.Q(name=f"label {number}", type__name="Tissue")
        both &= ~ln.Q(artifacts__key=f"key {number}")
        chained = chained.filter(ln.Q(artifacts__key="pbmc.h5ad") | ln.Q(name=f"label {number}"))
        if number < 10:
            nested = ~(ln.Q(name=f"label {number}") | ~nested)
    assert rows_of("ULabel").filter(either | ln.Q(name="alpha")).to_list("id") == [3]
    assert rows_of("ULabel").filter(both).count() == 13
    assert chained.to_list("id") == [3, 4, 7]
    assert rows_of("ULabel").filter(nested).to_list("id") == [3]


@pytest.mark.parametrize(
    "letter", ["%", "_", "*", "?", "[", "]", "\\", "'", '"', "^", "-", "{", "\n", "%%", "\\%", "\\_", "[a]", "%s", ":x", "?1"]
)
def test_wildcards_in_values_are_ordinary_letters(rows_of: Rows, letter: str) -> None:
    every = rows_of("ULabel").filter(branch=None)
    names = {row["id"]: row["name"] for row in every.values("id", "name")}
    for lookup, test in (
        ("contains", lambda name: letter in name),
        ("icontains", lambda name: letter in name),
        ("startswith", lambda name: name.startswith(letter)),
        ("iendswith", lambda name: name.endswith(letter)),
        ("iexact", lambda name: name == letter),
        ("exact", lambda name: name == letter),
    ):
        assert every.filter(**{f"name__{lookup}": letter}).to_list("id") == [
            row_id for row_id, name in names.items() if test(name)
        ]


@pytest.mark.parametrize("text", ["a\0b", "\0", "\ud800", "a\udfff"])
def test_texts_that_no_database_keeps(rows_of: Rows, text: str) -> None:
    labels = rows_of("ULabel")
    for ask in (
        lambda: labels.filter(name=text),
        lambda: labels.filter(name__in=["a", text]),
        lambda: labels.filter(name__icontains=text),
        lambda: labels.filter(name__regex=text),
        lambda: labels.filter(artifacts__run__transform__key=text),
        lambda: labels.get(text),
        lambda: labels.get(name=text),
        lambda: labels.filter(branch=text),
        lambda: rows_of("Run").filter(params__a=text),
        lambda: rows_of("Run").filter(**{f"params__{text}": 1}),
        lambda: labels.filter(**{text: 1}),
        lambda: labels.order_by(text),
        lambda: labels.values(text),
        lambda: labels.to_dataframe(include=text),
        lambda: labels.annotate(**{text: ln.Count("artifacts")}),
    ):
        with pytest.raises((InvalidArgument, FieldError)):
            ask().count()  # type: ignore[attr-defined]  # whatever it is


@pytest.mark.parametrize("pattern", ["(?<=a)b", r"\p{L}", "a(?#c)", "(?P<n>a)", "[[:alpha:]]", "(", "*a", "a{2,1}", r"\1"])
def test_regular_expressions_that_engines_do_not_share(rows_of: Rows, pattern: str) -> None:
    for lookup in ("regex", "iregex"):
        with pytest.raises(InvalidArgument):
            rows_of("ULabel").filter(**{f"name__{lookup}": pattern}).to_list()


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part.filter(name="x"),
        lambda part: part.filter(),
        lambda part: part.exclude(name="x"),
        lambda part: part.order_by("name"),
        lambda part: part.reverse(),
        lambda part: part.get(name="x"),
        lambda part: part | part,
        lambda part: part & part.all(),
    ],
)
def test_slices_are_not_changed(rows_of: Rows, change: Callable[[Any], Any]) -> None:
    with pytest.raises(InvalidArgument, match="a slice cannot be changed by "):
        change(rows_of("ULabel")[:3])


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda rows: rows.order_by("?"), r"ULabel has no field '\?'"),
        (lambda rows: rows.order_by(""), "ULabel has no field ''"),
        (lambda rows: rows.order_by("-"), "ULabel has no field ''"),
        (lambda rows: rows.order_by("--name"), "ULabel has no field '-name'"),
        (lambda rows: rows.order_by("name desc"), "has no field 'name desc'"),
        (lambda rows: rows.order_by(["name"]), "order_by takes names of fields"),
        (lambda rows: rows.order_by(None), "order_by takes names of fields"),
        (lambda rows: rows.order_by("artifacts"), "may have several values in a row"),
        (lambda rows: rows.values(5), "are named by text, as .*, not 5"),
        (lambda rows: rows.values(["name"]), r"are named by text, as .*, not \['name'\]"),
        (lambda rows: rows.values_list(None), r"are named by text, as .*, not None"),
        (lambda rows: rows.values_list(flat=True), "flat=True is for one field, got 0"),
        (lambda rows: rows.to_list(5), r"are named by text, as .*, not 5"),
        (lambda rows: rows.to_list(["name"]), r"are named by text, as .*, not \['name'\]"),
        (lambda rows: rows.to_dataframe(limit="all"), "limit is a number of rows or None for all, got 'all'"),
        (lambda rows: rows.to_dataframe(limit=-1), "limit is a number of rows"),
        (lambda rows: rows.to_dataframe(include=5), "include takes names of fields"),
        (lambda rows: rows.to_dataframe(include=[None]), "include takes names of fields"),
        (lambda rows: rows.to_dataframe(order_by=5), "order_by takes names of fields"),
        (lambda rows: rows.iter_batches(0), "batch_size is a number of rows from 1"),
        (lambda rows: rows.iter_batches(2, include=5), "include takes names of fields"),
        (lambda rows: rows.lookup(5), r"are named by text, as .*, not 5"),
        (lambda rows: rows.aggregate(ln.Count(5)), r"are named by text, as .*, not 5"),
        (lambda rows: rows.annotate(n=ln.Count(None)), r"are named by text, as .*, not None"),
        (lambda rows: rows["a"], "takes a position or a slice, got 'a'"),
        (lambda rows: rows[1.5], "takes a position or a slice, got 1.5"),
        (lambda rows: rows["a":], "takes slices with ends from 0"),
        (lambda rows: rows[True:], "takes slices with ends from 0"),
    ],
)
def test_what_is_no_field_number_or_position(rows_of: Rows, ask: Callable[[Any], Any], said: str) -> None:
    with pytest.raises(LaminError, match=said):
        ask(rows_of("ULabel"))


def test_distinct_last_and_reverse(rows_of: Rows) -> None:
    labels = rows_of("ULabel")
    assert labels.distinct().values("type_id") == [{"type_id": None}, {"type_id": 1}, {"type_id": 2}]
    assert labels.distinct().values_list("type__name", "is_type")[:2] == [(None, True), ("Tissue", False)]
    assert labels.distinct().count() == 13, "rows are never repeated anyhow"
    assert labels.distinct().reverse().to_list("type_id") == [None, 2, 1]
    assert rows_of("Run").distinct().values("params")[0] == {"params": {"lr": 0.1}}
    assert labels.order_by("-name").reverse().last().name == "βeta" == labels.order_by("name").last().name
    assert labels.reverse()[:3].last().id == 11
    assert labels.none().last() is labels.none().first() is None
