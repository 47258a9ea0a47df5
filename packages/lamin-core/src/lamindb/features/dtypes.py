"""The language in which data types are stored: `int`, `list[str]`, `cat[ULabel|bionty.Gene.symbol]`.

::

    dtype   = word | "list[" dtype "]" | "cat[" ref { "|" ref } "]"
    ref     = registry [ "." field ] [ "[" filters "]" ]
            | registry "[" uid of a type [ "," filters ] "]" [ "." field ]
    filters = key "=" value { "," key "=" value }          a value with a comma or a bracket is quoted

A registry of the core is called `ULabel`, that of another module `bionty.Gene`. Without a field its names are meant. This module
knows what is well-formed; whether the registries exist is asked in `checking`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from lamindb.errors import ValidationError, closest

WORDS = ("int", "float", "num", "str", "bool", "date", "datetime", "datetime64[ns, UTC]", "dict", "path", "url", "object")
"""Data types that are a single word."""
NAME = "name"
"""The field that is meant where none is written."""
_REF = re.compile(
    r"(?P<module>[a-z]\w*\.)?(?P<registry>[A-Z]\w*)(\.(?P<before>[a-z_]\w*))?(?P<inside>\[.*\])?(\.(?P<after>[a-z_]\w*))?", re.S
)
_QUOTED_OR_LETTER = re.compile(r"""=(?:'[^']*'|"[^"]*")(?=[],|]|$)|.""", re.S)
_NEEDS_QUOTES = frozenset(",[]|")


@dataclass(frozen=True, slots=True)
class Word:
    """A data type without parts."""

    word: str

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one data type."""

    item: Dtype

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class Ref:
    """Records of a registry as values: by name or by another field, all of them, those of a type, or those that meet filters."""

    registry: str
    """As written: `ULabel`, `bionty.Gene`."""
    field: str | None = None
    type_uid: str | None = None
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def qualified(self) -> str:
        """The name of the registry with its module."""
        return self.registry if "." in self.registry else f"lamindb.{self.registry}"

    def __str__(self) -> str:
        field = f".{self.field}" if self.field is not None else ""
        inside = ",".join([*filter(None, [self.type_uid]), *(f"{key}={quoted(value)}" for key, value in self.filters)])
        if self.type_uid is not None:
            return f"{self.registry}[{inside}]{field}"
        return f"{self.registry}{field}" + (f"[{inside}]" if inside else "")


@dataclass(frozen=True, slots=True)
class Categorical:
    """Records of one or several registries. Without any, as LaminDB allows, every label goes."""

    refs: tuple[Ref, ...]

    def __str__(self) -> str:
        return f"cat[{'|'.join(map(str, self.refs))}]"


Dtype: TypeAlias = Word | ListOf | Categorical


def parse(text: str) -> Dtype:
    """Read a data type; `str()` of the result is the form in which it is stored.

    Raises
    ------
    ValidationError: the text is not well-formed; says what is, with the nearest word.

    Examples
    --------
    >>> str(parse("list[cat[ULabel.name]]"))
    'list[cat[ULabel]]'
    """
    stripped = text.strip()
    if stripped in WORDS:
        return Word(stripped)
    head, bracket, rest = stripped.partition("[")
    if bracket and rest.endswith("]"):
        if head == "list":
            return ListOf(parse(rest[:-1]))
        if head == "cat":
            inside = rest[:-1]
            return Categorical(tuple(_ref(part, text) for part in _split(inside, "|", text)) if inside else ())
    raise ValidationError(f"{text!r} is no dtype{_meant(stripped)}; dtypes are {', '.join(WORDS)}, list[…] and cat[…]")


def _meant(text: str) -> str:
    if text.count("[") != text.count("]"):
        return ": its brackets do not match"
    if text in ("cat", "list"):
        return f": write what it holds, as {text}[{'ULabel' if text == 'cat' else 'str'}]"
    if text[:1].isupper() or "." in text:
        return f": for records of a registry, write cat[{text}]"
    return closest(text, (*WORDS, "cat[ULabel]", "list[str]"))


def _split(text: str, separator: str, whole: str) -> list[str]:
    """Split where brackets and quotes are closed."""
    parts, depth = [""], 0
    for token in _QUOTED_OR_LETTER.findall(text):
        depth += {"[": 1, "]": -1}.get(token, 0)
        if depth < 0:
            break
        if token == separator and not depth:
            parts.append("")
        else:
            parts[-1] += token
    if depth:
        raise ValidationError(f"the brackets of the dtype {whole!r} do not match; values with brackets must be quoted")
    return [part.strip() for part in parts]


def _ref(text: str, whole: str) -> Ref:
    match = _REF.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        raise ValidationError(
            f"{text!r} in the dtype {whole!r} is no registry; write its name, as ULabel, bionty.Gene or bionty.Gene.symbol"
        )
    field = match["before"] or match["after"]
    type_uid, filters = _inside(match["inside"][1:-1], text, whole) if match["inside"] else (None, ())
    return Ref((match["module"] or "") + match["registry"], None if field == NAME else field, type_uid, filters)


def _inside(text: str, ref: str, whole: str) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """Read what stands in the brackets of a registry: the uid of a type, filters, or both."""
    first, *others = parts = _split(text, ",", whole)
    type_uid = first if first.isalnum() else None
    pairs = [part.partition("=") for part in (others if type_uid else parts)]
    if bad := [key for key, equals, value in pairs if not (key.isidentifier() and equals and value)]:
        raise ValidationError(
            f"{bad[0]!r} in {ref!r} of the dtype {whole!r} is neither the uid of a type nor a filter, as field=value"
        )
    return type_uid, tuple((key, unquoted(value)) for key, _, value in pairs)


def unquoted(value: str) -> str:
    """Return the value of a filter without the quotes around it."""
    return value[1:-1] if len(value) > 2 and value[0] == value[-1] and value[0] in "'\"" else value


def quoted(value: str) -> str:
    """Write the value of a filter, in quotes only where they are needed.

    Raises
    ------
    ValidationError: it needs quotes, but has both kinds itself.
    """
    if not _NEEDS_QUOTES & set(value) and value[0] not in "'\"":
        return value
    if "'" in value and '"' in value:
        raise ValidationError(
            f"the value {value!r} of a filter cannot be quoted, as it has both kinds of quotes; use another field"
        )
    return f'"{value}"' if "'" in value else f"'{value}'"
