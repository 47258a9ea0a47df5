"""Presets and links: that what they name is there, and that what they make is not there already."""

from __future__ import annotations

from lamin_codegen.compiling.inheritance import induced_slots
from lamin_codegen.compiling.links import slot_links, target_of
from lamin_codegen.compiling.relations import UnclearLink, ends
from lamin_codegen.presets import MAKERS, hosts, missing, preset_links
from lamin_codegen.problems import nearest
from lamin_codegen.reading.raw import RawSlot
from lamin_codegen.rules.rule import Facts, Found, rule


@rule("unknown-registry")
def unknown_registries(facts: Facts) -> Found:
    """A preset names registries, and what it builds on is imported."""
    for cls in facts.classes:
        for preset in MAKERS:
            place = cls.origin.value("annotations", preset)
            for host in hosts(cls, preset):
                gone = missing(facts.schema, preset, host)
                if host in gone:
                    tables = [one.name for one in facts.schema.classes.values() if not one.abstract and one.name != cls.name]
                    yield place, f"`{preset}` names `{host}`, which is no registry", nearest(host, tables)
                elif gone:
                    yield place, f"`{preset}` needs the class `{gone[0]}`, which is not imported", "add `core` to `imports`"
                elif host == cls.name:
                    yield place, f"class `{cls.name}` names itself under `{preset}`", "write the link class out"


@rule("abstract-preset")
def presets_of_abstract_classes(facts: Facts) -> Found:
    """Only a class with a table can be linked."""
    for cls in facts.classes:
        for preset in MAKERS if cls.abstract else ():
            if preset in cls.notes:
                place = cls.origin.value("annotations", preset)
                yield (
                    place,
                    f"class `{cls.name}` has no table that could be linked by `{preset}`",
                    "give it to the classes that inherit",
                )


@rule("link-taken")
def links_taken(facts: Facts) -> Found:
    """A class or slot that a preset would make, but that is there already."""
    made: dict[str, str] = {}
    for cls in facts.tables:
        slots = induced_slots(facts.schema, cls)
        for link in preset_links(facts.schema, cls):
            if link.slot.name in slots:
                message = f"class `{cls.name}` has a slot `{link.slot.name}` already, which `{link.origin.path[-1]}` would make"
                yield link.origin.value(), message, "rename the slot, or write the link class out"
        for link in (*preset_links(facts.schema, cls), *slot_links(facts.schema, cls)):
            by = f"`{link.origin.path[-1]}` of `{cls.name}`"
            if link.cls.name in facts.schema.classes or link.cls.name in made:
                other = made.get(link.cls.name, "the schema itself")
                message = f"{by} makes a class `{link.cls.name}`, which {other} has made already"
                yield link.origin.value(), message, "remove one of them, or give the written class another name"
            made.setdefault(link.cls.name, by)


@rule("link")
def links(facts: Facts) -> Found:
    """`through`, `here` and `there` say which columns make a relation."""
    schema = facts.compiled.schema
    for cls in (schema.classes[one.name] for one in facts.tables):
        for slot in induced_slots(schema, cls).values():
            target = target_of(schema, cls, slot.range or "")
            if not slot.multivalued or target is None or is_made(slot) or not any(map(facts.is_own, slot.origins)):
                continue
            try:
                ends(schema, cls, slot, target)
            except UnclearLink as error:
                yield slot.place("annotations", error.note), str(error), error.hint


def is_made(slot: RawSlot) -> bool:
    """Whether a preset made the slot: what is wrong with it is wrong with the preset."""
    return slot.origin.path[-2:-1] == ("annotations",)
