"""Rows as a vocabulary: which values are names of records, and what do the others mean. Answered by the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, cast, overload

from lamindb.query.narrowing import T
from lamindb.query.projecting import Projected

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from lamindb.naming.inspection import InspectResult
    from lamindb.naming.vocabulary import Vocabulary
    from lamindb.query.queryset import QuerySet
    from lamindb.records.lists import SQLRecordList


@dataclass(frozen=True, slots=True)
class Asked:
    """How people want values to be compared with names; what the arguments mean is said at `QuerySet.validate`."""

    field: Any = None
    organism: Any = None
    source: Any = None
    strict_source: bool = False
    synonyms: str = "synonyms"
    mute: bool = False


class Curated(Projected[T], Generic[T]):
    """A description of rows whose names values are compared with."""

    __slots__ = ()

    @overload
    def validate(
        self,
        values: str,
        field: Any = None,
        *,
        mute: bool = ...,
        organism: Any = ...,
        source: Any = ...,
        strict_source: bool = ...,
    ) -> bool: ...
    @overload
    def validate(
        self,
        values: Iterable[Any],
        field: Any = None,
        *,
        mute: bool = ...,
        organism: Any = ...,
        source: Any = ...,
        strict_source: bool = ...,
    ) -> NDArray[np.bool_]: ...
    def validate(
        self,
        values: Any,
        field: Any = None,
        *,
        mute: bool = False,
        organism: Any = None,
        source: Any = None,
        strict_source: bool = False,
    ) -> NDArray[np.bool_] | bool:
        """Return for each value whether a record of this set has it, letter by letter; one statement for 10,000 names.

        Parameters
        ----------
        values
            Names: a list, a generator, a numpy array, a column of a data frame; nested lists are flattened. Missing values (None,
            NaN, `pd.NA`, the empty text) are never valid. For one text, one bool is returned.
        field
            The field to compare with, as text or as `ULabel.name`; by default the one that names records.
        mute
            Do not tell which values are not valid.
        organism, source, strict_source
            What the registry makes of them: by `organism` it narrows its rows; `source` is the public source to ask; with
            `strict_source` only rows of that source count.

        Returns
        -------
        Booleans, as many as there are values and in their order.

        Raises
        ------
        WrongType: a value is a number where names are text, or the other way round.
        FieldError: there is no such field.
        InvalidArgument: a whole table was passed, or the registry has no organisms or sources.

        Examples
        --------
        >>> label = ln.ULabel(name="blood").save()
        >>> ln.ULabel.filter(is_type=False).validate(["blood", "Blood", None], mute=True)
        array([ True, False, False])
        """
        return self._as_vocabulary(Asked(field, organism, source, strict_source, mute=mute)).validate(values)

    def inspect(  # the arguments that people know
        self,
        values: Iterable[Any] | str,
        field: Any = None,
        *,
        mute: bool = False,
        organism: Any = None,
        source: Any = None,
        strict_source: bool = False,
        from_source: bool = True,
    ) -> InspectResult:
        """Return which values are names of records of this set, and what the others mean.

        Parameters
        ----------
        values, field, mute, organism, source, strict_source
            As for `validate`.
        from_source
            Look for what is left in the public source of the registry, if it has one.

        Raises
        ------
        WrongType, FieldError, InvalidArgument: as `validate`.

        Examples
        --------
        >>> feature = ln.Feature("cell type", str, synonyms="cell_type").save()
        >>> ln.Feature.filter(is_type=False).inspect(["cell type", "Cell Type", "cell_type", "donor", None], mute=True)
        1 of 4 validated as Feature.name (25 %)
        2 spelled otherwise: 'Cell Type' → 'cell type', 'cell_type' → 'cell type'
        1 unknown: 'donor'
        1 missing
        """
        return self._as_vocabulary(Asked(field, organism, source, strict_source, mute=mute)).inspect(
            values, from_source=from_source
        )

    def standardize(  # noqa: PLR0913  # the arguments that people know
        self,
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
        """Return the values with synonyms, and names in another case, replaced by the names in the database.

        A name that is there stays; else one that differs in case only counts, else a synonym. All other values come back as they
        are. Registries without synonyms, and fields other than the one that names records, have no other spellings.

        Parameters
        ----------
        values, field, mute, organism, source, strict_source
            As for `validate`.
        return_field
            Return this field of the records that are meant.
        return_mapper
            Return a dictionary of the values that change, and what they become.
        case_sensitive
            Whether synonyms count letter by letter, and names in another case not at all.
        from_source
            Ask the public source of the registry for what is not in the database, if it has one.
        keep
            Of several records that a value means, the `first`, the `last`, or a list of all (False).
        synonyms_field
            The field with the synonyms.

        Returns
        -------
        A list as long as the values and in their order; for one text, one value; a dictionary with `return_mapper`.

        Raises
        ------
        WrongType, FieldError, InvalidArgument: as `validate`; also if `keep` is something else.

        Examples
        --------
        >>> feature = ln.Feature("cell type", str, synonyms="cell_type").save()
        >>> ln.Feature.filter(is_type=False).standardize(["Cell Type", "cell_type", "donor", None])
        ['cell type', 'cell type', 'donor', None]
        """
        vocabulary = self._as_vocabulary(Asked(field, organism, source, strict_source, synonyms_field, mute))
        return vocabulary.standardize(
            values,
            return_field=return_field,
            return_mapper=return_mapper,
            case_sensitive=case_sensitive,
            from_source=from_source,
            keep=keep,
        )

    def from_values(
        self,
        values: Iterable[Any] | str,
        field: Any = None,
        create: bool = False,
        organism: Any = None,
        source: Any = None,
        mute: bool = False,
    ) -> SQLRecordList[T]:
        """Return the records of this set that values name or mean, in the order of the values, each once.

        Parameters
        ----------
        values, field, organism, source, mute
            As for `validate`. Missing values are left out. A name that several records have, as under two
            types, gives all of them.
        create
            Make new records, which are not saved, for values without one; in a set of `filter(type=…)` they get that type.
            Otherwise the public source of the registry is asked, if it has one, and what is left is told.

        Raises
        ------
        WrongType, FieldError, InvalidArgument: as `validate`; also if records are to be made in a set that says more of them than
            values of their fields, or in another database than the current one.
        FieldValidationError: with `create`, a value cannot be the name of a record.

        Examples
        --------
        >>> kind = ln.ULabel(name="tissue", is_type=True).save()
        >>> labels = ln.ULabel.filter(type=kind).from_values(["lung", "blood", "lung", None], create=True).save()
        >>> labels.to_list("name")
        ['lung', 'blood']
        """
        asked = Asked(field, organism, source, mute=mute)
        return self._registry._from_values(self._as_vocabulary(asked), values, create)

    def _as_vocabulary(self, asked: Asked) -> Vocabulary:
        return self._registry._vocabulary(cast("QuerySet[T]", self), asked)
