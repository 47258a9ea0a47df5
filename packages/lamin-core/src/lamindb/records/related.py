"""What `record.ulabels` is: the related records, to read, add and remove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, InvalidArgument, LockedRecord, UnsavedRecord
from lamindb.query.membership import within
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import EVERYTHING, MAIN, Scope, has_branches
from lamindb.records import context, linking, updating, walking

if TYPE_CHECKING:
    import pandas as pd
    from lamindb_setup.databases import Database, Transaction

    from lamindb.query.q import Expression, Q
    from lamindb.records.record import BaseSQLRecord

T = TypeVar("T", bound="BaseSQLRecord")


class RelatedManager(Generic[T]):
    """The records on the other side of a relation.

    Reading shows what query sets show, and what lives on the branch of the record itself. A label in the trash stays attached to
    what it annotates: it is seen again when it is restored, or with `.all().include_trash()`.
    """

    def __init__(
        self, host: BaseSQLRecord, name: str, target: str, *, column: str = "", through: str = "", here: str = "", there: str = ""
    ) -> None:
        self._host, self._name, self._target = host, name, target
        self._column, self._through, self._here, self._there = column, through, here, there

    def _database(self) -> Database:
        if self._host._database is None:
            raise UnsavedRecord(f"save this {type(self._host).__name__} before using its .{self._name}")
        return self._host._database

    def all(self) -> QuerySet[T]:
        """Return the related records as a query set, which sees the same branches as any other, and that of the record itself.

        What lies in the trash is among them with `.all().include_trash()`.
        """
        host, scope = self._host.__dict__, Scope.default(self._database())
        if has_branches(self._host.__qualified__) and "branch_id" in host and host["branch_id"] != MAIN:
            scope = scope.including(host["branch_id"])
        return self._linked(scope)

    def _linked(self, scope: Scope = EVERYTHING) -> QuerySet[T]:
        """Return the related records on some branches."""
        database = self._database()
        registry = cast("type[T]", catalog.registry(self._target))
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

    def get(self, idlike: int | str | Q | Expression | None = None, *conditions: Q | Expression, **lookups: Any) -> T:
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

    def to_list(self, field: str | None = None) -> list[Any]:
        """Return the related records, or one field of them."""
        return self.all().to_list(field)

    def to_dataframe(self, **options: Any) -> pd.DataFrame:
        """Return the related records as a data frame."""
        return self.all().to_dataframe(**options)

    def __iter__(self) -> Iterator[T]:
        return iter(self.all())

    def __repr__(self) -> str:
        return f"<{type(self._host).__name__}.{self._name}: {self.all()!r}>"

    # -- writing ----------------------------------------------------------------------------------------------

    def _writable(self) -> Database:
        """Return the database if the relation can be changed."""
        database = self._database()
        context.check_writable(database)
        for registry in (type(self._host), catalog.registry(self._target)):
            if self._through and (reason := registry._fixed_links.get(self._through)):
                raise InvalidArgument(reason)
        return database

    def add(self, *records: T) -> None:
        """Relate records; those that are related already stay as they are.

        Raises
        ------
        UnsavedRecord: a record, or the host, is not saved.
        DatabaseMismatch: a record lives in another database.
        InvalidArgument: something else than a record of the right registry was passed, the relation never changes, or parents
            would lead in a circle.
        """
        database = self._writable()
        ids = [self._id_of(record, database) for record in records]
        if not ids:
            return
        with database.writing() as transaction:
            if self._through:
                self._check_unlocked(transaction.connection, database, ids)
                if self._name in walking.HIERARCHIES and self._target == type(self._host).__qualified__:
                    walking.check_no_circle(transaction.connection, database, self._host, self._name, ids)
                linking.add(transaction, database, self._through, {self._here: self._host.id}, self._there, ids)
            else:
                self._point(transaction, database, ids, self._host.id)

    def remove(self, *records: T) -> None:
        """Undo the relation to records; those that are not related are passed over."""
        database = self._writable()
        ids = [self._id_of(record, database) for record in records]
        if ids:
            with database.writing() as transaction:
                self._remove(transaction, database, ids)

    def clear(self) -> None:
        """Undo the relation to all records."""
        database = self._writable()
        with database.writing() as transaction:
            self._remove(transaction, database, None)

    def set(self, records: Iterable[T]) -> None:
        """Relate exactly these records: others are removed, missing ones added, the rest is left alone."""
        database = self._writable()
        wanted = list(records)
        ids = {self._id_of(record, database) for record in wanted}
        with database.writing() as transaction:
            gone = [row_id for row_id in self._linked().to_list("id") if row_id not in ids]
            if gone:
                self._remove(transaction, database, gone)
            self.add(*wanted)

    def _remove(self, transaction: Transaction, database: Database, ids: list[int] | None) -> None:
        if not self._through:
            self._point(transaction, database, ids, None)
            return
        self._check_unlocked(transaction.connection, database, ids)
        link = catalog.registry(self._through).__table__
        delete = sa.delete(link).where(link.c[self._here] == self._host.id)
        chosen = delete if ids is None else delete.where(within(link.c[self._there], ids, database.dialect))
        transaction.connection.execute(chosen)

    def _check_unlocked(self, connection: sa.Connection, database: Database, ids: list[int] | None) -> None:
        """Raise if linking changes a record that is locked: the one that the links belong to, not what is linked to it.

        Raises
        ------
        LockedRecord: it is.
        """
        references = catalog.entry(self._through)["references"]
        if references[self._here][1] == "cascade":
            registry, condition = type(self._host), type(self._host).__table__.c.id == self._host.id
        elif references[self._there][1] == "cascade":
            registry = catalog.registry(self._target)
            link, row_id = catalog.registry(self._through).__table__, registry.__table__.c.id
            linked = row_id.in_(sa.select(link.c[self._there]).where(link.c[self._here] == self._host.id))
            condition = linked if ids is None else within(row_id, ids, database.dialect)
        else:
            return
        table = registry.__table__
        if "is_locked" in table.c:
            locked = connection.execute(sa.select(table.c.id).where(condition, table.c.is_locked).limit(1)).scalar()
            if locked is not None:
                raise LockedRecord(
                    f"the {registry.__name__} with id {locked} is locked, so its relations stay; "
                    "to change them, set is_locked=False and save that first"
                )

    def _point(self, transaction: Transaction, database: Database, ids: list[int] | None, to: int | None) -> None:
        """Set the foreign key of the other registry's rows, as saving them would."""
        registry = catalog.registry(self._target)
        column = registry.__table__.c[self._column]
        if to is None and not column.nullable:
            raise InvalidArgument(f"{column.key} of a {registry.__name__} cannot be empty: delete the record instead")
        rows = QuerySet(registry, database, EVERYTHING)
        if to is None:
            rows = rows.filter(column == self._host.id)
        if ids is not None:
            rows = rows.filter(within(registry.__table__.c.id, ids, database.dialect))
        found = rows.to_list()
        for record in found:
            setattr(record, column.key, to)
        updating.update_many(transaction, database, found)

    def _id_of(self, record: object, database: Database) -> int:
        registry = self._target.rpartition(".")[2]
        if isinstance(record, int) and not isinstance(record, bool):
            return record
        if getattr(type(record), "__qualified__", None) != self._target:
            hint = "; pass records one by one, as add(*records)" if isinstance(record, (list, tuple)) else ""
            raise InvalidArgument(f".{self._name} takes {registry} records, not {record!r}{hint}")
        found = cast("BaseSQLRecord", record)
        if found._database is None:
            raise UnsavedRecord(f"{found!r} is not saved yet: call .save() on it first")
        if found._database is not database:
            raise DatabaseMismatch(
                f"{found!r} lives in {found._database.slug}, but the {type(self._host).__name__} in {database.slug}"
            )
        return found.id
