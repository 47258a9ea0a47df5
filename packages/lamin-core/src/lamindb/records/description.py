"""What `describe` prints and notebooks show: a title, the facts of the row, what is related to it, and its notes.

At most four statements, whatever the record holds: names of what it points to, counts of what is related to it, names of the
first of these, and blocks.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from lamindb import catalog
from lamindb.errors import InvalidArgument, closest
from lamindb.printing import one_line
from lamindb.records import context, representation
from lamindb.records.counts import Count, counts
from lamindb.records.facts import RUN, facts, related_names
from lamindb.records.notes import notes_section

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

INCLUDED = ("comments",)
BLOCKS = "ablocks"


def describe(record: BaseSQLRecord, return_str: bool, include: object) -> str | None:
    """Print a description of a record, or return it."""
    if include is not None and include not in INCLUDED:
        near = closest(include, INCLUDED) if isinstance(include, str) else ""
        raise InvalidArgument(f"what can be included is {', '.join(map(repr, INCLUDED))}, not {include!r}{near}")
    names, found = related_names(record), counts(record)
    rows = facts(record, names)
    width = max((len(label) for label, _ in rows), default=0)
    lines = [title(record, names), *state(record), *(f"  {label:<{width}}  {shown}" for label, shown in rows)]
    lines += [f"  {each.name}: {each.shown}" for each in found]
    lines += _notes(record, found, include)
    text = "\n".join(line.rstrip() for line in lines)
    if return_str:
        return text
    sys.stdout.write(text + "\n")
    return None


def html(record: BaseSQLRecord) -> str:
    """Return the same description as a table for notebooks."""
    names, found = related_names(record), counts(record)
    rows = [*facts(record, names), *((each.name, each.shown) for each in found)]
    cells = "".join(
        f'<tr><th style="text-align:left">{escape(label)}</th><td style="text-align:left">{escape(shown)}</td></tr>'
        for label, shown in rows
    )
    said = "".join(f"<div>{escape(line)}</div>" for line in state(record))
    note = "\n".join(_notes(record, found, None))
    below = f"<pre>{escape(note)}</pre>" if note else ""
    return f"<div><div><b>{escape(title(record, names))}</b></div>{said}<table>{cells}</table>{below}</div>"


def title(record: BaseSQLRecord, names: Mapping[str, str]) -> str:
    """Return `Registry: name (version)`; of a run, which code it ran."""
    entry = catalog.entry(type(record).__qualified__)
    name = representation.value_of(record, entry["name_field"]) if entry["name_field"] else None
    shown = representation.text(name) if name is not None and not isinstance(name, str) else one_line(name or "")
    if type(record).__qualified__ == RUN and "transform_id" in names:
        shown = f"{names['transform_id']} ({shown})" if shown else names["transform_id"]
    if not shown:
        shown = str(getattr(record, "uid", None) or record.id or "")[:7]
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


def _notes(record: BaseSQLRecord, found: list[Count], include: object) -> list[str]:
    """Return readme and comments of a record that has blocks."""
    return notes_section(record, include_comments=include == "comments") if any(each.name == BLOCKS for each in found) else []
