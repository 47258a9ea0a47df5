"""Registries whose records have types, which are records of the same registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.errors import FieldValidationError

if TYPE_CHECKING:
    from lamindb_setup.databases import Database
    from sqlalchemy.orm import Mapped

    from lamindb.records.record import BaseSQLRecord


class HasType:
    """Records that can be types (`is_type=True`) and can have one (`type=`)."""

    if TYPE_CHECKING:
        is_type: Mapped[bool]
        type_id: Mapped[int | None]


def type_context(record: BaseSQLRecord) -> dict[str, Any]:
    """Return where a name is unique: under the type that was passed, or anywhere if none was.

    Passing `type=None` means records without a type, which is not the same as not passing it.
    """
    values = record.__dict__
    return {"type_id": values["type_id"]} if "type_id" in values else {}


def check_change(connection: sa.Connection, database: Database, record: BaseSQLRecord, values: dict[str, Any]) -> None:
    """Raise if changed values would put a record below what is no type, or below itself, or leave its members without a type.

    Raises
    ------
    FieldValidationError: naming what is in the way.
    """
    table = type(record).__table__
    if "is_type" not in table.c:
        return
    if values.get("type_id") is not None:
        check_members(connection, database, type(record), [record.id], values["type_id"])
    if values.get("is_type") is False and (problem := _members_problem(connection, table, record.id)):
        raise FieldValidationError(f"cannot save this {type(record).__name__}: {problem}")


def check_members(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: Sequence[int], type_id: int
) -> None:
    """Raise if records with these ids cannot become members of a type.

    Raises
    ------
    FieldValidationError: it is no type, or belongs to one of them.
    """
    table = registry.__table__
    database.lock(f"{table.name}.type_id")  # two changes at once could close a circle that neither of them sees
    if problem := _type_problem(connection, table, ids, type_id):
        raise FieldValidationError(f"cannot save this {registry.__name__}: {problem}")


def _type_problem(connection: sa.Connection, table: sa.Table, ids: Sequence[int], type_id: int) -> str | None:
    above = sa.select(table.c.id, table.c.name, table.c.is_type, table.c.type_id).where(table.c.id == type_id)
    tree = above.cte("above", recursive=True)
    parent = table.alias("parent")
    tree = tree.union(
        sa.select(parent.c.id, parent.c.name, parent.c.is_type, parent.c.type_id).where(parent.c.id == tree.c.type_id)
    )
    found = {row.id: row for row in connection.execute(sa.select(tree))}
    if not found.keys().isdisjoint(ids):
        return f"it would belong to itself, as {found[type_id].name!r} is or belongs to it; choose another type"
    if type_id in found and not found[type_id].is_type:
        return f"{found[type_id].name!r} is no type, so it can have no members; save it with is_type=True first"
    return None  # one that is not there is what the database says


def _members_problem(connection: sa.Connection, table: sa.Table, own_id: int) -> str | None:
    members = connection.execute(sa.select(sa.func.count()).where(table.c.type_id == own_id)).scalar_one()
    if not members:
        return None
    return (
        f"it is the type of {members} {'record' if members == 1 else 'records'}, so is_type stays True; give them another first"
    )
