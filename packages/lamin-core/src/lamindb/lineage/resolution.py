"""Which transform a piece of source code is: a version that exists, the next one of a family, or a new family.

A family is found by key and kind, exactly; where the code lies in a file, its root and path must agree, too. Nobody is asked:
if another family has the same code and its file is gone, the file was renamed; if the file is still there, this is a copy.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.errors import InvalidArgument, UpdateContext
from lamindb.lineage.source import Source
from lamindb.records import context, families, identity
from lamindb.records.families import COUNTER, Family

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.columns.transform import TransformColumns

log = logging.getLogger("lamindb")

Row = dict[str, Any]
NOTE = "source"
"""Where the private settings of a transform say which file it is."""
STEM = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a piece of source code is."""

    key: str
    same: Row | None = None
    """The version it is."""
    stem: str | None = None
    """The family whose next version it is; None for a new family."""
    uid: str | None = None
    """What the caller wants the first version of a new family to be called."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    source: Source
    branch_id: int
    user_id: int
    uid: str | None = None
    """Stem or whole uid that the caller asked for."""
    version: str | None = None
    """Tag that the caller asked for."""

    @property
    def hash(self) -> str | None:
        return self.source.code.hash if self.source.code is not None else None


def check_uid(uid: object) -> str:
    """Return a uid or stem, if it is one.

    Raises
    ------
    InvalidArgument: it has another length or other characters; proposes a fresh stem.
    """
    if not isinstance(uid, str) or len(uid) not in (STEM, STEM + COUNTER) or not (uid.isascii() and uid.isalnum()):
        raise InvalidArgument(
            f"{uid!r} is no uid of a transform: it has {STEM} letters and digits for all versions, {STEM + COUNTER} for one; "
            f"a fresh one is {families.new_stem(STEM + COUNTER)!r}"
        )
    return uid


def find(connection: sa.Connection, database: Database, registry: type[TransformColumns], wanted: Wanted) -> list[Row]:
    """Return the heads of the families that are in question, and all versions with this code; one statement."""
    table = registry.__table__
    same_code = table.c.hash == wanted.hash if wanted.hash is not None else sa.false()
    told = sa.or_(table.c.is_latest, same_code)
    asked = [sa.and_(table.c.key.in_(wanted.source.keys), told), same_code]
    if wanted.uid is not None:
        asked.append(sa.and_(families.in_family(table, wanted.uid[:STEM]), sa.or_(told, table.c.uid == wanted.uid)))
    columns = [column for column in identity.columns_in(database, registry) if column.key != "source_code"]
    found = connection.execute(sa.select(*columns).where(sa.or_(*asked))).mappings()
    rows = [dict(row) for row in found]
    for row in rows:
        if wanted.source.code is not None and row["hash"] == wanted.hash:
            row["source_code"] = wanted.source.code.text
    return sorted(rows, key=lambda row: (row["branch_id"] != wanted.branch_id, -row["id"]))


def decide(rows: list[Row], wanted: Wanted) -> Verdict:
    """Decide what the code is, from the rows that `find` returned.

    Raises
    ------
    UpdateContext: the uid that was asked for is a version with other code.
    InvalidArgument: the family, or the code under this key, is of another kind.
    """
    live = [row for row in rows if row["branch_id"] != context.TRASH and wanted.source.kind in (None, row["kind"])]
    if wanted.uid is not None:
        return _by_uid(rows, wanted, wanted.uid)
    for key in wanted.source.keys:
        for head in live:
            if head["key"] == key and head["is_latest"] and _belongs(head, wanted):
                return _within_family(rows, wanted, head, key)
    if (renamed := _renamed(live, wanted)) is not None:
        return renamed
    taken = {row["key"] for row in live if row["is_latest"]}
    key = next((key for key in wanted.source.keys if key not in taken), wanted.source.keys[-1])
    return _unless_twin(rows, wanted, Verdict(key))


def _belongs(head: Row, wanted: Wanted) -> bool:
    """Whether a head with the right key is an earlier version of the source, rather than another file of that name."""
    source = wanted.source
    note = (head["_aux"] or {}).get(NOTE)
    if source.root is None:
        return True
    if note is None:  # made by hand, or by LaminDB: its key is all that is known
        return bool(head["key"] == source.keys[0])
    if note["root"] in source.root.names:
        return bool(note["path"] == source.note["path"])
    is_there = source.root.finds(**note)
    return head["hash"] == wanted.hash if is_there is None else not is_there


def _within_family(rows: list[Row], wanted: Wanted, head: Row, key: str) -> Verdict:
    """Decide between the versions of a family: the one with the same code, a head that has none yet, or the next."""
    stem = head["uid"][:-COUNTER]
    family = [row for row in rows if row["uid"][:-COUNTER] == stem]
    for row in [row for row in family if wanted.hash is not None and row["hash"] == wanted.hash]:
        if row["branch_id"] != context.TRASH or row["key"] == key:
            return Verdict(key, same=row)
    other_tag = wanted.version is not None and head["version_tag"] not in (None, wanted.version)
    if (head["hash"] is None or wanted.hash is None) and not other_tag:
        return Verdict(key, same=head)
    return _unless_twin(rows, wanted, Verdict(key, stem=stem))


def _unless_twin(rows: list[Row], wanted: Wanted, verdict: Verdict) -> Verdict:
    """The database allows one row for the same code under a key, even in the trash."""
    twins = [row for row in rows if wanted.hash is not None and row["key"] == verdict.key and row["hash"] == wanted.hash]
    if not twins:
        return verdict
    if wanted.source.kind not in (None, twins[0]["kind"]):
        raise InvalidArgument(
            f"the {twins[0]['kind']} {twins[0]['uid']!r} has key {verdict.key!r} and the same source code; "
            f"pass another key for this {wanted.source.kind}"
        )
    return Verdict(verdict.key, same=twins[0])


def _renamed(live: Iterable[Row], wanted: Wanted) -> Verdict | None:
    """Look for a family with the same code whose file is gone."""
    source = wanted.source
    if source.root is None or wanted.hash is None:
        return None
    for row in live:
        if row["hash"] != wanted.hash or not row["is_latest"]:
            continue
        note = (row["_aux"] or {}).get(NOTE)
        if note is not None:
            is_there = source.root.finds(**note)
        else:
            is_there = row["created_by_id"] != wanted.user_id or (source.root.path / row["key"]).exists()
        if is_there is False:
            log.warning(
                "%r was called %r before, which is gone: the transform is renamed; to begin a new one, pass key=%r to track()",
                *(source.keys[0], row["key"], source.keys[0]),
            )
            return Verdict(source.keys[0], same=row)
        log.info(
            "%r has the same code as %r, which is still there: it is a transform of its own; "
            "to make it a version of that, pass uid %r to track()",
            *(source.keys[0], row["key"], row["uid"][:-COUNTER]),
        )
    return None


def _by_uid(rows: list[Row], wanted: Wanted, uid: str) -> Verdict:
    """Decide for a uid or stem that the caller asked for; the key follows the file."""
    source, stem, whole = wanted.source, uid[:STEM], uid if len(uid) > STEM else None
    family = [row for row in rows if row["uid"][:-COUNTER] == stem]
    if not family:
        return _only_in_family(_unless_twin(rows, wanted, Verdict(source.keys[0], uid=whole or stem + families.counter(0))), stem)
    if source.kind is not None and (other := family[0]["kind"]) != source.kind:
        raise InvalidArgument(f"transform {family[0]['uid']!r} is a {other}, this is a {source.kind}; choose another uid for it")
    key = next((row["key"] for row in family if row["key"] in source.keys), source.keys[0])
    if whole is not None:
        return _by_whole_uid(family, wanted, whole, key)
    return _only_in_family(_within_family(rows, wanted, family[0], key), stem)


def _by_whole_uid(family: list[Row], wanted: Wanted, uid: str, key: str) -> Verdict:
    exact = next((row for row in family if row["uid"] == uid), None)
    if exact is not None and (exact["hash"] is None or wanted.hash in (None, exact["hash"])):
        return Verdict(key, same=exact)
    same = next((row for row in family if wanted.hash is not None and row["hash"] == wanted.hash), None)
    if same is not None:
        raise UpdateContext(f"transform {uid!r} has other source code; this code is {same['uid']!r}: pass that uid, or its stem")
    return Verdict(key, stem=uid[:-COUNTER], uid=uid)


def _only_in_family(verdict: Verdict, stem: str) -> Verdict:
    if verdict.same is not None and verdict.same["uid"][:-COUNTER] != stem:
        raise UpdateContext(
            f"the code under key {verdict.key!r} is transform {verdict.same['uid']!r} already, not one of {stem!r}; "
            "pass that uid, or another key"
        )
    return verdict


def check_next(connection: sa.Connection, registry: type[TransformColumns], uid: str) -> None:
    """Raise unless a uid is that of the next version of its family, whose lock must be held.

    Raises
    ------
    UpdateContext: naming the uid of the next version.
    """
    expected = Family.read(connection, registry, uid[:-COUNTER]).next_uid()
    if uid != expected:
        raise UpdateContext(f"transform {uid!r} has other source code than this; for the next version pass {expected!r}")
