"""Parameters have a plain form, or are left out with a warning; nothing stops a run."""

import datetime as dt
import decimal
import enum
import logging
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lamindb.lineage.params import to_json


class Colour(enum.Enum):
    RED = "red"


@dataclass
class Options:
    depth: int
    where: Path


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        *[(same, same) for same in (None, True, 1, -(2**70), 1.5, "text", [], {}, [1, "a", None], {"a": {"b": [1]}})],
        ((1, (2,)), [1, [2]]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({1, "a"}, ["a", 1]),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (range(3), [0, 1, 2]),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), "nan"),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (Path("a/b"), "a/b"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.datetime(2024, 1, 2, 3), "2024-01-02T03:00:00"),
        (dt.timedelta(hours=1), "1:00:00"),
        (decimal.Decimal("1.10"), "1.10"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (Options(3, Path("x")), {"depth": 3, "where": "x"}),
        (Options, "test_params.Options"),
        ({1: "a", None: "b"}, {"1": "a", "None": "b"}),
        ("nul\0 and \ud800", "nul\N{REPLACEMENT CHARACTER} and ?"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_has_a_plain_form(value: object, stored: object) -> None:
    (found,) = to_json({"p": value}).values()
    assert found == stored or (isinstance(found, str) and found.endswith("test_params.Options"))
    assert type(found) is type(stored)


class Broken:
    def __fspath__(self) -> str:
        raise RuntimeError("nothing works")


def _endless() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"x", "a bytes is no JSON value"),
        (object(), "a object is no JSON value"),
        ([1, object()], "a object is no JSON value"),
        (np.zeros(3), "a ndarray is no JSON value"),
        (_endless(), "nested more than 32 levels deep"),
        ("x" * 70_000, "70,002 characters of JSON, at most 65,536 are kept; save it as an artifact"),
        (Broken(), "RuntimeError: nothing works"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_none_is_left_out_with_a_warning(value: object, why: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "lamindb"):
        assert to_json({"p": value, "q": 1}) == {"q": 1}
    assert len(caplog.messages) == 1
    assert why in caplog.messages[0]
