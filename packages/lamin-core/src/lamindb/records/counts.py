"""How many records are related to a record, and the names of the first few: two statements, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.printing import one_line, shortened
from lamindb.query.scope import on_branches, seen_ids
from lamindb.records.facts import bare, named
from lamindb.records.families import COUNTER, in_family

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb.records.record import BaseSQLRecord

NAMED = 5
"""Related records that are named."""
LONGEST = 30
NOT_SHOWN = ("_", "links_", "values_")
"""How names of relations begin that lead to rows of links or to what is private."""


@dataclass(frozen=True, slots=True)
class Count:
    """A relation, the number of its members, and what the first of them are called."""

    name: str
    count: int
    first: Sequence[str] = ()

    @property
    def shown(self) -> str:
        """The number with the names."""
        more = ", …" if self.count > len(self.first) else ""
        return f"{self.count:,} ({', '.join(self.first)}{more})" if self.first else f"{self.count:,}"


def counts(record: BaseSQLRecord) -> list[Count]:
    """Return each relation that has members, in alphabetical order; one of records with versions has those, too."""
    database = record._database
    if database is None:
        return []
    shown = _relations(record, database)
    queries = [_count(name, relation, record.id) for name, relation in shown.items()]
    queries += _versions(record, database)
    if not queries:
        return []
    with database.reading() as connection:
        found = {key: count for key, count in connection.execute(sa.union_all(*queries)) if count > (key == VERSIONS)}
        first = _first(database, record.id, {name: shown[name] for name in found if name in shown}, connection)
    return [Count(name, count, first.get(name, ())) for name, count in sorted(found.items())]


def _relations(record: BaseSQLRecord, database: Database) -> dict[str, catalog.Relation]:
    """Return the relations to many whose tables the database has."""
    return {
        name: relation
        for name, relation in catalog.entry(type(record).__qualified__)["relations"].items()
        if relation[0] != "one"
        and not name.startswith(NOT_SHOWN)
        and all(database.has_table(catalog.entry(each)["table"]) for each in relation[1:3] if each in catalog.entries())
    }


def _count(name: str, relation: catalog.Relation, row_id: int) -> sa.Select[Any]:
    if relation[0] == "reverse":
        holder, column, counted = relation[1], relation[2], sa.func.count()
    else:
        _, _, holder, column, there = relation
        # What is linked by several features counts once.
        is_featured = "feature_id" in catalog.entry(holder)["columns"]
        counted = sa.func.count(sa.distinct(sa.column(there))) if is_featured else sa.func.count()
    table = bare(holder, column)
    number = sa.select(counted).select_from(table).where(table.c[column] == row_id).scalar_subquery()
    return sa.select(sa.literal(name).label("key"), number.label("count"))


VERSIONS = "versions"


def _versions(record: BaseSQLRecord, database: Database) -> list[sa.Select[Any]]:
    """Return the select of the number of versions that are seen, for registries that have versions."""
    registry = type(record)
    uid = record.__dict__.get("uid")
    if "is_latest" not in registry.__table__.c or not uid:
        return []
    table = registry.__table__
    query = sa.select(sa.func.count()).select_from(table).where(in_family(table, uid[:-COUNTER]))
    branches = seen_ids(registry.__qualified__, database)
    if branches is not None:
        query = query.where(on_branches(table.c.branch_id, branches))
    return [sa.select(sa.literal(VERSIONS).label("key"), query.scalar_subquery().label("count"))]


def _first(
    database: Database, row_id: int, relations: dict[str, catalog.Relation], connection: sa.Connection
) -> dict[str, list[str]]:
    """Return the names of the first members of some relations, in one statement."""
    queries = [
        _names(database, name, relation, row_id)
        for name, relation in relations.items()
        if catalog.entry(relation[1])["name_field"]
    ]
    found: dict[str, dict[int, str]] = {}
    for key, member, shown in connection.execute(sa.union_all(*queries)) if queries else ():
        found.setdefault(key, {})[member] = shortened(one_line(str(shown)), LONGEST)
    return {key: [names[member] for member in sorted(names)[:NAMED]] for key, names in found.items()}


def _names(database: Database, name: str, relation: catalog.Relation, row_id: int) -> sa.Select[Any]:
    """Return the select of ids and names of the first members: those that were linked first, or made first."""
    source, rows, shown = named(relation[1], database)
    if relation[0] == "reverse":
        held = bare(relation[1], "id", relation[2])
        ids = sa.select(held.c.id.label("there")).where(held.c[relation[2]] == row_id).order_by(held.c.id).limit(NAMED)
    else:
        _, _, through, here, there = relation
        link = bare(through, "id", here, there)
        # Twice as many, as some may be linked by two features.
        ids = sa.select(link.c[there].label("there")).where(link.c[here] == row_id).order_by(link.c.id).limit(2 * NAMED)
    first = ids.subquery()
    return (
        sa.select(sa.literal(name).label("key"), rows.c.id, shown.label("shown"))
        .select_from(source)
        .where(rows.c.id.in_(sa.select(first.c.there)))
    )
