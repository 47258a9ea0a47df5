"""A stored record that is put on another branch by hand: what has to hold there, and which version is the latest then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lamindb.records import families, open_branches

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord

CAME_FROM = "trashed_from"
"""Key of `_aux` that holds the branch a trashed row came from."""


def check(transaction: Transaction, database: Database, record: BaseSQLRecord, values: Mapping[str, Any]) -> dict[str, Any]:
    """Raise unless a record can be put on the branch that was assigned; returns what is to be written beside it.

    Raises
    ------
    InvalidArgument: it is the trash.
    BranchEnded: it was merged or closed.
    """
    if not _moves(record, values):
        return {}
    open_branches.hold(transaction, database, [values["branch_id"]])
    families.lock_of(transaction.connection, database, type(record), [record.id])
    aux = record.__dict__.get("_aux")
    if not isinstance(aux, dict) or CAME_FROM not in aux:
        return {}
    return {"_aux": {name: value for name, value in aux.items() if name != CAME_FROM} or None}


def settle(
    transaction: Transaction, database: Database, changes: Sequence[tuple[BaseSQLRecord, Mapping[str, Any]]]
) -> dict[int, dict[str, Any]]:
    """Bring the heads of families in order, of records of one registry; returns what changed in the records themselves, by id."""
    moved = [record for record, values in changes if _moves(record, values) and "is_latest" in type(record).__table__.c]
    if not moved:
        return {}
    uids = [record.__dict__["uid"] for record in moved]
    flags = families.keep_heads(transaction.connection, database, type(moved[0]), uids)
    return {record.id: {"is_latest": flags[record.id]} for record in moved if record.id in flags}


def _moves(record: BaseSQLRecord, values: Mapping[str, Any]) -> bool:
    return "branch_id" in values and "created_on_id" in type(record).__table__.c
