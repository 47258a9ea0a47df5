"""What holds between types and their members: types are types, form no circle, and may keep their members in one space.

LaminDB leaves this to triggers of Postgres; here it holds on both databases, checked when a row is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument
from lamindb.query.membership import within

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

POLICY = "ss"
"""Key of `_aux` with the single-space policy of a type: 1 for the type's own space, else the uid of a space."""


def check_new(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], rows: Iterable[dict[str, Any]], passed: Any
) -> None:
    """Check rows that are about to be inserted, and give them the space that their type wants.

    Parameters
    ----------
    rows
        Values by column.
    passed
        For each row, the columns that the caller set.

    Raises
    ------
    InvalidArgument: the type of a row is none, or its space is not the one that the type wants.
    """
    if "is_type" not in registry.__table__.c:
        return
    members = [(row, given) for row, given in zip(rows, passed, strict=True) if row.get("type_id") is not None]
    if not members:
        return
    types = _read(connection, database, registry, {row["type_id"] for row, _ in members})
    for row, given in members:
        kind = types.get(row["type_id"])
        check_is_type(registry, kind, row["type_id"])
        space_id = _only_space(connection, kind) if kind is not None else None
        if space_id is not None and "space_id" not in given:
            row["space_id"] = space_id
        _check_space(registry, kind, space_id, row["space_id"])


def check_update(connection: sa.Connection, database: Database, record: BaseSQLRecord, values: Mapping[str, Any]) -> None:
    """Check what was changed on a stored record.

    Raises
    ------
    InvalidArgument: the new type is none, or belongs to the record itself; the record has members and would be no type any more;
        or its space is not the one that its type wants.
    """
    registry = type(record)
    if "is_type" not in registry.__table__.c or not values.keys() & {"type_id", "is_type", "space_id"}:
        return
    if values.get("is_type") is False:
        _check_no_members(connection, database, record)
    type_id = record.__dict__.get("type_id")
    if type_id is None or not values.keys() & {"type_id", "space_id"}:
        return
    kind = _read(connection, database, registry, {type_id}).get(type_id)
    check_is_type(registry, kind, type_id)
    if "type_id" in values:
        database.lock(f"{registry.__table__.name}:types")  # two that become each other's type would not see each other
        if record.id in ancestors(connection, registry, type_id):
            assert kind is not None  # checked above
            raise InvalidArgument(
                f"type: {kind['name']!r} cannot be the type of {record.__dict__.get('name')!r}, to which it belongs itself"
            )
    _check_space(registry, kind, _only_space(connection, kind), record.__dict__.get("space_id"))


def ancestors(connection: sa.Connection, registry: type[BaseSQLRecord], type_id: int) -> set[int]:
    """Return the ids of a type and of all types above it; circles end."""
    table = registry.__table__
    chain = sa.select(table.c.id, table.c.type_id).where(table.c.id == type_id).cte("chain", recursive=True)
    above = table.alias("above")
    chain = chain.union(sa.select(above.c.id, above.c.type_id).where(above.c.id == chain.c.type_id))
    return set(connection.execute(sa.select(chain.c.id)).scalars())


def check_is_type(registry: type[BaseSQLRecord], kind: Mapping[str, Any] | None, type_id: int) -> None:
    """Raise if what shall be a type is none.

    Raises
    ------
    InvalidArgument: it is not there, or not made with `is_type=True`.
    """
    if kind is None:
        raise InvalidArgument(f"type: there is no {registry.__name__} with id {type_id}")
    if not kind["is_type"]:
        raise InvalidArgument(f"type: {kind['name']!r} is no type, so it can have no members; set is_type=True and save it first")


def _read(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: set[int]
) -> dict[int, dict[str, Any]]:
    table = registry.__table__
    columns = [table.c[name] for name in ("id", "name", "is_type", "space_id", "_aux")]
    rows = connection.execute(sa.select(*columns).where(within(table.c.id, sorted(ids), database.dialect))).mappings()
    return {row["id"]: dict(row) for row in rows}


def _check_no_members(connection: sa.Connection, database: Database, record: BaseSQLRecord) -> None:
    table = type(record).__table__
    database.lock(table.name)  # who adds a member shares it
    count = connection.execute(sa.select(sa.func.count()).where(table.c.type_id == record.id)).scalar_one()
    if count:
        belong = "1 record belongs" if count == 1 else f"{count} records belong"
        raise InvalidArgument(f"{record.__dict__.get('name')!r} has to stay a type: {belong} to it, in the trash included")


def _only_space(connection: sa.Connection, kind: Mapping[str, Any] | None) -> int | None:
    """Return the id of the space in which the members of a type have to be."""
    policy = (kind or {}).get("_aux")
    policy = policy.get(POLICY) if isinstance(policy, dict) else None
    if kind is None or not policy:
        return None
    if policy == 1:
        return int(kind["space_id"])
    spaces = catalog.registry("lamindb.Space").__table__
    found = connection.execute(sa.select(spaces.c.id).where(spaces.c.uid == policy)).scalar_one_or_none()
    return int(kind["space_id"]) if found is None else int(found)


def _check_space(registry: type[BaseSQLRecord], kind: Mapping[str, Any] | None, wanted: int | None, space_id: int | None) -> None:
    if wanted is not None and kind is not None and space_id != wanted:
        raise InvalidArgument(
            f"space: the members of the {registry.__name__} type {kind['name']!r} have to be in the space with id {wanted}; "
            "leave out space, or change the settings of the type"
        )
