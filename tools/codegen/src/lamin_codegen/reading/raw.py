"""What LinkML says, typed and with positions: the input of checks and of compilation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lamin_codegen.problems import Place, Problem
from lamin_codegen.reading.positions import Path, YamlTree

Note = str | int | float | bool
"""Value of an annotation."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The place in a file from which an element comes."""

    tree: YamlTree = field(repr=False)
    path: Path

    def has(self, *steps: str | int) -> bool:
        return self.tree.has((*self.path, *steps))

    def written(self) -> object:
        """Return the element as the file has it, None if it is empty: also what was refused and left out."""
        found: Any = self.tree.data
        for step in self.path:
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def key(self, *steps: str | int) -> Place:
        return self.tree.key((*self.path, *steps))

    def value(self, *steps: str | int) -> Place:
        """Place of the value below the element, or of the element's name if it has no such value."""
        return self.tree.value((*self.path, *steps)) if self.has(*steps) else self.key()


@dataclass(frozen=True, slots=True)
class RawSlot:
    """A slot, or what a class changes about an inherited one; None means: not said."""

    name: str
    description: str | None = None
    range: str | None = None
    required: bool | None = None
    multivalued: bool | None = None
    identifier: bool | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    ifabsent: str | None = None
    deprecated: str | None = None
    notes: Mapping[str, Note] = field(default_factory=dict)
    origins: tuple[Origin, ...] = field(default=(), compare=False)
    """The declaration, and before it what classes nearer to the asking one change."""

    @property
    def origin(self) -> Origin:
        return self.origins[0]

    def place(self, *steps: str) -> Place:
        """Place of a word of the slot, given nearest to the asking class; else of the slot's name."""
        return next((origin.value(*steps) for origin in self.origins if origin.has(*steps)), self.origin.key())

    def text(self, note: str) -> str | None:
        """Return an annotation as text, None if it is not given."""
        value = self.notes.get(note)
        return None if value is None else str(value)

    def flag(self, note: str, default: bool = False) -> bool:
        return bool(self.notes.get(note, default))


@dataclass(frozen=True, slots=True)
class RawKey:
    """A uniqueness rule."""

    name: str
    slots: tuple[str, ...]
    notes: Mapping[str, Note]
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True)
class RawClass:
    """A class, with or without a table."""

    name: str
    schema: str
    module: str
    description: str | None
    origin: Origin = field(compare=False)
    is_a: str | None = None
    mixins: tuple[str, ...] = ()
    abstract: bool = False
    """Abstract classes and mixins have no table."""
    attributes: Mapping[str, RawSlot] = field(default_factory=dict)
    usages: Mapping[str, RawSlot] = field(default_factory=dict)
    """What the class changes about inherited slots."""
    shared: tuple[str, ...] = ()
    """Slots of the schema that the class takes by name."""
    unique_keys: tuple[RawKey, ...] = ()
    deprecated: str | None = None
    examples: tuple[str, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=dict)
    made: bool = False
    """Made from a preset or a multivalued slot rather than written out."""

    @property
    def bases(self) -> tuple[str, ...]:
        return (*self.mixins, self.is_a) if self.is_a else self.mixins

    @property
    def table(self) -> str:
        return self.text("table") or f"{self.module}_{self.name.lower()}"

    def text(self, note: str) -> str | None:
        """Return an annotation as text, None if it is not given."""
        value = self.notes.get(note)
        return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class RawEnum:
    """An enum with its values in their order."""

    name: str
    values: tuple[str, ...]
    origin: Origin = field(compare=False)


@dataclass(frozen=True, slots=True)
class RawType:
    """A type, and the one that it is made from."""

    name: str
    typeof: str | None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One schema file."""

    name: str
    tree: YamlTree = field(repr=False)
    text: str = field(repr=False)
    module: str
    imports: tuple[str, ...] = ()
    description: str = ""
    notes: Mapping[str, Note] = field(default_factory=dict)

    def note(self, name: str) -> str | None:
        """Return an annotation of the schema as text, None if it is not given."""
        value = self.notes.get(name)
        return None if value is None else str(value)

    def at(self, *steps: str | int) -> Origin:
        return Origin(self.tree, steps)


@dataclass(frozen=True, slots=True)
class RawSchema:
    """Schemas of one module with everything that they import, as LinkML understands them.

    `problems` holds what was wrong with the files; `check` reports it together with what it finds itself.
    """

    documents: Mapping[str, Document]
    """By name, dependencies first."""
    main: str
    """Name of the schema that imports all others."""
    classes: Mapping[str, RawClass] = field(default_factory=dict)
    slots: Mapping[str, RawSlot] = field(default_factory=dict)
    enums: Mapping[str, RawEnum] = field(default_factory=dict)
    types: Mapping[str, RawType] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    """False if a file or an import could not be read: then names may be missing, and rules about names say nothing."""
    view: Any = field(default=None, compare=False, repr=False)
    """LinkML's own `SchemaView` of the same files; None if they are not complete."""

    @property
    def module(self) -> str:
        return self.documents[self.main].module

    @property
    def own(self) -> tuple[Document, ...]:
        """Files of the module itself."""
        return tuple(document for document in self.documents.values() if document.module == self.module)

    def own_classes(self) -> tuple[RawClass, ...]:
        return tuple(one for one in self.classes.values() if one.module == self.module)
