"""What a query set describes, and how one set is made from another; nothing here reads a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import sqlalchemy as sa

from lamindb.errors import DatabaseMismatch, InvalidArgument
from lamindb.query import aggregates, annotating, ordering
from lamindb.query.conditions import NO_CONDITION, AllOf, AnyOf, Node, Not, Raw, named, parse
from lamindb.query.q import Expression, Q
from lamindb.query.scope import EVERYTHING, TRASH, Scope
from lamindb.query.statements import Description, Statements

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.query.aggregates import Aggregate
    from lamindb.records.record import BaseSQLRecord

T = TypeVar("T", bound="BaseSQLRecord")


class OutOfRange(InvalidArgument, IndexError):
    """A position that a query set does not have."""


def is_place(value: object) -> bool:
    """Whether something counts places: a whole number, numpy's included."""
    return hasattr(value, "__index__") and not isinstance(value, bool)


class Described(Generic[T]):
    """A description of rows of one registry in one database, from which others can be made.

    Parameters
    ----------
    registry
        The class of the records.
    database
        Where the rows are, or a function that is asked for it once, when first needed.
    scope
        The branches that are seen by default.
    """

    __slots__ = ("_description", "_handle", "_registry", "_rows")

    def __init__(self, registry: type[T], database: Database | Callable[[], Database], scope: Scope) -> None:
        self._registry = registry
        self._handle = _Handle(database)
        self._description = Description(registry.__qualified__, scope)
        self._rows: list[T] | None = None

    @property
    def database(self) -> Database:
        """The database that the rows are read from."""
        return self._handle.database

    @property
    def qualified(self) -> str:
        """The qualified name of the registry, as `lamindb.ULabel`."""
        return self._description.registry

    def filter(self, *conditions: Q | Expression, **lookups: Any) -> Self:
        """Return the rows that also meet these conditions.

        Conditions of one call on one relation are about the same related row: `filter(ulabels__name="a", ulabels__type=b)`
        finds what has a label a of type b, while two chained calls find what has a label a and some label of type b.

        Parameters
        ----------
        *conditions
            `Q` objects, or SQLAlchemy expressions over attributes of the registry, as `Artifact.size > 1000`.
        **lookups
            `field=value`, `field__comparison=value`, over any number of relations: `run__transform__key__startswith="a"`.
            None is a missing value. A relation takes a record, its id, or, with `__in`, a list or a query set.

        Raises
        ------
        FieldError: a field, relation or comparison does not exist, or a relation is compared with text.
        InvalidArgument: a value does not fit its field, or the set is a slice.
        """
        return self._narrowed("filter", parse(self.qualified, conditions, lookups, self._description.computed))

    def exclude(self, *conditions: Q | Expression, **lookups: Any) -> Self:
        """Return exactly the rows that `filter` with the same arguments would leave out.

        Raises
        ------
        FieldError, InvalidArgument: as `filter`.
        """
        if not conditions and not lookups:
            return self._changed()
        return self._narrowed("exclude", Not(parse(self.qualified, conditions, lookups, self._description.computed)))

    def all(self) -> Self:
        """Return the same set, to be read anew."""
        return self._changed()

    def distinct(self) -> Self:
        """Return the same rows, which are never repeated; `to_list(field)` then leaves out repeated values, too."""
        return self._changed(distinct=True)

    def annotate(self, *wanted: Aggregate, **named: Aggregate) -> Self:
        """Return the same rows, each with numbers over its related rows.

        They are attributes of the records, columns of frames and `values`, and can be filtered and ordered by. Related rows are
        those that are seen, as in conditions, each once; the conditions of the set do not narrow them.

        Parameters
        ----------
        *wanted, **named
            `ln.Count`, `ln.Sum`, `ln.Avg`, `ln.Min` or `ln.Max` of a to-many relation or of a field over one; without a keyword
            called as `artifacts__count`.

        Raises
        ------
        FieldError: a field does not exist, has one value in a row anyhow, or no such number.
        InvalidArgument: something else was passed, or nothing, or a name is taken.

        Examples
        --------
        >>> ln.ULabel.filter().annotate(n=ln.Count("artifacts")).filter(n__gt=3).count()
        0
        """
        numbers = aggregates.labelled(wanted, named, "annotate")
        return self._changed(computed=annotating.added(self.qualified, self._description.computed, numbers))

    def none(self) -> Self:
        """Return a set without rows."""
        return self._changed(conditions=(*self._description.conditions, Raw(sa.false(), frozenset())))

    def include_trash(self) -> Self:
        """Return the set with the rows that lie in the trash, beside those that it sees anyhow."""
        return self._changed(scope=self._description.scope.including(TRASH))

    def __or__(self, other: Self) -> Self:
        """Return the rows of either set, in the order of this one; each set sees the branches that it saw.

        Raises
        ------
        InvalidArgument: the other is no query set of the same registry, or one of them is a slice.
        DatabaseMismatch: they are about different databases.
        """
        return self._combined("|", other, AnyOf)

    def __and__(self, other: Self) -> Self:
        """Return the rows that are in both sets, in the order of this one. Raises as `|`."""
        return self._combined("&", other, AllOf)

    def order_by(self, *fields: str) -> Self:
        """Return the rows in the order of these fields, each descending with a `-` in front.

        Text sorts by code point, missing values come last, and among equals the id decides. Without fields, and in a set that was
        never ordered, rows come by id.

        Raises
        ------
        FieldError: a field does not exist, holds JSON, or has several values in a row.
        InvalidArgument: the set is a slice.
        """
        self._refuse_slice("order_by")
        return self._changed(order=ordering.parse(self.qualified, fields, self._description.computed), backwards=False)

    def reverse(self) -> Self:
        """Return the rows in the opposite order.

        Raises
        ------
        InvalidArgument: the set is a slice.
        """
        self._refuse_slice("reverse")
        return self._changed(backwards=not self._description.backwards)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _changed(self, **changes: Any) -> Self:
        made = object.__new__(type(self))
        made._registry, made._handle, made._rows = self._registry, self._handle, None
        made._description = replace(self._description, **changes) if changes else self._description
        return made

    def _combined(self, sign: str, other: object, combine: type[AnyOf] | type[AllOf]) -> Self:
        if not isinstance(other, Described) or other.qualified != self.qualified:
            raise InvalidArgument(f"{sign} takes another query set of {self._registry.__name__}, not {type(other).__name__}")
        if other.database is not self.database:
            raise DatabaseMismatch(f"one set is about {self.database.slug}, the other about {other.database.slug}")
        for one in (self, other):
            one._refuse_slice(sign)
        sides = [AllOf(one._description.whole()) for one in (self, other)]
        return self._changed(conditions=(combine(tuple(sides)),), scope=EVERYTHING)

    def _narrowed(self, method: str, node: Node) -> Self:
        self._refuse_slice(method)
        if node is NO_CONDITION:
            return self._changed()
        return self._changed(conditions=(*self._description.conditions, node))

    def _where(self, *expressions: Expression) -> Self:
        """Return the rows that meet expressions whose columns do not lift the scope, whichever they are."""
        self._refuse_slice("filter")
        raw = (Raw(expression, frozenset()) for expression in expressions)
        return self._changed(conditions=(*self._description.conditions, *raw))

    def _listed(self) -> Self:
        """Return the rows that lists show: without those that are nobody's data, unless a condition asks for their field."""
        hidden = self._registry._not_listed
        asked = frozenset[str]().union(*map(named, self._description.conditions))
        if self._description.is_sliced or not hidden or hidden[0] in asked:
            return self
        column = self._registry.__table__.c[hidden[0]]
        is_hidden = sa.func.substr(column, 1, len(hidden[1])) == hidden[1]
        return self._where(sa.or_(column.is_(None), sa.not_(is_hidden)))

    def _ordered_by(self, expression: sa.ColumnElement[Any]) -> Self:
        """Return the rows in the order of an expression over their table."""
        return self._changed(order=(ordering.ByExpression(expression),), backwards=False)

    def _refuse_slice(self, method: str) -> None:
        if self._description.is_sliced:
            raise InvalidArgument(f"a slice cannot be changed by {method}; call {method} first and slice its result")

    def _sliced(self, part: slice) -> Self:
        start, stop = part.start if part.start is not None else 0, part.stop
        ends = [end for end in (start, stop) if end is not None]
        if part.step not in (None, 1) or any(not is_place(end) or end < 0 for end in ends):
            raise OutOfRange(
                f"a query set takes slices with ends from 0 and without step, got {part}; slice its to_list() instead"
            )
        own = self._description
        ends = [end for end in (own.stop, None if stop is None else own.start + stop) if end is not None]
        made = self._changed(start=own.start + start, stop=min(ends) if ends else None)
        if self._rows is not None:
            made._rows = self._rows[part]
        return made

    def _statements(self) -> Statements:
        return Statements(self._description, self.database)


class _Handle:
    """A database, or the promise of one, which all sets of a chain keep to."""

    __slots__ = ("_found", "_source")

    def __init__(self, source: Database | Callable[[], Database]) -> None:
        self._source = source
        self._found: Database | None = None

    @property
    def database(self) -> Database:
        if self._found is None:
            self._found = self._source() if callable(self._source) else self._source
        return self._found
