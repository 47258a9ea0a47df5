"""What a move to another space means for types that keep their members in one: members follow, and nobody leaves alone.

See `type_rules` for the policy itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument, LockedRecord
from lamindb.query.membership import within
from lamindb.records.type_rules import POLICY

if TYPE_CHECKING:
    from datetime import datetime

    from lamindb.records.record import BaseSQLRecord


def move(connection: sa.Connection, registry: type[BaseSQLRecord], ids: Sequence[int], space_id: int, moment: datetime) -> int:
    """Move rows to a space, with the members of those types that want them in their own; returns how many moved.

    Raises
    ------
    LockedRecord: one of them is locked; nothing is moved.
    InvalidArgument: the type of one wants its members in another space.
    """
    table = registry.__table__
    chosen = _with_members(table, within(table.c.id, ids, connection.dialect.name))
    moving = sa.and_(chosen, table.c.space_id != space_id)
    if "is_locked" in table.c:
        locked = sa.select(sa.func.count()).where(moving, table.c.is_locked)
        if count := connection.execute(locked).scalar_one():
            raise LockedRecord(f"{count} {registry.__name__} rows that would move are locked; unlock them first")
    values: dict[str, Any] = {"space_id": space_id}
    if "updated_at" in table.c:
        values["updated_at"] = moment
    moved = connection.execute(sa.update(table).where(moving).values(values)).rowcount
    if moved and "is_type" in table.c:
        _check_members(connection, registry, chosen, space_id)
    return moved


def follow(connection: sa.Connection, changes: Sequence[tuple[BaseSQLRecord, Mapping[str, Any]]], moment: datetime) -> None:
    """Let members follow those types of one registry that went to another space.

    Raises
    ------
    LockedRecord, InvalidArgument: as `move`.
    """
    spaces: dict[int, list[int]] = {}
    for record, values in changes:
        if "space_id" in values and record.__dict__.get("is_type"):
            spaces.setdefault(values["space_id"], []).append(record.id)
    for space_id, ids in spaces.items():
        move(connection, type(changes[0][0]), ids, space_id, moment)


def _with_members(table: sa.Table, rows: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that a row is one of some, or belongs to a type among them that wants its members in its space."""
    if "is_type" not in table.c:
        return rows
    tree = sa.select(table.c.id, _policy(table).label("policy")).where(rows).cte("tree", recursive=True)
    member = table.alias("member")
    tree = tree.union(sa.select(member.c.id, _policy(member)).where(member.c.type_id == tree.c.id, tree.c.policy == "1"))
    return table.c.id.in_(sa.select(tree.c.id))


def _policy(table: sa.FromClause) -> sa.ColumnElement[str]:
    """Return the policy of a type as text: `1`, the uid of a space, or NULL."""
    return sa.cast(table.c._aux.op("->>", return_type=sa.Text())(sa.literal_column(f"'{POLICY}'")), sa.Text)


def _check_members(
    connection: sa.Connection, registry: type[BaseSQLRecord], moved: sa.ColumnElement[bool], space_id: int
) -> None:
    table, spaces = registry.__table__, catalog.registry("lamindb.Space").__table__
    kind, other = table.alias("kind"), spaces.alias("other")
    named = sa.select(other.c.id).where(other.c.uid == _policy(kind)).scalar_subquery()
    wanted = sa.func.coalesce(named, kind.c.space_id)  # a policy of 1, or of a space that is gone, is the type's own space
    query = sa.select(kind.c.name, spaces.c.name).select_from(
        table.join(kind, kind.c.id == table.c.type_id).join(spaces, spaces.c.id == wanted)
    )
    query = query.where(moved, table.c.space_id == space_id, _policy(kind).is_not(None), wanted != space_id).limit(1)
    if (found := connection.execute(query).first()) is not None:
        raise InvalidArgument(
            f"space: the members of the {registry.__name__} type {found[0]!r} have to be in the space {found[1]!r}; "
            "move the type, or change its settings"
        )
