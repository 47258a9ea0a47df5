"""Reading the other side of a relation: what query sets can, without an `all()` in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import StaleRecord, UnsavedRecord, closest
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import EVERYTHING, MAIN, Scope, has_branches
from lamindb.records.link_values import Through

if TYPE_CHECKING:
    import pandas as pd
    from lamindb_setup.databases import Database

    from lamindb.query.completion import Keep, Lookup
    from lamindb.records.record import BaseSQLRecord

T = TypeVar("T", bound="BaseSQLRecord")


class RelatedReading(Generic[T]):
    """The related records that are seen, each once, however many links lead to one."""

    def __init__(
        self, host: BaseSQLRecord, name: str, target: str, *, column: str = "", through: str = "", here: str = "", there: str = ""
    ) -> None:
        self._host, self._name, self._target = host, name, target
        self._column, self._through, self._here, self._there = column, through, here, there
        self._links = Through(name, through, here, there)

    @property
    def _registry(self) -> type[T]:
        return cast("type[T]", catalog.registry(self._target))

    def _database(self) -> Database:
        kind = type(self._host).__name__
        if self._host._database is None:
            raise UnsavedRecord(f"save this {kind} before using its .{self._name}")
        if self._host._gone:
            raise StaleRecord(f"this {kind} was deleted for good, and with it its .{self._name}")
        return self._host._database

    def all(self) -> QuerySet[T]:
        """Return the related records as a query set, which sees the same branches as any other, and that of the record itself.

        What lies in the trash is among them with `.all().include_trash()`.

        Raises
        ------
        UnsavedRecord, StaleRecord: the host is not saved yet, or was deleted for good.
        """
        host, scope = self._host.__dict__, Scope.default(self._database())
        if has_branches(self._host.__qualified__) and "branch_id" in host and host["branch_id"] != MAIN:
            scope = scope.including(host["branch_id"])
        return self._linked(scope)

    def _linked(self, scope: Scope = EVERYTHING) -> QuerySet[T]:
        """Return the related records on some branches."""
        database, registry = self._database(), self._registry
        table = registry.__table__
        condition: sa.ColumnElement[bool]
        if self._through:
            link = catalog.registry(self._through).__table__
            condition = table.c.id.in_(sa.select(link.c[self._there]).where(link.c[self._here] == self._host.id))
        else:
            condition = table.c[self._column] == self._host.id
        return registry._query_set(registry, database, scope)._where(condition)

    def filter(self, *conditions: Any, **lookups: Any) -> QuerySet[T]:
        """Return the related records that meet all conditions."""
        return self.all().filter(*conditions, **lookups)

    def exclude(self, *conditions: Any, **lookups: Any) -> QuerySet[T]:
        """Return exactly the related records that `filter` would leave out."""
        return self.all().exclude(*conditions, **lookups)

    def order_by(self, *fields: str) -> QuerySet[T]:
        """Return the related records in the order of fields."""
        return self.all().order_by(*fields)

    def get(self, idlike: Any = None, *conditions: Any, **lookups: Any) -> T:
        """Return the one related record that is meant."""
        return self.all().get(idlike, *conditions, **lookups)

    def one(self) -> T:
        """Return the only related record."""
        return self.all().one()

    def one_or_none(self) -> T | None:
        """Return the only related record, None if there is none."""
        return self.all().one_or_none()

    def first(self) -> T | None:
        """Return the related record with the smallest id, None if there is none."""
        return self.all().first()

    def last(self) -> T | None:
        """Return the related record with the greatest id, None if there is none."""
        return self.all().last()

    def count(self) -> int:
        """Return how many records are related."""
        return self.all().count()

    def exists(self) -> bool:
        """Return whether any record is related."""
        return self.all().exists()

    @overload
    def to_list(self, field: None = None) -> list[T]: ...
    @overload
    def to_list(self, field: str) -> list[Any]: ...
    def to_list(self, field: str | None = None) -> list[Any]:
        """Return the related records, or one field of them."""
        return self.all().to_list() if field is None else self.all().to_list(field)

    def values_list(self, *fields: str, flat: bool = False) -> list[Any]:
        """Return fields of the related records as tuples, or one of them as it is."""
        return self.all().values_list(*fields, flat=flat)

    def to_dataframe(self, **options: Any) -> pd.DataFrame:
        """Return the related records as a data frame."""
        return self.all().to_dataframe(**options)

    def lookup(self, field: str | None = None, return_field: str | None = None, *, keep: Keep = "first") -> Lookup[T]:
        """Return an object that has a related record for each name, to be completed by the tab key."""
        return self.all().lookup(field, return_field, keep=keep)

    def search(self, string: str, **options: Any) -> QuerySet[T]:
        """Return the related records that answer a text, the best first; see `QuerySet.search`."""
        return self.all().search(string, **options)

    def __iter__(self) -> Iterator[T]:
        return iter(self.all())

    def __bool__(self) -> bool:
        return self.exists()

    def __repr__(self) -> str:
        return f"<{type(self._host).__name__}.{self._name}: {self.all()!r}>"

    if not TYPE_CHECKING:  # for type checkers an unknown attribute is an error

        def __getattr__(self, name: str) -> Any:
            known = {each for each in dir(QuerySet) if not each.startswith("_")} - WRITING
            if name in known:
                return getattr(self.all(), name)
            near = closest(name, {*known, *(each for each in dir(type(self)) if not each.startswith("_"))})
            raise AttributeError(f".{self.__dict__.get('_name')} of records has no {name!r}{near}")


WRITING = frozenset({"delete", "update", "restore"})
"""What would change the related records themselves: to be asked of their query set, `all()`."""
