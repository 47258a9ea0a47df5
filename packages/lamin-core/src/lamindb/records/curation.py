"""Records that are known by a name: making one whose name exists gives the existing one; values are compared with the names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, cast, overload

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, InvalidArgument, WrongType
from lamindb.naming.vocabulary import Vocabulary
from lamindb.records.from_values import from_values
from lamindb.records.types import type_context

if TYPE_CHECKING:
    from builtins import classmethod as of_registry

    import numpy as np
    from lamindb_setup.databases import Database
    from numpy.typing import NDArray

    from lamindb.naming.inspection import InspectResult
    from lamindb.naming.terms import PublicSource
    from lamindb.query.curating import Asked
    from lamindb.query.queryset import QuerySet
    from lamindb.records.lists import SQLRecordList
    from lamindb.records.record import BaseSQLRecord
else:

    class of_registry(classmethod):  # used like classmethod, which is what type checkers take it for
        """A method of the registry alone: calling it on a record is a mistake that is told."""

        def __get__(self, record: object, registry: type | None = None) -> Callable[..., Any]:
            """Return the method of the registry; for a record, what raises when it is called."""
            if record is None:
                return super().__get__(record, registry)
            name, kind = self.__func__.__name__, type(record).__name__

            def refuse(*args: object, **keywords: object) -> None:
                raise WrongType(f"{name} belongs to the registry and not to its records: call {kind}.{name}(…)")

            return refuse


class CanCurate:
    """A registry of names: constructing is idempotent by name, in the context of a type where one was passed.

    Examples
    --------
    >>> labels = ln.ULabel.from_values(["blood", "lung", "blood"], create=True).save()
    >>> ln.ULabel.validate(["lung", "blood", "long"], mute=True)
    array([ True,  True, False])
    """

    _notes_renames: ClassVar[bool] = True
    _hints_at_names: ClassVar[bool] = True

    # -- the registry -----------------------------------------------------------------------------------------

    @overload
    @of_registry
    def validate(
        cls,
        values: str,
        field: Any = None,
        *,
        mute: bool = ...,
        organism: Any = ...,
        source: Any = ...,
        strict_source: bool = ...,
    ) -> bool: ...
    @overload
    @of_registry
    def validate(
        cls,
        values: Iterable[Any],
        field: Any = None,
        *,
        mute: bool = ...,
        organism: Any = ...,
        source: Any = ...,
        strict_source: bool = ...,
    ) -> NDArray[np.bool_]: ...
    @of_registry
    def validate(
        cls,
        values: Any,
        field: Any = None,
        *,
        mute: bool = False,
        organism: Any = None,
        source: Any = None,
        strict_source: bool = False,
    ) -> NDArray[np.bool_] | bool:
        """Return for each value whether a record has it, letter by letter; see `QuerySet.validate`.

        Examples
        --------
        >>> label = ln.ULabel(name="blood").save()
        >>> ln.ULabel.validate(["blood", "Blood", None, ""], mute=True)
        array([ True, False, False, False])
        >>> ln.ULabel.validate("blood")
        True
        """
        found: NDArray[np.bool_] | bool = _all(cls).validate(
            values, field, mute=mute, organism=organism, source=source, strict_source=strict_source
        )
        return found

    @of_registry
    def inspect(  # the arguments that people know
        cls,
        values: Iterable[Any] | str,
        field: Any = None,
        *,
        mute: bool = False,
        organism: Any = None,
        source: Any = None,
        strict_source: bool = False,
        from_source: bool = True,
    ) -> InspectResult:
        """Return which values are names of records, and what the others mean; see `QuerySet.inspect`.

        Examples
        --------
        >>> feature = ln.Feature("T cell", int, synonyms="T-cell|T lymphocyte").save()
        >>> values = ["T cell", "t cell", "T-cell", "B cell", "B-cell", "xxx", None, "", "xxx"]
        >>> result = ln.Feature.inspect(values, mute=True)
        >>> result.validated, result.non_validated
        (['T cell'], ['t cell', 'T-cell', 'B cell', 'B-cell', 'xxx'])
        >>> result.synonyms_mapper
        {'t cell': 'T cell', 'T-cell': 'T cell'}
        >>> result.n_unique, result.n_empty, result.frac_validated
        (6, 3, 16.7)
        """
        return _all(cls).inspect(
            values,
            field,
            mute=mute,
            organism=organism,
            source=source,
            strict_source=strict_source,
            from_source=from_source,
        )

    @of_registry
    def standardize(  # noqa: PLR0913  # the arguments that people know
        cls,
        values: Iterable[Any] | str,
        field: Any = None,
        *,
        return_field: Any = None,
        return_mapper: bool = False,
        case_sensitive: bool = False,
        mute: bool = False,
        from_source: bool = True,
        keep: Literal["first", "last", False] = "first",
        synonyms_field: str = "synonyms",
        organism: Any = None,
        source: Any = None,
        strict_source: bool = False,
    ) -> Any:
        """Return the values with synonyms, and names in another case, replaced by the names; see `QuerySet.standardize`.

        Examples
        --------
        >>> feature = ln.Feature("T cell", int, synonyms="T-cell|T lymphocyte").save()
        >>> ln.Feature.standardize(["T cell", "t cell", "T-cell", "xxx", None])
        ['T cell', 'T cell', 'T cell', 'xxx', None]
        >>> ln.Feature.standardize(["T cell", "t cell", "xxx"], return_mapper=True)
        {'t cell': 'T cell'}
        >>> ln.Feature.standardize("t-CELL")
        'T cell'
        """
        return _all(cls).standardize(
            values,
            field,
            return_field=return_field,
            return_mapper=return_mapper,
            case_sensitive=case_sensitive,
            mute=mute,
            from_source=from_source,
            keep=keep,
            synonyms_field=synonyms_field,
            organism=organism,
            source=source,
            strict_source=strict_source,
        )

    @of_registry
    def from_values(
        cls,
        values: Iterable[Any] | str,
        field: Any = None,
        create: bool = False,
        organism: Any = None,
        source: Any = None,
        mute: bool = False,
    ) -> SQLRecordList[Self]:
        """Return the records that values name or mean, in the order of the values, each once; see `QuerySet.from_values`.

        Examples
        --------
        >>> labels = ln.ULabel.from_values(["blood", "lung", "blood", None], create=True).save()
        >>> ln.ULabel.from_values(["lung", "blood"]).to_list("name")
        ['lung', 'blood']
        """
        return _all(cls).from_values(values, field, create, organism, source, mute)

    # -- what a registry can answer for itself ----------------------------------------------------------------

    @classmethod
    def _meant(cls, rows: QuerySet[Any], organism: Any, source: Any, strict_source: bool) -> QuerySet[Any]:
        """Return the rows that count where people pass an organism or a source.

        By default the relation of that name narrows the set; `source` does with `strict_source` only.

        Raises
        ------
        InvalidArgument: the registry has no such relation.
        DatabaseMismatch: the record is not saved in the database of the rows.
        """
        relations = catalog.entry(rows.qualified)["relations"]
        asked = {"organism": organism, "source": source}
        for name, value in asked.items():
            if value is None:
                continue
            if name not in relations:
                kind = rows._registry.__name__
                raise InvalidArgument(f"{kind} records have no {name}, so none can be passed, got {value!r}")
            if getattr(value, "_database", rows.database) is not rows.database:
                raise DatabaseMismatch(f"{name} is a record that {rows.database.slug} does not have: {value!r}")
            if name == "organism" or strict_source:
                rows = rows.filter(**{f"{name}__name" if isinstance(value, str) else name: value})
        return rows

    @classmethod
    def _public_source(cls, database: Database, organism: Any, source: Any) -> PublicSource | None:
        """Return the public source that knows terms beyond the database, None if there is none."""
        return None

    # -- inside -----------------------------------------------------------------------------------------------

    @classmethod
    def _vocabulary(cls, rows: QuerySet[Any], asked: Asked) -> Vocabulary:
        """Return a set of records as a vocabulary."""

        def public() -> PublicSource | None:
            return cls._public_source(rows.database, asked.organism, asked.source)

        meant = cls._meant(rows, asked.organism, asked.source, asked.strict_source)
        return Vocabulary(meant, asked.field, public=public, synonyms=asked.synonyms, mute=asked.mute)

    @classmethod
    def _from_values(cls, vocabulary: Vocabulary, values: object, create: bool) -> SQLRecordList[Any]:
        """Return the records that values name or mean."""
        return from_values(vocabulary, values, create=create)

    @classmethod
    def _known_by(cls) -> tuple[str, ...]:
        entry = catalog.entry(cast("type[BaseSQLRecord]", cls).__qualified__)
        name_field = entry["name_field"]
        return tuple(name for name in (name_field, "type_id") if name is not None and name in entry["columns"])

    def _natural_key(self) -> dict[str, Any] | None:
        record = cast("BaseSQLRecord", self)
        name_field = catalog.entry(type(record).__qualified__)["name_field"]
        name = record.__dict__.get(name_field) if name_field else None
        if name is None:
            return None
        return {str(name_field): name, **type_context(record)}


def _all(registry: type[Any]) -> QuerySet[Any]:
    """Return all rows of a registry, as far as they are seen."""
    return cast("type[BaseSQLRecord]", registry)._all()
