"""Families of versions: rows whose uids share a stem and end in a counter.

Invariant, kept by `write_heads` and nothing else: on every branch at most one row of a family is the head
(`is_latest`), and it is the one with the highest counter. In the trash there is a head only where the whole family is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

import sqlalchemy as sa
from lamindb_setup.uids import ALPHABET, base62

from lamindb.errors import InvalidArgument
from lamindb.query.membership import within
from lamindb.records.context import TRASH

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

COUNTER = 4
"""Characters at the end of a uid that count the versions of a family."""
RANGES = 50
"""Up to so many families are read, and locked, one by one in a statement; more by a scan under the table's lock."""
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}


def in_family(table: sa.Table, stem: str) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to the family of a stem; it can use the index of uids."""
    uid = cast("sa.Column[str]", table.c.uid)
    first, last = f"{stem}{ALPHABET[0] * COUNTER}", f"{stem}{ALPHABET[-1] * COUNTER}"
    return sa.and_(uid >= first, uid <= last, sa.func.substr(uid, 1, len(stem)) == stem)


def count_of(uid: str) -> int:
    """Return the number that the counter of a uid stands for."""
    number = 0
    for letter in uid[-COUNTER:]:
        number = number * len(ALPHABET) + _VALUE[letter]
    return number


def counter(number: int) -> str:
    """Write a number as a counter: 0 is `0000`, 35 is `000Z`, 36 is `000a`."""
    letters = ""
    for _ in range(COUNTER):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return letters


def new_stem(uid_length: int) -> str:
    """Return a random stem for a registry's uids."""
    return base62(uid_length - COUNTER)


@dataclass(frozen=True, slots=True)
class Version:
    """One row of a family, as far as heads and counters go."""

    id: int
    uid: str
    branch_id: int
    is_latest: bool
    version_tag: str | None


@dataclass(slots=True)
class Family:
    """All versions that share a stem, on all branches, read in one statement."""

    table: sa.Table
    stem: str
    rows: list[Version]

    @classmethod
    def read(cls, connection: sa.Connection, registry: type[BaseSQLRecord], stem: str) -> Self:
        """Read a family; to change it, call `lock` first."""
        return cls.read_many(connection, registry, [stem])[0]

    @classmethod
    def read_many(cls, connection: sa.Connection, registry: type[BaseSQLRecord], stems: Sequence[str]) -> list[Self]:
        """Read families, in the order of their stems, by one statement."""
        table = registry.__table__
        query = sa.select(*_columns(table)).where(_members(table, stems, connection.dialect.name))
        return cls._collected(connection, table, stems, query)

    @classmethod
    def read_ends(
        cls, connection: sa.Connection, registry: type[BaseSQLRecord], stems: Sequence[str], tags: Sequence[str]
    ) -> list[Self]:
        """Read what a new version has to know of families: the newest row on each branch, the heads, and who has some tags.

        So the thousandth version of a nightly job costs as much as the tenth.
        """
        table = registry.__table__
        uid = table.c.uid if connection.dialect.name == "sqlite" else sa.collate(table.c.uid, "C")
        stem = sa.func.substr(table.c.uid, 1, len(stems[0]))
        number = sa.func.row_number().over(partition_by=(stem, table.c.branch_id), order_by=uid.desc())
        members = sa.select(*_columns(table), number.label("number")).where(_members(table, stems, connection.dialect.name))
        rows = members.subquery("members")
        wanted = sa.or_(rows.c.number == 1, rows.c.is_latest, *([rows.c.version_tag.in_(tags)] if tags else []))
        query = sa.select(*(rows.c[column.key] for column in _columns(table))).where(wanted)
        return cls._collected(connection, table, stems, query)

    @classmethod
    def _collected(cls, connection: sa.Connection, table: sa.Table, stems: Sequence[str], query: sa.Select[Any]) -> list[Self]:
        by_stem: dict[str, list[Version]] = {stem: [] for stem in stems}
        for row in connection.execute(query):
            by_stem[row.uid[:-COUNTER]].append(Version(*row))
        return [cls(table, stem, sorted(rows, key=lambda row: count_of(row.uid))) for stem, rows in by_stem.items()]

    def next_uid(self) -> str:
        """Return the uid of the next version; numbers of trashed versions are not used again."""
        return self.stem + counter(count_of(self.rows[-1].uid) + 1 if self.rows else 0)

    def head(self, branch_id: int) -> Version | None:
        """Return the newest version on a branch."""
        return next((row for row in reversed(self.rows) if row.branch_id == branch_id), None)

    def tags(self) -> set[str]:
        """Return the tags that are taken."""
        return {row.version_tag for row in self.rows if row.version_tag is not None}

    def heads(self) -> set[int]:
        """Return the ids of the rows that should be heads."""
        newest = {row.branch_id: row.id for row in self.rows}
        if len(newest) > 1:
            newest.pop(TRASH, None)
        return set(newest.values())

    def wrong_heads(self) -> dict[int, bool]:
        """Return the rows whose flag is not as it should be, with what it should be."""
        heads = self.heads()
        return {row.id: row.id in heads for row in self.rows if row.is_latest != (row.id in heads)}


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [table.c.id, table.c.uid, table.c.branch_id, table.c.is_latest, table.c.version_tag]


def _members(table: sa.Table, stems: Sequence[str], dialect: str) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to one of some families."""
    if len(stems) <= RANGES:
        return sa.or_(*(in_family(table, stem) for stem in stems))
    return within(sa.func.substr(table.c.uid, 1, len(stems[0]), type_=sa.String), stems, dialect)


def write_heads(connection: sa.Connection, families: Sequence[Family]) -> dict[int, bool]:
    """Write the flags that are not as they should be, by at most two statements; returns them by id."""
    wrong = {row_id: flag for family in families for row_id, flag in family.wrong_heads().items()}
    for flag in (False, True):
        ids = [row_id for row_id, value in wrong.items() if value is flag]
        if ids:
            table = families[0].table
            connection.execute(sa.update(table).where(within(table.c.id, ids, connection.dialect.name)).values(is_latest=flag))
    return wrong


def lock(database: Database, registry: type[BaseSQLRecord], *stems: str) -> None:
    """Make other writers of some families wait until the transaction ends; of many families, all writers of the registry."""
    table = registry.__table__.name
    if len(stems) > RANGES:
        database.lock(table)
    else:
        database.lock(*(family_lock(registry, stem) for stem in stems), shared=(table,))


def lock_of(connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], ids: Sequence[int]) -> None:
    """Lock the families of rows before the rows themselves, in the order in which whoever saves a version takes these locks.

    Does nothing on SQLite, where a writing transaction is alone, and for registries without versions.
    """
    table = registry.__table__
    if database.dialect == "sqlite" or "is_latest" not in table.c or not ids:
        return
    uids = connection.execute(sa.select(table.c.uid).where(within(table.c.id, ids, database.dialect))).scalars()
    if stems := sorted({uid[:-COUNTER] for uid in uids}):
        lock(database, registry, *stems)


def family_lock(registry: type[BaseSQLRecord], stem: str) -> str:
    """Return the name of the lock that writers of a family take."""
    return f"{registry.__table__.name}:family:{stem}"


def keep_heads(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], uids: Sequence[str]
) -> dict[int, bool]:
    """Bring the heads of the families of some rows in order after rows moved between branches or went away."""
    stems = sorted({uid[:-COUNTER] for uid in uids})
    if not stems:
        return {}
    lock(database, registry, *stems)
    return write_heads(connection, Family.read_many(connection, registry, stems))


def check_tag(family: Family, tag: str | None, registry: type[Any]) -> None:
    """Raise if a tag is taken within the family.

    Raises
    ------
    InvalidArgument: naming the tag.
    """
    if tag is not None and tag in family.tags():
        raise InvalidArgument(f"version {tag!r} of this {registry.__name__} exists already; choose another one")
