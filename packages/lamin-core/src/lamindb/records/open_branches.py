"""Which branches records can be put on: those that are there and were neither merged nor closed, and never the trash.

Whoever writes holds the row of the branch until the end of the transaction, and whoever merges waits for it: a record is moved
with the others or refused, and never left behind on a branch that nobody looks at any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import BranchEnded, InvalidArgument, ObjectDoesNotExist
from lamindb.query.membership import within
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord

STATUSES = {"closed": -2, "merged": -1, "standalone": 0, "draft": 1, "review": 2}
ENDED = {STATUSES["closed"]: "closed", STATUSES["merged"]: "merged"}
MERGED_INTO = "merged_into"
"""Key of a branch's `_aux` with the id of the branch that has its records now."""
_held: WeakKeyDictionary[Transaction, set[int]] = WeakKeyDictionary()
"""Branches that were found open and are held by a transaction."""


def hold(transaction: Transaction, database: Database, branch_ids: Iterable[int | None]) -> None:
    """Raise unless records can be put on branches, and keep it so until the transaction ends; one statement, none for main.

    Raises
    ------
    InvalidArgument: one is the trash.
    ObjectDoesNotExist: one was deleted.
    BranchEnded: one was merged or closed.
    """
    held = _held.setdefault(transaction, set())
    wanted = {one for one in branch_ids if one is not None}
    if context.TRASH in wanted:
        raise InvalidArgument("nothing is put into the trash but by deleting it: call .delete() on what is saved")
    wanted = {one for one in wanted if one > context.MAIN} - held  # main and the archive are never merged, closed or deleted
    if not wanted:
        return
    found = locked(transaction.connection, database, wanted)
    for branch_id in sorted(wanted):
        if (row := found.get(branch_id)) is None:
            raise ObjectDoesNotExist(
                f"{database.slug} has no branch with id {branch_id} any more: it was deleted; run `lamin switch main`"
            )
        _check_open(row)
    held |= wanted
    transaction.on_rollback(lambda: held.difference_update(wanted))  # Postgres gives up locks with the savepoint


def hold_in(database: Database, branch_ids: Iterable[int | None]) -> None:
    """As `hold`, for the open transaction of this thread."""
    transaction = database.transaction()
    assert transaction is not None  # rows are written in one
    hold(transaction, database, branch_ids)


def hold_for(transaction: Transaction, database: Database, records: Iterable[BaseSQLRecord]) -> None:
    """As `hold`, for the branches of new records; called before any other lock, so that no two wait for each other."""
    new = [record for record in records if record._database is None and "created_on_id" in type(record).__table__.c]
    if new:
        current = context.current_branch_id(database)
        wanted = {record.__dict__.get("branch_id", current) for record in new}
        hold(transaction, database, filter(context.is_id, wanted))


def release(transaction: Transaction) -> None:
    """Look again before anything else is put on branches in this transaction: the status of one has changed."""
    _held.pop(transaction, None)


def locked(
    connection: sa.Connection, database: Database, branch_ids: Iterable[int], *, alone: bool = False
) -> dict[int, dict[str, Any]]:
    """Return the rows of branches by id, which nobody deletes or merges until the transaction ends.

    Parameters
    ----------
    alone
        Also wait for everybody who puts records on them.
    """
    table = catalog.registry("lamindb.Branch").__table__
    columns = (table.c.id, table.c.uid, table.c.name, table.c._status_code, table.c._aux)
    query = sa.select(*columns).where(within(table.c.id, sorted(branch_ids), database.dialect)).order_by(table.c.id)
    query = query.with_for_update(key_share=not alone, read=not alone)  # nothing on SQLite, where writers are alone
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def _check_open(row: dict[str, Any]) -> None:
    if (status := ENDED.get(row["_status_code"])) is not None:
        raise BranchEnded(
            f"the branch {row['name']!r} is {status}, so nothing new can be put on it; run `lamin switch main`, "
            f"or go on with it by `lamin update branch --name {row['name']} --status standalone`"
        )


def home(connection: sa.Connection, database: Database, branch_ids: Iterable[int]) -> dict[int, int]:
    """Return where records belong that once lived on branches: there, where that was merged into, or main if it is gone."""
    found: dict[int, int] = {}
    rows: dict[int, dict[str, Any]] = {}
    for branch_id in branch_ids:
        at, seen = branch_id, {branch_id}
        while at > context.MAIN:
            if at not in rows:
                rows |= locked(connection, database, [at])
            row = rows.get(at)
            if row is None:
                at = context.MAIN
                break
            target = (row["_aux"] or {}).get(MERGED_INTO)
            if row["_status_code"] != STATUSES["merged"] or target is None or target in seen:
                break
            at = target
            seen.add(at)
        found[branch_id] = at
    return found
