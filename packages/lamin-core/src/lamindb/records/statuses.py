"""States of records that are stored as numbers and called by names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lamindb.errors import InvalidArgument, closest
from lamindb.records import construction

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord


def name_of(names: Mapping[str, int], code: int) -> str:
    """Return the name of a state; of one that this version does not know, its number."""
    return next((name for name, known in names.items() if known == code), str(code))


def code_of(registry: str, names: Mapping[str, int], name: object) -> int:
    """Return the number of a state.

    Raises
    ------
    InvalidArgument: there is no such state; lists all.
    """
    if not isinstance(name, str) or name not in names:
        near = closest(name, names) if isinstance(name, str) else ""
        raise InvalidArgument(f"the status of a {registry} is one of {', '.join(names)}, not {name!r}{near}")
    return names[name]


def refuse_as_argument(registry: type[BaseSQLRecord], values: Mapping[str, object]) -> None:
    """Raise if a state is passed to a constructor, which might find a stored record that has another one.

    Raises
    ------
    FieldValidationError: it is; tells all other problems, too.
    """
    if "status" in values:
        problem = f"'status' is no argument; set it afterwards, as {registry.__name__.lower()}.status = {values['status']!r}"
        others = construction.problems_of(registry, {name: value for name, value in values.items() if name != "status"})
        raise construction.refused(registry, [problem, *others])
