"""New versions join their families: they get the next numbers, and take over from the heads of their branches. Sets at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb.errors import IntegrityError
from lamindb.query.membership import within
from lamindb.records import families
from lamindb.records.families import Family, Version

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord


_NEW = 0
"""Id of a version that has no row yet."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new version and the family it joins."""

    record: BaseSQLRecord
    stem: str
    branch_id: int
    head_uid: str | None = None
    """The head that the caller saw and means to revise."""


def join(connection: sa.Connection, newcomers: Sequence[Newcomer]) -> None:
    """Give new versions of one registry their uids, in their order, and demote the heads before them; at most two statements.

    The locks of the families must be held, see `families.lock`. Versions of one family in one call follow each other.

    Raises
    ------
    IntegrityError: someone else revised `head_uid` in the meantime.
    InvalidArgument: a version tag is taken.
    """
    if not newcomers:
        return
    registry = type(newcomers[0].record)
    stems = sorted({newcomer.stem for newcomer in newcomers})
    tags = sorted({tag for newcomer in newcomers if (tag := newcomer.record.__dict__.get("version_tag")) is not None})
    known = {family.stem: family for family in Family.read_ends(connection, registry, stems, tags)}
    newest: dict[tuple[str, int], BaseSQLRecord] = {}
    demoted: list[int] = []
    for newcomer in newcomers:
        demoted += _join(known[newcomer.stem], newcomer)
        if (before := newest.get((newcomer.stem, newcomer.branch_id))) is not None:
            before.__dict__["is_latest"] = False
        newest[newcomer.stem, newcomer.branch_id] = newcomer.record
    if demoted:
        table = registry.__table__
        connection.execute(sa.update(table).where(within(table.c.id, demoted, connection.dialect.name)).values(is_latest=False))


def _join(family: Family, newcomer: Newcomer) -> list[int]:
    """Make one new version the head; returns the ids of the rows that are none any more."""
    record, branch_id = newcomer.record, newcomer.branch_id
    name, head = type(record).__name__, family.head(branch_id)
    if newcomer.head_uid is not None and head is not None and head.uid != newcomer.head_uid:
        raise IntegrityError(
            f"cannot revise {name} {newcomer.head_uid!r}: {head.uid!r} was saved in the meantime and is the latest version; "
            "revise that one, or pass the key only"
        )
    tag = record.__dict__.get("version_tag")
    families.check_tag(family, tag, type(record))
    uid = record.__dict__["uid"] = family.next_uid()
    record.__dict__["is_latest"] = True
    heads = [row for row in family.rows if row.branch_id == branch_id and row.is_latest]
    family.rows = [replace(row, is_latest=False) if row in heads else row for row in family.rows]
    family.rows.append(Version(_NEW, uid, branch_id, is_latest=True, version_tag=tag))
    return [row.id for row in heads if row.id != _NEW]
