"""What `describe` prints and notebooks show: a title, the facts of the row, and how many records are related to it."""

from __future__ import annotations

import sys
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.records import context, notes, representation

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

NOT_FACTS = frozenset({"uid", "is_latest", "is_locked", "version_tag"})


def describe(record: BaseSQLRecord, return_str: bool, include: object = None) -> str | None:
    """Print a description of a record, or return it.

    Raises
    ------
    InvalidArgument: `include` is something else than "comments".
    """
    rows = facts(record)
    width = max((len(label) for label, _ in rows), default=0)
    counts = [f"  {name}: {count}" for name, count in relations(record)]
    said = notes.notes_section(record, include_comments=notes.with_comments(include))
    lines = [title(record), *state(record), *(f"  {label:<{width}}  {shown}" for label, shown in rows), *counts, *said]
    text = "\n".join(line.rstrip() for line in lines)
    if return_str:
        return text
    sys.stdout.write(text + "\n")
    return None


def html(record: BaseSQLRecord) -> str:
    """Return the same description as a table for notebooks."""
    rows = [*facts(record), *((name, str(count)) for name, count in relations(record))]
    cells = "".join(
        f'<tr><th style="text-align:left">{escape(label)}</th><td style="text-align:left">{escape(shown)}</td></tr>'
        for label, shown in rows
    )
    said = "".join(f"<div>{escape(line)}</div>" for line in state(record))
    return f"<div><div><b>{escape(title(record))}</b></div>{said}<table>{cells}</table></div>"


def title(record: BaseSQLRecord) -> str:
    """Return `Registry: name (version)`."""
    entry = catalog.entry(type(record).__qualified__)
    name = representation.value_of(record, entry["name_field"]) if entry["name_field"] else None
    shown = representation.text(name).strip("'") if name is not None else str(getattr(record, "uid", record.id) or "")[:7]
    version = getattr(record, "version", None) if "is_latest" in type(record).__table__.c else None
    return f"{type(record).__name__}: {shown}{f' ({version})' if version else ''}"


def state(record: BaseSQLRecord) -> list[str]:
    """Return warnings: not saved, in the trash, archived, not the latest version, locked."""
    kind = type(record).__name__
    if record._database is None:
        return [f"! this {kind} is not saved"]
    said = []
    branch = record.__dict__.get("branch_id")
    if branch == context.TRASH:
        said.append(f"! this {kind} is in the trash")
    elif branch == context.ARCHIVE:
        said.append(f"! this {kind} is archived")
    if record.__dict__.get("is_latest") is False:
        said.append(f"! this is not the latest version of the {kind}")
    if record.__dict__.get("is_locked"):
        said.append(f"! this {kind} is locked")
    return said


def facts(record: BaseSQLRecord) -> list[tuple[str, str]]:
    """Return label and value of each filled column, related records by their names."""
    one_to = {
        relation[2]: name
        for name, relation in catalog.entry(type(record).__qualified__)["relations"].items()
        if relation[0] == "one"
    }
    names = related_names(record, one_to)
    rows: list[tuple[str, str]] = []
    values = {"uid": representation.value_of(record, "uid")} if "uid" in type(record).__table__.c else {}
    values |= {name: value for name, value in representation.columns(record).items() if name not in NOT_FACTS}
    for name, value in values.items():
        if value is None or (name == "is_type" and not value):
            continue
        label = one_to.get(name, name)
        shown = names.get(name) or (human_size(value) if name == "size" else representation.text(value).strip("'"))
        rows.append((label, shown))
    return rows


def related_names(record: BaseSQLRecord, one_to: dict[str, str]) -> dict[str, str]:
    """Return the display names of the records that foreign keys point to, in one statement."""
    references = catalog.entry(type(record).__qualified__)["references"]
    queries = []
    for column in one_to:
        row_id = representation.value_of(record, column)
        name_field = catalog.entry(references[column][0])["name_field"] or "uid"
        if row_id is not None:
            table = bare(references[column][0], "id", name_field)
            shown = sa.cast(table.c[name_field], sa.Text).label("shown")
            queries.append(sa.select(sa.literal(column).label("key"), shown).where(table.c.id == row_id))
    if not queries or record._database is None:
        return {}
    with record._database.reading() as connection:
        return {row.key: row.shown for row in connection.execute(sa.union_all(*queries))}


def relations(record: BaseSQLRecord) -> list[tuple[str, int]]:
    """Return each relation that has members, with their number, in one statement."""
    database = record._database
    if database is None:
        return []
    queries = []
    for name, relation in catalog.entry(type(record).__qualified__)["relations"].items():
        if relation[0] == "one" or name.startswith(("_", "links_", "values_")):
            continue
        holder, column = (relation[1], relation[2]) if relation[0] == "reverse" else (relation[2], relation[3])
        table = bare(holder, column)
        if database.has_table(table.name):
            count = sa.select(sa.func.count()).select_from(table).where(table.c[column] == record.id).scalar_subquery()
            queries.append(sa.select(sa.literal(name).label("key"), count.label("count")))
    if not queries:
        return []
    with database.reading() as connection:
        counts = {key: count for key, count in connection.execute(sa.union_all(*queries)) if count}
    return sorted(counts.items())


@cache
def bare(qualified: str, *columns: str) -> sa.TableClause:
    """Return a table with some columns only: importing and mapping every related registry takes a tenth of a second."""
    return sa.table(catalog.entry(qualified)["table"], *map(sa.column, columns))


def human_size(size: Any) -> str:
    """Write a number of bytes with a decimal unit."""
    number = float(size)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
