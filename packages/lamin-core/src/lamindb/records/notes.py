"""Notes on records: which of the readmes on different branches is read, and how notes look in a description."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Never, cast

import sqlalchemy as sa

from lamindb import catalog
from lamindb.query.paths import table
from lamindb.query.scope import on_branches, seen_ids
from lamindb.records import identity, representation

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

LINES, WIDTH = 30, 80
"""How much of a readme a description shows."""


class HasNotes:
    """Records to which readmes and comments can be attached, which are their `ablocks`."""

    @property
    def notes(self) -> str | None:
        """Markdown of the latest readme, None if there is none.

        Each branch has a latest readme of its own. The one of the current branch is read if there is one; otherwise that of
        `main`, otherwise that of the branch on which the record itself lives. What is written on other branches is not seen
        before it is merged.

        Examples
        --------
        >>> label = ln.ULabel(name="My label").save()
        >>> ln.models.ULabelBlock(ulabel=label, content="# About", kind="readme").save()
        >>> label.notes
        '# About'
        """
        record = cast("BaseSQLRecord", self)
        identity.resolve(record)
        return _read(record, with_comments=False).readme

    @notes.setter
    def notes(self, value: Never) -> None:
        registry, relation = _blocks_of(type(cast("BaseSQLRecord", self)))
        kind = registry.__name__
        raise AttributeError(
            f"notes are written as blocks, so that they have versions: "
            f'ln.models.{kind}({relation.removesuffix("_id")}=…, content="…", kind="readme").save()'
        )


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, who made it and when."""

    content: str
    handle: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written about a record."""

    readme: str | None = None
    comments: tuple[Comment, ...] = ()
    """The oldest first."""


def attach(record: BaseSQLRecord, kind: Literal["readme", "comment"], content: str) -> BaseSQLRecord:
    """Save a readme or a comment on a record; the same readme again is the one that is there."""
    registry, column = _blocks_of(type(record))
    return registry(**{column.removesuffix("_id"): record}, kind=kind, content=content).save()


def notes_section(record: BaseSQLRecord, include_comments: bool) -> list[str]:
    """Return the lines of a description about notes, none if there are no notes; one statement.

    Of the readme the first 30 lines are shown, 80 characters of each, as plain text: what a terminal would obey is left out.
    """
    if not isinstance(record, HasNotes):
        return []
    found = _read(record, with_comments=include_comments)
    lines = _shortened(found.readme) if found.readme else []
    for comment in found.comments:
        lines.append(f"comment by {comment.handle} at {representation.text(comment.created_at)}")
        lines += [f"  {line}" for line in _shortened(comment.content)]
    return ["Notes", *(f"  {line}" for line in lines)] if lines else []


def _shortened(markdown: str) -> list[str]:
    lines = markdown.strip("\n").splitlines()
    shown = [line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…" for line in map(_plain, lines[:LINES])]
    left = len(lines) - LINES
    return [*shown, f"… {left} more {'line' if left == 1 else 'lines'}"] if left > 0 else shown


def _plain(line: str) -> str:
    return "".join(letter for letter in line if letter.isprintable() or letter == "\t").expandtabs(4).rstrip()


def _read(record: BaseSQLRecord, *, with_comments: bool) -> Notes:
    """Read the readme that counts, and comments if they are asked for, by one statement."""
    database = record._database
    if database is None:
        return Notes()
    registry, relation = _blocks_of(type(record))
    blocks, users = registry.__table__, table("lamindb.User")
    if not database.has_table(blocks.name):
        return Notes()
    wanted: sa.ColumnElement[bool] = sa.and_(blocks.c.kind == "readme", blocks.c.is_latest)
    if with_comments:
        wanted = sa.or_(wanted, blocks.c.kind == "comment")
    query = sa.select(blocks.c.kind, blocks.c.content, blocks.c.branch_id, blocks.c.created_at, users.c.handle)
    query = query.join_from(blocks, users, users.c.id == blocks.c.created_by_id)
    query = query.where(blocks.c[relation] == record.id, wanted).order_by(blocks.c.created_at, blocks.c.id)
    order = _branches(registry, database, record)
    if order is not None:
        query = query.where(on_branches(blocks.c.branch_id, order))
    with database.reading() as connection:
        rows = connection.execute(query).all()
    comments = tuple(Comment(row.content, row.handle, row.created_at) for row in rows if row.kind == "comment")
    return Notes(_first([row for row in rows if row.kind == "readme"], order), comments)


def _first(readmes: list[Any], order: list[int] | None) -> str | None:
    """Return the readme of the first branch that has one; of several, which LaminDB leaves behind, the newest."""
    nearest = readmes if order is None else sorted(readmes, key=lambda row: -order.index(row.branch_id))  # stays in order of time
    return str(nearest[-1].content) if nearest else None


def _branches(registry: type[BaseSQLRecord], database: Database, record: BaseSQLRecord) -> list[int] | None:
    """Return the branches on which blocks are seen, the nearest first; None where blocks live on no branch."""
    seen = seen_ids(registry.__qualified__, database)
    if seen is None:
        return None
    own = record.__dict__.get("branch_id")
    return list(dict.fromkeys([*seen, *([own] if own is not None else [])]))


def _blocks_of(registry: type[BaseSQLRecord]) -> tuple[type[BaseSQLRecord], str]:
    """Return the kind of blocks of a registry, and the column that points to the registry."""
    _, blocks, column = catalog.entry(registry.__qualified__)["relations"]["ablocks"]
    return catalog.registry(blocks), column
