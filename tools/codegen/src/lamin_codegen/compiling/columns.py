"""Slots into columns: types, lengths, defaults, references."""

from __future__ import annotations

from contextlib import suppress
from typing import cast, get_args

from lamin_codegen.compiling.defaults import UnclearDefault, database_default, python_default
from lamin_codegen.compiling.inheritance import induced_slots, inherited_note
from lamin_codegen.compiling.links import target_of
from lamin_codegen.model import Column, ColumnType, ForeignKey, OnDelete, Scalar, Searched
from lamin_codegen.reading.raw import RawClass, RawSchema, RawSlot

STORED_AS: dict[str, ColumnType] = {
    "double": "float",
    "uri": "string",
    "uriorcurie": "string",
    "curie": "string",
    "ncname": "string",
}
"""Types of LinkML that are stored as another one."""
COLUMN_TYPES: dict[str, ColumnType] = {name: name for name in get_args(ColumnType) if name != "text"} | STORED_AS


def column_of(schema: RawSchema, cls: RawClass, slot: RawSlot) -> Column | None:
    """Return the column of a slot; None for a multivalued slot and for one whose range is not understood."""
    type_ = column_type(schema, cls, slot)
    if type_ is None or slot.multivalued:
        return None
    choices = choices_of(schema, slot)
    reference = reference_of(schema, cls, slot)
    unique = slot.flag("unique")
    from_database = database_default_of(slot, type_, choices)
    return Column(
        name=column_name(schema, slot),
        type=type_,
        description=slot.description or "",
        nullable=not (slot.required or slot.identifier),
        max_length=max_length(schema, cls, slot) if type_ == "string" else None,
        primary_key=bool(slot.identifier),
        unique=unique,
        index=slot.flag("index", default=reference is not None and not unique),
        default=python_default_of(slot, type_, choices, from_database),
        db_default=from_database,
        choices=choices,
        pattern=slot.pattern or type_pattern(schema, slot),
        minimum=slot.minimum,
        maximum=slot.maximum,
        immutable=slot.flag("immutable"),
        deprecated=slot.deprecated,
        references=reference,
        search=cast("Searched | None", slot.text("search")),
        previous_name=previous_name(schema, slot),
    )


def column_name(schema: RawSchema, slot: RawSlot) -> str:
    """Return the name of a slot's column: `run_id` for a slot `run` that points to a registry."""
    return slot.text("column") or (f"{slot.name}_id" if slot.range in schema.classes else slot.name)


def previous_name(schema: RawSchema, slot: RawSlot) -> str | None:
    """Return the column that this one was before: a to-one slot may be given by its own name, too."""
    name = slot.text("previous_name")
    is_slot = name and slot.range in schema.classes and not name.endswith("_id") and not slot.text("column")
    return f"{name}_id" if is_slot else name


def base_type(schema: RawSchema, name: str | None) -> ColumnType | None:
    """Return what a LinkML type is stored as, None if it is no type or one that no column can hold."""
    seen: set[str] = set()
    while name and name not in COLUMN_TYPES and name not in seen:
        seen.add(name)
        name = schema.types[name].typeof if name in schema.types else None
    return COLUMN_TYPES.get(name or "")


def column_type(schema: RawSchema, cls: RawClass, slot: RawSlot) -> ColumnType | None:
    """Return the type of a slot's column, None if the range is unknown or has no table."""
    if slot.range and slot.range in schema.classes:
        target = target_of(schema, cls, slot.range)
        key = identifier(schema, target) if target else None
        return base_type(schema, key.range) if key else None
    found: ColumnType | None = "string" if slot.range in schema.enums else base_type(schema, slot.range)
    return "text" if found == "string" and max_length(schema, cls, slot) is None else found


def identifier(schema: RawSchema, cls: RawClass) -> RawSlot | None:
    """Return the slot that is the primary key, None if the class has none."""
    return next((slot for slot in induced_slots(schema, cls).values() if slot.identifier), None)


def max_length(schema: RawSchema, cls: RawClass, slot: RawSlot) -> int | None:
    """Return the limit in characters. A `uid` that has none takes the `uid_length` of its class."""
    length = slot.notes.get("max_length")
    if length is None and slot.name == "uid":
        length = inherited_note(schema, cls, "uid_length")
    return int(length) if length is not None else None


def choices_of(schema: RawSchema, slot: RawSlot) -> tuple[str, ...]:
    """Return the values of the enum that is the range, none for another range."""
    enum = schema.enums.get(slot.range or "")
    return enum.values if enum else ()


def type_pattern(schema: RawSchema, slot: RawSlot) -> str | None:
    """Return the pattern that the type of the range has."""
    found = schema.types.get(slot.range or "")
    return found.pattern if found else None


def reference_of(schema: RawSchema, cls: RawClass, slot: RawSlot) -> ForeignKey | None:
    """Return what the column points to, None if the range is no registry."""
    target = target_of(schema, cls, slot.range or "")
    if target is None:
        return None
    on_delete = cast("OnDelete", slot.text("on_delete") or "protect")
    return ForeignKey(f"{target.module}.{target.name}", target.table, on_delete, on_delete_in_database(schema, cls, slot))


def on_delete_in_database(schema: RawSchema, cls: RawClass, slot: RawSlot) -> bool:
    """Return whether the DDL carries ON DELETE: said by the slot, else by the class, else by the schema of the class."""
    for notes in (slot.notes, cls.notes, schema.documents[cls.schema].notes):
        if "on_delete_in_database" in notes:
            return bool(notes["on_delete_in_database"])
    return False


def database_default_of(slot: RawSlot, type_: ColumnType, choices: tuple[str, ...]) -> Scalar | None:
    """Return the default of the database; None where there is none or it does not fit."""
    with suppress(UnclearDefault):  # reported by `rules.defaults`
        if (value := slot.notes.get("db_default")) is not None:
            return database_default(value, type_, choices)
    return None


def python_default_of(slot: RawSlot, type_: ColumnType, choices: tuple[str, ...], from_database: Scalar | None) -> Scalar | None:
    """Return what `ifabsent` says, else a literal default of the database, so that both agree."""
    with suppress(UnclearDefault):
        if slot.ifabsent is not None:
            return python_default(slot.ifabsent, type_, slot.range, choices)
    return from_database if from_database not in ("now", "null") else None
