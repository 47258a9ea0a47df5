"""What people wrote about a record: its readme, and the comments on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.printing import one_line, shortened
from lamindb.records.context import TRASH
from lamindb.records.facts import bare

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

LINES, LONGEST = 30, 80
"""How much of a readme is shown."""
COLUMNS = ("id", "kind", "content", "created_at", "created_by_id", "is_latest", "branch_id")


def notes(record: BaseSQLRecord, with_comments: bool) -> list[str]:
    """Return the beginning of the readme, and the comments from the oldest on; one statement, none for what has no blocks."""
    relation = catalog.entry(type(record).__qualified__)["relations"].get("ablocks")
    database = record._database
    if database is None or relation is None or not database.has_table(catalog.entry(relation[1])["table"]):
        return []
    with database.reading() as connection:
        rows = connection.execute(_blocks(relation, record.id)).all()
    readmes = [row.content for row in rows if row.kind == "readme" and row.is_latest]
    said = ["Notes", *_beginning(readmes[-1])] if readmes else []
    for row in rows if with_comments else ():
        if row.kind == "comment":
            said += [f"Comment by {row.handle} at {row.created_at:%Y-%m-%d %H:%M} UTC", *_beginning(row.content)]
    return said


def _blocks(relation: catalog.Relation, row_id: int) -> sa.Select[Any]:
    known = catalog.entry(relation[1])["columns"]
    blocks = bare(relation[1], *(name for name in COLUMNS if name in known), relation[2])
    users = bare("lamindb.User", "id", "handle")
    columns = (blocks.c.kind, blocks.c.content, blocks.c.created_at, blocks.c.is_latest, users.c.handle)
    source = blocks.join(users, users.c.id == blocks.c.created_by_id, isouter=True)
    query = sa.select(*columns).select_from(source).where(blocks.c[relation[2]] == row_id).order_by(blocks.c.id)
    return query.where(blocks.c.branch_id != TRASH) if "branch_id" in blocks.c and relation[2] != "branch_id" else query


def _beginning(content: str) -> list[str]:
    lines = content.splitlines()
    shown = [f"  {shortened(one_line(line), LONGEST)}".rstrip() for line in lines[:LINES]]
    return [*shown, *([f"  … {len(lines) - LINES:,} more lines"] if len(lines) > LINES else [])]
