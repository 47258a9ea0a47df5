"""The one place that touches linkml-runtime: its metamodel reads the data, its `SchemaView` joins the files.

linkml-runtime has no type hints and raises whatever its dataclasses happen to raise. Nothing of either leaves this module.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from linkml_runtime.linkml_model import meta  # type: ignore[import-untyped]  # linkml-runtime ships no types
from linkml_runtime.utils.schemaview import SchemaView  # type: ignore[import-untyped]  # likewise

from lamin_codegen.problems import Problem
from lamin_codegen.reading.positions import YamlTree
from lamin_codegen.reading.raw import Document, Note, Origin, RawClass, RawEnum, RawKey, RawSlot, RawType

SECTIONS = {"classes": "ClassDefinition", "slots": "SlotDefinition", "enums": "EnumDefinition", "types": "TypeDefinition"}
PARTS = {"attributes": "SlotDefinition", "slot_usage": "SlotDefinition"}


@cache
def words(kind: str) -> frozenset[str]:
    """All words that LinkML has for a kind of element, as `ClassDefinition`."""
    return frozenset(one.name for one in dataclasses.fields(getattr(meta, kind)))


def define(tree: YamlTree, data: Mapping[str, Any]) -> tuple[Any, list[Problem]]:
    """Return LinkML's `SchemaDefinition` of tidied data; elements that LinkML refuses are left out and reported."""
    try:
        return meta.SchemaDefinition(**data), []
    except Exception:  # the metamodel raises TypeError, ValueError, KeyError, AttributeError …; find the elements that it means
        return define_piecewise(tree, data)


def define_piecewise(tree: YamlTree, data: Mapping[str, Any]) -> tuple[Any, list[Problem]]:
    """Return the definition without the words that LinkML refuses."""
    problems: list[Problem] = []
    accepted: dict[str, Any] = {"id": "https://example.org/x", "name": "x"}  # until the own ones are found to be accepted
    for word, value in data.items():
        if word in SECTIONS:
            accepted[word] = accepted_elements(SECTIONS[word], tree, (word,), value, problems)
        elif problem := refusal("SchemaDefinition", tree, (word,), accepted | {word: value}):
            problems.append(problem)
        else:
            accepted[word] = value
    return meta.SchemaDefinition(**accepted), problems


def accepted_elements(
    kind: str, tree: YamlTree, path: tuple[str, ...], elements: Mapping[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    """Return named elements without the words that LinkML refuses, each of which becomes a problem."""
    found: dict[str, dict[str, Any]] = {}
    for name, element in elements.items():
        found[name] = {}
        for word, value in element.items():
            if word in PARTS:
                found[name][word] = accepted_elements(PARTS[word], tree, (*path, name, word), value, problems)
            elif problem := refusal(kind, tree, (*path, name, word), {"name": name, word: value}):
                problems.append(problem)
            else:
                found[name][word] = value
    return found


def refusal(kind: str, tree: YamlTree, path: tuple[str, ...], given: dict[str, Any]) -> Problem | None:
    """Return what LinkML has against a word of an element, as a problem at the value."""
    try:
        getattr(meta, kind)(**given)
    except Exception as error:
        message = f"LinkML does not accept this value of `{path[-1]}` ({' '.join(str(error).split())})"
        return Problem.at(tree.value(path), "linkml", message, "correct it, or remove it")
    return None


def view_of(definitions: Mapping[str, Any], main: str) -> Any:
    """Return a `SchemaView` that sees the given schemas under their names and looks for no files."""
    view = SchemaView(definitions[main])
    view.schema_map.update(definitions)
    return view


def notes_of(element: Any) -> dict[str, Note]:
    """Annotations of an element. LinkML holds them in a dict or in an object of its own, by where they come from."""
    found = element.annotations
    return {str(name): note.value for name, note in (found.items() if isinstance(found, dict) else found._items())}


def text(value: Any) -> str | None:
    """Return LinkML's text type as plain text."""
    return None if value is None else str(value)


def slot_of(definition: Any, origin: Origin, default_range: str | None) -> RawSlot:
    """Return a slot; without a range of its own it has the default one."""
    return RawSlot(
        name=str(definition.name),
        description=text(definition.description),
        range=text(definition.range) or default_range,
        required=flag(definition.required),
        multivalued=flag(definition.multivalued),
        identifier=flag(definition.identifier),
        pattern=text(definition.pattern),
        minimum=definition.minimum_value,
        maximum=definition.maximum_value,
        ifabsent=text(definition.ifabsent),
        deprecated=text(definition.deprecated),
        notes=notes_of(definition),
        origins=(origin,),
    )


def flag(value: Any) -> bool | None:
    """Return LinkML's boolean type as a plain one."""
    return None if value is None else bool(value)


def class_of(definition: Any, document: Document, default_range: str) -> RawClass:
    """Return a class with its attributes, usages and keys."""
    name = str(definition.name)
    origin = document.at("classes", name)
    attributes = {
        str(slot): slot_of(one, document.at("classes", name, "attributes", str(slot)), default_range)
        for slot, one in definition.attributes.items()
    }
    usages = {
        str(slot): slot_of(one, document.at("classes", name, "slot_usage", str(slot)), None)
        for slot, one in definition.slot_usage.items()
    }
    return RawClass(
        name=name,
        schema=document.name,
        module=document.module,
        description=text(definition.description),
        origin=origin,
        is_a=text(definition.is_a),
        mixins=tuple(map(str, definition.mixins)),
        abstract=bool(definition.abstract or definition.mixin),
        attributes=attributes,
        usages=usages,
        shared=tuple(map(str, definition.slots)),
        unique_keys=tuple(keys_of(definition, document)),
        deprecated=text(definition.deprecated),
        examples=tuple(str(one.value) for one in definition.examples if one.value),
        notes=notes_of(definition),
    )


def keys_of(definition: Any, document: Document) -> Iterator[RawKey]:
    """Return the uniqueness rules of a class."""
    for name, key in definition.unique_keys.items():
        origin = document.at("classes", str(definition.name), "unique_keys", str(name))
        yield RawKey(str(name), tuple(map(str, key.unique_key_slots)), notes_of(key), origin)


def elements_of(definition: Any, document: Document) -> tuple[dict[str, RawClass], dict[str, RawSlot], dict[str, RawEnum]]:
    """Return classes, shared slots and enums of one schema."""
    default_range = text(definition.default_range) or "string"
    classes = {str(name): class_of(one, document, default_range) for name, one in definition.classes.items()}
    slots = {str(name): slot_of(one, document.at("slots", str(name)), default_range) for name, one in definition.slots.items()}
    enums = {
        str(name): RawEnum(str(name), tuple(map(str, one.permissible_values)), document.at("enums", str(name)))
        for name, one in definition.enums.items()
    }
    return classes, slots, enums


def types_of(view: Any) -> dict[str, RawType]:
    """Return all types, those of LinkML itself included."""
    return {
        str(name): RawType(str(name), text(one.typeof), text(one.pattern)) for name, one in view.all_types(imports=True).items()
    }
