"""A stored record that is put on another branch by hand: what has to hold there, and which version is the latest then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lamindb.records import families, open_branches

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord

Changes = Sequence[tuple["BaseSQLRecord", Mapping[str, Any]]]
"""Stored records, and the columns that are about to be written."""
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
    aux = record.__dict__.get("_aux")
    if not isinstance(aux, dict) or CAME_FROM not in aux:
        return {}
    return {"_aux": {name: value for name, value in aux.items() if name != CAME_FROM} or None}


def lock_families(database: Database, changes: Changes) -> None:
    """Lock the families of records of one registry that move, before their rows; by one statement."""
    if stems := sorted({record.__dict__["uid"][: -families.COUNTER] for record in _moved(changes)}):
        families.lock(database, type(changes[0][0]), *stems)


def settle(transaction: Transaction, database: Database, changes: Changes) -> dict[int, dict[str, Any]]:
    """Bring the heads of families in order, of records of one registry; returns what changed in the records themselves, by id."""
    if not (moved := _moved(changes)):
        return {}
    uids = [record.__dict__["uid"] for record in moved]
    flags = families.keep_heads(transaction.connection, database, type(moved[0]), uids)
    return {record.id: {"is_latest": flags[record.id]} for record in moved if record.id in flags}


def _moved(changes: Changes) -> list[BaseSQLRecord]:
    """Return those records that move to another branch and have versions."""
    return [record for record, values in changes if _moves(record, values) and "is_latest" in type(record).__table__.c]


def _moves(record: BaseSQLRecord, values: Mapping[str, Any]) -> bool:
    return "branch_id" in values and "created_on_id" in type(record).__table__.c
