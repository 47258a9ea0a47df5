"""Relations as descriptors: on a registry they name the relation, on a record they answer with records.

They build `select`s from the names in the catalog; no related class is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast, overload

from lamindb import catalog
from lamindb.errors import InvalidArgument, ModuleNotInDatabase
from lamindb.records import named
from lamindb.records.related import RelatedManager

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

T = TypeVar("T")


class Relation:
    """What all kinds of relations have: a name on their registry, and a target."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.name = ""
        self.owner: type[BaseSQLRecord] | None = None

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name, self.owner = name, owner

    def __repr__(self) -> str:
        return f"Relation({self.owner.__name__.removesuffix('Columns') if self.owner else '?'}.{self.name})"


class ToOne(Relation, Generic[T]):
    """A foreign key as the record it points to; loaded when read, then kept until the key changes."""

    def __init__(self, target: str, column: str) -> None:
        super().__init__(target)
        self.column = column

    @overload
    def __get__(self, record: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, record: object, owner: type[Any]) -> T: ...
    def __get__(self, record: Any, owner: type[Any]) -> Self | T:
        """Return the relation for a registry, the related record for a record."""
        if record is None:
            return self
        row_id = getattr(record, self.column)
        related = (record._related or {}).get(self.column)
        if related is not None and (row_id is None or related.__dict__.get("id") == row_id):
            return cast(T, related)
        if row_id is None:
            return cast(T, None)
        return cast(T, self._fetch(record, row_id))

    def _fetch(self, record: BaseSQLRecord, row_id: int) -> BaseSQLRecord:
        found = catalog.registry(self.target)._all(record._database).get(row_id)
        record._related = {**(record._related or {}), self.column: found}
        return found

    def __set__(self, record: BaseSQLRecord, value: T | str | None) -> None:
        """Point to a record, or to none; an unsaved one is taken up when both are saved. Some may be given by name or uid."""
        if isinstance(value, str) and self.name in named.RELATIONS:
            named.note(record, self.name, self.column, value)
            return
        related = cast("BaseSQLRecord | None", value)
        if related is not None and getattr(type(related), "__qualified__", None) != self.target:
            raise InvalidArgument(f"{self.name} must be a {self.target.rpartition('.')[2]}, not {value!r}")
        kept = {column: one for column, one in (record._related or {}).items() if column != self.column}
        if related is not None:
            kept[self.column] = related
        record._related = kept
        setattr(record, self.column, None if related is None or related._database is None else related.id)


class Reverse(Relation, Generic[T]):
    """A foreign key of another registry, seen from the record it points to."""

    def __init__(self, target: str, column: str) -> None:
        super().__init__(target)
        self.column = column

    @overload
    def __get__(self, record: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, record: object, owner: type[Any]) -> RelatedManager[T]: ...  # type: ignore[type-var]  # T is a record
    def __get__(self, record: Any, owner: type[Any]) -> Any:
        """Return the relation for a registry, a manager of the related records for a record."""
        if record is None:
            return self
        check_module(record._database, self.target)
        return RelatedManager(record, self.name, self.target, column=self.column)

    def __set__(self, record: BaseSQLRecord, value: object) -> None:
        """Refuse: members are added, removed and set through the manager."""
        raise holds_many(self.name)


class ToMany(Relation, Generic[T]):
    """A relation over a link registry."""

    def __init__(self, target: str, *, through: str, here: str, there: str) -> None:
        super().__init__(target)
        self.through, self.here, self.there = through, here, there

    @overload
    def __get__(self, record: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, record: object, owner: type[Any]) -> RelatedManager[T]: ...  # type: ignore[type-var]  # T is a record
    def __get__(self, record: Any, owner: type[Any]) -> Any:
        """Return the relation for a registry, a manager of the related records for a record."""
        if record is None:
            return self
        check_module(record._database, self.through)
        return RelatedManager(record, self.name, self.target, through=self.through, here=self.here, there=self.there)

    def __set__(self, record: BaseSQLRecord, value: object) -> None:
        """Refuse: members are added, removed and set through the manager."""
        raise holds_many(self.name)


def holds_many(name: str) -> InvalidArgument:
    """Return the error for an assignment."""
    return InvalidArgument(f"{name} holds many records; to replace them, use .{name}.set([...])")


def check_module(database: Database | None, qualified: str) -> None:
    """Raise if a database lacks the table of a relation.

    Raises
    ------
    ModuleNotInDatabase: its module was never deployed there.
    """
    module = qualified.partition(".")[0]
    if database is not None and not database.has_module(module):
        raise ModuleNotInDatabase(
            f"the database {database.slug} does not have the module {module!r}; "
            f"to add it, run `lamin init --modules {module}` there"
        )


def descriptor(relation: catalog.Relation) -> ToOne[Any] | Reverse[Any] | ToMany[Any]:
    """Make the descriptor for a relation of the catalog."""
    match relation:
        case ("one", target, column):
            return ToOne(target, column)
        case ("reverse", target, column):
            return Reverse(target, column)
        case (_, target, through, here, there):
            return ToMany(target, through=through, here=here, there=there)
    raise InvalidArgument(f"malformed relation {relation!r}")
