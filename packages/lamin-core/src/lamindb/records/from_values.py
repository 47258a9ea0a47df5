"""Records that values name or mean: found in sets, and made where there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import lamindb_setup

from lamindb.errors import DatabaseMismatch, InvalidArgument
from lamindb.naming.inspection import listed
from lamindb.naming.vocabulary import Vocabulary
from lamindb.query.conditions import AllOf, Leaf, Node
from lamindb.query.conditions import text as written
from lamindb.query.scope import EVERYTHING, Scope, has_branches
from lamindb.records import bulk, construction, identity
from lamindb.records.lists import SQLRecordList

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

LISTED = 20
"""So many values without a record are told."""


def from_values(vocabulary: Vocabulary, values: object, *, create: bool) -> SQLRecordList[Any]:
    """Return the records of a set that values name or mean; see `QuerySet.from_values`."""
    make = _maker(vocabulary) if create else None  # what cannot be made is refused before anything is read
    names = vocabulary.given(values).names
    with bulk.collecting_later() if len(names) >= bulk.WORTH_A_BAR else nullcontext():
        return SQLRecordList(_records(vocabulary, names, make))


def _records(vocabulary: Vocabulary, names: list[Any], make: Callable[[list[Any]], list[Any]] | None) -> Iterable[Any]:
    """Return the records for names, in their order and each once; those that are made where there are none, if so wanted."""
    found: dict[Any, Sequence[Any]] = dict(_found(vocabulary, names))
    left = [name for name in names if name not in found]
    if make is not None:
        found |= {name: [record] for name, record in zip(left, make(left), strict=True)}
    elif left:
        found |= _of_source(vocabulary, left)
        if left := [name for name in left if name not in found]:
            kind, told = vocabulary.rows._registry.__name__, listed(left, LISTED)
            vocabulary.say("no %s for %d values; to make them, pass create=True: %s", kind, len(left), told)
    return {id(record): record for name in names for record in found.get(name, ())}.values()


def _found(vocabulary: Vocabulary, names: list[Any]) -> dict[Any, list[Any]]:
    """Return the stored records for names; one statement for 10,000, two more where some are spelled otherwise."""
    field = vocabulary.field
    found: dict[Any, list[Any]] = {}
    for record in _rows_with(vocabulary, names, field):
        found.setdefault(getattr(record, field), []).append(record)
    left = [name for name in names if name not in found]
    if left and vocabulary.knows_spellings:
        alike = vocabulary.stored.alike(left, field, "id")
        ids = sorted({row_id for answers in alike.values() for row_id in answers})
        by_id = {record.id: record for record in _rows_with(vocabulary, ids, "id")}
        known = {record.id: record for records in found.values() for record in records}  # one object for each row
        for name, answers in alike.items():
            found[name] = [known.get(row_id, by_id[row_id]) for row_id in answers if row_id in by_id]
    return {name: records for name, records in found.items() if records}


def _rows_with(vocabulary: Vocabulary, values: Sequence[Any], field: str) -> list[Any]:
    """Return the records of a set with some values in a column, by id."""
    return sorted(vocabulary.rows._loaded(list(vocabulary.stored.rows(values, field))), key=lambda record: record.id)


def _of_source(vocabulary: Vocabulary, names: list[Any]) -> dict[Any, Sequence[Any]]:
    """Return new records from the public source for names."""
    source = vocabulary.public
    return dict(source.records(names, vocabulary.field)) if source is not None else {}


# -- new records ------------------------------------------------------------------------------------------------------


def _maker(vocabulary: Vocabulary) -> Callable[[list[Any]], list[Any]]:
    """Return what makes records of names, which belong to the set and were not found in it.

    Raises
    ------
    InvalidArgument: nobody can say whether a new record meets the conditions of the set.
    DatabaseMismatch: the set is not about the current database, where new records go.
    """
    rows = vocabulary.rows
    registry, database = rows._registry, rows.database
    if lamindb_setup.current() is not database:
        raise DatabaseMismatch(
            f"new {registry.__name__} records go to the current database {lamindb_setup.current().slug}, "
            f"and this set is about {database.slug}; leave out create=True, or connect to it"
        )
    description = rows._description
    values: dict[str, Any] = {}
    for node in description.conditions:
        values |= _values_of(registry, node)
    if vocabulary.field in values:
        raise InvalidArgument(
            f"new records cannot all have the {vocabulary.field} of the set; leave that condition out to make records"
        )
    if description.is_sliced:
        raise InvalidArgument("records cannot be made in a slice; call from_values on the whole set")
    default = Scope.default(database) if has_branches(registry.__qualified__) else EVERYTHING
    is_whole = values.keys() <= {"type", "type_id"} and description.effective_scope == default
    is_whole = is_whole and vocabulary.field == vocabulary.name_field

    def make(names: list[Any]) -> list[Any]:
        records = [registry(**{vocabulary.field: name, **values}) for name in names]
        if is_whole:  # they were looked for already, and are not there: reading their uids asks nobody
            new = [record for record in records if not record._resolved and record._database is None]
            identity.give_uids(registry, new)
            for record in new:
                record._resolved = True
        return records

    return make


def _values_of(registry: type[BaseSQLRecord], node: Node) -> dict[str, Any]:
    """Return the arguments with which a new record meets a condition."""
    if isinstance(node, AllOf):
        return {name: value for inner in node.nodes for name, value in _values_of(registry, inner).items()}
    if isinstance(node, Leaf) and node.path.is_column and node.path.lookup == "exact":
        expected = construction.signature(registry)
        relation = next((name for name, column in expected.relations.items() if column == node.path.column), node.path.column)
        is_record = getattr(type(node.value), "__qualified__", None) is not None
        name = relation if is_record else node.path.column
        if name in expected.columns or name in expected.relations:
            return {name: node.value}
    raise InvalidArgument(
        f"nobody knows whether a new {registry.__name__} meets the condition {written(node)}; "
        f"leave it out to make records, or use a set such as {registry.__name__}.filter(type=…)"
    )
