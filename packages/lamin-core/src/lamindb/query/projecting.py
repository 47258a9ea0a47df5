"""Rows as something else than records: values, numbers, data frames, Arrow tables, and what the database does for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import sqlalchemy as sa

from lamindb.errors import InvalidArgument
from lamindb.query import aggregates, batches, explaining, frames, ordering
from lamindb.query.narrowing import Described, T

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from lamindb.query.aggregates import Aggregate

V = TypeVar("V")


def each_once(values: Iterable[V]) -> list[V]:
    """Return values without repetitions, in their order; JSON is compared as text."""
    found: dict[Any, V] = {}
    for value in values:
        try:
            found.setdefault(value, value)
        except TypeError:
            found.setdefault(repr(value), value)
    return list(found.values())


class Projected(Described[T], Generic[T]):
    """A description of rows whose values are read without making records of them."""

    __slots__ = ()

    def values(self, *fields: str) -> list[dict[str, Any]]:
        """Return the rows as dictionaries.

        Parameters
        ----------
        *fields
            Fields of the registry, or over to-one relations, as `run__transform__key`; all columns if none are named.

        Raises
        ------
        FieldError: a field does not exist, or has several values in a row.

        Examples
        --------
        >>> ln.Branch.filter(name="main").values("id", "name")
        [{'id': 1, 'name': 'main'}]
        """
        names = fields or self._names()
        rows = self._read(names)
        if self._description.distinct:
            rows = each_once(rows)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def values_list(self, *fields: str, flat: bool = False) -> list[Any]:
        """Return the rows as tuples.

        Parameters
        ----------
        *fields
            As for `values`.
        flat
            Return the values of the one field instead.

        Raises
        ------
        FieldError: a field does not exist, or has several values in a row.
        InvalidArgument: `flat` with another number of fields than one.

        Examples
        --------
        >>> ln.Branch.filter(name="main").values_list("name", flat=True)
        ['main']
        """
        if flat and len(fields) != 1:
            raise InvalidArgument(f"flat=True is for one field, got {len(fields)}")
        rows = self._read(fields or self._names())
        found: list[Any] = [row[0] for row in rows] if flat else [tuple(row) for row in rows]
        return each_once(found) if self._description.distinct else found

    def aggregate(self, *wanted: Aggregate, **named: Aggregate) -> dict[str, Any]:
        """Return numbers over all rows, by one statement.

        Parameters
        ----------
        *wanted, **named
            `ln.Count`, `ln.Sum`, `ln.Avg`, `ln.Min` or `ln.Max` of a field; without a keyword called as `size__sum`.

        Raises
        ------
        FieldError: a field does not exist, has several values in a row, or no such number.
        InvalidArgument: something else was passed, or nothing.

        Examples
        --------
        >>> ln.Branch.filter(name="main").aggregate(ln.Count("id"), last=ln.Max("name"))
        {'id__count': 1, 'last': 'main'}
        """
        return aggregates.aggregate(self._statements(), aggregates.labelled(wanted, named))

    def to_dataframe(
        self, *, include: str | Sequence[str] | None = None, limit: int | None = 20, order_by: str | None = "-id"
    ) -> pd.DataFrame:
        """Return a data frame with one row per record, indexed by `id`.

        Columns are `uid`, the other fields in their order, versions and flags, `created_at`, then the ids of related rows. Their
        types depend on the registry only: Int64 for numbers that may be missing, datetimes in UTC. Artifacts that are reports and
        environments of runs are left out, unless a condition names their `kind` or the set is a slice.

        Parameters
        ----------
        include
            Fields to add, also over relations: a to-one relation gives one value, a to-many relation a list in the order in which
            rows were linked, empty without any. The other columns are then reduced to `uid` and the name.
            `"privates"` adds the fields that begin with an underscore.
        limit
            Number of rows at most; None is all. Warns if the default cuts off rows.
        order_by
            The order of a set that has none; None is by id.

        Raises
        ------
        FieldError: a field does not exist.
        """
        return frames.frame(self._listed()._in_order(order_by)._statements(), include, limit)

    def iter_batches(self, batch_size: int = 10_000, *, include: str | Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Read any number of rows in Arrow batches, of which only one is in memory at a time.

        The rows are those that the set has when the first batch is read; rows that are deleted in the meantime are left out.

        Parameters
        ----------
        batch_size
            Rows in a batch.
        include
            As for `to_dataframe`, whose columns the batches have, with `id` in front.

        Raises
        ------
        FieldError: a field does not exist.
        InvalidArgument: the size is no number from 1.
        MissingDependency: pyarrow is not installed.
        """
        return batches.iterate(self._statements(), include, batch_size)

    def to_arrow(self, *, include: str | Sequence[str] | None = None) -> pa.Table:
        """Return all rows as an Arrow table; see `iter_batches`."""
        return batches.table(self._statements(), include)

    def to_polars(self, *, include: str | Sequence[str] | None = None) -> pl.DataFrame:
        """Return all rows as a polars data frame; see `iter_batches`.

        Raises
        ------
        MissingDependency: polars or pyarrow is not installed.
        """
        return batches.polars(self._statements(), include)

    def explain(self, *, analyze: bool = False) -> str:
        """Return the statement that reads the rows, its parameters, and how the database goes about it.

        Parameters
        ----------
        analyze
            Run the statement and show times, on Postgres.
        """
        return explaining.explain(self._statements(), analyze=analyze)

    def _in_order(self, order_by: str | None) -> Described[T]:
        if order_by is None or self._description.order or self._description.is_sliced or self._description.backwards:
            return self
        return self.order_by(order_by)

    def _names(self) -> list[str]:
        return [*self._statements().column_names(), *(each.name for each in self._description.computed)]

    def _read(self, names: Sequence[str]) -> Sequence[sa.Row[Any]]:
        statements = self._statements()
        computed = self._description.computed
        columns = [statements.translation.value(ordering.field(self.qualified, name, computed=computed)) for name in names]
        selected = sa.select(*(column.label(f"c{number}") for number, column in enumerate(columns)))
        with self.database.reading() as connection:
            return connection.execute(statements.sorted(selected)).all()
