"""Search by text: ranked, tolerant of typos, and a query set like any other.

First what contains the text; if nothing does, what has all of its words; if nothing has, what has them with a typo. Nothing is
read before the rows are needed, and the search itself runs once for all sets that are made from its result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import sqlalchemy as sa

from lamindb.errors import FieldError, InvalidArgument
from lamindb.query import ordering, search_ranking
from lamindb.query import search_patterns as patterns
from lamindb.query.conditions import Leaf
from lamindb.query.ordering import ByExpression
from lamindb.query.paths import name_of, resolve
from lamindb.query.search_candidates import Candidates, ids_in_order, of_registry

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    from lamindb.query.narrowing import T
    from lamindb.query.queryset import QuerySet
    from lamindb.query.search_candidates import Kind, Searched
    from lamindb.query.search_patterns import Pattern
    from lamindb.query.search_ranking import Ranking

Fields: TypeAlias = "str | sa.ColumnElement[Any] | InstrumentedAttribute[Any] | Sequence[str | InstrumentedAttribute[Any]]"
ENOUGH = 1_000
"""Rows that contain a text and are ranked; if there are more, those that are called so or begin so are looked for, too."""
ENOUGH_CALLED = 300
"""Of each kind of these."""
ENOUGH_TYPOS = {"sqlite": 2_000, "postgresql": 500}
"""Rows that are looked at for typos: FTS5 finds some that have more than one, Postgres compares them itself."""


def search(rows: QuerySet[T], string: str, field: Fields | None, limit: int | None, *, case_sensitive: bool) -> QuerySet[T]:
    """Return the query set of the rows that answer a search; see `QuerySet.search`."""
    rows._refuse_slice("search")
    if not isinstance(string, str):
        raise InvalidArgument(f"search takes a text, got {string!r}")
    if limit is not None and (type(limit) is not int or limit < 0):
        raise InvalidArgument(f"limit is a number of records or None for all, got {limit!r}")
    searched = of_registry(rows.qualified, None if field is None else _fields(rows.qualified, field))
    if not searched.names and not searched.texts:
        raise FieldError(f"{name_of(rows.qualified)} has no names to search; name a field, as search({string!r}, field='uid')")
    query = string.strip()
    if not query:
        return rows if limit is None else rows[:limit]
    if not _can_be_stored(query):
        return rows.none()
    hits = Hits(rows, query, searched, limit, case_sensitive=case_sensitive)
    found = rows._changed(
        conditions=(*rows._description.conditions, Leaf(resolve(rows.qualified, "id__in"), hits)),
        order=(ByRank(hits),),
        backwards=False,
    )
    return found if limit is None else found[:limit]


class Hits(Sequence[int]):
    """The ids of the rows that answer a search, best first; looked for when first needed."""

    def __init__(self, rows: QuerySet[Any], query: str, searched: Searched, limit: int | None, *, case_sensitive: bool) -> None:
        self.rows, self._query, self._searched, self._limit = rows, query, searched, limit
        self._case_sensitive = case_sensitive
        self._ids: list[int] | None = None

    @property
    def ids(self) -> list[int]:
        """The ids."""
        if self._ids is None:
            self._ids = self._find()
        return self._ids

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids)

    @overload
    def __getitem__(self, position: int) -> int: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[int]: ...
    def __getitem__(self, position: int | slice) -> int | Sequence[int]:
        return self.ids[position]

    def __repr__(self) -> str:
        return f"search({self._query!r})"

    def _find(self) -> list[int]:
        candidates = Candidates(self.rows._statements(), self._searched, case_sensitive=self._case_sensitive)
        query, options = self._query, {"case_sensitive": self._case_sensitive}
        ranking = search_ranking.by_phrase(query, **options)
        if len(query) <= patterns.SHORT:
            found = self._ranked(candidates, ranking, patterns.phrase(query, starts=True), ["names"])
        else:
            found = self._ranked(candidates, ranking, patterns.phrase(query), self._kinds, many=True)
        if not found and len(query) <= patterns.SHORT and not (query.isascii() and query.isalnum()):
            found = self._ranked(candidates, ranking, patterns.phrase(query), ["names"])
        words = patterns.split(query)
        if not found and words and words != [query]:
            found = self._ranked(candidates, search_ranking.by_words(query, **options), patterns.words(query), self._kinds)
        if not found and any(len(word) in patterns.FUZZY for word in words):
            typos = search_ranking.by_typos(query, **options)
            found = self._ranked(
                candidates, typos, patterns.typos(query), ["names"], enough=ENOUGH_TYPOS[self.rows.database.dialect]
            )
        return found

    @property
    def _kinds(self) -> list[Kind]:
        kinds: list[Kind] = ["names"] if self._searched.names else []
        return [*kinds, "texts"] if self._searched.texts else kinds

    def _ranked(
        self,
        candidates: Candidates,
        ranking: Ranking,
        pattern: Pattern,
        kinds: Sequence[Kind],
        *,
        many: bool = False,
        enough: int = ENOUGH,
    ) -> list[int]:
        """Return the ids of rows that answer, best first."""
        bound = None if self._limit is None else max(enough, self._limit)
        rows = candidates.read([candidates.matching(kind, pattern, bound) for kind in kinds])
        if many and bound is not None and len(rows) >= bound:
            rows += candidates.read(candidates.called(self._query, max(ENOUGH_CALLED, self._limit or 0)))
        ranked = {row[0]: (rank, not row[1], row[0]) for row in rows if (rank := ranking(row[2], row[3])) is not None}
        return sorted(ranked, key=ranked.__getitem__)[: self._limit]


class ByRank(ByExpression):
    """The order of the hits of a search."""

    __slots__ = ("_hits",)
    _hits: Hits

    def __init__(self, hits: Hits) -> None:
        object.__setattr__(self, "_hits", hits)

    @property
    def expression(self) -> sa.ColumnElement[Any]:
        """The place of a row among the hits."""
        rows = self._hits.rows
        return ids_in_order(self._hits, rows._registry.__table__.c.id, rows.database.dialect)


def _fields(registry: str, field: Any) -> list[str]:
    """Return the names of the fields to search."""
    several = field if isinstance(field, list | tuple) else [field]
    names: list[Any] = [one if isinstance(one, str) else getattr(one, "key", one) for one in several]
    if not names:
        raise InvalidArgument("field is a name of a field or several, got none")
    for name in names:
        if not isinstance(name, str):
            raise InvalidArgument(f"field is a name of a field or several, as 'description', got {name!r}")
        path = ordering.field(registry, name)
        if path.kind != "text" or not path.is_column:
            what = f"holds {path.kind}" if path.is_column else "is no field of it itself"
            raise FieldError(f"search needs texts, but {name_of(registry)}.{name} {what}; choose a text field")
    return list(dict.fromkeys(names))


def _can_be_stored(text: str) -> bool:
    """Whether any row could have the text: databases hold neither NUL nor halves of characters."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
