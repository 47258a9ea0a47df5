"""Branches, spaces and types that were given by name or uid: looked up once, when it is first needed where they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import FieldValidationError, InvalidArgument, closest
from lamindb.query.scope import on_branches
from lamindb.query.usual import usual
from lamindb.records import context
from lamindb.records.columns import text_problem

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

RELATIONS = frozenset({"branch", "space", "type"})
"""To-one relations that take a name or uid in place of a record."""


def note(record: BaseSQLRecord, relation: str, column: str, value: str) -> None:
    """Remember a name for later; on a stored record it is looked up now."""
    record._named = {**(record._named or {}), column: (relation, value)}
    if record._database is not None:
        settle([record], record._database)


def settle(records: Iterable[BaseSQLRecord], database: Database) -> None:
    """Set the foreign keys of what was given by name, asking once for each name.

    Raises
    ------
    InvalidArgument: there is nothing of that name, or there are several.
    """
    known: dict[tuple[Any, ...], int] = {}
    for record in records:
        if record._named is None:
            continue
        for column, (relation, value) in sorted(record._named.items()):  # the branch before the type, which may live there
            if problem := text_problem(relation, value):
                raise FieldValidationError(f"cannot use this {type(record).__name__}: {problem}")
            target = catalog.entry(type(record).__qualified__)["relations"][relation][1]
            home = record.__dict__.get("branch_id") if relation == "type" else None
            if (found := known.get((target, relation, value, home))) is None:
                found = known[target, relation, value, home] = id_of(database, target, relation, value, home)
            setattr(record, column, found)
        record._named = None


def id_of(database: Database, target: str, relation: str, value: str, home: int | None = None) -> int:
    """Return the id of the branch, space or type that is called so, or has this uid.

    Parameters
    ----------
    home
        The branch of a record that gets a type: a type may live there, or where it is seen.

    Raises
    ------
    InvalidArgument: there is nothing of that name, or there are several.
    """
    table = catalog.registry(target).__table__
    query = sa.select(table.c.id, table.c.uid).where(sa.or_(table.c.uid == value, table.c.name == value))
    if relation == "type":
        query = query.where(
            table.c.is_type,
            on_branches(usual(table.c.branch_id, database.dialect), context.visible_branches(database, home)),
        )
    with database.reading() as connection:
        rows = connection.execute(query.limit(3)).all()
        if len(rows) != 1 and (by_uid := [row for row in rows if row.uid == value]):
            rows = by_uid
        if len(rows) == 1:
            return int(rows[0].id)
        names = [] if rows else connection.execute(sa.select(table.c.name).limit(1000)).scalars().all()
    kind = f"{target.rpartition('.')[2]} type" if relation == "type" else target.rpartition(".")[2]
    if rows:
        listed = ", ".join(row.uid for row in rows)
        raise InvalidArgument(f"{relation}: several {kind}s are called {value!r}; pass the record or the uid of one: {listed}")
    if value in names:
        raise InvalidArgument(
            f"{relation}: {database.slug} has no {kind} {value!r}; what is called so is in the trash, elsewhere, or no type"
        )
    made = f"; make it with {kind.split()[0]}(name={value!r}{', is_type=True' if relation == 'type' else ''}).save()"
    raise InvalidArgument(f"{relation}: {database.slug} has no {kind} {value!r}{closest(value, names) or made}")
