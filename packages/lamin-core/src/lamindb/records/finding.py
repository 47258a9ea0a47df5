"""Branches and spaces that a call names: by record, name or uid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, InvalidArgument, closest

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

Kind = Literal["Branch", "Space"]


def find_all(database: Database, kind: Kind, asked: Sequence[object]) -> list[dict[str, Any]]:
    """Return the rows that are named, in their order, by one statement. A name comes before a uid.

    Raises
    ------
    ObjectDoesNotExist: one is not there, or not saved; with the command that makes it. Of the registry's own class.
    DatabaseMismatch: a record belongs to another database.
    InvalidArgument: something is neither record nor text.
    """
    texts = [_text(database, kind, one) for one in asked]
    table = catalog.registry(f"lamindb.{kind}").__table__
    query = sa.select(table).where(sa.or_(table.c.name.in_(texts), table.c.uid.in_(texts)))
    with database.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
        by_text = {row["uid"]: row for row in rows} | {row["name"]: row for row in rows}
        for text in texts:
            if text not in by_text:
                names = connection.execute(sa.select(table.c.name)).scalars().all()
                raise _missing(database, kind, text, closest(text, names))
    return [by_text[text] for text in texts]


def find(database: Database, kind: Kind, asked: object) -> dict[str, Any]:
    """Return the row that is named; see `find_all`."""
    return find_all(database, kind, [asked])[0]


def _text(database: Database, kind: Kind, asked: object) -> str:
    if isinstance(asked, str):
        return asked
    if getattr(asked, "__qualified__", None) != f"lamindb.{kind}":
        raise InvalidArgument(f"a {kind.lower()} is given by record, name or uid, not by {asked!r}")
    if (home := getattr(asked, "_database", None)) is None:
        raise _missing(database, kind, str(asked.__dict__.get("name")), "; call .save() on it first")
    if home.instance.database_url != database.instance.database_url:
        raise DatabaseMismatch(f"this {kind.lower()} belongs to {home.slug}, not to {database.slug}")
    return str(asked.uid)  # type: ignore[attr-defined]  # a record, see above


def _missing(database: Database, kind: Kind, text: str, hint: str) -> Exception:
    command = f"lamin switch --create {text}" if kind == "Branch" else f"lamin create space {text}"
    made = hint if hint.startswith("; call") else f"{hint or ';'} to make it, run `{command}`"
    return catalog.registry(f"lamindb.{kind}").DoesNotExist(f"{database.slug} has no {kind.lower()} {text!r}{made}")
