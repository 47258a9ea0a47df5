"""What a constructor accepts: names, presence, types, lengths and choices, all from the schema. No database is touched."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from lamindb import catalog
from lamindb.errors import FieldValidationError, closest
from lamindb.records import named
from lamindb.records.columns import JSON, UTCDateTime, text_problem

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord


class _Unset:
    """The value of an argument that was left out, where None means something else."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Any = _Unset()
KEPT_BY_THE_SYSTEM = frozenset({"id", "uid", "created_at", "updated_at", "created_by_id", "created_on_id", "is_latest"})


@dataclass(frozen=True, slots=True)
class Signature:
    """The arguments of a registry's constructor."""

    columns: dict[str, sa.Column[Any]]
    """Plain columns by argument."""
    relations: dict[str, str]
    """Foreign-key columns by the name of the relation."""
    targets: dict[str, str]
    """Registries by the name of the relation."""
    required: tuple[str, ...]
    names: tuple[str, ...]
    """All arguments, in alphabetical order."""


@functools.cache
def signature(registry: type[BaseSQLRecord]) -> Signature:
    """Read the arguments of a constructor from the columns and relations of the registry."""
    entry = catalog.entry(registry.__qualified__)
    kept = KEPT_BY_THE_SYSTEM - registry._accepts
    ones = {name: relation for name, relation in entry["relations"].items() if relation[0] == "one"}
    relation_of = {relation[2]: name for name, relation in ones.items()}
    columns: dict[str, sa.Column[Any]] = {}
    required: list[str] = []
    for column in registry.__table__.columns:
        if column.key in kept or (column.key.startswith("_") and column.key not in registry._accepts):
            continue
        columns[column.key] = column
        if (
            column.key not in KEPT_BY_THE_SYSTEM
            and not column.nullable
            and column.server_default is None
            and default_of(column) is None
        ):
            required.append(relation_of.get(column.key, column.key))
    relations = {name: relation[2] for name, relation in ones.items() if relation[2] in columns}
    targets = {name: ones[name][1] for name in relations}
    return Signature(columns, relations, targets, tuple(required), tuple(sorted({*columns, *relations})))


def passed(given: Mapping[str, Any], *others: str) -> dict[str, Any]:
    """Return those arguments of a constructor that were passed and stand for columns or relations.

    Parameters
    ----------
    given
        The `locals()` of the constructor. None stands for an argument that was left out, but for `type`, where it asks for none.
    *others
        Arguments that stand for no column.
    """
    left_out = {"self", *others}
    return {
        name: value
        for name, value in given.items()
        if name not in left_out and value is not UNSET and (value is not None or name == "type")
    }


def fill(record: BaseSQLRecord, positional: tuple[Any, ...], values: dict[str, Any]) -> None:
    """Check the arguments and set them; what was not passed stays unset until the record is saved.

    Raises
    ------
    FieldValidationError: names all problems at once.
    """
    registry = type(record)
    values = by_position(registry, registry._positional, positional, values)
    expected = signature(registry)
    problems = _missing(expected, values) + problems_of(registry, values)
    if problems:
        raise refused(registry, problems)
    for name, value in values.items():
        if value is not None or expected.columns[expected.relations.get(name, name)].nullable:  # else it takes the default
            setattr(record, name, value)


def refused(registry: type[BaseSQLRecord], problems: Sequence[str]) -> FieldValidationError:
    """Return the error for a call with problems."""
    name = registry.__name__
    return FieldValidationError(f"cannot make {'an' if name[0] in 'AEIO' else 'a'} {name}: {'; '.join(problems)}")


def by_position(
    registry: type[BaseSQLRecord], names: Sequence[str], positional: tuple[Any, ...], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all arguments by name.

    Raises
    ------
    FieldValidationError: more are passed by position than can be, or one is passed twice.
    """
    if not positional:
        return dict(values)
    kind = registry.__name__
    if len(positional) > len(names):
        got = f"by position, got {len(positional)}"
        if names:
            raise FieldValidationError(f"{kind} takes only {', '.join(names)} {got}: pass the rest by keyword")
        example = catalog.entry(registry.__qualified__)["name_field"] or signature(registry).names[0]
        raise FieldValidationError(f"{kind} takes no arguments {got}: pass keywords, as {kind}({example}=…)")
    given = dict(zip(names, positional, strict=False))
    if twice := [name for name in given if name in values]:
        raise FieldValidationError(f"{kind} got {twice[0]} twice, by position and by keyword")
    return {**given, **values}


def _missing(expected: Signature, values: dict[str, Any]) -> list[str]:
    return missing_problems(
        [
            name
            for name in expected.required
            if values.get(name) is None and values.get(expected.relations.get(name, name)) is None
        ]
    )


def missing_problems(missing: Sequence[str]) -> list[str]:
    """Say which arguments are missing."""
    return [f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} required"] if missing else []


def problems_of(registry: type[BaseSQLRecord], values: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with arguments that were passed."""
    return value_problems(registry, values) + _unknown(registry, signature(registry), values)


def _unknown(registry: type[BaseSQLRecord], expected: Signature, values: Mapping[str, Any]) -> list[str]:
    unknown = [name for name in values if name not in expected.columns and name not in expected.relations]
    if not unknown:
        return []
    kept = [name for name in unknown if name in KEPT_BY_THE_SYSTEM and name in registry.__table__.c]
    others = [name for name in unknown if name not in kept]
    return [f"{name} is kept by the system and cannot be passed" for name in kept] + unknown_problems(others, expected.names)


def unknown_problems(values: Iterable[str], names: Sequence[str]) -> list[str]:
    """Say which arguments do not exist, and which ones do."""
    unknown = [f"{name!r} is not an argument{closest(name, names)}" for name in values if name not in names]
    return [*unknown[:-1], f"{unknown[-1]} (arguments are {', '.join(names)})"] if unknown else []


def value_problems(registry: type[BaseSQLRecord], values: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with the values of arguments that stand for columns or relations."""
    expected = signature(registry)
    checked = [_check_argument(expected, name, value, values) for name, value in values.items()]
    return [problem for problem in checked if problem is not None]


def _check_argument(expected: Signature, name: str, value: Any, values: Mapping[str, Any]) -> str | None:
    if name in expected.relations:
        if expected.relations[name] in values:
            return f"pass {name} or {expected.relations[name]}, not both"
        target = expected.targets[name]
        kind = target.rpartition(".")[2]
        if value is None:
            return None
        if getattr(type(value), "__qualified__", None) == target:
            return _check_type(name, value)
        if name in named.RELATIONS and isinstance(value, str):
            return text_problem(name, value)
        also = ", its name or its uid" if name in named.RELATIONS else ""
        return f"{name} must be a {kind}{also}, not {value!r}"
    return check_value(expected.columns[name], value) if name in expected.columns else None


def _check_type(name: str, value: Any) -> str | None:
    """Say so if a record is used as a type, but is none."""
    if name != "type" or value.is_type:
        return None
    return f"{value.__dict__.get('name')!r} is no type, so it can have no members; make it with is_type=True"


def needs_value(column: sa.Column[Any]) -> bool:
    """Whether neither the caller nor the schema nor the database may leave a column empty."""
    return not column.nullable and column.server_default is None and default_of(column) is None


def default_of(column: sa.Column[Any]) -> Any:
    """Return the Python default of a column, None if it has none."""
    default = column.default
    return default.arg if isinstance(default, ScalarElementColumnDefault) else None


EXPECTED: list[tuple[type[Any], tuple[type[Any], ...], str]] = [
    (sa.Boolean, (bool,), "True or False"),
    (sa.Integer, (int,), "a whole number"),
    (sa.Float, (int, float), "a number"),
    (sa.String, (str,), "text"),
    (UTCDateTime, (datetime,), "a datetime"),
    (sa.Date, (date,), "a date such as 2024-01-31"),
]


@dataclass(frozen=True, slots=True)
class Check:
    """What values of a column must be; worked out once for each column."""

    types: tuple[type[Any], ...]
    """Any of these; empty if everything goes."""
    others: tuple[type[Any], ...]
    """None of these: True is an int, and a datetime is a date."""
    said: str
    limit: int | None
    length: int | None
    is_json: bool


@functools.cache
def _check_of(column: sa.Column[Any]) -> Check:
    kind = column.type
    types, said = next(((types, said) for expected, types, said in EXPECTED if isinstance(kind, expected)), ((), ""))
    others = tuple(other for other in (bool, datetime) if types and other not in types)
    limit = _limit(kind) if isinstance(kind, sa.Integer) else None
    return Check(types, others, said, limit, getattr(kind, "length", None), isinstance(kind, JSON))


def check_value(column: sa.Column[Any], value: Any) -> str | None:
    """Say what is wrong with a value for a column, None if nothing is."""
    if value is None:
        return None
    check = _check_of(column)
    if check.types and (not isinstance(value, check.types) or isinstance(value, check.others)):
        return f"{column.key} must be {check.said}, not {value!r}"
    if isinstance(value, str) and (problem := text_problem(column.key, value)):
        return problem
    if check.limit is not None and not -check.limit <= value < check.limit:
        return f"{column.key} must be a whole number from {-check.limit} to {check.limit - 1}, not {value!r}"
    if isinstance(value, datetime) and not _has_utc(value):
        return f"{column.key} must be a datetime that has one in UTC, not {value!r}"
    if check.is_json and (problem := _check_json(column.key, value)):
        return problem
    if check.length is not None and len(value) > check.length:
        return f"{column.key} has {len(value)} characters, at most {check.length} fit: {value[:40]!r}…"
    return _check_rules(column, value) if column.info else None


def _limit(kind: sa.Integer) -> int:
    """Return the first number that a column does not hold; SQLite would hold some of those, Postgres does not."""
    return 1 << (15 if isinstance(kind, sa.SmallInteger) else 63 if isinstance(kind, sa.BigInteger) else 31)


def _has_utc(value: datetime) -> bool:
    try:
        value.astimezone(UTC) if value.tzinfo is not None else None
    except OverflowError:
        return False
    return True


def _check_json(name: str, value: Any) -> str | None:
    """Say so if a value has no form in JSON, or one that a database cannot keep."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError) as error:
        return f"{name} cannot be written as JSON ({error}): {str(value)[:60]}"
    return f"{name} contains a NUL character, which databases do not keep" if "\\u0000" in text else None


def _check_rules(column: sa.Column[Any], value: Any) -> str | None:
    rules = column.info
    choices = rules.get("choices")
    if choices and value not in choices:
        return f"{column.key} must be one of {', '.join(choices)}, not {value!r}{closest(value, choices)}"
    if (pattern := rules.get("pattern")) and not re.search(pattern, value):
        return f"{column.key} must match {pattern}, not {value!r}"
    if (minimum := rules.get("minimum")) is not None and value < minimum:
        return f"{column.key} must be at least {minimum}, not {value!r}"
    if (maximum := rules.get("maximum")) is not None and value > maximum:
        return f"{column.key} must be at most {maximum}, not {value!r}"
    return None


def check_changes(record: BaseSQLRecord, values: dict[str, Any]) -> None:
    """Check values that were assigned after construction.

    Raises
    ------
    FieldValidationError: a value does not fit its column, or the column never changes.
    """
    columns, is_stored = type(record).__table__.c, record._database is not None
    problems = [problem for name, value in values.items() if (problem := _change_problem(columns[name], value, is_stored))]
    if problems:
        raise FieldValidationError(f"cannot save this {type(record).__name__}: {'; '.join(problems)}")


def _change_problem(column: sa.Column[Any], value: Any, is_stored: bool) -> str | None:
    if value is None and not column.nullable:
        return f"{column.key} is required"
    if is_stored and column.info.get("immutable"):
        return f"{column.key} never changes"
    if column.primary_key:
        return f"{column.key} is given by the database"
    if column.key == "is_latest":
        return "is_latest follows from the versions and cannot be set"
    return check_value(column, value)
