"""Slots: ranges, patterns, and annotations that fit the kind of slot."""

from __future__ import annotations

import re

from lamin_codegen.compiling.columns import COLUMN_TYPES, base_type, column_type
from lamin_codegen.compiling.links import target_of
from lamin_codegen.problems import nearest
from lamin_codegen.reading.raw import RawSlot
from lamin_codegen.rules.rule import Facts, Found, rule

OF_BASE = ("bigint", "smallint", "json")
"""Types that the base schema declares, not LinkML."""
FOR_TO_ONE = ("on_delete", "on_delete_in_database")
FOR_RELATIONS = ("reverse",)
FOR_TO_MANY = ("through", "here", "there")
FOR_TEXTS = ("max_length", "search")
FOR_COLUMNS = ("index", "unique", "db_default", "column", "previous_name", "immutable")


@rule("unknown-range")
def unknown_ranges(facts: Facts) -> Found:
    """Ranges are types that a column can hold, enums, or classes."""
    schema = facts.schema
    known = [*schema.classes, *schema.enums, *(name for name in schema.types if base_type(schema, name))]
    for _, slot in facts.slots:
        name, stored = slot.range or "", base_type(schema, slot.range)
        if name in schema.classes or name in schema.enums or (name in schema.types and stored):
            continue
        if name in schema.types:
            message, hint = f"no column can hold the type `{name}` of slot `{slot.name}`", nearest("", COLUMN_TYPES)
        elif stored:
            message = f"the type `{name}` of slot `{slot.name}` is not imported"
            hint = f"add `{'base' if name in OF_BASE else 'linkml:types'}` to `imports`"
        else:
            message, hint = (
                f"there is no type, enum or class `{name}` for slot `{slot.name}`",
                nearest(name, known, otherwise="declare it, or correct the name"),
            )
        yield slot.place("range"), message, hint


@rule("abstract-range")
def abstract_ranges(facts: Facts) -> Found:
    """Relations lead to classes with a table."""
    for cls, slot in facts.slots:
        target = facts.schema.classes.get(slot.range or "")
        if target and target.abstract and not cls.abstract and target_of(facts.schema, cls, target.name) is None:
            message = f"the range `{target.name}` of slot `{slot.name}` has no table, and `{cls.name}` does not inherit from it"
            yield slot.place("range"), message, "name a class that is not abstract"


@rule("list-of-values")
def lists_of_values(facts: Facts) -> Found:
    """A column holds one value."""
    for _, slot in facts.slots:
        if slot.multivalued and slot.range not in facts.schema.classes:
            message = f"slot `{slot.name}` holds several values of type `{slot.range}`, which no column can"
            yield slot.place("multivalued"), message, "write `range: json`, or name a class as `range`"


@rule("misplaced-annotation")
def misplaced_annotations(facts: Facts) -> Found:
    """Annotations fit the kind of slot."""
    for _, slot in facts.slots:
        kind, wrong = misfits(facts, slot)
        for note in sorted(wrong & slot.notes.keys()):
            yield slot.place("annotations", note), f"`{note}` says nothing about slot `{slot.name}`, which is {kind}", "remove it"


def misfits(facts: Facts, slot: RawSlot) -> tuple[str, set[str]]:
    """What kind of slot it is, and annotations without meaning for that kind."""
    if slot.range in facts.schema.classes and slot.multivalued:
        return "a relation to many", {*FOR_TEXTS, *FOR_TO_ONE, *FOR_COLUMNS}
    if slot.range in facts.schema.classes:
        return "a relation to one", {*FOR_TEXTS, *FOR_TO_MANY}
    is_text = slot.range in facts.schema.enums or base_type(facts.schema, slot.range) == "string"
    no_relation = {*FOR_TO_ONE, *FOR_RELATIONS, *FOR_TO_MANY}
    return ("a text", no_relation) if is_text else (f"of type `{slot.range}`", {*FOR_TEXTS, *no_relation})


@rule("set-null")
def set_null(facts: Facts) -> Found:
    """Only a column that may be empty can be emptied."""
    for _, slot in facts.slots:
        if slot.notes.get("on_delete") == "set_null" and slot.required:
            message = f"slot `{slot.name}` is required, so that deleting what it points to can't empty it"
            yield (
                slot.place("annotations", "on_delete"),
                message,
                "write `on_delete: protect` or `cascade`, or remove `required: true`",
            )


@rule("pattern")
def patterns(facts: Facts) -> Found:
    """Patterns are regular expressions, and stand at texts."""
    for cls, slot in facts.slots:
        if slot.pattern is None:
            continue
        try:
            re.compile(slot.pattern)
        except re.error as error:
            message = f"the pattern `{slot.pattern}` of slot `{slot.name}` is no regular expression ({error})"
            yield slot.place("pattern"), message, "correct it, or remove it"
        if column_type(facts.schema, cls, slot) not in (None, "string", "text"):
            message = f"slot `{slot.name}` of type `{slot.range}` can't have a pattern"
            yield slot.place("pattern"), message, "remove it, or write `range: string`"


@rule("bounds")
def bounds(facts: Facts) -> Found:
    """The minimum is not above the maximum."""
    for _, slot in facts.slots:
        if slot.minimum is not None and slot.maximum is not None and slot.minimum > slot.maximum:
            message = f"the minimum {slot.minimum} of slot `{slot.name}` is above its maximum {slot.maximum}"
            yield slot.place("minimum_value"), message, "exchange them"


@rule("empty-enum")
def empty_enums(facts: Facts) -> Found:
    """An enum has values."""
    for enum in facts.schema.enums.values():
        if not enum.values and facts.is_own(enum.origin):
            yield enum.origin.key(), f"enum `{enum.name}` has no values", "write `permissible_values: {name: {description: …}}`"
