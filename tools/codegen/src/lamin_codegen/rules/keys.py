"""Uniqueness, checks and indexes of a class."""

from __future__ import annotations

from lamin_codegen.compiling.columns import column_name
from lamin_codegen.compiling.inheritance import induced_slots
from lamin_codegen.compiling.registries import parse_checks, parse_indexes
from lamin_codegen.problems import nearest
from lamin_codegen.reading.raw import RawClass
from lamin_codegen.rules.rule import Facts, Found, rule


def columns(facts: Facts, cls: RawClass) -> dict[str, None]:
    """Names by which a rule of a class may name its columns: slots and columns."""
    slots = [slot for slot in induced_slots(facts.schema, cls).values() if not slot.multivalued]
    return dict.fromkeys([*(slot.name for slot in slots), *(column_name(facts.schema, slot) for slot in slots)])


@rule("unique-key")
def unique_keys(facts: Facts) -> Found:
    """Unique keys name slots that are there; case is ignored over one slot only."""
    for cls in facts.classes:
        known = columns(facts, cls)
        for key in cls.unique_keys:
            for index, name in enumerate(key.slots):
                if name not in known and not cls.abstract:
                    place = key.origin.value("unique_key_slots", index)
                    yield (
                        place,
                        f"unique key `{key.name}` names `{name}`, which class `{cls.name}` does not have",
                        nearest(name, known),
                    )
            condition = str(key.notes.get("where", "")).partition(" is ")[0]
            if condition and condition not in known:
                place = key.origin.value("annotations", "where")
                yield place, f"class `{cls.name}` has no slot `{condition}` for a condition", nearest(condition, known)
            if key.notes.get("lower") and len(key.slots) != 1:
                place = key.origin.value("annotations", "lower")
                yield (
                    place,
                    f"unique key `{key.name}` ignores case over {len(key.slots)} slots",
                    "name one slot, or remove `lower`",
                )


@rule("checks")
def checks(facts: Facts) -> Found:
    """The annotation `checks` is a list of names and expressions."""
    for cls in facts.classes:
        text = (cls.text("checks") or "").strip().rstrip(";")
        if text and len(parse_checks(cls)) != len(text.split(";")):
            place = cls.origin.value("annotations", "checks")
            hint = "write `name: expression`, and `;` between several"
            yield place, f"the checks of class `{cls.name}` can't be read", hint


@rule("indexes")
def indexes(facts: Facts) -> Found:
    """Indexes name slots that are there."""
    for cls in facts.classes:
        known = columns(facts, cls)
        for name in (one for index in parse_indexes(cls) for one in index):
            if name not in known:
                place = cls.origin.value("annotations", "indexes")
                yield place, f"class `{cls.name}` has no slot `{name}` for an index", nearest(name, known)
