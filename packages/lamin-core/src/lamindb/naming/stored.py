"""The names in a database: the rows of a query set are asked for names in sets, whatever their number.

Names that are spelled as stored are found by the index of their column, 10,000 in a statement. Other spellings have no index:
LaminDB's tables keep synonyms in one text. So all rows are looked at once: by Postgres itself, which gives back what was found,
or, on SQLite, in this process, in portions, which takes half as long as splitting texts by SQL does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from lamindb_setup.databases.sqlite import lowered

from lamindb.query.paths import kind_of
from lamindb.query.values import CHECKS

if TYPE_CHECKING:
    from lamindb.query.narrowing import Described

AT_ONCE = 10_000
"""Names in one statement, and rows in one portion."""
Found = tuple[bool, str, int, Any]
"""Whether by a synonym, the spelling that is stored, the id of the row, and the answer."""


class StoredTerms:
    """The rows of a query set as terms.

    Parameters
    ----------
    rows
        The query set; its conditions and its branches decide which rows count.
    synonyms
        The column with synonyms, None if there are none.
    """

    def __init__(self, rows: Described[Any], synonyms: str | None) -> None:
        self._rows = rows
        self._statements = rows._statements()
        self.synonyms = synonyms

    def known(self, names: Sequence[Any], field: str) -> set[Any]:
        """Return those of some names that some row has in a field; one statement for 10,000 names."""
        column = self._statements.table.c[field]
        found: set[Any] = set()
        for portion in self._portions(names, field):
            with self._rows.database.reading() as connection:
                found.update(connection.execute(self._selected(column).distinct().where(self._among(column, portion))).scalars())
        return found

    def exact(self, names: Sequence[Any], field: str, answer: str) -> dict[Any, list[Any]]:
        """Return the answers of the rows with these names; one statement for 10,000 names."""
        table = self._statements.table
        column = table.c[field]
        found: dict[Any, list[Any]] = {}
        for portion in self._portions(names, field):
            query = self._selected(column, table.c[answer]).where(self._among(column, portion)).order_by(table.c.id)
            with self._rows.database.reading() as connection:
                for name, value in connection.execute(query):
                    found.setdefault(name, []).append(value)
        return {name: _once(answers) for name, answers in found.items()}

    def rows(self, values: Sequence[Any], field: str) -> Iterator[dict[str, Any]]:
        """Yield the rows that have one of some values in a field; one statement for 10,000 values."""
        for portion in self._portions(values, field):
            query = self._within(self._statements.everything()).where(self._among(self._statements.table.c[field], portion))
            with self._rows.database.reading() as connection:
                result = connection.execute(query)
                columns = tuple(result.keys())
                found = [dict(zip(columns, row, strict=True)) for row in result.all()]
            yield from found

    def alike(self, names: Sequence[str], field: str, answer: str, *, case_sensitive: bool = False) -> dict[Any, list[Any]]:
        """Return the answers of the rows that names mean by another case or a synonym; one statement for 10,000 names."""
        key: Callable[[str], str] = str if case_sensitive else lowered
        asked: dict[str, list[str]] = {}
        for name in names:
            if CHECKS["text"](name, "exact") is not None:
                asked.setdefault(key(name), []).append(name)
        if not asked:
            return {}
        read = self._over_postgres if self._rows.database.dialect == "postgresql" else self._over_sqlite
        by_case: dict[str, dict[int, Any]] = {}
        by_synonym: dict[str, dict[int, Any]] = {}
        for is_synonym, spelling, row_id, value in read(asked, field, answer, key):
            for name in asked.get(key(spelling), ()):
                (by_synonym if is_synonym else by_case).setdefault(name, {})[row_id] = value
        found = by_synonym if case_sensitive else {**by_synonym, **by_case}
        return {name: _once([answers[row_id] for row_id in sorted(answers)]) for name, answers in found.items()}

    def is_empty(self) -> bool:
        """Whether there is no row at all."""
        with self._rows.database.reading() as connection:
            return connection.execute(self._statements.some(sa.select(sa.literal_column("1")), limit=1)).first() is None

    def _over_sqlite(self, asked: Mapping[str, object], field: str, answer: str, key: Callable[[str], str]) -> Iterator[Found]:
        """Read all rows in portions and yield what was asked for."""
        table = self._statements.table
        synonyms = table.c[self.synonyms] if self.synonyms is not None else sa.null()
        query = self._selected(table.c.id, table.c[field], synonyms, table.c[answer])
        with self._rows.database.reading() as connection:
            for portion in connection.execute(query).partitions(AT_ONCE):
                for row_id, name, joined, value in portion:
                    if name is not None and key(name) in asked:
                        yield False, name, row_id, value
                    if joined:
                        for one in key(joined).split("|"):
                            if one in asked:
                                yield True, one, row_id, value

    def _over_postgres(
        self, asked: Mapping[str, Sequence[str]], field: str, answer: str, key: Callable[[str], str]
    ) -> Iterator[Found]:
        """Let the database read all rows and give back what was asked for."""
        table = self._statements.table
        names = [name for several in asked.values() for name in several]
        lower: Callable[[Any], Any] = (lambda text: text) if key is str else sa.func.lower
        for start in range(0, len(names), AT_ONCE):
            listed = sa.bindparam(None, names[start : start + AT_ONCE], type_=sa.ARRAY(sa.Text))
            each = sa.func.unnest(listed).table_valued(sa.column("name", sa.Text), name="asked").render_derived()
            wanted = sa.select(lower(each.c.name))
            parts = []
            value = table.c[answer].label("answer")
            if key is not str:
                own = self._selected(sa.false().label("is_synonym"), table.c[field].label("spelling"), table.c.id, value)
                parts.append(own.where(lower(table.c[field]).in_(wanted)))
            if self.synonyms is not None:
                each_synonym = sa.func.unnest(sa.func.string_to_array(table.c[self.synonyms], "|"), type_=sa.Text)
                split = self._selected(
                    sa.true().label("is_synonym"), each_synonym.label("spelling"), table.c.id, value
                ).subquery()
                parts.append(sa.select(split).where(lower(split.c.spelling).in_(wanted)))
            if not parts:
                return
            with self._rows.database.reading() as connection:
                yield from connection.execute(sa.union_all(*parts))

    def _selected(self, *columns: Any) -> sa.Select[Any]:
        return self._within(sa.select(*columns))

    def _within(self, selected: sa.Select[Any]) -> sa.Select[Any]:
        """Return a select from the rows of the set, in no order."""
        if self._rows._description.is_sliced:
            return selected.where(self._statements.table.c.id.in_(self._statements.ids()))
        return self._statements.unsorted(selected)

    def _among(self, column: sa.Column[Any], names: Sequence[Any]) -> sa.ColumnElement[bool]:
        kind = kind_of(self._rows.qualified, column.key)
        return self._statements.translation.comparisons.among(column, kind, list(names))

    def holdable(self, names: Sequence[Any], field: str) -> list[Any]:
        """Return those of some names that a database can hold: no NUL, no halves of characters, no numbers beyond 64 bits."""
        check = CHECKS[kind_of(self._rows.qualified, field)]
        return [name for name in names if check(name, "exact") is not None]

    def _portions(self, names: Sequence[Any], field: str) -> Iterator[list[Any]]:
        kept = self.holdable(names, field)
        for start in range(0, len(kept), AT_ONCE):
            yield kept[start : start + AT_ONCE]


def _once(answers: list[Any]) -> list[Any]:
    return list(dict.fromkeys(answers)) if len(answers) > 1 else answers
