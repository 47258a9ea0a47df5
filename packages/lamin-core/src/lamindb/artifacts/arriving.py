"""The bytes of artifacts that are saved: copied next to where they belong before the transaction begins, so that it is short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lamindb.artifacts import storing
from lamindb.artifacts.construction import Pending, lacks_bytes
from lamindb.artifacts.copying import changed_since_hashed
from lamindb.artifacts.looking import look, present_state
from lamindb.artifacts.parallel import in_threads
from lamindb.artifacts.referring import referenced
from lamindb.artifacts.stat_cache import StatCache
from lamindb.artifacts.storing import Incoming, Load

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.artifacts.artifact import ArtifactBehavior


@contextmanager
def ready(database: Database, artifacts: Sequence[ArtifactBehavior]) -> Iterator[None]:
    """Have the bytes of artifacts in their storages during the block; what no transaction took over is dropped at its end.

    Raises
    ------
    ArtifactUnreadable, ArtifactMissing: bytes changed or went away since the artifact was made.
    DiskFull, StorageNotWritable: they cannot be stored.
    """
    waiting = [pending for one in artifacts if (pending := _waiting(one)) is not None]
    arrivals: list[Incoming] = []
    try:
        in_threads(_check_still_the_same, [pending for pending in waiting if pending.spot.in_place], "checking")
        for root in dict.fromkeys(pending.place.root for pending in waiting if not pending.spot.in_place):
            storing.sweep(root, referenced(database, type(artifacts[0])))
            arrivals.append(Incoming(root))
            _fill(arrivals[-1], [pending for pending in waiting if not pending.spot.in_place and pending.place.root == root])
        yield
    finally:
        for pending in waiting:
            pending.incoming = pending.part = None
        for incoming in arrivals:
            if not incoming.is_taken_over:
                incoming.drop()


def take_over(transaction: Transaction, database: Database, artifacts: Sequence[ArtifactBehavior]) -> None:
    """Let the end of a transaction decide about bytes from here on."""
    found = {id(one._pending.incoming): one._pending.incoming for one in artifacts if one._pending is not None}
    for incoming in found.values():
        if incoming is not None and not incoming.is_taken_over:
            incoming.is_taken_over = True
            settle = incoming.settle
            transaction.on_rollback(lambda settle=settle: settle(referenced(database, type(artifacts[0]))))  # type: ignore[misc]  # mypy infers no type for a default
            transaction.on_commit(incoming.keep)


def _waiting(artifact: ArtifactBehavior) -> Pending | None:
    """What is to be done about the bytes of an artifact, None if nothing is or has been done."""
    pending = artifact._pending
    if pending is None or pending.incoming is not None:
        return None
    if artifact._database is None or pending.spot.in_place or pending.replaces or lacks_bytes(pending, artifact.__dict__):
        return pending
    return None


def _fill(incoming: Incoming, waiting: Sequence[Pending]) -> None:
    parts = incoming.fill([_load(pending) for pending in waiting])
    for pending, part in zip(waiting, parts, strict=True):
        pending.incoming, pending.part = incoming, part


def _load(pending: Pending) -> Load:
    staged = pending.origin.staged
    return Load(pending.path, pending.content, staged.state if staged is not None else None)


def _check_still_the_same(pending: Pending) -> None:
    path: Path = pending.path
    if present_state(path) != pending.state and look(path, StatCache.of_user())[0] != pending.content:
        raise changed_since_hashed(path)
