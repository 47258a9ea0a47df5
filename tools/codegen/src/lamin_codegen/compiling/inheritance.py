"""What a class inherits: the slots of its mixins and bases, changed by every `slot_usage` on the way.

LinkML's `SchemaView.class_induced_slots` answers the same question; a test compares the two. It is not used here because its
annotations in a `slot_usage` replace the inherited ones as a whole. Here they add to them, as all other words do.
"""

from __future__ import annotations

from dataclasses import replace

from lamin_codegen.reading.raw import Note, RawClass, RawSchema, RawSlot

CHANGEABLE = (
    "description",
    "range",
    "required",
    "multivalued",
    "identifier",
    "pattern",
    "minimum",
    "maximum",
    "ifabsent",
    "deprecated",
)


def ancestors(schema: RawSchema, cls: RawClass) -> list[RawClass]:
    """Return the class, then its mixins in their order, then its base, each followed by its own ancestors.

    A class reached twice stands where it was reached last: behind all that build on it. Unknown and circular bases are left out.
    """
    found: dict[str, RawClass] = {}
    visit(schema, cls, found, ())
    return list(found.values())


def visit(schema: RawSchema, cls: RawClass, found: dict[str, RawClass], above: tuple[str, ...]) -> None:
    """Add a class and its ancestors to `found`, in order; `above` are the classes on the way down."""
    found.pop(cls.name, None)
    found[cls.name] = cls
    for base in cls.bases:
        if base in schema.classes and base not in (*above, cls.name):
            visit(schema, schema.classes[base], found, (*above, cls.name))


def own_slots(schema: RawSchema, cls: RawClass) -> dict[str, RawSlot]:
    """Return the slots that the class declares or takes from the schema by name, in their order."""
    shared = {name: schema.slots[name] for name in cls.shared if name in schema.slots}
    return shared | dict(cls.attributes)


def induced_slots(schema: RawSchema, cls: RawClass) -> dict[str, RawSlot]:
    """Return all slots of a class: its own, its mixins', its base's. Declared twice, the nearest declaration counts."""
    line = ancestors(schema, cls)
    slots: dict[str, RawSlot] = {}
    for one in line:
        slots = slots | {name: slot for name, slot in own_slots(schema, one).items() if name not in slots}
    for one in reversed(line):
        for name, usage in one.usages.items():
            if name in slots:
                slots[name] = changed(slots[name], usage)
    return slots


def changed(slot: RawSlot, usage: RawSlot) -> RawSlot:
    """Return the slot with what the usage says; its annotations add to those of the slot."""
    said = {word: value for word in CHANGEABLE if (value := getattr(usage, word)) is not None}
    return replace(slot, **said, notes={**slot.notes, **usage.notes}, origins=(*usage.origins, *slot.origins))


def inherited_note(schema: RawSchema, cls: RawClass, name: str) -> Note | None:
    """Return an annotation of the class or of the nearest ancestor that has it."""
    return next((one.notes[name] for one in ancestors(schema, cls) if name in one.notes), None)


def python_bases(schema: RawSchema, cls: RawClass, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the hand-written Python bases that the mixins and the base name; one without `behavior` stands for its own bases."""
    found: dict[str, None] = {}
    for name in cls.bases:
        if (base := schema.classes.get(name)) is not None and name not in above:
            behavior = base.text("behavior")
            found |= dict.fromkeys([behavior] if behavior else python_bases(schema, base, (*above, cls.name)))
    return tuple(found)
