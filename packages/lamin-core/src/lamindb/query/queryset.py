"""The query set: a frozen description of rows that are read when they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Self, overload

import sqlalchemy as sa

from lamindb.errors import DatabaseMismatch, InvalidArgument
from lamindb.printing import html_table
from lamindb.query import completion, glance, ordering, search, single
from lamindb.query.curating import Curated
from lamindb.query.narrowing import OutOfRange, T, is_place
from lamindb.query.projecting import each_once
from lamindb.query.q import Expression, Q

SHOWN = 20
"""Records that `repr` shows."""


class QuerySet(Curated[T], Generic[T]):
    """Rows of one registry in one database. Nothing is read before it is needed, and then once.

    A query set never changes: every method returns another one. Iterating, `len`, `bool` and `[i]` read all rows and keep them;
    `count`, `exists`, `first`, `last` and `get` ask the database unless the rows are there already.

    Only rows of the current branch and of main are seen (of main alone in other databases), unless some condition in the
    chain names `branch`, `id`, `uid` or `hash`; `branch=None` sees every branch, the trash included.

    Parameters
    ----------
    registry
        The class of the records.
    database
        Where the rows are, or a function that is asked for it once, when first needed.
    scope
        The branches that are seen by default.
    """

    __slots__ = ()

    # -- one record ---------------------------------------------------------------------------------------------------

    def get(self, idlike: int | str | Q | Expression | None = None, *conditions: Q | Expression, **lookups: Any) -> T:
        """Return one record.

        Parameters
        ----------
        idlike
            An id, or a uid or its beginning. Finds rows of every branch.
        *conditions, **lookups
            As `filter` takes them, and within its scope. Of several versions of one thing the latest is returned,
            preferably that of the current branch, or the newest of those that match.

        Raises
        ------
        ObjectDoesNotExist: there is none; the error is of the registry's own class, as `ULabel.DoesNotExist`.
        MultipleObjectsReturned: there are several.
        FieldError, InvalidArgument: as `filter`.
        """
        if isinstance(idlike, int | str) or idlike is None:
            found = self.filter(*conditions, **lookups)
        else:
            found, idlike = self._with_first(idlike, conditions, lookups)
        if idlike is not None:
            found = found._narrowed("get", single.by_idlike(self.qualified, idlike))
        row = single.find(found._statements(), self._registry, idlike)
        return self._loaded([row])[0]

    def one(self) -> T:
        """Return the only record of the set.

        Raises
        ------
        ObjectDoesNotExist: the set is empty.
        MultipleObjectsReturned: it has several; says how many.
        """
        if self._rows is not None and len(self._rows) == 1:
            return self._rows[0]
        return self._loaded([single.only(self._statements(), self._registry)])[0]

    def one_or_none(self) -> T | None:
        """Return the only record of the set, None if it is empty.

        Raises
        ------
        MultipleObjectsReturned: it has several; says how many.
        """
        try:
            return self.one()
        except self._registry.DoesNotExist:
            return None

    def first(self) -> T | None:
        """Return the first record, None if there is none."""
        if self._rows is None:
            statements = self._statements()
            return next(iter(self._fetched(statements.sorted(statements.everything(), limit=1))), None)
        return self._rows[0] if self._rows else None

    def last(self) -> T | None:
        """Return the last record, None if there is none."""
        if self._rows is None and not self._description.is_sliced:
            statements = self._statements()
            return next(iter(self._fetched(statements.sorted(statements.everything(), backwards=True, limit=1))), None)
        rows = self._load()
        return rows[-1] if rows else None

    def lookup(
        self, field: str | None = None, return_field: str | None = None, *, keep: completion.Keep = "first"
    ) -> completion.Lookup[T]:
        """Return an object that has a record for each name, to be completed by the tab key.

        Nothing is read before an attribute is asked for, and then the names alone.

        Parameters
        ----------
        field
            The field with the names; by default the one that names records.
        return_field
            Give the value of this field instead of the record.
        keep
            Of several records with the same name, as under two types, the `first`, the `last`, or all (False).

        Raises
        ------
        FieldError: there is no such field, or it holds no text.
        InvalidArgument: `keep` is something else.

        Examples
        --------
        >>> ln.Branch.lookup().main
        Branch(uid='mainbranch01', name='main', created_on_id=1)
        """
        return completion.lookup(self, field, return_field, keep)

    def search(
        self, string: str, *, field: search.Fields | None = None, limit: int | None = 20, case_sensitive: bool = False
    ) -> QuerySet[T]:
        """Return what answers a text, the best first, as a query set.

        Names, synonyms, abbreviations and descriptions are searched, in any case of letters: first for the text as it stands, if
        nothing has it for all of its words, and if nothing has them for words with one typo each. What is called so comes first,
        then synonyms, then what begins so, then what contains it, in names before descriptions. Texts of one or two letters
        are looked for where words of names begin. Only rows of the set are found, so that the trash and other branches stay
        hidden.

        Parameters
        ----------
        string
            The text; an empty one is answered by every row.
        field
            A field to search instead, or several, as `"description"` or `ULabel.description`.
        limit
            Number of records at most; None is all. With a limit the set is a slice.
        case_sensitive
            Whether letters must be of the same case.

        Raises
        ------
        InvalidArgument: the string is none, the limit is no number, or the set is a slice.
        FieldError: a field does not exist or holds no text.

        Examples
        --------
        >>> ln.Branch.search("mian").one().name
        'main'
        """
        return search.search(self, string, field, limit, case_sensitive=case_sensitive)

    # -- numbers ------------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of rows."""
        if self._rows is not None:
            return len(self._rows)
        with self.database.reading() as connection:
            total: int = connection.execute(self._statements().unsorted(sa.select(sa.func.count()))).scalar_one()
        return self._description.size(total)

    def exists(self) -> bool:
        """Whether there is any row."""
        if self._rows is not None:
            return bool(self._rows)
        select = self._statements().some(sa.select(sa.literal_column("1")), limit=1)
        with self.database.reading() as connection:
            return connection.execute(select).first() is not None

    def __len__(self) -> int:
        return len(self._load())

    def __bool__(self) -> bool:
        return bool(self._load())

    # -- rows ---------------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[T]:
        return iter(self._load())

    @overload
    def __getitem__(self, position: int) -> T: ...
    @overload
    def __getitem__(self, position: slice) -> Self: ...
    def __getitem__(self, position: int | slice) -> T | Self:
        if isinstance(position, slice):
            return self._sliced(position)
        if not is_place(position):
            raise InvalidArgument(
                f"a query set takes a position or a slice, got {position!r}; for a record by its uid, use get()"
            )
        if position < 0:
            raise OutOfRange(f"positions start at 0, got {position}; for the last record, use last() or order_by('-id')[0]")
        rows = self._load()
        if position >= len(rows):
            raise OutOfRange(f"the set has {len(rows)} {self._registry.__name__} records, none at position {position}")
        return rows[position]

    @overload
    def to_list(self, field: None = None) -> list[T]: ...
    @overload
    def to_list(self, field: str) -> list[Any]: ...
    def to_list(self, field: str | None = None) -> list[Any]:
        """Return the records, or the values of one field, in the order of the set.

        Parameters
        ----------
        field
            A field of the registry, or over to-one relations, as `run__transform__key`.

        Raises
        ------
        FieldError: the field does not exist, or has several values in a row.
        """
        if field is None:
            return list(self._load())
        path = ordering.field(self.qualified, field, computed=self._description.computed)
        if self._rows is not None and path.is_column:
            values = [getattr(row, path.column) for row in self._rows]
        else:
            statements = self._statements()
            with self.database.reading() as connection:
                values = list(
                    connection.execute(statements.sorted(sa.select(statements.translation.value(path)))).scalars().all()
                )
        return each_once(values) if self._description.distinct else values

    # -- writing ------------------------------------------------------------------------------------------------------

    def delete(self, permanent: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Move all rows to the trash, or delete them for good; see the `delete` of a record."""
        with self.database.writing():
            return self._registry._delete_ids(self.database, self._read_ids(), permanent)

    def update(self, **values: Any) -> int:
        """Change fields of all rows, or none: with the checks of saving each, by a fixed number of statements.

        Types that keep their members in one space take them along when they move. Rows that were read before keep what they had.

        Parameters
        ----------
        **values
            New values of fields; None is a missing value. To-one relations take records, `branch`, `space` and `type` names and
            uids, too.

        Returns
        -------
        The number of rows of the set, also of those that had these values already.

        Raises
        ------
        InvalidArgument: nothing was passed, the set is a slice, the branch is the trash, or a type wants its members elsewhere.
        FieldError: a field does not exist, or holds many records.
        FieldValidationError: a value does not fit its field, or the field never changes.
        ObjectDoesNotExist: there is no such branch or space.
        BranchEnded: the branch was merged or closed.
        UniqueViolation: names or keys are taken, or would be the same in several rows.
        LockedRecord: one of the rows is locked.

        Examples
        --------
        >>> ln.ULabel.filter(name__startswith="exp").update(description="of the pilot", space="lab")
        0
        """
        if self._description.is_sliced:
            raise InvalidArgument(
                "update takes no slice, as which rows it has depends on their order; "
                "to change particular rows, filter by their ids: filter(id__in=rows.to_list('id'))"
            )
        return self._registry._update_rows(self, values)

    def restore(self) -> None:
        """Take all rows out of the trash."""
        with self.database.writing():
            self._registry._restore_ids(self.database, self._read_ids())

    # -- inside -------------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        shown = self._rows[: SHOWN + 1] if self._rows is not None else self[: SHOWN + 1].to_list()
        parts = [repr(row) for row in shown[:SHOWN]] + ["…"] * (len(shown) > SHOWN)
        return f"<QuerySet [{', '.join(parts)}]>"

    def _repr_html_(self) -> str:
        columns, rows = glance.glance(self._statements(), SHOWN + 1)
        more = f"<div>the first {SHOWN}; count() tells how many there are</div>" if len(rows) > SHOWN else ""
        name = self._registry.__name__
        return f"<div>{html_table(columns, rows[:SHOWN])}{more}</div>" if rows else f"<div>no {name} records</div>"

    def _with_first(self, first: Any, conditions: tuple[Any, ...], lookups: dict[str, Any]) -> tuple[Self, Any]:
        """Take the first argument of `get` as a condition if it is one, and as an id otherwise."""
        if isinstance(first, Q | sa.ColumnElement) or hasattr(first, "__clause_element__"):
            return self.filter(first, *conditions, **lookups), None
        return self.filter(*conditions, **lookups), first

    def _load(self) -> list[T]:
        if self._rows is None:
            statements = self._statements()
            self._rows = self._fetched(statements.sorted(statements.everything()))
        return self._rows

    def _fetched(self, select: sa.Select[Any]) -> list[T]:
        with self.database.reading() as connection:
            result = connection.execute(select)
            names = tuple(result.keys())
            rows = [dict(zip(names, row, strict=True)) for row in result.all()]
        return self._loaded(rows)

    def _loaded(self, rows: list[dict[str, Any]]) -> list[T]:
        return self._registry._load_rows(self.database, rows)

    def _read_ids(self) -> list[int]:
        with self.database.reading() as connection:
            return list(connection.execute(self._statements().ids()).scalars())

    def _ids(self, database: object) -> sa.Select[Any]:
        """Return a select of the ids of the same rows in a database: in another one, by their uids."""
        statements = self._statements()
        if database is self.database:
            return statements.ids()
        table = statements.table
        if "uid" not in table.c:
            raise DatabaseMismatch(
                f"{self._registry.__name__} rows of {self.database.slug} have no uid to find them by elsewhere"
            )
        with self.database.reading() as connection:
            uids = connection.execute(statements.sorted(sa.select(table.c.uid))).scalars().all()
        return sa.select(table.c.id).where(table.c.uid.in_(uids))
