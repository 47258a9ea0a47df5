"""What holds between types and their members: types are types, form no circle, and may keep their members in one space.

LaminDB leaves this to triggers of Postgres; here it holds on both databases, checked when a row is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import FieldValidationError, InvalidArgument
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
    FieldValidationError: the type of a row is none.
    InvalidArgument: its space is not the one that the type wants.
    """
    if "is_type" not in registry.__table__.c:
        return
    members = [(row, given) for row, given in zip(rows, passed, strict=True) if row.get("type_id") is not None]
    if not members:
        return
    types = _read(connection, database, registry, {row["type_id"] for row, _ in members})
    for found in types.values():  # one that is not there is what the database says
        _check_is_type(registry, found)
    spaces = {type_id: _only_space(connection, kind) for type_id, kind in types.items()}
    for row, given in members:
        kind, space_id = types.get(row["type_id"]), spaces.get(row["type_id"])
        if space_id is not None and "space_id" not in given:
            row["space_id"] = space_id
        _check_space(registry, kind, space_id, row["space_id"])


def check_updates(
    connection: sa.Connection, database: Database, changes: Sequence[tuple[BaseSQLRecord, Mapping[str, Any]]]
) -> None:
    """Raise if changed values would put records below what is no type, below themselves, or where their type does not want them.

    Raises
    ------
    FieldValidationError: naming what is in the way; also if a record has members and would be no type any more.
    """
    registry = type(changes[0][0])
    if "is_type" not in registry.__table__.c:
        return
    if no_types := [record.id for record, values in changes if values.get("is_type") is False]:
        _check_no_members(connection, database, registry, no_types)
    moved = [
        (record, values)
        for record, values in changes
        if record.__dict__.get("type_id") is not None and values.keys() & {"type_id", "space_id"}
    ]
    if not moved:
        return
    if joining := {record.id: values["type_id"] for record, values in moved if "type_id" in values}:
        becoming = {record.id for record, values in changes if values.get("is_type") is True}
        check_members(connection, database, registry, joining, becoming)
    types = _read(connection, database, registry, {record.__dict__["type_id"] for record, _ in moved})
    spaces = {type_id: _only_space(connection, kind) for type_id, kind in types.items()}
    for record, _ in moved:
        type_id = record.__dict__["type_id"]
        _check_space(registry, types.get(type_id), spaces.get(type_id), record.__dict__.get("space_id"))


def check_members(
    connection: sa.Connection,
    database: Database,
    registry: type[BaseSQLRecord],
    joining: Mapping[int, int],
    becoming: Collection[int] = (),
) -> None:
    """Raise if records cannot become members of types; one statement, whatever their number.

    Parameters
    ----------
    joining
        Id of the new type by id of the record.
    becoming
        Ids of records that become types at the same time.

    Raises
    ------
    FieldValidationError: a type is none, or a record would belong to itself.
    """
    table = registry.__table__
    database.lock(f"{table.name}.type_id")  # two changes at once could close a circle that neither of them sees
    columns = ("id", "name", "is_type", "type_id")
    start = within(table.c.id, sorted(set(joining.values())), database.dialect)
    chain = sa.select(*(table.c[name] for name in columns)).where(start).cte("chain", recursive=True)
    above = table.alias("above")
    chain = chain.union(sa.select(*(above.c[name] for name in columns)).where(above.c.id == chain.c.type_id))
    found = {row["id"]: dict(row) for row in connection.execute(sa.select(chain)).mappings()}
    types = {row_id: row["type_id"] for row_id, row in found.items()} | dict(joining)
    for row_id, type_id in joining.items():
        if row_id in _above(types, type_id):
            called = found[type_id]["name"] if type_id in found else type_id
            problem = f"it would belong to itself, as {called!r} is or belongs to it; choose another type"
            raise FieldValidationError(f"cannot save this {registry.__name__}: {problem}")
        if type_id in found and type_id not in becoming:  # one that is not there is what the database says
            _check_is_type(registry, found[type_id])


def _above(types: Mapping[int, int | None], start: int) -> set[int]:
    """Return a type and all that it belongs to."""
    seen: set[int] = set()
    current: int | None = start
    while current is not None and current not in seen:
        seen.add(current)
        current = types.get(current)
    return seen


def _check_is_type(registry: type[BaseSQLRecord], kind: Mapping[str, Any]) -> None:
    if not kind["is_type"]:
        problem = f"{kind['name']!r} is no type, so it can have no members; save it with is_type=True first"
        raise FieldValidationError(f"cannot save this {registry.__name__}: {problem}")


def _read(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: set[int]
) -> dict[int, dict[str, Any]]:
    table = registry.__table__
    columns = [table.c[name] for name in ("id", "name", "is_type", "space_id", "_aux")]
    rows = connection.execute(sa.select(*columns).where(within(table.c.id, sorted(ids), database.dialect))).mappings()
    return {row["id"]: dict(row) for row in rows}


def _check_no_members(connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: list[int]) -> None:
    table = registry.__table__
    database.lock(table.name)  # who adds a member shares it
    kind = table.alias("kind")
    query = sa.select(sa.func.min(kind.c.name), sa.func.count()).join(kind, kind.c.id == table.c.type_id)
    query = query.where(within(table.c.type_id, ids, database.dialect)).group_by(table.c.type_id).limit(1)
    if (found := connection.execute(query).first()) is not None:
        name, count = found
        members = "1 record" if count == 1 else f"{count} records"
        called = f"{name!r} is" if len(ids) > 1 else "it is"
        problem = f"{called} the type of {members}, so is_type stays True; give them another first"
        raise FieldValidationError(f"cannot save this {registry.__name__}: {problem}")


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
