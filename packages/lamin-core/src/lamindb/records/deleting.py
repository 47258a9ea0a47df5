"""Trash, restoring and deleting for good. Deleting is set-based: one DELETE per referencing table, blockers counted first.

Tables that databases of the peer have in common with ours carry no ON DELETE, so the rules of the schema are executed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from lamindb import catalog
from lamindb.errors import InvalidArgument, LockedRecord, ProtectedError, StaleRecord
from lamindb.query.membership import within
from lamindb.records import context, families, identity, open_branches, saving, strangers, updating
from lamindb.records.arrivals import CAME_FROM
from lamindb.records.moving import check_free, move
from lamindb.records.rows import lock_rows

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

Deleted = tuple[int, dict[str, int]]


def has_trash(registry: type[BaseSQLRecord]) -> bool:
    """Whether rows of a registry go to the trash first."""
    return registry._has_trash and "branch_id" in registry.__table__.c and "is_locked" in registry.__table__.c


def delete(record: BaseSQLRecord, permanent: bool | None) -> Deleted | None:
    """Delete one record; see `BaseSQLRecord.delete`."""
    registry = type(record)
    check_permanent(permanent)
    if record._database is None:
        return None
    database = saving.stored_in(record)
    context.check_writable(database)
    in_trash = has_trash(registry) and record.__dict__.get("branch_id") == context.TRASH
    if permanent is not True and in_trash:
        return None
    if is_soft(registry, permanent):
        saving.check_unlocked(record)
        move(database, registry, [record.id], context.TRASH)
        _reload_branch(record, context.TRASH)
        return None
    with database.writing() as transaction:
        deleted = delete_permanently(database, registry, [record.id])
        record._gone = True
        transaction.on_rollback(lambda: setattr(record, "_gone", False))
    return deleted


def check_permanent(permanent: object) -> None:
    """Raise if an argument is none of the three that mean something.

    Raises
    ------
    InvalidArgument: naming it.
    """
    if not isinstance(permanent, bool | None):
        raise InvalidArgument(f"permanent is True, False or None, not {permanent!r}")


def is_soft(registry: type[BaseSQLRecord], permanent: bool | None) -> bool:
    """Whether deleting means moving to the trash.

    Raises
    ------
    InvalidArgument: the registry has no trash, but a soft deletion was asked for.
    """
    if not has_trash(registry):
        if permanent is False:
            raise InvalidArgument(f"{registry.__name__} has no trash: to delete it for good, pass permanent=True")
        return False
    return permanent is not True


def delete_ids(registry: type[BaseSQLRecord], database: Database, ids: Sequence[int], permanent: bool | None) -> Deleted | None:
    """Delete rows of a query set; without `permanent=True` they only move to the trash."""
    context.check_writable(database)
    check_permanent(permanent)
    if is_soft(registry, permanent):
        if ids:
            move(database, registry, ids, context.TRASH)
        return None
    return delete_permanently(database, registry, ids) if ids else (0, {})


def restore_ids(registry: type[BaseSQLRecord], database: Database, ids: Sequence[int]) -> None:
    """Move those rows of a query set that are in the trash to the branches they came from.

    Raises
    ------
    UniqueViolation: the name of one was given to another row in the meantime.
    """
    context.check_writable(database)
    if not has_trash(registry):
        raise InvalidArgument(f"{registry.__name__} has no trash, so there is nothing to restore")
    table = registry.__table__
    came_from: dict[int, list[int]] = {}
    with database.writing() as transaction:
        chosen = sa.and_(within(table.c.id, ids, database.dialect), table.c.branch_id == context.TRASH)
        columns = identity.columns_in(database, registry)
        rows = transaction.connection.execute(sa.select(*columns).where(chosen).order_by(table.c.id)).mappings().all()
        for row in rows:
            came_from.setdefault((row["_aux"] or {}).get(CAME_FROM, context.MAIN), []).append(row["id"])
        homes = open_branches.home(transaction.connection, database, came_from)
        if records := registry._load_rows(database, map(dict, rows)):
            home = {row_id: homes[branch_id] for branch_id, group in came_from.items() for row_id in group}
            names = [(record, {**(saving.key_with_type(record) or {}), "branch_id": home[record.id]}) for record in records]
            updating.check_names_are_free(transaction.connection, database, names)
            lock_rows(transaction.connection, table, [record.id for record in records])
        for branch_id, group in came_from.items():
            move(database, registry, group, homes[branch_id])
            if "is_latest" not in table.c:  # of versions, one with the content of another is restored in its place
                check_free(transaction.connection, database, registry, group, homes[branch_id])


def restore(record: BaseSQLRecord) -> None:
    """Move a record from the trash to the branch it came from, or to where that was merged into; to main if it is gone."""
    if record._database is None:
        raise InvalidArgument(f"this {type(record).__name__} was never saved, so there is nothing to restore")
    database = saving.stored_in(record)
    context.check_writable(database)
    if record.__dict__.get("branch_id") != context.TRASH:
        return
    before = (record.__dict__.get("_aux") or {}).get(CAME_FROM, context.MAIN)
    with database.writing() as transaction:
        target = open_branches.home(transaction.connection, database, [before])[before]
        saving.check_name_is_free(
            transaction.connection, database, record, {**(record._natural_key() or {}), "branch_id": target}
        )
        move(database, type(record), [record.id], target)
    _reload_branch(record, target)


def _reload_branch(record: BaseSQLRecord, branch_id: int) -> None:
    """Bring the loaded record up to date with what `move` wrote."""
    registry, database = type(record), record._database
    assert database is not None  # only stored records are moved
    table = registry.__table__
    names = [name for name in ("branch_id", "_aux", "is_latest", "updated_at") if name in table.c]
    with database.reading() as connection:
        row = connection.execute(sa.select(*(table.c[name] for name in names)).where(table.c.id == record.id)).mappings().first()
    if row is None:
        raise StaleRecord(f"the row of this {type(record).__name__} (id {record.id}) was deleted since it was loaded")
    for name, value in row.items():
        set_committed_value(record, name, value)
    if record._related:
        record._related = {column: one for column, one in record._related.items() if column != "branch_id"}


# -- for good -------------------------------------------------------------------------------------------------


def delete_permanently(database: Database, registry: type[BaseSQLRecord], ids: Sequence[int]) -> Deleted:
    """Delete rows with what cascades from them.

    Raises
    ------
    ProtectedError: other rows refer to them; says how many of which registry.
    LockedRecord: one of the rows is locked.
    """
    with database.writing() as transaction:
        connection = transaction.connection
        families.lock_of(connection, database, registry, ids)
        lock_rows(connection, registry.__table__, ids, to_delete=True)
        _check_unlocked(connection, database, registry, ids)
        doomed = _collect(connection, database, registry.__qualified__, list(ids))
        strangers.check_unreferenced(connection, database, doomed)
        uids = _uids(connection, database, registry, ids)
        counts: Counter[str] = Counter()
        for qualified, rows in reversed(doomed.items()):
            table = catalog.registry(qualified).__table__
            done = connection.execute(sa.delete(table).where(within(table.c.id, sorted(rows), database.dialect)))
            counts[qualified] += done.rowcount
        if uids:
            families.keep_heads(connection, database, registry, uids)
    return counts.total(), {qualified: count for qualified, count in counts.items() if count}


def _check_unlocked(connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: Sequence[int]) -> None:
    table = registry.__table__
    if "is_locked" in table.c:
        query = sa.select(sa.func.count()).where(within(table.c.id, ids, database.dialect), table.c.is_locked)
        if count := connection.execute(query).scalar_one():
            raise LockedRecord(f"{count} {registry.__name__} rows are locked; to delete them, set is_locked=False and save first")


def _uids(connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: Sequence[int]) -> list[str]:
    table = registry.__table__
    if "is_latest" not in table.c:
        return []
    return list(connection.execute(sa.select(table.c.uid).where(within(table.c.id, ids, database.dialect))).scalars())


def _collect(connection: sa.Connection, database: Database, root: str, ids: list[int]) -> dict[str, set[int]]:
    """Walk the references to the doomed rows: cascades are collected, blockers counted, optional references cleared."""
    doomed: dict[str, set[int]] = {root: set(ids)}
    protected: list[tuple[str, str, str, set[int]]] = []
    frontier = [(root, set(ids))]
    while frontier:
        target, rows = frontier.pop()
        for holder, column, on_delete in catalog.references_to(target):
            table = catalog.registry(holder).__table__
            if not database.has_column(table.name, column):
                continue
            pointing = within(table.c[column], sorted(rows), database.dialect)
            if on_delete == "set_null":
                connection.execute(sa.update(table).where(pointing).values({column: None}))
                continue
            found = set(connection.execute(sa.select(table.c.id).where(pointing)).scalars())
            new = found - doomed.get(holder, set())
            if on_delete == "cascade" and new:
                doomed.setdefault(holder, set()).update(new)
                frontier.append((holder, new))
            elif new:
                protected.append((holder, column, target, new))
    _raise_if_protected(root, protected, doomed)
    return doomed


def _raise_if_protected(root: str, protected: list[tuple[str, str, str, set[int]]], doomed: dict[str, set[int]]) -> None:
    """Raise if rows that stay refer to rows that go; a row that refers by several columns counts once."""
    staying: dict[str, set[int]] = {}
    for holder, _column, _target, rows in protected:
        staying.setdefault(holder, set()).update(rows - doomed.get(holder, set()))
    blockers = Counter({holder: len(rows) for holder, rows in staying.items() if rows})
    if blockers:
        listed = ", ".join(f"{count} {holder.removeprefix('lamindb.')}" for holder, count in sorted(blockers.items()))
        raise ProtectedError(
            f"cannot delete this {root.rpartition('.')[2]}: {listed} "
            f"{'rows refer' if blockers.total() > 1 else 'row refers'} to it; delete those first"
            + (", or move it to the trash with permanent=False" if has_trash(catalog.registry(root)) else "")
        )
