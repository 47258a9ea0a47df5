"""Moving rows between branches, the trash included: all of them by one UPDATE. What belongs to a type goes to the trash with it.

A row in the trash notes in `_aux` which branch it came from, unless that was main.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.errors import InvalidArgument, LockedRecord, UniqueViolation
from lamindb.query.membership import within
from lamindb.query.scope import has_branches
from lamindb.records import clashes, context, families, open_branches, saving, space_moves
from lamindb.records.arrivals import CAME_FROM

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def move(database: Database, registry: type[BaseSQLRecord], ids: Sequence[int], branch_id: int) -> None:
    """Move rows to another branch, and bring the heads of their families in order.

    Types take their members, and the members of those, into the trash, but not out of it.

    Raises
    ------
    LockedRecord: one of the rows is locked; nothing is moved.
    """
    table = registry.__table__
    chosen = within(table.c.id, ids, database.dialect)
    if branch_id == context.TRASH and "type_id" in table.c:
        chosen = table.c.id.in_(with_members(table, chosen))
    moving = sa.and_(chosen, table.c.branch_id != branch_id)
    with database.writing() as transaction:
        connection = transaction.connection
        families.lock_of(connection, database, registry, ids)
        names = [name for name in ("id", "is_locked", "uid") if name in table.c]
        query = sa.select(*(table.c[name] for name in names)).where(moving).order_by(table.c.id).with_for_update(key_share=True)
        rows = connection.execute(query).mappings().all()
        if locked := [row["id"] for row in rows if row.get("is_locked")]:
            raise LockedRecord(f"{len(locked)} {registry.__name__} rows are locked (id {locked[0]}); unlock them first")
        values: dict[str, Any] = {"branch_id": branch_id}
        if "_aux" in table.c:
            values["_aux"] = _marked(table, branch_id, database.dialect)
        if "updated_at" in table.c:
            values["updated_at"] = saving.now()
        if rows:
            found = within(table.c.id, [row["id"] for row in rows], database.dialect)  # those that are locked, and no others
            connection.execute(sa.update(table).where(found).values(values))
        if "is_latest" in table.c:
            families.keep_heads(connection, database, registry, [row["uid"] for row in rows])


def move_set(
    database: Database, registry: type[BaseSQLRecord], ids: Sequence[int], *, branch_id: int | None, space_id: int | None
) -> int:
    """Move the rows of a query set to a branch, a space, or both: all of them, or none. Returns how many are there then.

    Raises
    ------
    InvalidArgument: the registry has no branches or spaces, the branch is the trash, or a type wants its members elsewhere.
    BranchEnded: the branch was merged or closed.
    UniqueViolation: names or keys are taken on the branch.
    LockedRecord: one of the rows is locked.
    """
    table = registry.__table__
    if branch_id is not None and not has_branches(registry.__qualified__):
        raise InvalidArgument(f"{registry.__name__} rows live on no branch")
    if space_id is not None and "space_id" not in table.c:
        raise InvalidArgument(f"{registry.__name__} rows are in no space")
    context.check_writable(database)
    with database.writing() as transaction:
        if branch_id is not None:
            open_branches.hold(transaction, database, [branch_id])
            database.lock(table.name)
            move(database, registry, ids, branch_id)
            check_free(transaction.connection, database, registry, ids, branch_id)
        if space_id is not None:
            space_moves.move(transaction.connection, registry, ids, space_id, saving.now())
    return len(ids)


def check_free(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: Sequence[int], branch_id: int
) -> None:
    """Raise if rows that were just moved to a branch have names or keys that are taken there, or on main.

    Raises
    ------
    UniqueViolation: lists them.
    """
    if branch_id == context.ARCHIVE:
        return  # it may have any number of one name
    moved = {registry: within(registry.__table__.c.id, ids, database.dialect)}
    found = clashes.find(connection, database, moved, sorted({branch_id, context.MAIN}))
    if taken := [one for one in found if one.reason != "locked"]:
        raise UniqueViolation(f"nothing was moved: {clashes.listed(taken)}; rename or delete what is in the way")


def with_members(table: sa.Table, types: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    """Return a select of the ids of types and of all that belongs to them, directly or through other types; circles end."""
    tree = sa.select(table.c.id).where(types).cte("tree", recursive=True)
    member = table.alias("member")
    tree = tree.union(sa.select(member.c.id).where(member.c.type_id == tree.c.id))
    return sa.select(tree.c.id)


def _marked(table: sa.Table, branch_id: int, dialect: str) -> sa.ColumnElement[Any]:
    """Return `_aux` with a note of where a row came from if it goes to the trash, without one if it goes elsewhere."""
    aux: sa.ColumnElement[Any] = table.c._aux
    noted: sa.ColumnElement[Any]
    if dialect == "sqlite":
        path, empty = _literal(f"'$.{CAME_FROM}'"), _literal("'{}'")
        is_object = sa.func.json_type(aux) == "object"
        noted = sa.func.json_set(sa.case((is_object, aux), else_=empty), path, table.c.branch_id)
        cleared = sa.func.nullif(sa.func.json_remove(aux, path), empty)
    else:
        key, empty = _literal(f"'{CAME_FROM}'"), _literal("'{}'::jsonb")
        is_object = sa.func.jsonb_typeof(aux) == "object"
        noted = sa.case((is_object, aux), else_=empty).op("||")(sa.func.jsonb_build_object(key, table.c.branch_id))
        cleared = sa.func.nullif(aux.op("-")(key), empty)
    if branch_id == context.TRASH:
        return sa.case((table.c.branch_id == context.MAIN, aux), else_=noted)
    return sa.case((is_object, cleared), else_=aux)


def _literal(text: str) -> sa.ColumnElement[Any]:
    return sa.literal_column(text)
