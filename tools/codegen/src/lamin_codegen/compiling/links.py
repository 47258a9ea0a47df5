"""Link classes that nobody writes: the form they share, and those behind plain multivalued slots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lamin_codegen.compiling.inheritance import ancestors, induced_slots
from lamin_codegen.reading.raw import Note, Origin, RawClass, RawKey, RawSchema, RawSlot

LINK_BASE = "IsLink"
"""Class of the base schema from which links inherit an `id` of 64 bits. A schema without it gives its links the `id` itself."""


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link class and the multivalued slot over it, as its host has it."""

    cls: RawClass
    slot: RawSlot
    origin: Origin
    """Annotation or slot that asks for it."""


def link_class(
    schema: RawSchema,
    host: RawClass,
    name: str,
    description: str,
    columns: Sequence[RawSlot],
    keys: tuple[RawKey, ...],
    origin: Origin,
    mixins: tuple[str, ...] = (),
) -> RawClass:
    """Return a link class in the module of `host`, between the registries that `columns` point to."""
    notes: dict[str, Note] = {"link": True}
    if "on_delete_in_database" in host.notes:
        notes["on_delete_in_database"] = host.notes["on_delete_in_database"]
    has_base = LINK_BASE in schema.classes
    key = RawSlot("id", "Number of the link in this database.", "bigint", required=True, identifier=True, origins=(origin,))
    return RawClass(
        name,
        host.schema,
        host.module,
        description,
        origin,
        is_a=LINK_BASE if has_base else None,
        mixins=mixins,
        attributes={slot.name: slot for slot in (*(() if has_base else (key,)), *columns)},
        unique_keys=keys,
        notes=notes,
        made=True,
    )


def target_of(schema: RawSchema, cls: RawClass, range_: str) -> RawClass | None:
    """Return the class that a range means for `cls`, None if it has no table.

    An abstract class stands for `cls` itself where `cls` inherits from it: the way a mixin says "of the same registry".
    """
    target = schema.classes.get(range_)
    if target is None or not target.abstract:
        return target
    return cls if target in ancestors(schema, cls) else None


def slot_links(schema: RawSchema, cls: RawClass) -> Iterator[MadeLink]:
    """Make a link class for each multivalued slot of `cls` that names none."""
    for slot in induced_slots(schema, cls).values():
        if slot.multivalued and "through" not in slot.notes and (target := target_of(schema, cls, slot.range or "")):
            yield slot_link(schema, cls, slot, target)


def slot_link(schema: RawSchema, cls: RawClass, slot: RawSlot, target: RawClass) -> MadeLink:
    """Make the link class behind a multivalued slot of `cls`, and the slot over it."""
    here, there = cls.name.lower(), target.name.lower()
    if target.name == cls.name:
        here, there = f"from_{here}", f"to_{there}"
    name, table = f"{cls.name}_{slot.name}", f"{cls.table}_{slot.name}"
    columns = [
        RawSlot(column, description, one.name, required=True, notes={"on_delete": "cascade"}, origins=(slot.origin,))
        for column, one, description in (
            (here, cls, f"{cls.name} that has the relation `{slot.name}`."),
            (there, target, f"{target.name} to which the relation leads."),
        )
    ]
    key = RawKey(f"unique_{table}", (here, there), {}, slot.origin)
    description = f"Link from one {cls.name} to one {target.name} by the relation `{slot.name}`."
    link = link_class(schema, cls, name, description, columns, (key,), slot.origin)
    link = replace(link, notes={**link.notes, "table": table})
    over = replace(slot, range=target.name, notes={**slot.notes, "through": name, "here": here, "there": there})
    return MadeLink(link, over, slot.origin)
