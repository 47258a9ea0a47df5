"""Numbers over the related rows of each row, under names of their own: `ULabel.filter().annotate(n=Count("artifacts"))`.

Each is a subquery of its own, so that two of them never multiply each other's rows; a related row counts once, however often it
is linked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamindb import catalog
from lamindb.errors import FieldError, InvalidArgument
from lamindb.query import aggregates
from lamindb.query.paths import Computed, is_alias, name_of

if TYPE_CHECKING:
    from lamindb.query.aggregates import Aggregate

KINDS = {"count": "integer", "avg": "float"}
"""What a number is, where it is not of the kind of what it is computed from."""


def added(registry: str, known: tuple[Computed, ...], wanted: Mapping[str, Aggregate]) -> tuple[Computed, ...]:
    """Return the numbers of a set with further ones.

    Raises
    ------
    FieldError: a field does not exist, has one value in a row anyhow, or no such number.
    InvalidArgument: a name is taken, or is none.
    """
    found = {each.name: each for each in known}
    for name, each in wanted.items():
        _check_name(registry, name, found)
        found[name] = _computed(registry, name, each)
    return tuple(found.values())


def _check_name(registry: str, name: str, known: Mapping[str, Any]) -> None:
    kind = name_of(registry)
    if not name.isidentifier() or name.startswith("_"):
        raise InvalidArgument(f"{name!r} is no name for a number of {kind}; name it by keyword, as annotate(n=Count(…))")
    if name in known or is_alias(registry, name) or hasattr(catalog.registry(registry), name):
        raise InvalidArgument(f"{kind} has a {name!r} already; choose another name for the number")


def _computed(registry: str, name: str, wanted: Aggregate) -> Computed:
    path = aggregates.path_of(registry, wanted, to_many=True)
    if not path.to_many:
        raise FieldError(
            f"{name_of(registry)}.{wanted.field} has one value in a row, so there is nothing to annotate; "
            "for a number over all rows, use aggregate"
        )
    kind = KINDS.get(wanted.name, path.kind)
    return Computed(name, wanted.name, wanted.distinct, kind, path)
