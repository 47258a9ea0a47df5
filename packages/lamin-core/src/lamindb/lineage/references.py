"""Arguments that name a row: a record, a uid or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument, closest
from lamindb.records import context, identity

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord


def resolve(database: Database, registry: str, value: object, argument: str, *, by: str = "name") -> Any:
    """Return the record that an argument names, None for None; of several versions the latest.

    Parameters
    ----------
    registry
        Short name of a registry of the core.
    argument
        What the argument is called, for messages.
    by
        The column that holds the name.

    Raises
    ------
    InvalidArgument: there is none of that name or uid, or the record is not saved, or of another registry or database.
    """
    if value is None:
        return None
    qualified = f"lamindb.{registry}"
    if getattr(type(value), "__qualified__", None) == qualified:
        return _checked(database, value, argument)  # type: ignore[arg-type]  # it has the registry's name
    if not isinstance(value, str):
        raise InvalidArgument(f"{argument} must be a {registry}, its {by} or its uid, not {value!r}")
    found = _find(database, catalog.registry(qualified), value, by)
    if found is None:
        table = catalog.registry(qualified).__table__
        with database.reading() as connection:
            known = connection.execute(sa.select(table.c[by]).where(table.c[by].is_not(None)).limit(1000)).scalars().all()
        raise InvalidArgument(f"{argument}: {database.slug} has no {registry} {value!r}{closest(value, known)}")
    return found


def _checked(database: Database, record: BaseSQLRecord, argument: str) -> BaseSQLRecord:
    identity.resolve(record)
    if record.database is None:
        raise InvalidArgument(f"{argument} must be saved: call .save() on it first")
    if record.database is not database:
        raise InvalidArgument(f"{argument} belongs to {record.database.slug}, not to {database.slug}")
    return record


def _find(database: Database, registry: type[BaseSQLRecord], value: str, by: str) -> BaseSQLRecord | None:
    table = registry.__table__
    query = sa.select(*identity.columns_in(database, registry)).where(sa.or_(table.c.uid == value, table.c[by] == value))
    if "created_on_id" in table.c:
        query = query.where(table.c.branch_id != context.TRASH)
    order = [(table.c.uid == value).desc(), *([table.c.is_latest.desc()] if "is_latest" in table.c else []), table.c.id.desc()]
    with database.reading() as connection:
        row = connection.execute(query.order_by(*order).limit(1)).mappings().first()
    return registry._load_rows(database, [dict(row)])[0] if row is not None else None
