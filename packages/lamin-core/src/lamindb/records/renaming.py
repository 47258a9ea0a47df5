"""Renamed labels and features: the old name is kept with the row, and the datasets whose files still say it are told.

The old name goes where LaminDB's trigger puts that of a feature on Postgres: `_aux["renamed"]`, by time, and the synonyms, where
a registry has some. Here that holds for every registry of names, on both databases.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.naming.synonyms import BAR, joined, split
from lamindb.query.membership import within
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.records.record import BaseSQLRecord

log = logging.getLogger("lamindb")
RENAMED = "renamed"
"""Key of `_aux` with the former names of a row by the time, in UTC, at which it lost them."""
LISTED = 10
"""So many uids of affected artifacts are told by name."""
Change = tuple["BaseSQLRecord", dict[str, Any]]
"""A stored record, and the columns that are about to be written."""
NOTED_BY_TRIGGER = (
    "EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('lamindb_feature')"
    " AND tgname LIKE 'pgtrigger_update_feature_on_name_change%')"
)
"""Whether a database that was LaminDB's notes the old names of features itself."""


def note(transaction: Transaction, database: Database, changes: Sequence[Change]) -> None:
    """Add the old names to what is written of the records of one registry whose names change; two statements whatever the number.

    Which artifacts still say the old names is told once the transaction is committed.
    """
    registry = type(changes[0][0])
    entry = catalog.entry(registry.__qualified__)
    name_field = entry["name_field"]
    renamed = [(record, values) for record, values in changes if name_field in values]
    if not registry._notes_renames or name_field is None or not renamed:
        return
    before = _rows(transaction.connection, database, registry, name_field, [record.id for record, _ in renamed])
    new_names: dict[int, tuple[str, Any]] = {}
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    for record, values in renamed:
        row = before.get(record.id)
        if row is None or row[name_field] is None or row[name_field] == values[name_field]:
            continue
        new_names[record.id] = (row[name_field], values[name_field])
        if not row["noted_by_trigger"]:
            aux = values.get("_aux", row["_aux"]) or {}  # what somebody else keeps there stays
            if isinstance(aux, dict) and isinstance(former := aux.get(RENAMED, {}), dict):
                values["_aux"] = {**aux, RENAMED: {**former, moment: row[name_field]}}
            if "synonyms" in row:
                values["synonyms"] = _with(values.get("synonyms", row["synonyms"]), row[name_field], values[name_field])
    if new_names:
        _tell(transaction, database, registry, new_names)


def _rows(
    connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], name_field: str, ids: list[int]
) -> dict[int, dict[str, Any]]:
    """Read what is stored now, and keep others from changing it until the transaction ends."""
    table = registry.__table__
    columns = [table.c[name] for name in ("id", name_field, "_aux", "synonyms") if name in table.c]
    by_trigger = database.dialect == "postgresql" and registry.__qualified__ == "lamindb.Feature"
    noted: sa.ColumnElement[Any] = sa.literal_column(NOTED_BY_TRIGGER) if by_trigger else sa.false()
    query = sa.select(*columns, noted.label("noted_by_trigger")).where(within(table.c.id, ids, database.dialect))
    return {
        row["id"]: dict(row) for row in connection.execute(query.order_by(table.c.id).with_for_update(key_share=True)).mappings()
    }


def _with(synonyms: str | None, old: str, new: str) -> str | None:
    """Add a name to synonyms, which are separated by `|`; the present name is none."""
    kept = [one for one in split(synonyms) if one != new]
    return joined([*kept, *([] if BAR in old else [old])])


# -- affected datasets ------------------------------------------------------------------------------------------------


def _tell(transaction: Transaction, database: Database, registry: type[BaseSQLRecord], names: dict[int, tuple[str, Any]]) -> None:
    """Tell, after the commit, which artifacts say the old names."""
    links = [link for link in _links(registry.__qualified__) if database.has_table(catalog.entry(link[0])["table"])]
    if not links:
        return
    affected: dict[int, tuple[int, list[str]]] = {}
    for row_id, uid, count in transaction.connection.execute(_affected(database, links, sorted(names))):
        affected.setdefault(row_id, (count, []))[1].append(uid)
    said = [_message(registry, *names[row_id], count, uids) for row_id, (count, uids) in affected.items()]
    transaction.on_commit(lambda: _say(said))


def _say(messages: Iterable[str]) -> None:
    for message in messages:
        log.warning(message)


def _message(registry: type[BaseSQLRecord], old: str, new: Any, count: int, uids: list[str]) -> str:
    one = count == 1
    rest = f" and {count - len(uids)} more" if count > len(uids) else ""
    where = "a column" if registry.__qualified__ == "lamindb.Feature" else "values"
    return (
        f"{registry.__name__} {old!r} is called {new!r} now, but {count} {'artifact' if one else 'artifacts'} may still say "
        f"{old!r} in {where} of {'its' if one else 'their'} data: {', '.join(uids)}{rest}; "
        f"change and curate {'it' if one else 'them'} again"
    )


@functools.cache
def _links(qualified: str) -> tuple[tuple[str, str], ...]:
    """Return the link registries between artifacts and a registry by which data name its records, with their column for it."""
    if qualified == "lamindb.Feature":
        return (("lamindb.SchemaFeature", "feature_id"),)
    return tuple(
        (holder, column)
        for holder, column, _ in catalog.references_to(qualified)
        if {"artifact_id", "feature_id"} <= catalog.entry(holder)["references"].keys() and column != "artifact_id"
    )


def _affected(database: Database, links: Sequence[tuple[str, str]], ids: Sequence[int]) -> sa.Select[Any]:
    """Select (id of the renamed row, uid of an artifact, number of artifacts), some artifacts of each."""
    artifacts = sa.table(catalog.entry("lamindb.Artifact")["table"], *map(sa.column, ("id", "uid", "branch_id")))
    parts = [_pairs(holder, column, ids, database.dialect) for holder, column in links]
    pairs = sa.union(*parts).subquery("pairs")  # once each, however often it is linked
    number = sa.func.row_number().over(partition_by=pairs.c.row_id, order_by=artifacts.c.id.desc())
    counted = (
        sa.select(
            pairs.c.row_id,
            artifacts.c.uid,
            sa.func.count().over(partition_by=pairs.c.row_id).label("count"),
            number.label("number"),
        )
        .join(artifacts, artifacts.c.id == pairs.c.artifact_id)
        .where(artifacts.c.branch_id != context.TRASH)
        .subquery("counted")
    )
    query = sa.select(counted.c.row_id, counted.c.uid, counted.c.count).where(counted.c.number <= LISTED)
    return query.order_by(counted.c.row_id, counted.c.number)


def _pairs(holder: str, column: str, ids: Sequence[int], dialect: str) -> sa.Select[Any]:
    """Select (id of the renamed row, id of an artifact) of one link table; of features by the schemas that have them."""
    names = dict.fromkeys([column, "artifact_id", "feature_id", "schema_id"])
    table = sa.table(catalog.entry(holder)["table"], *(sa.column(name, sa.BigInteger) for name in names))
    chosen = within(table.c[column], ids, dialect)
    if column == "feature_id":
        schemas = sa.table(catalog.entry("lamindb.ArtifactSchema")["table"], *map(sa.column, ("artifact_id", "schema_id")))
        of_schemas = sa.select(table.c[column].label("row_id"), schemas.c.artifact_id)
        return of_schemas.join(schemas, schemas.c.schema_id == table.c.schema_id).where(chosen)
    query = sa.select(table.c[column].label("row_id"), table.c.artifact_id)
    return query.where(chosen, table.c.feature_id.is_not(None))
