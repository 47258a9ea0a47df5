"""The rows that a search looks at: found by the index of the database, a bounded number of them, within the scope of the set."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.selectable import Join

from lamindb import catalog
from lamindb.query import search_patterns as patterns
from lamindb.query.conditions import Raw
from lamindb.query.postgresql import escaped
from lamindb.query.search_patterns import Pattern, Term
from lamindb.query.statements import Statements

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.query.comparisons import Expression

EVERY_ROW = Raw(sa.true(), frozenset())
FEW_IDS = 1_000
MOST_PLACES = 10_000_000
"""Ids between the first and the last hit for which a table of places is made: 40 MB."""
MANY = 20_000
"""Rows among which Postgres looks for whole synonyms if too many contain a text."""
Kind = Literal["names", "texts"]


@dataclass(frozen=True, slots=True)
class Searched:
    """The columns that a search is about."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    only: bool = False
    """Whether they were named, so that an index finds more than is wanted."""
    indexed: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """The columns of the indexes of names and of texts that can serve."""


def of_registry(qualified: str, fields: Sequence[str] | None) -> Searched:
    """Return what is searched in a registry, or in some of its fields: each of these is taken for names."""
    _, names, texts = catalog.entry(qualified).get("search") or (0, (), ())
    if fields is None:
        return Searched(names, texts, indexed=(names, texts))
    wanted = set(fields)
    indexed = (names if wanted <= set(names) else (), texts if wanted <= set(texts) else ())
    return Searched(tuple(fields), (), only=True, indexed=indexed)


class CrossJoin(Join):
    """A join that SQLite does in the order in which it is written."""

    inherit_cache = True


@compiles(CrossJoin)
def _cross_join(element: CrossJoin, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_join(element, **options)).replace(" JOIN ", " CROSS JOIN ", 1)


class Candidates:
    """Selects of rows for one set; each row is its id, whether it is a latest version, its names and its longer texts."""

    def __init__(self, statements: Statements, searched: Searched, *, case_sensitive: bool) -> None:
        # Conditions come with a scope that no index is used for: all that is not found by an index of names is read in order.
        conditions = (*statements.description.conditions, EVERY_ROW)
        self.statements = Statements(replace(statements.description, conditions=conditions), statements.database)
        self.searched, self.case_sensitive = searched, case_sensitive
        self.table = statements.table
        self.is_sqlite = statements.database.dialect == "sqlite"
        self.has_index = has_index(statements.database, statements.description.registry)

    def read(self, selects: Sequence[sa.Select[Any]]) -> list[tuple[int, bool, Sequence[str | None], Sequence[str | None]]]:
        """Return the rows of several selects, each row once."""
        one = sa.union_all(*(sa.select(select.subquery()) for select in selects)) if len(selects) > 1 else selects[0]
        with self.statements.database.reading() as connection:
            rows = {row[0]: row for row in connection.execute(one)}
        middle = 2 + len(self.searched.names)
        return [(row[0], row[1], row[2:middle], row[middle:]) for row in rows.values()]

    def matching(self, kind: Kind, pattern: Pattern, limit: int | None) -> sa.Select[Any]:
        """Return the select of rows that may look like a pattern."""
        conditions = list(self._conditions(kind, pattern))
        name = self._index(kind)
        asked = patterns.fts(pattern) if self.is_sqlite and self.has_index and name else None
        if asked is None:
            return self._select(kind, limit).where(*conditions)
        index = sa.table(name, sa.column("rowid"))
        matches = sa.literal_column(f'"{index.name}"').op("MATCH")(sa.literal(asked, sa.Text))
        precise = conditions if self.searched.only or self.case_sensitive else ()
        joined = CrossJoin(index, self.table, index.c.rowid == self.table.c.id)
        return self._select(kind, limit).select_from(joined).where(matches, *precise)

    def called(self, query: str, limit: int | None) -> list[sa.Select[Any]]:
        """Return selects of the rows that are called so or whose names begin so, for when too many contain a text."""
        if self.is_sqlite:
            found = [patterns.phrase(f"|{query}|"), patterns.phrase(f"|{query}"), patterns.phrase(query, starts=True)]
            return [self.matching("names", pattern, limit) for pattern in found]
        name = self.table.c[self.searched.names[0]]
        spelt = _spellings(query)
        equal = self._select("names", limit).where(name.in_(spelt))
        begins = self._select("names", limit).where(sa.or_(*(name.like(f"{escaped(one)}%") for one in spelt)))
        if len(self.searched.names) == 1:
            return [equal, begins]
        some = self.matching("names", patterns.phrase(query), MANY).subquery()
        whole = f"%|{escaped(query)}|%"
        synonyms: sa.ColumnElement[str] = sa.literal("|", sa.Text)
        for column in self.searched.names[1:]:
            synonyms = synonyms + sa.func.coalesce(some.c[column], "", type_=sa.Text) + "|"
        return [equal, begins, sa.select(*some.c).where(synonyms.ilike(whole)).limit(limit)]

    # -- inside -------------------------------------------------------------------------------------------------------

    def _index(self, kind: Kind) -> str:
        """Return the name of the FTS5 table that can serve, nothing if none can."""
        names, texts = self.searched.indexed
        if kind == "names" and names:
            return f"{self.table.name}_search"
        return f"{self.table.name}_search_texts" if texts and (kind == "texts" or self.searched.only) else ""

    def _select(self, kind: Kind, limit: int | None) -> sa.Select[Any]:
        """Return the select of the rows of the set, in any order."""
        columns = self.table.c
        latest = columns.is_latest if "is_latest" in columns else sa.literal_column("1")
        texts = [columns[name] if kind == "texts" else sa.cast(sa.null(), sa.Text).label(name) for name in self.searched.texts]
        selected = sa.select(columns.id, latest.label("is_latest"), *(columns[name] for name in self.searched.names), *texts)
        found = selected.where(*self.statements.where())
        return found if limit is None else found.limit(limit)

    def _conditions(self, kind: Kind, pattern: Pattern) -> Iterator[Expression]:
        """Return what finds the rows without FTS5; on Postgres in the words of its indexes."""
        own = self.searched.names if kind == "names" else self.searched.texts
        names, texts = self.searched.indexed
        served = names if kind == "names" and names else texts if kind == "texts" or self.searched.only else ()
        joined = _joined(self.table, own, kind)
        for term in pattern:
            if not self.is_sqlite and served:
                yield self._looks_like(_joined(self.table, served, "names" if served == names else "texts"), term)
            if self.is_sqlite or self.searched.only or not served or self.case_sensitive:
                yield self._looks_like(joined, term, case_sensitive=self.case_sensitive)

    def _looks_like(self, text: sa.ColumnElement[str], term: Term, *, case_sensitive: bool = False) -> Expression:
        plain = patterns.literal(term)
        if self.is_sqlite:
            if plain is not None and case_sensitive:
                return sa.func.instr(text, plain) > 0
            if plain is not None and plain.isascii():
                return text.like(f"%{escaped(plain)}%", escape="\\")
            lower = sa.func.lamin_lower(text, type_=sa.Text())
            found: Expression = lower.regexp_match(patterns.regex(lowered(term)))
            return found
        if plain is not None:
            like = text.like if case_sensitive else text.ilike
            return like(f"%{escaped(plain)}%")
        return text.op("~*", is_comparison=True)(patterns.regex(term))


def has_index(database: Database, qualified: str) -> bool:
    """Whether the database has the revision that made a registry searchable."""
    search = catalog.entry(qualified).get("search")
    contents = database.contents
    if search is None or contents is None:
        return False
    module = contents.modules.get(qualified.partition(".")[0])
    return module is not None and module.number >= search[0]


def lowered(term: Term) -> Term:
    """Return a term in lower-case letters."""
    return tuple(tuple(patterns.Piece(one.text.lower(), one.starts, one.ends) for one in way) for way in term)


def ids_in_order(ids: Sequence[int], column: sa.ColumnElement[int], dialect: str) -> sa.ColumnElement[Any]:
    """Return what puts rows in the order of their ids in a list."""
    first, last = (min(ids), max(ids)) if ids else (0, 0)
    if len(ids) > FEW_IDS and last - first < MOST_PLACES:
        return _place(ids, column - first, last - first + 1, dialect)
    if dialect == "sqlite":
        listed = sa.literal(f",{','.join(map(str, ids))},", sa.Text)
        return sa.func.instr(listed, sa.literal(",") + sa.cast(column, sa.Text) + ",", type_=sa.Integer)
    listed_ids = sa.cast(sa.literal(list(ids), sa.ARRAY(sa.BigInteger)), sa.ARRAY(sa.BigInteger))
    return sa.func.array_position(listed_ids, sa.cast(column, sa.BigInteger), type_=sa.Integer)


def _place(ids: Sequence[int], number: sa.ColumnElement[int], size: int, dialect: str) -> sa.ColumnElement[Any]:
    """Return the place of a row by one look into a table with four bytes for each id, where looking through a list takes long."""
    places = array("I", bytes(4 * size))
    first = min(ids)
    for place, row_id in enumerate(ids):
        places[row_id - first] = place
    if sys.byteorder == "little":
        places.byteswap()
    part = sa.func.substr if dialect == "sqlite" else sa.func.substring
    return part(sa.literal(places.tobytes(), sa.LargeBinary), number * 4 + 1, 4, type_=sa.LargeBinary)


def _spellings(query: str) -> list[str]:
    """Return a text in the usual cases of letters."""
    return list(
        dict.fromkeys((query, query.lower(), query.upper(), query.capitalize(), query.title(), query[:1].upper() + query[1:]))
    )


def _joined(table: sa.Table, columns: Sequence[str], kind: Kind) -> sa.ColumnElement[str]:
    """Return the expression that the indexes are over: see `lamin_codegen.render.search`."""
    names = [f'"{table.name}"."{name}"' for name in columns]
    if kind == "texts" and len(names) == 1:
        return sa.literal_column(names[0], sa.Text)
    whole = " || '|' || ".join(f"coalesce({name}, '')" for name in names)
    return sa.literal_column(f"('|' || {whole} || '|')" if kind == "names" else f"({whole})", sa.Text)
