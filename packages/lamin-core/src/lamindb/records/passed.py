"""What relations are given, as ids: records, query sets, names, uids and ids, alone or in lists; one statement for all texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, InvalidArgument, StaleRecord, UnsavedRecord, closest
from lamindb.query.membership import within
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import seen_ids
from lamindb.records.columns import text_problem

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

LISTED = 3
"""Texts that an error repeats."""


@dataclass(frozen=True, slots=True)
class Taker:
    """What takes records of one registry.

    Parameters
    ----------
    name: what it is called in messages, as `.ulabels`.
    target: qualified name of the registry.
    database: where the records have to be.
    """

    name: str
    target: str
    database: Database

    def ids(self, passed: Iterable[object]) -> list[int]:
        """Return the ids of all that was passed, each once, in order.

        Raises
        ------
        UnsavedRecord, StaleRecord: a record has no row, or none any more.
        DatabaseMismatch: it lives in another database.
        ObjectDoesNotExist: nothing has a name or uid.
        InvalidArgument: a name means several records, or something is no record of the registry.
        """
        found = _Found()
        for one in passed:
            if not self._take(one, found):
                for each in self._elements(one):
                    if not self._take(each, found):
                        raise self._no_record(each)
        if found.texts:
            known = _by_text(self, list(found.texts))
            return list(dict.fromkeys(known[one] if isinstance(one, str) else one for one in found.order))
        return list(dict.fromkeys(found.order))  # type: ignore[arg-type]  # numbers only

    def _take(self, one: object, found: _Found) -> bool:
        """Take up one record, id, text or query set; False if it is none of them."""
        if getattr(type(one), "__qualified__", None) == self.target:
            found.order.append(self._id_of(one))
        elif isinstance(one, str):
            found.texts[one] = None
            found.order.append(one)
        elif isinstance(one, bool):
            return False
        elif isinstance(one, Integral):
            found.order.append(int(one))
        elif isinstance(one, QuerySet):
            found.order.extend(self._ids_of_set(one))
        else:
            return False
        return True

    def _elements(self, one: object) -> Iterator[object]:
        no_list = isinstance(one, type | bytes | bytearray | Mapping) or hasattr(type(one), "__qualified__")
        if no_list or hasattr(one, "columns") or not isinstance(one, Iterable):
            raise self._no_record(one)
        return iter(one)

    def _no_record(self, one: object) -> InvalidArgument:
        shown = repr(one)
        shown = shown if "\n" not in shown and len(shown) <= 200 else f"a {type(one).__name__}"
        kind = self.target.rpartition(".")[2]
        return InvalidArgument(f"{self.name} takes {kind} records, their names, uids or ids, not {shown}")

    def _id_of(self, record: Any) -> int:
        if record._database is None:
            raise UnsavedRecord(f"{record!r} is not saved yet: call .save() on it first")
        if record._gone:
            kind = type(record).__name__
            raise StaleRecord(f"the {kind} with id {record.id} was deleted for good, so that {self.name} cannot have it")
        if record._database is not self.database:
            raise DatabaseMismatch(
                f"{record!r} lives in {record._database.slug}, but {self.name} in {self.database.slug}; take the one there"
            )
        found: int = record.__dict__["id"]
        return found

    def _ids_of_set(self, records: QuerySet[Any]) -> list[int]:
        if records.qualified != self.target:
            kind = self.target.rpartition(".")[2]
            raise InvalidArgument(f"{self.name} takes {kind} records, not a query set of {records.qualified.rpartition('.')[2]}")
        if records.database is not self.database:
            raise DatabaseMismatch(f"the query set is about {records.database.slug}, but {self.name} about {self.database.slug}")
        return records._read_ids()


@dataclass(slots=True)
class _Found:
    order: list[int | str] = field(default_factory=list)
    texts: dict[str, None] = field(default_factory=dict)


def _by_text(taker: Taker, texts: list[str]) -> dict[str, int]:
    registry = catalog.registry(taker.target)
    table, name_field = registry.__table__, catalog.entry(taker.target)["name_field"]
    for text in texts:
        if problem := text_problem(taker.name, text):
            raise InvalidArgument(problem)
    name = table.c[name_field] if name_field and isinstance(table.c[name_field].type, sa.String) else None
    if "uid" not in table.c and name is None:
        kind = registry.__name__
        raise InvalidArgument(f"{taker.name} takes {kind} records or their ids, not {texts[0]!r}: they have no names")
    uid = table.c.uid if "uid" in table.c else sa.null()
    conditions = [within(table.c.uid, texts, taker.database.dialect)] if "uid" in table.c else []
    if name is not None:
        conditions.append(sa.and_(within(name, texts, taker.database.dialect), *_seen_by_name(taker, table)))
    query = sa.select(table.c.id, uid.label("uid"), (name if name is not None else sa.null()).label("name"))
    with taker.database.reading() as connection:
        rows = connection.execute(query.where(sa.or_(*conditions)).order_by(table.c.id)).all()
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    by_uid = {row.uid: row.id for row in rows}
    found: dict[str, int] = {}
    for text in texts:
        called = by_name.get(text, [])
        if len(called) == 1:
            found[text] = called[0].id
        elif text in by_uid:
            found[text] = by_uid[text]
        elif called:
            listed = ", ".join(str(row.uid or row.id) for row in called[:LISTED])
            raise InvalidArgument(
                f"{taker.name}: several {registry.__name__} records are called {text!r}; pass one of them or its uid: {listed}"
            )
    if missing := [text for text in texts if text not in found]:
        raise _unknown(taker, missing, name)
    return found


def _seen_by_name(taker: Taker, table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that a name counts: on a branch that is seen, and for the latest version only."""
    branches = seen_ids(taker.target, taker.database)
    found: list[sa.ColumnElement[bool]] = [] if branches is None else [table.c.branch_id.in_(branches)]
    return [*found, table.c.is_latest] if "is_latest" in table.c else found


def _unknown(taker: Taker, missing: list[str], name: sa.Column[Any] | None) -> Exception:
    registry = catalog.registry(taker.target)
    near = ""
    if name is not None:
        query = sa.select(name).where(name.is_not(None), *_seen_by_name(taker, registry.__table__)).limit(1000)
        with taker.database.reading() as connection:
            near = closest(missing[0], connection.execute(query).scalars())
    listed = ", ".join(repr(text) for text in missing[:LISTED]) + (
        f" and {len(missing) - LISTED} more" if len(missing) > LISTED else ""
    )
    return registry.DoesNotExist(f"{taker.name}: {taker.database.slug} has no {registry.__name__} {listed}{near}")
