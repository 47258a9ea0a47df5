"""Names of classes, slots and relations: how they are written, and which are taken."""

from __future__ import annotations

import keyword
import re

from lamin_codegen.compiling.columns import column_name
from lamin_codegen.compiling.inheritance import induced_slots
from lamin_codegen.problems import Place
from lamin_codegen.rules.rule import Facts, Found, rule

RECORD_API = frozenset(
    {"connect", "database", "delete", "describe", "filter", "get", "lookup", "metadata", "mro", "objects", "pk", "query"}
    | {"registry", "restore", "save", "search", "to_dataframe"}
)
"""Attributes of every record or registry; `tests/test_reserved_names.py` compares them with the record classes."""
GENERATED_FILES = frozenset(("__init__", "columns", "ddl", "index", "revisions"))
"""What lies beside the files of the registries in a generated package."""
LONGEST = 63
"""Bytes of a name that Postgres keeps; it cuts longer ones silently."""


@rule("class-name")
def class_names(facts: Facts) -> Found:
    """Classes have capitalised names without separators: table names are made from them."""
    for cls in facts.classes:
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", cls.name):
            yield (
                cls.origin.key(),
                f"`{cls.name}` is no name for a class",
                "write capitalised words without separators, as `CellType`",
            )


@rule("reserved-class")
def reserved_classes(facts: Facts) -> Found:
    """A class is no Python keyword and no file that is generated anyway."""
    for cls in facts.tables:
        stem = cls.name.lower()
        if stem in GENERATED_FILES or keyword.iskeyword(stem):
            yield (
                cls.origin.key(),
                f"class `{cls.name}` would need the file {stem}.py, which can't be used for it",
                "choose another name",
            )


@rule("slot-name")
def slot_names(facts: Facts) -> Found:
    """Slots and relations have names in snake case."""
    for place, name in names(facts):
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
            yield (
                place,
                f"`{name}` is no name for a slot or relation",
                "write small letters, digits and underscores, as `cell_type`",
            )


@rule("reserved-name")
def reserved_names(facts: Facts) -> Found:
    """Slots and relations leave alone what every record has, Python's keywords, and what separates names in queries."""
    for place, name in names(facts):
        if name in RECORD_API:
            yield place, f"`{name}` is taken by every record", "choose another name"
        elif keyword.iskeyword(name):
            yield place, f"`{name}` is a keyword of Python", "choose another name"
        elif "__" in name:
            yield place, f"`{name}` has two underscores in a row, which separate names in queries", "use single underscores"


def names(facts: Facts) -> set[tuple[Place, str]]:
    """Names of slots and relations that become attributes of records, each once for its place."""
    slots = {(slot.origins[-1].key(), slot.name) for _, slot in facts.slots if facts.is_own(slot.origins[-1])}
    added = {(one.place, one.relation.name) for one in facts.compiled.added if one.module == facts.schema.module}
    return slots | added


@rule("long-name")
def long_names(facts: Facts) -> Found:
    """Names that stand in the schema; those of indexes and foreign keys are shortened when they are made."""
    classes = facts.compiled.schema.classes
    for registry in facts.compiled.model.registries:
        cls = classes[registry.name]
        slots = induced_slots(facts.compiled.schema, cls).values()
        found = [(cls.origin.value("annotations", "table"), "table", registry.table)]
        found += [(slot.place(), "column", column_name(facts.schema, slot)) for slot in slots if not slot.multivalued]
        found += [(cls.origin.value("unique_keys", one.name), "unique key", one.name) for one in registry.uniques]
        found += [(cls.origin.value("annotations", "checks"), "check", one.name) for one in registry.checks]
        for place, what, name in found:
            if (size := len(name.encode())) > LONGEST:
                message = f"the name of {what} `{name}` has {size} bytes, more than the {LONGEST} that Postgres keeps"
                hint = "write a shorter one with the annotation `table`" if what == "table" else "write a shorter one"
                yield place, message, hint
