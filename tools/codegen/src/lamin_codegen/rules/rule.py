"""What a rule is, and the list of all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from lamin_codegen.compiling.compile import Compiled
from lamin_codegen.compiling.inheritance import induced_slots
from lamin_codegen.model import Registry
from lamin_codegen.problems import Place, Problem
from lamin_codegen.reading.raw import Origin, RawClass, RawSchema, RawSlot

Found: TypeAlias = Iterator[tuple[Place, str, str]]
"""Places where a rule is broken, each with what is wrong and what to write."""


@dataclass(frozen=True)
class Facts:
    """What rules look at."""

    schema: RawSchema
    """As written, without presets expanded."""
    compiled: Compiled
    previous: Sequence[Registry] | None = None
    """Registries of the newest revision."""

    @cached_property
    def own_files(self) -> frozenset[str]:
        return frozenset(document.tree.file for document in self.schema.own)

    def is_own(self, origin: Origin) -> bool:
        return origin.tree.file in self.own_files

    @cached_property
    def classes(self) -> tuple[RawClass, ...]:
        """Classes of the module, abstract ones too."""
        return self.schema.own_classes()

    @cached_property
    def tables(self) -> tuple[RawClass, ...]:
        """Classes of the module that have a table."""
        return tuple(cls for cls in self.classes if not cls.abstract)

    @cached_property
    def slots(self) -> tuple[tuple[RawClass, RawSlot], ...]:
        """Slots of the module's classes, inherited ones as the class changes them, as far as the module's own files say it.

        A slot of a mixin comes once for every class that has it; a rule's message about it should not name the class.
        """
        return tuple(
            (cls, slot)
            for cls in self.classes
            for slot in induced_slots(self.schema, cls).values()
            if any(self.is_own(origin) for origin in slot.origins)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, and the function that finds where it is broken."""

    id: str
    find: Callable[[Facts], Found]


RULES: dict[str, Rule] = {}
"""By id."""


def rule(id_: str) -> Callable[[Callable[[Facts], Found]], Callable[[Facts], Found]]:
    """Add a function to the rules."""

    def add(find: Callable[[Facts], Found]) -> Callable[[Facts], Found]:
        if id_ in RULES:
            raise ValueError(f"two rules have the id {id_!r}")
        RULES[id_] = Rule(id_, find)
        return find

    return add


def problems(facts: Facts) -> list[Problem]:
    """Return all problems that the rules find."""
    return [Problem.at(place, one.id, what, hint) for one in RULES.values() for place, what, hint in one.find(facts)]
