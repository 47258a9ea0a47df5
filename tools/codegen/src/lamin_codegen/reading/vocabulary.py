"""The words of a schema file: LinkML's own that have a meaning here, and the annotations that say what LinkML can't.

Adding an annotation means adding a line here, reading it in `lamin_codegen.compiling`, and describing it in the docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from lamin_codegen.reading import linkml
from lamin_codegen.reading.forms import Anything, Choice, Flag, Form, ListOf, MappingOf, Notes, Number, Record, Scalar, Text

NAME = Text(r"[A-Za-z_]\w*", "a name")
NAMES = Text(r"[A-Za-z_]\w*( [A-Za-z_]\w*)*", "one or more names with spaces between them")
DOTTED = Text(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", "a Python package, as `lamindb._registries`")
OBJECT = Text(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", "`package.module:Name`")
POSITIVE = Number(at_least=1)

SCHEMA_NOTES: Mapping[str, Form] = {
    "module": NAME,
    "package": DOTTED,
    "seed": OBJECT,
    "on_delete_in_database": Flag(),
}
CLASS_NOTES: Mapping[str, Form] = {
    "annotates": NAMES,
    "values_in": NAMES,
    "member_of": NAMES,
    "plural": NAME,
    "behavior": OBJECT,
    "table": NAME,
    "link": Flag(),
    "uid_length": POSITIVE,
    "name_field": NAME,
    "checks": Text(),
    "indexes": Text(),
    "on_delete_in_database": Flag(),
    "previous_name": NAME,
}
SLOT_NOTES: Mapping[str, Form] = {
    "max_length": POSITIVE,
    "index": Flag(),
    "unique": Flag(),
    "immutable": Flag(),
    "search": Choice(("name", "text")),
    "db_default": Scalar(),
    "column": NAME,
    "previous_name": NAME,
    "on_delete": Choice(("protect", "cascade", "set_null")),
    "on_delete_in_database": Flag(),
    "reverse": NAME,
    "through": NAME,
    "here": NAME,
    "there": NAME,
}
KEY_NOTES: Mapping[str, Form] = {
    "where": Text(r"\w+ is (not )?null", "`column is null` or `column is not null`"),
    "lower": Flag(),
    "constraint": Flag(),
}


@cache
def documenting() -> dict[str, Form]:
    """Words that only document, on every kind of thing."""
    meant: dict[str, Form] = {"description": Text(), "deprecated": Text(), "title": Text()}
    return {word: Anything() for word in linkml.words("CommonMetadata")} | meant


@cache
def schema_words() -> dict[str, Form]:
    """Words at the top of a file."""
    ignored = ("license", "version", "prefixes", "default_prefix", "default_curi_maps", "emit_prefixes", "subsets", "settings")
    return (
        documenting()
        | {word: Anything() for word in ignored}
        | {
            "id": Text(),
            "name": NAME,
            "imports": ListOf(Text()),
            "default_range": Text(),
            "annotations": Notes("schema", SCHEMA_NOTES),
            "classes": MappingOf(CLASS),
            "slots": MappingOf(SLOT),
            "enums": MappingOf(ENUM),
            "types": MappingOf(TYPE),
        }
    )


@cache
def class_words() -> dict[str, Form]:
    """Words of a class."""
    return documenting() | {
        "is_a": Text(),
        "mixins": ListOf(Text()),
        "abstract": Flag(),
        "mixin": Flag(),
        "class_uri": Text(),
        "slots": ListOf(Text()),
        "slot_usage": MappingOf(SLOT),
        "attributes": MappingOf(SLOT),
        "unique_keys": MappingOf(KEY, may_be_empty=False),
        "examples": ListOf(EXAMPLE),
        "annotations": Notes("class", CLASS_NOTES),
    }


@cache
def slot_words() -> dict[str, Form]:
    """Words of a slot, of a usage, too."""
    return documenting() | {
        "range": Text(),
        "required": Flag(),
        "multivalued": Flag(),
        "identifier": Flag(),
        "pattern": Text(),
        "minimum_value": Number(),
        "maximum_value": Number(),
        "ifabsent": Scalar(),
        "slot_uri": Text(),
        "unit": Anything(),
        "annotations": Notes("slot", SLOT_NOTES),
    }


@cache
def key_words() -> dict[str, Form]:
    """Words of a unique key."""
    return documenting() | {"unique_key_slots": ListOf(Text()), "annotations": Notes("unique key", KEY_NOTES)}


@cache
def enum_words() -> dict[str, Form]:
    """Words of an enum."""
    return documenting() | {"permissible_values": MappingOf(VALUE), "enum_uri": Text(), "annotations": Notes("enum", {})}


@cache
def value_words() -> dict[str, Form]:
    """Words of a permissible value."""
    return documenting() | {"text": Text(), "meaning": Text(), "annotations": Notes("permissible value", {})}


@cache
def type_words() -> dict[str, Form]:
    """Words of a type."""
    ignored = ("uri", "base", "repr")
    return (
        documenting()
        | {word: Anything() for word in ignored}
        | {"typeof": Text(), "pattern": Text(), "annotations": Notes("type", {})}
    )


@cache
def example_words() -> dict[str, Form]:
    """Words of an example."""
    return {"value": Text(), "description": Text(), "object": Anything()}


SCHEMA = Record("schema", schema_words, partial(linkml.words, "SchemaDefinition"))
CLASS = Record("class", class_words, partial(linkml.words, "ClassDefinition"))
SLOT = Record("slot", slot_words, partial(linkml.words, "SlotDefinition"))
KEY = Record("unique key", key_words, partial(linkml.words, "UniqueKey"), needs=("unique_key_slots", "[name]"))
ENUM = Record("enum", enum_words, partial(linkml.words, "EnumDefinition"))
VALUE = Record("permissible value", value_words, partial(linkml.words, "PermissibleValue"))
TYPE = Record("type", type_words, partial(linkml.words, "TypeDefinition"))
EXAMPLE = Record("example", example_words, partial(linkml.words, "Example"))
