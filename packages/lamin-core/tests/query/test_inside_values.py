"""Conditions on what lies in JSON values and points in time, compared with plain Python over the same rows, on both databases."""

from __future__ import annotations

import datetime as dt
import itertools
import operator
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument

PARAMS: list[Any] = [
    None,
    {},
    {"a": None},
    {"a": 1},
    {"a": 1.5},
    {"a": -2},
    {"a": 10**15},
    {"a": True},
    {"a": False},
    {"a": ""},
    {"a": "1"},
    {"a": "Ünï"},
    {"a": "alpha beta"},
    {"a": "100%_"},
    {"a": "null"},
    {"a": {"b": 1}},
    {"a": {"b": {"c": "deep"}}},
    {"a": [1, "two", None]},
    {"a": {"0": "zero"}},
    {"a": []},
    {"A": 1},
    {"a b": 1, "q$u'o.te[0]": 2, "exact": 3},
    [1, 2],
    "text",
    7,
]
KEYS: tuple[tuple[str, ...], ...] = (
    ("a",),
    ("a", "b"),
    ("a", "b", "c"),
    ("a", "0"),
    ("a", "1"),
    ("a b",),
    ("q$u'o.te[0]",),
    ("0",),
)
VALUES = (1, 1.5, -2, 0, True, False, "1", "", "Ünï", "ünï", "alpha", "beta", "%_", "null", "deep", "two", "zero", 10**15)
MISSING = object()


def inside(value: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key, MISSING)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return MISSING
    return value


def kind(value: Any) -> str:
    return "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else type(value).__name__


TEXT: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "icontains": lambda value, wanted: wanted.lower() in value.lower(),
    "istartswith": lambda value, wanted: value.lower().startswith(wanted.lower()),
    "iendswith": lambda value, wanted: value.lower().endswith(wanted.lower()),
}
ORDER: dict[str, Callable[[Any, Any], bool]] = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def meets(value: Any, lookup: str, wanted: Any) -> bool:
    if lookup == "isnull":
        return (value is MISSING or value is None) is wanted
    if kind(value) != kind(wanted):
        return False
    if lookup in ("", "exact"):
        return bool(value == wanted)
    return bool({**TEXT, **ORDER}[lookup](value, wanted))


@pytest.fixture
def runs(database: Database) -> dict[int, Any]:
    """What each run has, by its id."""
    transform = ln.Transform(key="t").save()
    made = [ln.Run(transform) for _ in PARAMS]
    ln.save(made)
    with database.writing() as transaction:
        for run, params in zip(made, PARAMS, strict=True):
            table = ln.Run.__table__
            transaction.connection.execute(sa.update(table).where(table.c.id == run.id).values(params=params))
    return {run.id: params for run, params in zip(made, PARAMS, strict=True)}


def asked() -> list[tuple[tuple[str, ...], str, Any]]:
    found: list[tuple[tuple[str, ...], str, Any]] = []
    for keys, value in itertools.product(KEYS, VALUES):
        lookups = ["", *(() if isinstance(value, bool) else ORDER), *(TEXT if isinstance(value, str) else ())]
        found += [(keys, lookup, value) for lookup in lookups]
    return found + [(keys, "isnull", value) for keys in KEYS for value in (True, False)]


def test_conditions_mean_the_same_as_in_python(database: Database, runs: dict[int, Any]) -> None:
    for keys, lookup, value in asked():
        keyword = "__".join(("params", *keys, *([lookup] if lookup else [])))
        expected = [run_id for run_id, params in runs.items() if meets(inside(params, keys), lookup, value)]
        assert ln.Run.filter(**{keyword: value}).to_list("id") == expected, (keyword, value)
        assert ln.Run.filter().exclude(**{keyword: value}).to_list("id") == [each for each in runs if each not in expected], (
            keyword,
            value,
        )


def test_lists_ranges_and_none(database: Database, runs: dict[int, Any]) -> None:
    def ids(test: Callable[[Any], bool]) -> list[int]:
        return [run_id for run_id, params in runs.items() if test(inside(params, ("a",)))]

    def one_of(value: Any, *wanted: Any) -> bool:
        return any(meets(value, "", one) for one in wanted)

    assert ln.Run.filter(params__a__in=[1, "1", True]).to_list("id") == ids(lambda value: one_of(value, 1, "1", True))
    assert ln.Run.filter(params__a__in=[1, None]).to_list("id") == ids(
        lambda value: one_of(value, 1) or value is MISSING or value is None
    )
    assert ln.Run.filter(params__a__range=(0, 2)).to_list("id") == ids(lambda value: kind(value) == "number" and 0 <= value <= 2)
    assert ln.Run.filter(params__a=None).to_list("id") == ln.Run.filter(params__a__isnull=True).to_list("id")


def test_over_relations_and_as_values(database: Database, runs: dict[int, Any], tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text("x")
    run = ln.Run.get(next(run_id for run_id, params in runs.items() if params == {"a": {"b": {"c": "deep"}}}))
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt", run=run).save()
    assert ln.Artifact.filter(run__params__a__b__c="deep").one() == artifact
    assert ln.Artifact.filter(run__params__a__b__c__startswith="x").count() == 0
    assert ln.Transform.filter(runs__params__a__b__c="deep").count() == 1
    assert ln.Artifact.filter().values("run__params") == [{"run__params": {"a": {"b": {"c": "deep"}}}}]


def test_what_cannot_be_asked(database: Database) -> None:
    for lookups, error, text in (
        (
            {"params__a__gt": True},
            InvalidArgument,
            r"Run\.params__a is compared by gt with text, a number, True or False, got True",
        ),
        ({"params__a__contains": 1}, InvalidArgument, "is compared by contains with"),
        ({"params__a": {"b": 1}}, InvalidArgument, "is compared by exact with"),
        ({"params__a": float("nan")}, InvalidArgument, "is compared by exact with"),
        ({"params____a": 1}, FieldError, "does not lead into a JSON value"),
        ({"params__\0": 1}, FieldError, "does not lead into a JSON value"),
        ({'params__a"b': 1}, FieldError, "a key is a text without quotation marks"),
        ({"params__\ud800": 1}, FieldError, "does not lead into a JSON value"),
        ({"params__a": "\0"}, InvalidArgument, "is compared by exact with"),
        ({"name__a": 1}, FieldError, "cannot be compared by 'a'"),
        ({"created_at__yaer": 1}, FieldError, "cannot be compared by 'yaer'"),
        ({"created_at__year": "x"}, InvalidArgument, "is compared by exact with a whole number, got 'x'"),
        ({"created_at__year__contains": 1}, FieldError, "cannot be compared by 'contains'"),
        ({"created_at__date": 3}, InvalidArgument, "with a date, got 3"),
    ):
        with pytest.raises(error, match=text):
            ln.Run.filter(**lookups)


MOMENTS = [
    dt.datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=dt.UTC),
    dt.datetime(2024, 3, 1, tzinfo=dt.UTC),
    dt.datetime(2023, 12, 31, 12, 30, 5, 250_000, tzinfo=dt.UTC),
    dt.datetime(2024, 1, 1, 0, 0, 1, tzinfo=dt.UTC),
    dt.datetime(1999, 7, 4, 4, 5, 6, tzinfo=dt.UTC),
    None,
]
PARTS: dict[str, Callable[[dt.datetime], int]] = {
    "year": lambda moment: moment.year,
    "quarter": lambda moment: (moment.month + 2) // 3,
    "month": lambda moment: moment.month,
    "day": lambda moment: moment.day,
    "hour": lambda moment: moment.hour,
    "minute": lambda moment: moment.minute,
    "second": lambda moment: moment.second,
    "week_day": lambda moment: moment.isoweekday() % 7 + 1,
    "iso_week_day": lambda moment: moment.isoweekday(),
}


@pytest.fixture
def times(database: Database) -> dict[int, dt.datetime | None]:
    transform = ln.Transform(key="t").save()
    made = [ln.Run(transform) for _ in MOMENTS]
    ln.save(made)
    table = ln.Run.__table__
    with database.writing() as transaction:
        for run, moment in zip(made, MOMENTS, strict=True):
            transaction.connection.execute(sa.update(table).where(table.c.id == run.id).values(finished_at=moment))
    return {run.id: moment for run, moment in zip(made, MOMENTS, strict=True)}


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_points_in_time(database: Database, times: dict[int, dt.datetime | None], part: str) -> None:
    for wanted in sorted({PARTS[part](moment) for moment in MOMENTS if moment is not None}):
        for lookup, compare in {"": operator.eq, **ORDER}.items():
            keyword = f"finished_at__{part}{'__' if lookup else ''}{lookup}"
            expected = [run_id for run_id, at in times.items() if at is not None and compare(PARTS[part](at), wanted)]
            assert ln.Run.filter(**{keyword: wanted}).to_list("id") == expected, (keyword, wanted)
    values = ln.Run.filter().values_list(f"finished_at__{part}", flat=True)
    assert values == [PARTS[part](moment) if moment is not None else None for moment in MOMENTS]


def test_days(database: Database, times: dict[int, dt.datetime | None]) -> None:
    day = dt.date(2024, 2, 29)
    at = {run_id: moment.date() for run_id, moment in times.items() if moment is not None}
    assert ln.Run.filter(finished_at__date=day).to_list("id") == [run_id for run_id, found in at.items() if found == day]
    assert ln.Run.filter(finished_at__date__gt="2024-01-01").to_list("id") == [
        run_id for run_id, found in at.items() if found > dt.date(2024, 1, 1)
    ]
    assert ln.Run.filter(finished_at__date__in=[day, dt.date(1999, 7, 4)]).count() == 2
    assert ln.Run.filter(finished_at__year__in=[2024, 1999]).order_by("-finished_at__year", "finished_at__month").values_list(
        "finished_at__year", "finished_at__month"
    ) == [(2024, 1), (2024, 2), (2024, 3), (1999, 7)]
    assert ln.Run.filter(finished_at__year=None).count() == 1


def test_regular_expressions_in_any_case(database: Database) -> None:
    ln.save([ln.ULabel(name=name) for name in ("CD8+", "cd4", "CD4x", "Ünï")])
    assert ln.ULabel.filter(name__iregex=r"^cd\d").to_list("name") == ["CD8+", "cd4", "CD4x"]
    assert ln.ULabel.filter(name__iregex="^cd4$").to_list("name") == ["cd4"]
    assert ln.ULabel.filter(name__iregex="üNÏ").to_list("name") == ["Ünï"]
    with pytest.raises(InvalidArgument, match="not a regular expression"):
        ln.ULabel.filter(name__iregex="(")
