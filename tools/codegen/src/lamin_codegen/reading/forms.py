"""Forms that values in a schema file must have, checked on plain data.

`tidy` of a form returns the value as the next step may use it and reports what is wrong with it. A value that is wrong becomes
`ABSENT` and is left out, so that one mistake does not hide the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from lamin_codegen.problems import Problem, nearest
from lamin_codegen.reading.positions import Path, YamlTree

ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Spot:
    """A value's place in a tree, and where problems with it go."""

    tree: YamlTree
    path: Path
    problems: list[Problem] = field(repr=False)

    @property
    def word(self) -> str:
        """The name under which the value stands."""
        names = [step for step in self.path if isinstance(step, str)]
        return names[-1] if names else ""

    def below(self, step: str | int) -> Spot:
        return replace(self, path=(*self.path, step))

    def report(self, rule: str, message: str, hint: str, *, at_key: bool = False) -> Any:
        """Add a problem at the value, or at its name; return ABSENT."""
        place = self.tree.key(self.path) if at_key else self.tree.value(self.path)
        self.problems.append(Problem.at(place, rule, message, hint))
        return ABSENT


class Form(Protocol):
    """What a value must look like."""

    def tidy(self, value: object, spot: Spot) -> Any: ...


def written(value: object) -> str:
    """The value as a person would write it in YAML."""
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


def article(noun: str) -> str:
    """Return the noun with `a` or `an`."""
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"  # `unique key` is spoken with a consonant


def refuse_collection(value: object, spot: Spot) -> bool:
    """Report a list or a mapping where one value belongs; whether it was one."""
    if isinstance(value, list):
        first = value[0] if value and isinstance(value[0], str | int | float) else "…"
        spot.report("list-for-scalar", f"`{spot.word}` takes one value, not a list", f"write `{spot.word}: {written(first)}`")
    elif isinstance(value, dict):
        spot.report("mapping-for-scalar", f"`{spot.word}` takes one value, not a mapping", f"write `{spot.word}: …`")
    else:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Text:
    """A text. Numbers are taken as they are written, as LinkML does."""

    pattern: str = ""
    meaning: str = "text"

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the text."""
        if value is None or refuse_collection(value, spot):
            return ABSENT
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            kind = "true or false" if isinstance(value, bool) else "a date"
            return spot.report("no-text", f"YAML reads the value of `{spot.word}` as {kind}", "put it in quotes")
        if self.pattern and not re.fullmatch(self.pattern, str(value)):
            return spot.report("bad-value", f"`{value}` is no value for `{spot.word}`", f"write {self.meaning}")
        return str(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the flag."""
        if value is None or isinstance(value, bool):
            return ABSENT if value is None else value
        if refuse_collection(value, spot):
            return ABSENT
        return spot.report("bad-value", f"`{value}` is no value for `{spot.word}`", "write true or false")


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `at_least` makes it a whole number."""

    at_least: int | None = None

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the number."""
        if refuse_collection(value, spot):
            return ABSENT
        kinds = int if self.at_least is not None else (int, float)
        if isinstance(value, kinds) and not isinstance(value, bool) and (self.at_least is None or value >= self.at_least):
            return value
        hint = "write a number" if self.at_least is None else f"write a whole number of at least {self.at_least}"
        return spot.report("bad-value", f"`{written(value)}` is no value for `{spot.word}`", hint)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    choices: tuple[str, ...]

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the word."""
        if refuse_collection(value, spot):
            return ABSENT
        if value in self.choices:
            return value
        hint = nearest(written(value), self.choices)
        return spot.report("bad-value", f"`{written(value)}` is no value for `{spot.word}`", hint)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Any single value; an empty one has to be written as text."""

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the value as it is."""
        if refuse_collection(value, spot):
            return ABSENT
        if isinstance(value, str | int | float):
            return value
        hint = f'write `{spot.word}: "null"`' if value is None else "put it in quotes"
        return spot.report("bad-value", f"`{written(value)}` is no value for `{spot.word}`", hint)


@dataclass(frozen=True, slots=True)
class Anything:
    """Words that only document; LinkML looks at them."""

    def tidy(self, value: object, spot: Spot) -> Any:
        return ABSENT if value is None else value


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of things of one form."""

    item: Form

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the list without items that are wrong."""
        if value is None:
            return ABSENT
        if not isinstance(value, list):
            example = f"[{written(value)}]" if isinstance(value, str | int | float) else "[…]"
            return spot.report("no-list", f"`{spot.word}` takes a list", f"write `{spot.word}: {example}`")
        found = [self.item.tidy(one, spot.below(index)) for index, one in enumerate(value)]
        return [one for one in found if one is not ABSENT]


@dataclass(frozen=True, slots=True)
class MappingOf:
    """Named things, as the classes of a schema. A thing without content is allowed: `Artifact:`."""

    item: Form
    may_be_empty: bool = True
    """Whether a thing that is wrong as a whole is left in, without content, so that its name is known all the same."""

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the mapping with its things tidied."""
        if value is None:
            return ABSENT
        if not isinstance(value, dict):
            return spot.report("no-mapping", f"`{spot.word}` takes a mapping of names", "write `name: {…}` below it")
        found = {name: self.item.tidy({} if one is None else one, spot.below(name)) for name, one in value.items()}
        if not self.may_be_empty:
            return {name: one for name, one in found.items() if one is not ABSENT}
        return {name: {} if one is ABSENT else one for name, one in found.items()}


@dataclass(frozen=True, slots=True)
class Record:
    """A thing with the words that LinkML has for it."""

    what: str
    """What it is called in messages: `class`."""
    words: Callable[[], Mapping[str, Form]]
    """Words that are used here, and those that document. A function, since forms refer to each other."""
    linkml: Callable[[], frozenset[str]] = frozenset
    """All words that LinkML has."""
    needs: tuple[str, str] | None = None
    """A word that must be there, and an example of its value."""

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the words that are known, tidied."""
        if not isinstance(value, dict):
            return spot.report(
                "no-mapping", f"{self.what} `{spot.word}` takes a mapping of words", "write `description: …` below it"
            )
        words = self.words()
        found = {}
        for word, one in value.items():
            if word in words:
                found[word] = words[word].tidy(one, spot.below(word))
            else:
                self.refuse(word, spot.below(word), words)
        tidied = {word: one for word, one in found.items() if one is not ABSENT}
        return tidied if self.is_whole(value, tidied, spot) else ABSENT

    def is_whole(self, value: dict[str, Any], tidied: dict[str, Any], spot: Spot) -> bool:
        """Whether the word that must be there is; its absence is reported, its being wrong has been."""
        if self.needs is None or tidied.get(self.needs[0]):
            return True
        word, example = self.needs
        if not value.get(word):
            spot.report("missing-word", f"{self.what} `{spot.word}` has no `{word}`", f"write `{word}: {example}`", at_key=True)
        return False

    def refuse(self, word: str, spot: Spot, words: Mapping[str, Form]) -> None:
        if word in self.linkml():
            message = f"LinkML's word `{word}` has no meaning for a registry"
            spot.report("unused-word", message, f"remove it from the {self.what}", at_key=True)
        else:
            hint = nearest(word, words, otherwise="remove it")
            spot.report("unknown-word", f"{article(self.what)} has no word `{word}`", hint, at_key=True)


@dataclass(frozen=True, slots=True)
class Notes:
    """Annotations: scalars under names from a fixed list."""

    what: str
    allowed: Mapping[str, Form]

    def tidy(self, value: object, spot: Spot) -> Any:
        """Return the annotations that are known, tidied."""
        if value is None:
            return ABSENT
        if not isinstance(value, dict):
            return spot.report("no-mapping", "`annotations` takes a mapping", "write `annotations: {name: value}`")
        found = {}
        for name, one in value.items():
            if name in self.allowed:
                found[name] = self.allowed[name].tidy(one, spot.below(name))
            else:
                hint = nearest(name, self.allowed)
                spot.below(name).report(
                    "unknown-annotation", f"{article(self.what)} has no annotation `{name}`", hint, at_key=True
                )
        return {name: one for name, one in found.items() if one is not ABSENT}
