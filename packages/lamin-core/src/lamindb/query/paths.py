"""What a keyword such as `ulabels__type__name__startswith` names: relations to follow, a column, a comparison."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator

from lamindb import catalog
from lamindb.errors import FieldError, closest

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.types import TypeEngine

LOOKUPS: dict[str, tuple[str, ...]] = {
    "text": (
        *("exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"),
        *("gt", "gte", "lt", "lte", "in", "range", "isnull", "regex", "iregex"),
    ),
    "integer": ("exact", "gt", "gte", "lt", "lte", "in", "range", "isnull"),
    "float": ("exact", "gt", "gte", "lt", "lte", "in", "range", "isnull"),
    "boolean": ("exact", "in", "isnull"),
    "datetime": ("exact", "gt", "gte", "lt", "lte", "in", "range", "isnull"),
    "date": ("exact", "gt", "gte", "lt", "lte", "in", "range", "isnull"),
    "json": (
        *("exact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"),
        *("gt", "gte", "lt", "lte", "in", "range", "isnull"),
    ),
    "relation": ("exact", "in", "isnull"),
}
"""Comparisons by the kind of what is compared."""
PARTS = {
    "datetime": ("year", "quarter", "month", "day", "week_day", "iso_week_day", "hour", "minute", "second", "date"),
    "date": ("year", "quarter", "month", "day", "week_day", "iso_week_day"),
}
"""What a point in time or a day is made of, in UTC. Days of the week count from Sunday as 1, those of ISO 8601 from Monday."""
KINDS = {"str": "text", "int": "integer", "bool": "boolean", "object": "json"}
"""Kinds by Python type of a column, where the names differ."""
ALIASES: dict[str, dict[str, str]] = {
    "lamindb.Artifact": {"transform": "run__transform"},
    "lamindb.Branch": {"status": "_status_code"},
    "lamindb.Feature": {"dtype": "_dtype_str", "dtype_as_str": "_dtype_str"},
    "lamindb.Project": {"status": "_status_code"},
    "lamindb.Run": {"status": "_status_code"},
    "lamindb.Schema": {"dtype": "_dtype_str"},
}
"""Fields with another name than their column, by registry."""
VERSION, VERSION_TAG = "version", "version_tag"
"""What a version is called: its tag, or the end of its uid where it has none."""
VERSION_LENGTH = 4
"""Letters at the end of a uid that tell the versions of a family apart."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step over a relation."""

    name: str
    kind: Literal["one", "reverse", "many"]
    target: str
    """Qualified name of the registry it leads to."""
    column: str
    """The foreign key: of the registry we come from (one), of the target (reverse), of the link (many)."""
    through: str = ""
    """Qualified name of the link registry (many)."""
    there: str = ""
    """Column of the link registry that points to the target (many)."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A number over the related rows of each row; see `lamindb.query.annotating`."""

    name: str
    function: str
    """count, sum, avg, min or max."""
    distinct: bool
    kind: str
    """What it is: see `LOOKUPS`."""
    of: Path
    """What it is computed from."""


@dataclass(frozen=True, slots=True)
class Path:
    """Where a keyword leads, seen from one registry."""

    hops: tuple[Hop, ...]
    registry: str
    """Registry at the end of the hops."""
    column: str
    kind: str
    """What is compared: see `LOOKUPS`."""
    target: str | None
    """The registry whose records are compared, where the keyword ends at a relation."""
    lookup: str
    text: str
    """The keyword as it was asked, without its comparison; for messages."""
    first: str
    """First column or relation it names, which decides on the scope."""
    keys: tuple[str, ...] = ()
    """Keys and positions inside of a JSON value."""
    part: str = ""
    """Part of a point in time; or `version`, which is the tag if there is one."""
    computed: Computed | None = None
    """The number that it names, which is then no column."""

    @property
    def is_column(self) -> bool:
        """Whether it is a column of the registry itself, and all of it."""
        return not self.hops and not self.keys and not self.part and self.computed is None

    @property
    def may_be_missing(self) -> bool:
        """Whether a row may have no value here."""
        if self.computed is not None:
            return self.computed.function != "count"
        return bool(self.hops or self.keys) or is_nullable(self.registry, self.column)

    @property
    def to_many(self) -> bool:
        """Whether one row may have several values here."""
        return any(hop.kind != "one" for hop in self.hops)


def table(qualified: str) -> sa.Table:
    """Return the table of a registry."""
    return catalog.registry(qualified).__table__


@functools.cache
def kind_of(qualified: str, column: str) -> str:
    """Return what a column holds: text, integer, float, boolean, datetime, date or json."""
    kind: TypeEngine[Any] = table(qualified).c[column].type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    name = kind.python_type.__name__
    return KINDS.get(name, name)


@functools.cache
def is_nullable(qualified: str, column: str) -> bool:
    """Whether a column may be NULL."""
    return bool(table(qualified).c[column].nullable)


def value_names(qualified: str, column: str) -> Mapping[str, int]:
    """Return the names of a column's values, where its registry gives them names; they are then the only text it takes."""
    names: Mapping[str, Mapping[str, int]] = catalog.registry(qualified)._value_names
    return names.get(column, {})


@functools.cache
def default_of(qualified: str, column: str) -> Any:
    """Return what a column holds unless told otherwise, None if that is not fixed."""
    default = table(qualified).c[column].default
    return default.arg if isinstance(default, ScalarElementColumnDefault) else None


@functools.cache
def is_name(qualified: str, column: str) -> bool:
    """Whether few rows share a value of a column: it tells rows apart."""
    return column in ("id", "uid", "hash", catalog.entry(qualified)["name_field"])


def name_of(qualified: str) -> str:
    """Return the short name of a registry."""
    return qualified.rpartition(".")[2]


def fields(qualified: str) -> list[str]:
    """Return the public columns and relations of a registry, sorted."""
    entry = catalog.entry(qualified)
    return sorted(name for name in (*entry["columns"], *entry["relations"]) if not name.startswith(("_", "links_")))


def is_versioned(qualified: str) -> bool:
    """Whether the rows of a registry form families of versions."""
    columns = catalog.entry(qualified)["columns"]
    return "is_latest" in columns and "version_tag" in columns


def is_alias(qualified: str, name: str) -> bool:
    """Whether a name stands for another field."""
    return _unaliased(qualified, name) != name.split("__")


def find(qualified: str, keyword: str, computed: tuple[Computed, ...]) -> Path:
    """Find out what a keyword names in a set with numbers of its own, which come before fields. Raises as `resolve`."""
    for each in sorted(computed, key=lambda one: -len(one.name)):
        if keyword == each.name or keyword.startswith(f"{each.name}__"):
            rest = keyword.removeprefix(each.name).split("__")[1:]
            _, part = _inside(each.kind, rest)
            kind, text = _part_of(each.kind, part), "__".join([each.name, *([part] if part else [])])
            lookup = "__".join(rest[bool(part) :]) or "exact"
            if lookup not in LOOKUPS[kind]:
                raise _bad_lookup(qualified, text, kind, lookup)
            return Path((), qualified, each.name, kind, None, lookup, text, each.name, part=part, computed=each)
    return resolve(qualified, keyword)


@functools.lru_cache(maxsize=4096)
def resolve(qualified: str, keyword: str) -> Path:
    """Find out what a keyword names.

    Raises
    ------
    FieldError: a field, relation or comparison does not exist; names the nearest and lists all.
    """
    hops: list[Hop] = []
    here, segments = qualified, keyword.split("__")
    column: str | None = None
    position, asked_name = 0, ""
    while column is None and position < len(segments):
        asked_name = segments[position]
        segments[position : position + 1] = _unaliased(here, asked_name)
        entry = catalog.entry(here)
        segment = segments[position]
        if relation := entry["relations"].get(segment):
            hop = _hop(segment, relation)
            hops.append(hop)
            here = hop.target
        elif segment in entry["columns"]:
            column = segment
        elif hops and segment in LOOKUPS["text"]:
            break
        else:
            last = position == len(segments) - 1
            raise _unknown(
                here, segment, f"{keyword!r} of {name_of(qualified)}: " if hops else "", maybe_lookup=last and bool(hops)
            )
        position += 1
    rest = segments[position:]
    is_version = column == VERSION_TAG and asked_name == VERSION
    asked = keyword.removesuffix("".join(f"__{segment}" for segment in rest))
    found = _path(qualified, tuple(hops), here, column, asked, segments[0], rest)
    return replace(found, part=VERSION) if is_version and found.lookup != "isnull" else found  # who asks so means the tag


def _unaliased(here: str, segment: str) -> list[str]:
    entry = catalog.entry(here)
    if segment in entry["columns"] or segment in entry["relations"]:
        return [segment]
    if segment == "pk":
        return ["id"]
    if segment == VERSION and is_versioned(here):
        return [VERSION_TAG]
    return ALIASES.get(here, {}).get(segment, segment).split("__")


def _hop(name: str, relation: tuple[str, ...]) -> Hop:
    match relation:
        case ("one", target, column):
            return Hop(name, "one", target, column)
        case ("reverse", target, column):
            return Hop(name, "reverse", target, column)
        case (_, target, through, here, there):
            return Hop(name, "many", target, here, through, there)
    raise AssertionError(f"the index has a relation of unknown shape: {relation}")


def _path(qualified: str, hops: tuple[Hop, ...], here: str, column: str | None, text: str, first: str, rest: list[str]) -> Path:
    target = here if column is None else None
    kind = "relation" if column is None else kind_of(here, column)
    keys, part = _inside(kind, rest)
    kind, rest = _part_of(kind, part), rest[len(keys) + bool(part) :]
    text = "__".join([text, *keys, *([part] if part else [])])
    lookup = rest[0] if rest else "exact"
    if len(rest) > 1 or lookup not in LOOKUPS[kind]:
        raise _bad_lookup(qualified, text, kind, "__".join(rest))
    if column in (None, "id") and hops and hops[-1].kind == "one":
        # The id of a to-one relation stands in the row itself.
        *before, last = hops
        hops, column = tuple(before), last.column
        here = hops[-1].target if hops else qualified
    return Path(hops, here, column or "id", kind, target, lookup, text, first, keys, part)


def _part_of(kind: str, part: str) -> str:
    """Return what a part of a point in time is, or the whole."""
    return "date" if part == "date" else "integer" if part else kind


def _inside(kind: str, rest: list[str]) -> tuple[tuple[str, ...], str]:
    """Return what of the rest of a keyword leads into a JSON value, or names a part of a point in time."""
    if kind == "json":
        keys = rest[:-1] if rest and rest[-1] in LOOKUPS["json"] else rest
        # Paths of SQLite know no way to write a quotation mark.
        if any(not key or any(letter in '"\0' or "\ud800" <= letter <= "\udfff" for letter in key) for key in keys):
            raise FieldError(f"{'__'.join(keys)!r} does not lead into a JSON value: a key is a text without quotation marks")
        return tuple(keys), ""
    return (), rest[0] if rest and rest[0] in PARTS.get(kind, ()) else ""


def _unknown(here: str, segment: str, asked: str, *, maybe_lookup: bool) -> FieldError:
    known = fields(here)
    lookup = f" and no comparison {segment!r}" if maybe_lookup else ""
    return FieldError(
        f"{asked}{name_of(here)} has no field {segment!r}{lookup}{closest(segment, known)}; its fields are {', '.join(known)}"
    )


def _bad_lookup(qualified: str, text: str, kind: str, lookup: str) -> FieldError:
    allowed = LOOKUPS[kind]
    return FieldError(
        f"{name_of(qualified)}.{text} ({kind}) cannot be compared by {lookup!r}{closest(lookup, allowed)}; "
        f"it can by {', '.join(allowed)}"
    )
