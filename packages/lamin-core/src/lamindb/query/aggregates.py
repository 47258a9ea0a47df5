"""Numbers over the rows of a query set: `Artifact.filter().aggregate(total=Sum("size"))`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa

from lamindb.errors import FieldError, InvalidArgument
from lamindb.query import ordering
from lamindb.query.paths import Computed, Path, name_of

if TYPE_CHECKING:
    from lamindb.query.statements import Statements

NUMBERS = ("integer", "float")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A number over the values of one field.

    Parameters
    ----------
    field: a field of the registry, or over to-one relations, as `run__transform__key`; missing values do not count.
    distinct: whether equal values count once.
    """

    field: str
    distinct: bool = False
    name: ClassVar[str] = ""
    kinds: ClassVar[tuple[str, ...]] = ()
    """Of what it can be computed; of everything if empty."""

    @property
    def label(self) -> str:
        """What it is called if nothing else is said, as `size__sum`."""
        return f"{self.field}__{self.name}"


class Count(Aggregate):
    """How many rows have a value."""

    name = "count"


class Sum(Aggregate):
    """The sum of all values, None without any."""

    name, kinds = "sum", NUMBERS


class Avg(Aggregate):
    """The mean of all values, None without any."""

    name, kinds = "avg", NUMBERS


class Min(Aggregate):
    """The least value; of text by code point."""

    name, kinds = "min", (*NUMBERS, "text", "datetime", "date")


class Max(Aggregate):
    """The greatest value; of text by code point."""

    name, kinds = "max", Min.kinds


def aggregate(statements: Statements, wanted: dict[str, Aggregate]) -> dict[str, Any]:
    """Compute numbers over all rows by one statement; see `QuerySet.aggregate`."""
    registry = statements.description.registry
    computed = statements.description.computed
    paths = {name: path_of(registry, each, computed=computed) for name, each in wanted.items()}
    values = [_value(statements, path).label(f"v{number}") for number, path in enumerate(paths.values())]
    rows = statements.sorted(sa.select(statements.table.c.id.label("row_id"), *values)).subquery("rows_of_the_set")
    columns = []
    for number, each in enumerate(wanted.values()):
        column = rows.c[f"v{number}"]
        columns.append(getattr(sa.func, each.name)(column.distinct() if each.distinct else column).label(f"a{number}"))
    with statements.database.reading() as connection:
        found = connection.execute(sa.select(*columns)).one()
    return dict(zip(wanted, (_plain(value, each) for value, each in zip(found, wanted.values(), strict=True)), strict=True))


def labelled(positional: tuple[Any, ...], named: dict[str, Any], method: str = "aggregate") -> dict[str, Aggregate]:
    """Return what was asked for by name.

    Raises
    ------
    InvalidArgument: nothing was, something else than an aggregate, or two under one name.
    """
    for each in (*positional, *named.values()):
        if not isinstance(each, Aggregate) or not each.name:
            raise InvalidArgument(f"{method} takes Count, Sum, Avg, Min or Max of a field, as Sum('size'), not {each!r}")
    found = [*((each.label, each) for each in positional), *named.items()]
    if not found:
        raise InvalidArgument(f"{method} needs at least one of Count, Sum, Avg, Min or Max of a field, as Sum('size')")
    if len(dict(found)) < len(found):
        raise InvalidArgument(f"two numbers have one name: {', '.join(name for name, _ in found)}; pass them by keyword")
    return dict(found)


def path_of(registry: str, wanted: Aggregate, *, to_many: bool = False, computed: tuple[Computed, ...] = ()) -> Path:
    """Return the field that a number is computed from.

    Raises
    ------
    FieldError: there is no such field, one row may have several values (unless `to_many`), or no such number of it.
    """
    path = ordering.field(registry, wanted.field, to_many=to_many, computed=computed)
    if wanted.kinds and (path.kind not in wanted.kinds or path.target is not None):
        raise FieldError(
            f"{name_of(registry)}.{wanted.field} ({path.kind}) has no {wanted.name}; that is for {', '.join(wanted.kinds)}"
        )
    return path


def _value(statements: Statements, path: Path) -> sa.ColumnElement[Any]:
    value = statements.translation.value(path)
    return statements.translation.comparisons.sortable(value) if path.kind == "text" else value


def _plain(value: Any, wanted: Aggregate) -> Any:
    """Return a number as a number: Postgres sums and averages whole numbers as decimals."""
    if isinstance(value, Decimal):
        return float(value) if wanted.name == "avg" else int(value)
    return value
