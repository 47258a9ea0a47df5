"""Classes and what they build on."""

from __future__ import annotations

from lamin_codegen.compiling.columns import base_type, identifier
from lamin_codegen.compiling.defaults import WHOLE_NUMBERS
from lamin_codegen.compiling.inheritance import ancestors, induced_slots
from lamin_codegen.problems import nearest
from lamin_codegen.reading.raw import Origin
from lamin_codegen.rules.rule import Facts, Found, rule


@rule("missing-module")
def missing_module(facts: Facts) -> Found:
    """The main schema names its module and the package of its generated code."""
    main = facts.schema.documents[facts.schema.main]
    place = main.tree.key(("annotations",))
    for note, example in (("module", main.name), ("package", f"{main.name}._registries")):
        if note not in main.notes:
            yield place, f"the schema does not name its {note}", f"write `annotations: {{{note}: {example}}}`"


@rule("missing-description")
def missing_descriptions(facts: Facts) -> Found:
    """Every class and slot has a description: it becomes docstring and reference page."""
    for cls in facts.classes:
        if is_undescribed(cls.origin, cls.description):
            yield cls.origin.key(), f"class `{cls.name}` has no description", "write `description: …`, it becomes the docstring"
        for slot in cls.attributes.values():
            if is_undescribed(slot.origin, slot.description):
                yield slot.origin.key(), f"slot `{slot.name}` of class `{cls.name}` has no description", "write `description: …`"
    for slot in facts.schema.slots.values():
        if facts.is_own(slot.origin) and is_undescribed(slot.origin, slot.description):
            yield slot.origin.key(), f"slot `{slot.name}` has no description", "write `description: …`"


def is_undescribed(origin: Origin, description: str | None) -> bool:
    """Whether nothing was written, rather than something that was refused already."""
    element = origin.written()
    return not (description or "").strip() and (element is None or (isinstance(element, dict) and not element.get("description")))


@rule("unknown-base")
def unknown_bases(facts: Facts) -> Found:
    """Bases and mixins are there and have no table."""
    for cls in facts.classes:
        named = [("is_a", cls.is_a, cls.origin.value("is_a"))] if cls.is_a else []
        named += [("mixin", name, cls.origin.value("mixins", index)) for index, name in enumerate(cls.mixins)]
        for word, name, place in named:
            if name not in facts.schema.classes:
                abstract = [one.name for one in facts.schema.classes.values() if one.abstract]
                yield place, f"there is no class `{name}` for {word}", nearest(name, abstract)
            elif not facts.schema.classes[name].abstract:
                message = f"`{name}` has a table of its own, so that no class can inherit from it"
                yield place, message, f"mark it with `abstract: true`, or give `{cls.name}` a slot with `range: {name}`"


@rule("cyclic-base")
def cyclic_bases(facts: Facts) -> Found:
    """No class inherits from itself."""
    for cls in facts.classes:
        above = [base for one in ancestors(facts.schema, cls) for base in one.bases]
        if cls.name in above:
            place = cls.origin.value("is_a") if cls.is_a in above else cls.origin.value("mixins")
            yield place, f"class `{cls.name}` inherits from itself", "remove one of the bases"


@rule("unknown-slot")
def unknown_slots(facts: Facts) -> Found:
    """A class changes slots that it inherits, and takes slots that the schema has."""
    for cls in facts.classes:
        inherited = induced_slots(facts.schema, cls)
        for name, usage in cls.usages.items():
            if name not in inherited:
                yield usage.origin.key(), f"class `{cls.name}` inherits no slot `{name}`", nearest(name, inherited)
        for index, name in enumerate(cls.shared):
            if name not in facts.schema.slots:
                hint = nearest(name, facts.schema.slots) if facts.schema.slots else "declare it under `attributes`"
                yield cls.origin.value("slots", index), f"the schema has no slot `{name}`", hint


@rule("identifier")
def identifiers(facts: Facts) -> Found:
    """Every table has one key, `id`, a whole number: what all foreign keys point to."""
    for cls in facts.tables:
        slot = identifier(facts.schema, cls)
        if slot is None and isinstance(cls.origin.written(), dict | None):
            hint = "write `is_a: SQLRecord`, or give it a slot `id` with `identifier: true` and `range: integer`"
            yield cls.origin.key(), f"class `{cls.name}` has no identifier", hint
        elif slot is not None and (slot.name != "id" or base_type(facts.schema, slot.range) not in WHOLE_NUMBERS):
            message = f"the identifier `{slot.name}` of range `{slot.range}` can't be a primary key"
            yield slot.place("identifier"), message, "call it `id`, with `range: integer`, `bigint` or `smallint`"


@rule("name-field")
def name_fields(facts: Facts) -> Found:
    """The field by which records are known is a slot."""
    for cls in facts.tables:
        slots = induced_slots(facts.schema, cls)
        if (name := cls.text("name_field")) and name not in slots:
            place = cls.origin.value("annotations", "name_field")
            yield place, f"class `{cls.name}` has no slot `{name}` to be known by", nearest(name, slots)
