"""What `record.ulabels` is: the related records, to read, add and remove."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import lamindb_setup
import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, InvalidArgument, StaleRecord
from lamindb.query.membership import within
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import EVERYTHING
from lamindb.query.trees import Steps
from lamindb.records import circles, context, link_rules, linking, updating
from lamindb.records.link_values import IDENTIFYING
from lamindb.records.passed import Taker
from lamindb.records.related_reading import RelatedReading

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.feature import Feature
    from lamindb.records.record import BaseSQLRecord

T = TypeVar("T", bound="BaseSQLRecord")
log = logging.getLogger("lamindb")


class RelatedManager(RelatedReading[T]):
    """The records on the other side of a relation.

    Reading shows what query sets show, and what lives on the branch of the record itself. A label in the trash stays attached to
    what it annotates: it is seen again when it is restored, or with `.all().include_trash()`. Whatever takes records takes
    them by record, name, uid or id, alone, in lists or as a query set. A link may say a feature: between the same two records
    there is one link for each feature, and one without.
    """

    def add(
        self,
        *records: T | str | int | Iterable[T | str | int],
        feature: Feature | str | int | None = None,
        through_defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Relate records; those that are related already stay as they are. Two statements, whatever the number.

        Parameters
        ----------
        feature
            The feature whose value the records are.
        through_defaults
            Fields of new links, as `{"role": "author"}`.

        Raises
        ------
        UnsavedRecord: a record, or the host, is not saved.
        StaleRecord: it was deleted for good.
        ObjectDoesNotExist: nothing has a name or uid.
        DatabaseMismatch: a record lives in another database.
        LockedRecord: the record to which the links belong is locked.
        InvalidArgument: something else than a record of the right registry was passed, the relation never changes, or a hierarchy
            would lead in a circle.

        Examples
        --------
        >>> cell, t_cell = ln.ULabel(name="cell").save(), ln.ULabel(name="T cell").save()
        >>> t_cell.parents.add("cell")
        >>> t_cell.parents.one() == cell
        True
        """
        database = self._writable()
        values = self._links.values(database, feature, through_defaults)
        ids = self._taker(database).ids(records)
        if ids:
            with database.writing() as transaction:
                self._add(transaction, database, ids, values)

    def remove(self, *records: T | str | int | Iterable[T | str | int], feature: Feature | str | int | None = None) -> None:
        """Undo the relation to records; those that are not related are passed over.

        Parameters
        ----------
        feature
            Remove the links that say this feature; by default those that say none, and the others stay.

        Raises
        ------
        As `add`.
        """
        database = self._writable()
        feature_id = self._links.feature(database, feature)
        self._links.check_feature(feature_id)
        ids = self._taker(database).ids(records)
        if not ids:
            return
        with database.writing() as transaction:
            self._remove(transaction, database, ids, self._about(feature_id))
            if self._links.says_features and feature_id is None:
                self._tell_what_stays(transaction.connection, database, ids)

    def clear(self, *, feature: Feature | str | int | None = None) -> None:
        """Undo the relation to all records, whatever their links say; with `feature`, only where links say this one."""
        database = self._writable()
        feature_id = self._links.feature(database, feature)
        with database.writing() as transaction:
            self._remove(transaction, database, None, {} if feature_id is None else {linking.FEATURE: feature_id})

    def set(
        self,
        records: T | str | int | Iterable[T | str | int],
        *,
        clear: bool = False,
        feature: Feature | str | int | None = None,
        through_defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Relate exactly these records: others are removed, missing ones added, the rest is left alone.

        Links that say a feature stay, unless it is passed, or `clear`.

        Parameters
        ----------
        clear
            Undo the relation to all records first, whatever their links say.
        feature
            Set the links that say this feature, and leave alone the others.
        through_defaults
            Fields of new links.

        Raises
        ------
        As `add`.
        """
        database = self._writable()
        values = self._links.values(database, feature, through_defaults)
        ids = self._taker(database).ids([records])
        if not isinstance(clear, bool):
            raise InvalidArgument(f"clear is True or False, not {clear!r}")
        with database.writing() as transaction:
            if self._through:
                # Of two who set the same relation at once, the later one's records are what remains.
                database.lock(f"{catalog.entry(self._through)['table']}:{self._here}={self._host.id}")
            present = self._present(transaction.connection, values.get(linking.FEATURE))
            wanted = set(ids)
            if clear:
                self._remove(transaction, database, None, {})
            elif gone := [row_id for row_id, is_meant in present.items() if is_meant and row_id not in wanted]:
                self._remove(transaction, database, gone, self._about(values.get(linking.FEATURE)))
            if missing := [row_id for row_id in ids if clear or row_id not in present]:
                self._add(transaction, database, missing, values)

    def create(
        self,
        *args: Any,
        feature: Feature | str | int | None = None,
        through_defaults: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> T:
        """Make a record, save it and relate it, all or nothing; takes what the constructor of its registry takes.

        Raises
        ------
        DatabaseMismatch: the host is in another database than the current one, where new records go.
        """
        database = self._writable()
        if database is not lamindb_setup.current():
            raise DatabaseMismatch(
                f"new records go to the current database {lamindb_setup.current().slug}, but this {type(self._host).__name__} is "
                f"in {database.slug}; connect to that one first"
            )
        registry, relations = self._registry, catalog.entry(self._target)["relations"].items()
        if not self._through:
            back = ("one", type(self._host).__qualified__, self._column)
            values = {next(name for name, relation in relations if relation == back): self._host, **values}
        with database.writing():
            record = registry(*args, **values).save()
            if self._through:
                self.add(record, feature=feature, through_defaults=through_defaults)
            else:
                self._links.values(database, feature, through_defaults)  # says that there are none
        return record

    # -- inside -----------------------------------------------------------------------------------------------

    def _writable(self) -> Database:
        """Return the database if the relation can be changed."""
        database = self._database()
        context.check_writable(database)
        for registry in (type(self._host), self._registry):
            if self._through and (reason := registry._fixed_links.get(self._through)):
                raise InvalidArgument(reason)
        return database

    def _taker(self, database: Database) -> Taker:
        return Taker(f".{self._name}", self._target, database)

    def _about(self, feature_id: int | None) -> dict[str, Any]:
        """Return the columns of the links that are meant."""
        return {linking.FEATURE: feature_id} if self._links.says_features else {}

    def _add(self, transaction: Transaction, database: Database, ids: list[int], values: dict[str, Any]) -> None:
        if not self._through:
            self._point(transaction, database, ids, self._host.id)
            return
        self._links.check_complete(values)
        self._check_unlocked(transaction.connection, database, ids)
        if self._name in circles.HIERARCHIES and circles.steps(self._through):
            link = catalog.registry(self._through).__table__
            upwards = Steps(link, self._here, self._there)
            circles.check_new(transaction.connection, database, self._host, self._name, upwards, ids)
        told_apart = {name: value for name, value in values.items() if name in IDENTIFYING}
        further = {name: value for name, value in values.items() if name not in IDENTIFYING}
        host = {self._here: self._host.id, **told_apart}
        # In the order of their ids, so that no two processes wait for each other.
        linking.add(transaction, database, self._through, host, self._there, sorted(ids), further)

    def _remove(self, transaction: Transaction, database: Database, ids: list[int] | None, about: dict[str, Any]) -> None:
        if not self._through:
            self._point(transaction, database, ids, None)
            return
        self._check_unlocked(transaction.connection, database, ids)
        host = {self._here: self._host.id, **about}
        linking.remove(transaction.connection, database, self._through, host, self._there, ids)

    def _present(self, connection: sa.Connection, feature_id: int | None) -> dict[int, bool]:
        """Return what is related, and whether by a link that `set` is about; with a feature, only by those that say it."""
        if not self._through:
            return dict.fromkeys(self.to_list("id"), True)
        link = catalog.registry(self._through).__table__
        query = sa.select(link.c[self._there]).where(link.c[self._here] == self._host.id)
        if not self._links.says_features:
            return dict.fromkeys(connection.execute(query).scalars(), True)
        said = link.c[linking.FEATURE]
        if feature_id is not None:
            return dict.fromkeys(connection.execute(query.where(said == feature_id)).scalars(), True)
        found: dict[int, bool] = {}
        for row_id, says_one in connection.execute(query.add_columns(said.is_not(None))):
            found[row_id] = found.get(row_id, False) or not says_one
        return found

    def _tell_what_stays(self, connection: sa.Connection, database: Database, ids: list[int]) -> None:
        link = catalog.registry(self._through).__table__
        stays = sa.select(sa.func.count(link.c[self._there].distinct())).where(
            link.c[self._here] == self._host.id,
            link.c[linking.FEATURE].is_not(None),
            within(link.c[self._there], ids, database.dialect),
        )
        if number := connection.execute(stays).scalar_one():
            log.warning(
                "%d of %d stay in .%s, as links say the values of features; to remove those, pass feature=, or use .clear()",
                number,
                len(ids),
                self._name,
            )

    def _check_unlocked(self, connection: sa.Connection, database: Database, ids: list[int] | None) -> None:
        """Raise if linking changes a record that is locked, or gone: the one that the links belong to.

        Raises
        ------
        LockedRecord, StaleRecord: so it is.
        """
        host, references = type(self._host).__table__, catalog.entry(self._through)["references"]
        registry, condition = type(self._host), host.c.id == self._host.id
        if references[self._here][1] != "cascade" and references[self._there][1] == "cascade":
            registry = self._registry
            link, row_id = catalog.registry(self._through).__table__, registry.__table__.c.id
            linked = row_id.in_(sa.select(link.c[self._there]).where(link.c[self._here] == self._host.id))
            condition = linked if ids is None else within(row_id, ids, database.dialect)
        query = link_rules.locked(registry, condition)
        locked_id = sa.null() if query is None else query.scalar_subquery()
        found = connection.execute(sa.select(host.c.id, locked_id).where(host.c.id == self._host.id)).first()
        if found is None:
            kind = type(self._host).__name__
            raise StaleRecord(f"there is no {kind} with id {self._host.id} any more; it was deleted for good")
        if found[1] is not None:
            raise link_rules.error(registry, found[1])

    def _point(self, transaction: Transaction, database: Database, ids: list[int] | None, to: int | None) -> None:
        """Set the foreign key of the other registry's rows, as saving them would."""
        registry = self._registry
        column = registry.__table__.c[self._column]
        if to is None and not column.nullable:
            raise InvalidArgument(f"{column.key} of a {registry.__name__} cannot be empty: delete the record instead")
        rows = QuerySet(registry, database, EVERYTHING)
        if to is None:
            rows = rows.filter(column == self._host.id)
        if ids is not None:
            rows = rows.filter(within(registry.__table__.c.id, ids, database.dialect))
        found = rows.to_list()
        if to is not None and ids is not None and len(found) < len(ids):
            gone = set(ids) - {record.id for record in found}
            raise StaleRecord(f"there is no {registry.__name__} with id {min(gone)}; it may have been deleted for good")
        for record in found:
            setattr(record, column.key, to)
        updating.update_many(transaction, database, found)
