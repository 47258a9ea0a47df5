"""The order of rows: by code point, missing values last, ids decide between equals; the same on both dialects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lamindb.errors import FieldError, InvalidArgument
from lamindb.query.paths import Computed, Path, find, name_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from lamindb.query.translation import Translation


@dataclass(frozen=True, slots=True)
class Order:
    """One field to sort by."""

    path: Path
    descending: bool


@dataclass(frozen=True, slots=True)
class ByExpression:
    """Something else to sort by than a field, such as the place of a row in a collection."""

    expression: sa.ColumnElement[Any]


def field(registry: str, name: str, *, to_many: bool = False, computed: tuple[Computed, ...] = ()) -> Path:
    """Find a field that has one value per row; with `to_many`, one that may have several, too.

    Raises
    ------
    FieldError: there is no such field, it is a comparison, or one row may have several values.
    """
    if not isinstance(name, str):
        raise InvalidArgument(f"fields of {name_of(registry)} are named by text, as 'created_at', not {name!r}")
    path = find(registry, name, computed)
    if path.lookup != "exact":
        raise FieldError(f"{name_of(registry)}.{name} is a comparison; write the field alone, as {path.text!r}")
    if path.to_many and not to_many:
        raise FieldError(
            f"{name_of(registry)}.{name} may have several values in a row; to read them, use to_dataframe(include={name!r})"
        )
    return path


def parse(registry: str, names: tuple[str, ...], computed: tuple[Computed, ...] = ()) -> tuple[Order, ...]:
    """Find the fields to sort by, each with an optional `-` for descending.

    Raises
    ------
    FieldError: a field does not exist or cannot be sorted by.
    """
    found: list[Order] = []
    for name in names:
        if not isinstance(name, str):
            raise InvalidArgument(f"order_by takes names of fields, as '-created_at', got {name!r}")
        path = field(registry, name.removeprefix("-"), computed=computed)
        if path.kind == "json":
            raise FieldError(f"{name_of(registry)}.{path.text} holds JSON, which has no order")
        found.append(Order(path, name.startswith("-")))
    return tuple(found)


def by_id(orders: tuple[Order | ByExpression, ...]) -> bool | None:
    """Return whether rows come by descending id, None if by something else."""
    if not orders:
        return False
    first = orders[0]
    is_id = isinstance(first, Order) and first.path.column == "id" and not first.path.hops and not first.path.keys
    return first.descending if is_id else None  # type: ignore[union-attr]  # of what is no field there is no is_id


def expressions(
    orders: tuple[Order | ByExpression, ...], translation: Translation, *, backwards: bool = False
) -> list[sa.ColumnElement[Any]]:
    """Return what to put into ORDER BY; `backwards` is the exact reverse."""
    found: list[sa.ColumnElement[Any]] = []
    for order in orders:
        if isinstance(order, ByExpression):
            found.append(order.expression.desc() if backwards else order.expression.asc())
            continue
        value = translation.value(order.path)
        if order.path.kind == "text":
            value = translation.comparisons.sortable(value)
        value = value.desc() if order.descending != backwards else value.asc()
        if order.path.may_be_missing:
            value = value.nulls_first() if backwards else value.nulls_last()
        found.append(value)
    if not any(isinstance(order, Order) and order.path.column == "id" and not order.path.hops for order in orders):
        key = translation.root.column("id")
        found.append(key.desc() if backwards else key.asc())
    return found
