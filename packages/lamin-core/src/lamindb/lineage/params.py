"""Parameters of runs as JSON: everything that has a plain form is stored in it, nothing else stops a run."""

from __future__ import annotations

import dataclasses
import json
import logging
import math
from collections.abc import Mapping, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from os import PathLike, fspath
from typing import Any
from uuid import UUID

from lamindb.lineage import redaction

log = logging.getLogger("lamindb")

DEPTH = 32
"""Lists and mappings that are nested deeper are left out; those that contain themselves, too."""
LARGEST = 64 * 1024
"""Characters of JSON above which a parameter is left out: data belongs into artifacts."""


class NoJson(Exception):
    """A value without a plain form; says what it is."""


def to_json(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as JSON values, without secrets; warns of those that have no such form and leaves them out.

    Paths and times are text, sets sorted lists, numpy scalars Python numbers; what is no number in JSON (NaN, infinity) is text;
    a record is `Registry[uid]`.
    """
    stored: dict[str, Any] = {}
    for name, value in params.items():
        try:
            stored[str(name)] = _checked(plain(value))
        except Exception as problem:  # objects can do anything when they are looked at
            said = str(problem) if isinstance(problem, NoJson) else f"{type(problem).__name__}: {problem}"
            log.warning("parameter %r is not recorded: %s", name, said)
    hidden, count = redaction.in_json(stored)
    if count:
        log.warning("%s in the parameters %s hidden", *(("1 secret", "is") if count == 1 else (f"{count} secrets", "are")))
    redacted: dict[str, Any] = hidden
    return redacted


def _checked(value: Any) -> Any:
    if (size := len(json.dumps(value))) > LARGEST:
        raise NoJson(f"it has {size:,} characters of JSON, at most {LARGEST:,} are kept; save it as an artifact")
    return value


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON has it.

    Raises
    ------
    NoJson: it has no such form.
    """
    if depth > DEPTH:
        raise NoJson(f"it is nested more than {DEPTH} levels deep")
    match value:
        case None | bool():
            return value
        case Enum():
            return plain(value.value, depth + 1)
        case str():
            return _text(value)
        case int():
            return int(value)
        case float():
            return float(value) if math.isfinite(value) else str(float(value))
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta() | Decimal() | Fraction() | UUID() | complex():
            return str(value)
        case Mapping():
            return {_text(str(key)): plain(item, depth + 1) for key, item in value.items()}
        case list() | tuple() | range():
            return [plain(item, depth + 1) for item in value]
        case Set():
            return sorted((plain(item, depth + 1) for item in value), key=json.dumps)
    return _of_object(value, depth)


def _text(value: str) -> str:
    """Without what no database stores: NUL and halves of surrogate pairs."""
    return str.__str__(value).replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def _of_object(value: Any, depth: int) -> Any:
    if isinstance(value, type):
        return _text(f"{value.__module__}.{value.__qualname__}")
    if getattr(type(value), "__qualified__", None) is not None:
        return f"{type(value).__name__}[{getattr(value, 'uid', None) or value.id}]"
    if isinstance(value, PathLike):
        path = fspath(value)
        return _text(path.replace("\\", "/") if isinstance(path, str) else path.decode("utf-8", "replace"))
    if dataclasses.is_dataclass(value):
        return plain({field.name: getattr(value, field.name) for field in dataclasses.fields(value)}, depth + 1)
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        return plain(value.item(), depth + 1)
    raise NoJson(f"a {type(value).__qualname__} is no JSON value")
