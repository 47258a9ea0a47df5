"""Relations between registries: what each slot adds to the registry that it points to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lamin_codegen.compiling.columns import column_name
from lamin_codegen.compiling.inheritance import induced_slots, own_slots
from lamin_codegen.compiling.links import target_of
from lamin_codegen.model import Reverse, ToMany
from lamin_codegen.problems import Place, nearest
from lamin_codegen.reading.raw import RawClass, RawSchema, RawSlot


class UnclearLink(ValueError):
    """`through`, `here` or `there` does not say which columns make the relation; `hint` says what to write."""

    def __init__(self, note: str, message: str, hint: str) -> None:
        self.note, self.hint = note, hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Added:
    """A relation that a slot adds to a registry: its own (`ulabels`), or that of its target (`reverse: artifacts`)."""

    host: RawClass
    relation: Reverse | ToMany
    module: str
    """Module of the slot. Relations on registries of other modules exist only while this module is installed."""
    slot: RawSlot
    owner: RawClass
    """Class that has the slot."""
    place: Place
    is_back: bool
    """Whether it is the relation that `reverse` names."""


def relations(schema: RawSchema) -> Iterator[Added]:
    """Return what all slots of all classes with a table add; slots that are not understood add nothing."""
    for cls in schema.classes.values():
        if not cls.abstract:
            for slot in induced_slots(schema, cls).values():
                target = target_of(schema, cls, slot.range or "")
                if target is not None and not slot.multivalued:
                    yield from reverse(schema, cls, slot, target)
                elif target is not None:
                    yield from to_many(schema, cls, slot, target)


def reverse(schema: RawSchema, cls: RawClass, slot: RawSlot, target: RawClass) -> Iterator[Added]:
    """Return the relation back over a foreign key, if the slot names one."""
    if name := slot.text("reverse"):
        relation = Reverse(name, f"{cls.module}.{cls.name}", column_name(schema, slot))
        yield Added(target, relation, cls.module, slot, cls, slot.place("annotations", "reverse"), is_back=True)


def to_many(schema: RawSchema, cls: RawClass, slot: RawSlot, target: RawClass) -> Iterator[Added]:
    """Return the relation over a link class, and the one back if the slot names one."""
    try:
        link, here, there = ends(schema, cls, slot, target)
    except UnclearLink:  # reported by `rules.links`
        return
    through, description = f"{link.module}.{link.name}", slot.description or ""
    there_relation = ToMany(slot.name, f"{target.module}.{target.name}", through, here, there, description)
    yield Added(cls, there_relation, cls.module, slot, cls, slot.place(), is_back=False)
    if name := slot.text("reverse"):
        back = ToMany(name, f"{cls.module}.{cls.name}", through, there, here)
        yield Added(target, back, cls.module, slot, cls, slot.place("annotations", "reverse"), is_back=True)


def ends(schema: RawSchema, cls: RawClass, slot: RawSlot, target: RawClass) -> tuple[RawClass, str, str]:
    """Return the link class of a multivalued slot with its columns that point to `cls` and to `target`.

    Raises
    ------
    UnclearLink: there is no such class or column, or several columns come into question.
    """
    through = slot.text("through") or ""
    link = schema.classes.get(through)
    if link is None or link.abstract:
        known = [name for name, one in schema.classes.items() if not one.abstract]
        raise UnclearLink("through", f"there is no link class `{through}`", nearest(through, known))
    here = end(schema, link, slot, "here", cls)
    there = end(schema, link, slot, "there", target)
    if here == there:
        message = f"`here` and `there` of `{slot.name}` are both `{here}`"
        raise UnclearLink("there", message, f"name two columns of `{link.name}`")
    return link, here, there


def end(schema: RawSchema, link: RawClass, slot: RawSlot, note: str, expected: RawClass) -> str:
    """Return the column of a link class that points to a registry: the named one, else the only one that it declares itself.

    What a link inherits, as the user who made it, is meant only where it is named.
    """
    pointing = {
        column_name(schema, one): one.name
        for one in induced_slots(schema, link).values()
        if not one.multivalued and target_of(schema, link, one.range or "") == expected
    }
    said = slot.text(note)
    if said is not None:
        for column, name in pointing.items():
            if said in (column, name):
                return column
        raise UnclearLink(note, f"`{link.name}` has no column `{said}` that points to `{expected.name}`", nearest(said, pointing))
    own = [column for column, name in pointing.items() if name in own_slots(schema, link)]
    if len(own) != 1:
        count = "several columns that point" if own else "no column that points"
        hint = f"write `{note}: {own[0]}`" if own else f"give it a slot with `range: {expected.name}`"
        raise UnclearLink("through", f"`{link.name}` has {count} to `{expected.name}`", hint)
    return own[0]
