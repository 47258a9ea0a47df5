"""Classes into registries: columns in their order, uniqueness, checks, indexes. Relations to others come from `relations`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from lamin_codegen.compiling.columns import column_of
from lamin_codegen.compiling.inheritance import ancestors, induced_slots, inherited_note, python_bases
from lamin_codegen.compiling.links import target_of
from lamin_codegen.model import Check, Column, Registry, ToOne, Unique
from lamin_codegen.reading.raw import RawClass, RawKey, RawSchema, RawSlot

FIRST = ("id", "uid")
"""Columns that stand first in every table."""


def registry_of(schema: RawSchema, cls: RawClass) -> Registry:
    """Return the registry of a class with a table, without relations that others add to it."""
    slots = in_order(induced_slots(schema, cls))
    columns = [(slot, column) for slot in slots if (column := column_of(schema, cls, slot))]
    names = {slot.name: column.name for slot, column in columns} | {column.name: column.name for _, column in columns}
    uid = next((column for _, column in columns if column.name == "uid"), None)
    return Registry(
        name=cls.name,
        module=cls.module,
        table=cls.table,
        description=cls.description or "",
        bases=python_bases(schema, cls),
        columns=tuple(column for _, column in columns),
        to_one=tuple(to_one(schema, cls, slot, column) for slot, column in columns if column.references),
        uniques=tuple(uniques(schema, cls, names)),
        checks=tuple(Check(name, expression) for one in ancestors(schema, cls) for name, expression in parse_checks(one)),
        indexes=tuple(indexes(cls, names)),
        behavior=cls.text("behavior"),
        uid_length=uid_length(schema, cls, uid),
        name_field=name_field(schema, cls, names),
        is_link=bool(inherited_note(schema, cls, "link")),
        auto_link=cls.made,
        deprecated=cls.deprecated,
        examples=cls.examples,
        previous_name=cls.text("previous_name"),
    )


def in_order(slots: dict[str, RawSlot]) -> list[RawSlot]:
    """Return `id` and `uid`, then the class's own slots as declared, its mixins', its base's."""
    return [slots[name] for name in (*(one for one in FIRST if one in slots), *(one for one in slots if one not in FIRST))]


def to_one(schema: RawSchema, cls: RawClass, slot: RawSlot, column: Column) -> ToOne:
    """Return the relation that goes with a foreign-key column."""
    target = cast("RawClass", target_of(schema, cls, slot.range or ""))  # the column has a reference, so there is a target
    return ToOne(slot.name, column.name, f"{target.module}.{target.name}", column.nullable, column.description)


def uniques(schema: RawSchema, cls: RawClass, names: dict[str, str]) -> Iterator[Unique]:
    """Return the uniqueness rules of a class. One from an abstract class is named after the table, since names are global."""
    for one in ancestors(schema, cls):
        for key in one.unique_keys:
            if all(slot in names for slot in key.slots):
                name = key.name if one.name == cls.name else f"{cls.table}_{key.name}"
                columns = tuple(names[slot] for slot in key.slots)
                yield Unique(name, columns, where(key, names), bool(key.notes.get("lower")), bool(key.notes.get("constraint")))


def where(key: RawKey, names: dict[str, str]) -> tuple[str, Literal["null", "not null"]] | None:
    """Return the condition of a partial uniqueness rule, None for a rule over all rows."""
    slot, _, state = str(key.notes.get("where", "")).partition(" is ")
    return (names[slot], cast("Literal['null', 'not null']", state)) if slot in names else None


def parse_checks(cls: RawClass) -> list[tuple[str, str]]:
    """Return names and expressions of the annotation `checks`: `positive: "n" > 0; small: "n" < 9`."""
    found = re.findall(r"(\w+)\s*:\s*([^;]+?)\s*(?:;|$)", cls.text("checks") or "")
    return [(name, expression) for name, expression in found]


def parse_indexes(cls: RawClass) -> list[list[str]]:
    """Return the slots of each index of the annotation `indexes`: `"branch name; size hash"`."""
    return [names for one in (cls.text("indexes") or "").split(";") if (names := one.split())]


def indexes(cls: RawClass, names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Return the columns of each index over several columns."""
    for index in parse_indexes(cls):
        if all(name in names for name in index):
            yield tuple(names[name] for name in index)


def uid_length(schema: RawSchema, cls: RawClass, uid: Column | None) -> int | None:
    """Return the number of characters of a uid: as said by the class, else as wide as the column; None without a uid."""
    if uid is None:
        return None
    length = inherited_note(schema, cls, "uid_length")
    return int(length) if length is not None else uid.max_length


def name_field(schema: RawSchema, cls: RawClass, names: dict[str, str]) -> str | None:
    """Return the column by which people know a record: as said, else `name` if there is one."""
    said = inherited_note(schema, cls, "name_field")
    return str(said) if said is not None else ("name" if "name" in names else None)
