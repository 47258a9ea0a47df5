"""Names that are unique without regard to case: those of branches and spaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from lamindb.errors import InvalidArgument, UniqueViolation

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def check_name(record: BaseSQLRecord, database: Database) -> None:
    """Raise if a name cannot be typed, or another row has it in other letters.

    Raises
    ------
    InvalidArgument: it is empty, or has spaces around it or line breaks in it.
    UniqueViolation: naming the other row.
    """
    registry, name = type(record), record.__dict__.get("name")
    if not isinstance(name, str):
        return  # what is wrong with it is said elsewhere
    if name != name.strip() or not name.isprintable() or not name:
        raise InvalidArgument(
            f"{name!r} cannot be the name of a {registry.__name__}: write a word or several, in one line, without spaces around"
        )
    table = registry.__table__
    query = sa.select(table.c.name).order_by(table.c.id)
    if record._database is not None:
        query = query.where(table.c.id != record.id)
    with database.reading() as connection:
        others = connection.execute(query).scalars().all()
    lowered = name.lower()  # by Python, as SQLite knows lower-case letters of English only
    other = next((one for one in others if one.lower() == lowered), None)
    if other is not None:
        raise UniqueViolation(
            f"another {registry.__name__} is called {other!r}, and {name!r} differs from it in case only; choose another name"
        )
