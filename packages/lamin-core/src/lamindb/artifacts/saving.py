"""Saving artifacts, one or many: bytes first, then rows and bytes become visible together, or none.

Before the transaction the bytes are copied into the storage under names that nobody looks for. Inside it, under locks on keys,
contents and families, the rows are looked up once more, written, and the bytes get their final names. `storing` says what happens
when the process dies. The number of statements does not grow with the number of new artifacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import lamindb_setup
import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from lamindb.artifacts import arriving, finding, replacing
from lamindb.artifacts.construction import Pending, become, is_first, new_uid, stem_of, tell_that_they_exist
from lamindb.artifacts.finding import Found
from lamindb.artifacts.folders import HOME
from lamindb.artifacts.locating import object_name
from lamindb.errors import DatabaseMismatch, InvalidArgument
from lamindb.query.membership import within
from lamindb.records import bulk, construction, context, families, joining, saving
from lamindb.records.joining import Newcomer

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.artifacts.artifact import ArtifactBehavior

Artifacts = Sequence["ArtifactBehavior"]


def save(artifact: ArtifactBehavior) -> None:
    """Store the bytes and write the row; of a stored artifact, write what was changed."""
    pending = artifact._pending
    database = pending.database if pending is not None else artifact._database or lamindb_setup.current()
    context.check_writable(database)
    with arriving.ready(database, [artifact]), database.writing() as transaction:
        write(transaction, database, [artifact])


def write(transaction: Transaction, database: Database, artifacts: Artifacts) -> None:
    """Write rows of artifacts whose bytes are ready, and give the bytes their names."""
    new = [one for one in artifacts if one._database is None]
    for one in new:
        _check_new(one, database)
        saving.settle_related(one, database)
    for one in artifacts:
        saving.keep(transaction, one)
    arriving.take_over(transaction, database, artifacts)
    if new:
        _write_new(transaction, database, new)
    waiting = [one for one in artifacts if one._pending is not None]
    replacing.replace_bytes(transaction, database, [one for one in waiting if _pending(one).replaces])
    _complete(transaction, database, [one for one in waiting if one._pending is not None and not one._pending.replaces])
    for one in artifacts:
        saving.update(transaction, one)
        _note_remade(one, transaction)


def _check_new(artifact: ArtifactBehavior, database: Database) -> None:
    pending = artifact._pending
    if pending is None:
        raise InvalidArgument("this artifact was not made from a file, so there is nothing to save; call Artifact(path, …)")
    if pending.database is not database:
        raise DatabaseMismatch(f"this artifact was made for {pending.database.slug}, it cannot be saved to {database.slug}")


def _note_remade(artifact: ArtifactBehavior, transaction: Transaction) -> None:
    """An artifact that existed already is an output of the current run, too, now that it is saved again."""
    if artifact._is_remade:
        context.note_remade(artifact)
        transaction.on_commit(lambda: setattr(artifact, "_is_remade", False))


# -- new rows --------------------------------------------------------------------------------------------------------


def _write_new(transaction: Transaction, database: Database, artifacts: Artifacts) -> None:
    """Insert new artifacts and give their bytes names, or make them the rows that someone else wrote in the meantime."""
    _lock(database, artifacts)
    found = finding.find_many(transaction.connection, database, type(artifacts[0]), [_pending(one).wanted for one in artifacts])
    fresh: list[tuple[ArtifactBehavior, Found]] = []
    twins: list[tuple[ArtifactBehavior, ArtifactBehavior]] = []
    first_of: dict[object, ArtifactBehavior] = {}
    there: list[ArtifactBehavior] = []
    for one, each in zip(artifacts, found, strict=True):
        if each.same is not None:
            become(one, _pending(one), each.same)
            there.append(one)
        elif (first := first_of.setdefault(_pending(one).wanted.identity, one)) is not one:
            twins.append((one, first))
        else:
            fresh.append((one, each))
    tell_that_they_exist(there)
    if fresh:
        _join_families(transaction, database, fresh)
        _insert(transaction, database, [one for one, _ in fresh])
    columns = type(artifacts[0]).__table__.columns
    for one, first in twins:
        become(one, _pending(one), {each.key: first.__dict__[each.key] for each in columns if each.key in first.__dict__})


def _insert(transaction: Transaction, database: Database, artifacts: Artifacts) -> None:
    moves = []
    for one in artifacts:
        pending = _pending(one)
        name = object_name(one.uid, pending.suffix)
        if pending.part is not None:
            moves.append((pending, name))
            if pending.suffix != one.suffix:
                one._real_key = f"{HOME}/{name}"
    if len(artifacts) == 1:
        saving.insert(transaction.connection, database, artifacts[0])
    else:
        for one in artifacts:
            construction.check_changes(one, saving.changed(one))
        bulk.insert_many(transaction.connection, database, type(artifacts[0]), artifacts)
    _publish(moves)
    for one in artifacts:
        _is_through(transaction, one)


def _publish(moves: Sequence[tuple[Pending, str]]) -> None:
    """Give bytes their names, storage by storage."""
    for incoming in dict.fromkeys(pending.incoming for pending, _ in moves):
        assert incoming is not None  # whoever has a part has it there
        mine = [(pending.part, name) for pending, name in moves if pending.incoming is incoming and pending.part is not None]
        incoming.publish(mine)


def _is_through(transaction: Transaction, artifact: ArtifactBehavior) -> None:
    if (pending := artifact._pending) is not None and pending.origin.staged is not None:
        transaction.on_commit(pending.origin.staged.discard)
    artifact._pending = None


def _lock(database: Database, artifacts: Artifacts) -> None:
    """Make writers of the same key, content or family wait; for many artifacts, all writers."""
    table = type(artifacts[0]).__table__.name
    if len(artifacts) > 1:
        database.lock(table)
        return
    artifact, wanted = artifacts[0], _pending(artifacts[0]).wanted
    family = families.family_lock(type(artifact), stem_of(artifact.__dict__["uid"]))
    names = [family, f"{table}:hash={wanted.content.value}"]
    if wanted.key is not None:
        names.append(f"{table}:key={wanted.key}")
    database.lock(*names, shared=(table,))


def _join_families(transaction: Transaction, database: Database, fresh: Sequence[tuple[ArtifactBehavior, Found]]) -> None:
    """Settle uids and heads under the lock; a single artifact's family is locked if it is another than the constructor saw."""
    stems = _stems(fresh)
    registry = type(fresh[0][0])
    if len(fresh) == 1 and stems and stem_of(fresh[0][0].__dict__["uid"]) not in stems.values():
        families.lock(database, registry, *stems.values())
    newcomers = []
    for one, _ in fresh:
        pending = _pending(one)
        if id(one) in stems:
            newcomers.append(Newcomer(one, stems[id(one)], pending.wanted.branch_id, pending.head_uid))
        else:
            one.__dict__["is_latest"] = True
    joining.join(transaction.connection, newcomers)
    for one, _ in fresh:
        if (revises := _pending(one).revises) is not None and _pending(one).head_uid is not None:
            saving.keep(transaction, revises)
            set_committed_value(revises, "is_latest", False)


def _stems(fresh: Sequence[tuple[ArtifactBehavior, Found]]) -> dict[int, str]:
    """Return the families that artifacts join, by the id of the object: existing ones, and new ones with several members."""
    stems: dict[int, str] = {}
    begun: dict[object, ArtifactBehavior] = {}
    for one, found in fresh:
        pending = _pending(one)
        before = pending.revises.uid if pending.revises is not None else found.head["uid"] if found.head is not None else None
        if before is not None:
            stems[id(one)] = stem_of(before)
            continue
        if not is_first(one.__dict__["uid"]):  # the family that was seen went to the trash
            one.__dict__["uid"] = new_uid()
        of_key = (pending.wanted.key, pending.wanted.storage_id)
        first = begun.setdefault(of_key, one) if pending.wanted.key is not None else one
        if first is not one:
            stems[id(first)] = stems[id(one)] = stem_of(first.__dict__["uid"])
    return stems


# -- rows that exist -------------------------------------------------------------------------------------------------


def _complete(transaction: Transaction, database: Database, artifacts: Artifacts) -> None:
    """Bring rows that exist in order: out of the trash, with their bytes, with what the caller passed."""
    if not artifacts:
        return
    registry = type(artifacts[0])
    if trashed := [one for one in artifacts if one.branch_id == context.TRASH]:
        registry._restore_ids(database, [one.id for one in trashed])
        _reload(transaction.connection, database, trashed)
    moves = []
    for one in artifacts:
        pending = _pending(one)
        if pending.part is not None:
            name = object_name(one.uid, pending.suffix)
            moves.append((pending, name))
            one._real_key = f"{HOME}/{name}" if pending.suffix != one.suffix else None
            one._key_is_virtual = True
            if (one._aux or {}).get("so"):
                one._aux = {name: value for name, value in one._aux.items() if name != "so"} or None
    if moves:
        families.lock(database, registry, *sorted({stem_of(one.uid) for one in artifacts}))
        _publish(moves)
    for one in artifacts:
        saving.update(transaction, one)
        _is_through(transaction, one)


def _reload(connection: sa.Connection, database: Database, artifacts: Artifacts) -> None:
    """Take over what leaving the trash wrote."""
    table = type(artifacts[0]).__table__
    columns = [table.c[name] for name in ("id", "branch_id", "_aux", "is_latest", "updated_at")]
    query = sa.select(*columns).where(within(table.c.id, [one.id for one in artifacts], database.dialect))
    rows = {row["id"]: row for row in connection.execute(query).mappings()}
    for one in artifacts:
        for name, value in rows[one.id].items():
            set_committed_value(one, name, value)


def _pending(artifact: ArtifactBehavior) -> Pending:
    assert artifact._pending is not None  # asked for before
    return artifact._pending
