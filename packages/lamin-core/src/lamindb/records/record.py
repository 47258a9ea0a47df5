"""The base classes of all records."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import lamindb_setup
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, class_mapper

from lamindb import catalog
from lamindb.errors import ColumnNotInDatabase, InvalidArgument, ObjectDoesNotExist, closest
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import Scope
from lamindb.records import (
    construction,
    creating,
    deleting,
    description,
    identity,
    representation,
    saving,
    set_updates,
    staleness,
)
from lamindb.records.registry import Registry

if TYPE_CHECKING:
    import pandas as pd
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.branch import Branch
    from lamindb._registries.space import Space
    from lamindb.naming.vocabulary import Vocabulary
    from lamindb.query.completion import Keep, Lookup
    from lamindb.query.curating import Asked
    from lamindb.query.q import Expression, Q
    from lamindb.query.search import Fields
    from lamindb.records.lists import SQLRecordList


class BaseSQLRecord(DeclarativeBase, metaclass=Registry):
    """A row of a registry as an object; the class itself is the registry.

    Records are never attached to a session: what was changed is known from the object's own history, and `save` writes just that.
    """

    __allow_unmapped__ = True  # relations are annotated, but are descriptors of ours
    __qualified__: ClassVar[str]
    _positional: ClassVar[tuple[str, ...]] = ()
    """Names of the arguments that the constructor takes by position."""
    _accepts: ClassVar[frozenset[str]] = frozenset()
    """Columns that only this registry's constructor takes, such as `uid`."""
    _saved_one_by_one: ClassVar[bool] = False
    """Whether `ln.save` goes through the registry's own saving, record by record."""
    _saved_in_groups: ClassVar[bool] = False
    """Whether `ln.save` leaves new and stored records to the registry's own `_save_group`."""
    _has_trash: ClassVar[bool] = True
    """Whether rows go to the trash before they are deleted, where they have a branch at all."""
    _not_listed: ClassVar[tuple[str, str] | None] = None
    """Column and beginning of its values in rows that lists leave out unless they are asked for."""
    _notes_renames: ClassVar[bool] = False
    """Whether rows keep their former names, and artifacts that still say them are told."""
    _hints_at_names: ClassVar[bool] = False
    """Whether similar names are told when a new one is made."""
    _value_names: ClassVar[Mapping[str, Mapping[str, int]]] = {}
    """Names that queries take for the values of a column, by column."""
    _is_given_by_name: ClassVar[bool] = False
    """Whether conditions take the name or uid of a row in its place, as constructors do."""
    _known_by_nothing: ClassVar[Mapping[str, str]] = {}
    """Values of columns with which a row is not told apart by `_known_by`, as comments."""
    _fixed_links: ClassVar[Mapping[str, str]] = {}
    """Link registries whose rows never change once a record is saved, with what to tell who tries."""
    _query_set: ClassVar[type[QuerySet[Any]]] = QuerySet
    """What `filter` gives."""
    _resolved: bool = False
    """Whether it is known if a row with this identity exists."""
    _database: Database | None = None
    _gone: bool = False
    """Whether the row was deleted for good through this object."""
    _named: dict[str, tuple[str, str]] | None = None
    """Relations that were given by a name that was not looked up yet, with the name, by column."""
    _related: dict[str, BaseSQLRecord] | None = None
    """Records assigned to to-one relations, by column."""
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]

    if TYPE_CHECKING:
        id: Mapped[int]
        __table__: ClassVar[sa.Table]

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__tablename__" in cls.__dict__:
            for column in cls.__table__.columns:
                listener = functools.partial(_unset, column)
                event.listen(getattr(cls, column.key), "init_scalar", listener, retval=True, propagate=True)

    def __init__(self, *args: Any, **values: Any) -> None:
        construction.fill(self, args, values)

    # -- the registry -----------------------------------------------------------------------------------------

    @classmethod
    def filter(cls, *conditions: Any, **lookups: Any) -> QuerySet[Self]:
        """Return the rows that meet all conditions, as a query set that runs when it is read.

        Parameters
        ----------
        *conditions
            `Q` objects or SQLAlchemy expressions such as `Artifact.size > 1000`.
        **lookups
            Fields and relations with Django's lookups, as `name__startswith="T"` or `ulabels__name="blood"`.

        Raises
        ------
        FieldError: a field, relation or lookup does not exist.

        Examples
        --------
        >>> ln.ULabel.filter(name__startswith="exp").count()
        0
        """
        return cls._all().filter(*conditions, **lookups)

    @classmethod
    def get(cls, idlike: int | str | Q | Expression | None = None, *conditions: Q | Expression, **lookups: Any) -> Self:
        """Return the one record with this id, uid (or its beginning), or that meets the conditions; see `QuerySet.get`.

        Raises
        ------
        ObjectDoesNotExist: there is none; each registry has its own subclass, as `ULabel.DoesNotExist`.
        MultipleObjectsReturned: there are several.
        """
        return cls._all().get(idlike, *conditions, **lookups)

    @classmethod
    def to_dataframe(
        cls, *, include: str | list[str] | None = None, limit: int | None = 20, order_by: str | None = "-id"
    ) -> pd.DataFrame:
        """Return the newest rows as a data frame, indexed by `id`; see `QuerySet.to_dataframe`."""
        return cls._all().to_dataframe(include=include, limit=limit, order_by=order_by)

    @classmethod
    def lookup(cls, field: str | None = None, return_field: str | None = None, *, keep: Keep = "first") -> Lookup[Self]:
        """Return an object that has a record for each name, to be completed by the tab key; see `QuerySet.lookup`."""
        return cls._all().lookup(field, return_field, keep=keep)

    @classmethod
    def search(
        cls, string: str, *, field: Fields | None = None, limit: int | None = 20, case_sensitive: bool = False
    ) -> QuerySet[Self]:
        """Return what answers a text, the best first, tolerant of typos; see `QuerySet.search`.

        Examples
        --------
        >>> ln.Branch.search("mian").one().name
        'main'
        """
        return cls._all().search(string, field=field, limit=limit, case_sensitive=case_sensitive)

    @classmethod
    def connect(cls, instance: str | None = None) -> QuerySet[Self]:
        """Return all rows of this registry in another database, without switching to it.

        Parameters
        ----------
        instance
            Name, `owner/name`, path or URL of a database; None or "default" is the current one.
        """
        if instance in (None, "default"):
            return cls._all()
        return cls._all(lamindb_setup.open_database(str(instance)))

    @classmethod
    def _all(cls, database: Database | None = None) -> QuerySet[Self]:
        database = database or lamindb_setup.current()
        return cls._query_set(cls, database, Scope.default(database))

    @classmethod
    def _load_rows(cls, database: Database, rows: Iterable[Mapping[str, Any]]) -> list[Self]:
        """Make records of rows; a column that a row lacks raises when it is read."""
        new_instance = class_mapper(cls).class_manager.new_instance  # also finishes the mapping, which a first load needs
        records: list[Self] = []
        for row in rows:
            record: Self = new_instance()
            values = record.__dict__
            values.update(row)
            values["_database"] = database
            values["_resolved"] = True
            records.append(record)
        return records

    @classmethod
    def _id_of_name(cls, database: Database, text: str) -> int:
        """Return the id of the row with a name or uid; called for registries that are `_is_given_by_name`."""
        raise NotImplementedError

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> tuple[int, dict[str, int]] | None:
        return deleting.delete_ids(cls, database, ids, permanent)

    @classmethod
    def _restore_ids(cls, database: Database, ids: list[int]) -> None:
        deleting.restore_ids(cls, database, ids)

    @classmethod
    def _update_rows(cls, rows: QuerySet[Self], values: Mapping[str, Any]) -> int:
        """Change all rows of a query set."""
        plain = cls._before_update is BaseSQLRecord._before_update and cls._saved_again is BaseSQLRecord._saved_again
        return set_updates.update(rows, values, plain=plain and not cls._saved_in_groups)

    @classmethod
    def _vocabulary(cls, rows: QuerySet[Any], asked: Asked) -> Vocabulary:
        """Return a set of records as a vocabulary; answered by registries that are known by a name."""
        raise InvalidArgument(
            f"{cls.__name__} is no registry of names, so values are not compared with it; "
            f"to find rows by values, use {cls.__name__}.filter(…__in=[…])"
        )

    @classmethod
    def _from_values(cls, vocabulary: Vocabulary, values: object, create: bool) -> SQLRecordList[Any]:
        """Return the records that values mean; called for registries that are known by a name."""
        raise NotImplementedError

    @classmethod
    def _made_ready(cls, database: Database, records: Sequence[Self]) -> AbstractContextManager[None]:
        """What has to be done before the transaction in which records are saved, and undone after it where it failed."""
        return nullcontext()

    @classmethod
    def _save_group(cls, transaction: Transaction, database: Database, records: Sequence[Self]) -> None:
        """Write new and stored records in sets; called for registries that are `_saved_in_groups`."""
        raise NotImplementedError

    # -- the record -------------------------------------------------------------------------------------------

    def save(self, *, force: bool = False) -> Self:
        """Write what is new or was changed and return the record itself.

        A label or other named record whose name exists already becomes that row; nothing is written twice.

        Parameters
        ----------
        force
            Write what was changed here even if someone else changed the same fields since the record was loaded.

        Raises
        ------
        UnsavedRecord: a related record is not saved yet.
        LockedRecord: the row is locked.
        StaleRecord: the row was deleted since it was loaded, or someone else changed the same fields.
        """
        if force:
            staleness.forget(self)
        saving.save(self)
        return self

    def delete(self, permanent: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Move to the trash, or delete for good.

        Parameters
        ----------
        permanent
            True deletes the row; None and False move it to the trash, and leave alone what is there already. Registries
            without a trash delete for good.

        Returns
        -------
        Number of deleted rows, in all and by registry, if rows were deleted.

        Raises
        ------
        ProtectedError: other rows refer to it.
        """
        return deleting.delete(self, permanent)

    @property
    def database(self) -> Database | None:
        """The database this record is stored in, None while it is new."""
        return self._database

    def describe(self, return_str: bool = False, include: Literal["comments"] | None = None) -> str | None:
        """Print what is known of the record: its facts, what is related to it, and its readme. At most four statements.

        Parameters
        ----------
        return_str
            Return the text instead; the same record always gives the same text.
        include
            `comments` shows those, too.

        Raises
        ------
        InvalidArgument: something else is to be included.
        """
        return description.describe(self, return_str, include)

    def _repr_html_(self) -> str:
        return description.html(self)

    def _natural_key(self) -> dict[str, Any] | None:
        """Return the values that identify the row besides its uid, None if it has no such identity."""
        return None

    @classmethod
    def _known_by(cls) -> tuple[str, ...]:
        """Return the columns that tell apart what is seen at once: records, or, of registries with versions, families of them."""
        return ()

    def _new_related(self) -> Iterable[BaseSQLRecord]:
        """Return the records that may have to be saved before this one."""
        return (self._related or {}).values()

    def _check_match(self, row: Mapping[str, Any]) -> None:
        """Raise if the row with this record's identity contradicts what was passed; called before the record becomes that row."""

    def _complete(self, database: Database) -> None:
        """Fill in what the record's own class derives, just before it is inserted."""

    def _saved_again(self, transaction: Transaction) -> None:
        """What saving a stored record means besides writing what was changed, if anything was."""

    def _before_update(self, transaction: Transaction) -> None:
        """Check, or complete, what was changed on a stored record, just before it is written."""

    def _save_new(self, transaction: Transaction, database: Database) -> None:
        """Insert the record, or become the row it already is; called within a transaction."""
        creating.save_new(transaction, database, self)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, BaseSQLRecord) or type(self).__table__ is not type(other).__table__:
            return NotImplemented
        identity.resolve(self)
        identity.resolve(other)
        return self._database is not None and self._database is other._database and self.id == other.id

    def __hash__(self) -> int:
        # Saving must not change the hash of a record that sits in a set, so the identity of new records is settled first.
        if "_hash" not in self.__dict__:
            identity.resolve(self)
            key = (type(self).__qualified__, self.id) if self._database is not None else (id(self),)
            self.__dict__["_hash"] = hash(key)
        found: int = self.__dict__["_hash"]
        return found

    def __repr__(self) -> str:
        return representation.line(self)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[0] != "_" and not hasattr(type(self), name):
            entry = catalog.entry(type(self).__qualified__)
            raise AttributeError(f"{type(self).__name__} has no field {name!r}{closest(name, entry['columns'])}")
        super().__setattr__(name, value)

    if not TYPE_CHECKING:  # for type checkers an unknown attribute is an error

        def __getattr__(self, name: str) -> Any:
            # Reached only where ordinary lookup failed: relations of other modules are made on the class when first touched.
            found = getattr(type(self), name)
            if hasattr(found, "__get__"):
                return found.__get__(self, type(self))
            return found

    def __reduce__(self) -> tuple[Any, ...]:
        identity.resolve(self)
        values = {column.key: self.__dict__[column.key] for column in type(self).__table__.c if column.key in self.__dict__}
        url = self._database.instance.database_url if self._database is not None else None
        return _unpickle, (type(self).__qualified__, url, values)


class SQLRecord(BaseSQLRecord):
    """A record that lives on a branch and in a space, and can be locked and put in the trash."""

    __abstract__ = True

    if TYPE_CHECKING:
        uid: Mapped[str]
        branch_id: Mapped[int]
        created_on_id: Mapped[int]
        space_id: Mapped[int]
        is_locked: Mapped[bool]
        _aux: Mapped[Any]
        branch: Branch
        space: Space

    def restore(self) -> Self:
        """Take out of the trash, back to the branch it came from."""
        deleting.restore(self)
        return self


def _unset(column: sa.Column[Any], record: BaseSQLRecord, value: Any, values: dict[str, Any]) -> Any:
    """Answer for an attribute that was never set: resolve identity, give the default, or say that the database lacks it."""
    if record._database is not None:
        raise ColumnNotInDatabase(
            f"the database {record._database.slug} has no column {column.key!r} of {type(record).__name__} yet; "
            "to add it, run `lamin migrate deploy`"
        )
    is_named = record._named is not None and column.key in record._named
    if is_named or column.key in identity.NEEDS_IDENTITY or isinstance(column.server_default, sa.FetchedValue):
        identity.resolve(record)
        return values.get(column.key)
    return construction.default_of(column)


def _unpickle(qualified: str, url: str | None, values: dict[str, Any]) -> BaseSQLRecord:
    registry = catalog.registry(qualified)
    if url is None:
        record: BaseSQLRecord = class_mapper(registry).class_manager.new_instance()
        if "uid" in values:
            record.__dict__["uid"] = values.pop("uid")  # not as a change: whoever pickles a record has not chosen its uid
        for name, value in values.items():
            setattr(record, name, value)
        return record
    return registry._load_rows(lamindb_setup.open_database(url), [values])[0]
