"""How many records are related to a record, and the names of the first few: two statements, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.printing import one_line, shortened
from lamindb.query.scope import has_branches, on_branches, seen_from, seen_ids
from lamindb.records.facts import bare, named, own_branch
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
    branches = seen_from(own_branch(record), database).ids(database)
    queries = [_count(relation, record.id, database, branches, name) for name, relation in shown.items()]
    queries += _versions(record, database)
    if not queries:
        return []
    with database.reading() as connection:
        found = {key: count for key, count in connection.execute(sa.union_all(*queries)) if count > (key == VERSIONS)}
        first = _first(database, record.id, branches, {name: shown[name] for name in found if name in shown}, connection)
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


def _members(
    relation: catalog.Relation, row_id: int, database: Database, branches: list[int] | None
) -> tuple[sa.FromClause, sa.ColumnElement[bool], sa.ColumnElement[int], sa.ColumnElement[int]]:
    """Return where the members of a relation are found that are seen, the condition, their ids, and what orders them by age."""
    kind, target = relation[0], relation[1]
    on_branch = branches is not None and has_branches(target) and database.has_column(catalog.entry(target)["table"], "branch_id")
    rows = bare(
        target, *dict.fromkeys(["id", *(["branch_id"] if on_branch else []), *(relation[2:] if kind == "reverse" else ())])
    )
    seen = [on_branches(rows.c.branch_id, branches)] if on_branch and branches is not None else []
    if kind == "reverse":
        return rows, sa.and_(rows.c[relation[2]] == row_id, *seen), rows.c.id, rows.c.id
    _, _, through, here, there = relation
    link = bare(through, "id", here, there)
    source = link.join(rows, rows.c.id == link.c[there]) if seen else link
    return source, sa.and_(link.c[here] == row_id, *seen), link.c[there], link.c.id


def _count(relation: catalog.Relation, row_id: int, database: Database, branches: list[int] | None, name: str) -> sa.Select[Any]:
    source, condition, member, _ = _members(relation, row_id, database, branches)
    # What is linked by several features counts once.
    is_featured = relation[0] != "reverse" and "feature_id" in catalog.entry(relation[2])["columns"]
    number = (
        sa.select(sa.func.count(sa.distinct(member)) if is_featured else sa.func.count()).select_from(source).where(condition)
    )
    return sa.select(sa.literal(name).label("key"), number.scalar_subquery().label("count"))


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
    database: Database,
    row_id: int,
    branches: list[int] | None,
    relations: dict[str, catalog.Relation],
    connection: sa.Connection,
) -> dict[str, list[str]]:
    """Return the names of the first members of some relations, in one statement."""
    queries = [
        _names(database, name, relation, row_id, branches)
        for name, relation in relations.items()
        if catalog.entry(relation[1])["name_field"]
    ]
    found: dict[str, dict[int, str]] = {}
    for key, member, shown in connection.execute(sa.union_all(*queries)) if queries else ():
        found.setdefault(key, {})[member] = shortened(one_line(str(shown)), LONGEST)
    return {key: [names[member] for member in sorted(names)[:NAMED]] for key, names in found.items()}


def _names(database: Database, name: str, relation: catalog.Relation, row_id: int, branches: list[int] | None) -> sa.Select[Any]:
    """Return the select of ids and names of the first members: those that were linked first, or made first."""
    source, rows, shown = named(relation[1], database)
    found, condition, member, age = _members(relation, row_id, database, branches)
    # Twice as many, as some may be linked by two features.
    first = sa.select(member.label("there")).select_from(found).where(condition).order_by(age).limit(2 * NAMED).subquery()
    return (
        sa.select(sa.literal(name).label("key"), rows.c.id, shown.label("shown"))
        .select_from(source)
        .where(rows.c.id.in_(sa.select(first.c.there)))
    )
