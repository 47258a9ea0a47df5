"""Registries, fields and relations have the names that they have in LaminDB, so that code written for it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lamin_codegen.model import Registry, SchemaModel

HEADING = re.compile(r"^lamindb\.(?P<name>\w+)  table=(?P<table>\w+)")
FOREIGN_KEY = re.compile(r"^  (\w+) (?:ForeignKey|OneToOneField)\b.* -> (\S+) on_delete=(\w+) related_name=(\S+)$")
FIELD = re.compile(r"^  (\w+) \w+(?: |$)")
MANY = re.compile(r"^  m2m (\w+) -> (\S+) through (\S+) related_name (\S+)$")


@dataclass(slots=True)
class Facts:
    table: str
    fields: set[str] = field(default_factory=set)
    foreign_keys: set[tuple[str, str, str, str | None]] = field(default_factory=set)
    """Field, target, what deleting the target does, name on the target."""
    many: set[tuple[str, str, str]] = field(default_factory=set)
    """Relation, target, link registry; from both sides."""


@pytest.fixture(scope="session")
def lamindb(reference: Path) -> dict[str, Facts]:
    sections = (reference / "model.txt").read_text().split("\n\n")
    headings = {match["name"]: match["table"] for section in sections if (match := HEADING.match(section))}
    facts = {name: Facts(table) for name, table in headings.items()}
    for name, section in zip(headings, sections, strict=True):
        for line in section.splitlines()[1:]:
            read_line(facts, name, line)
    return facts


def read_line(facts: dict[str, Facts], name: str, line: str) -> None:
    if line.startswith(("  unique_together", "  constraint")):
        return
    if match := MANY.match(line):
        relation, target, through, back = match.groups()
        facts[name].many.add((relation, target, through))
        if not back.endswith("+"):
            facts[target.removeprefix("lamindb.")].many.add((back, f"lamindb.{name}", through))
        return
    if match := FOREIGN_KEY.match(line):
        relation, target, on_delete, back = match.groups()
        facts[name].foreign_keys.add((relation, target, on_delete.lower(), None if back.endswith("+") else back))
    if match := FIELD.match(line):
        facts[name].fields.add(match[1])


def fields_of(registry: Registry) -> set[str]:
    relations = {relation.column: relation.name for relation in registry.to_one}
    return {relations.get(column.name, column.name) for column in registry.columns}


def foreign_keys_of(model: SchemaModel, registry: Registry) -> set[tuple[str, str, str, str | None]]:
    back = {(relation.target, relation.column): relation.name for target in model.registries for relation in target.reverse}
    keys: set[tuple[str, str, str, str | None]] = set()
    for relation in registry.to_one:
        references = registry.column(relation.column).references
        assert references is not None
        keys.add((relation.name, relation.target, references.on_delete, back.get((registry.qualified, relation.column))))
    return keys


def test_registries_and_tables(core: SchemaModel, lamindb: dict[str, Facts]) -> None:
    assert {registry.name: registry.table for registry in core.registries} == {
        name: facts.table for name, facts in lamindb.items()
    }


def test_fields(core: SchemaModel, lamindb: dict[str, Facts]) -> None:
    assert {registry.name: fields_of(registry) for registry in core.registries} == {
        name: facts.fields for name, facts in lamindb.items()
    }


PROTECTED_HERE = {
    ("Record", "schema"),
    ("Run", "created_by"),
    ("Run", "initiated_by_run"),
    ("Space", "created_by"),
    ("Transform", "environment"),
    ("Transform", "plan"),
}
"""References by which LaminDB deletes rows that stand for themselves. No table shows the difference."""


def test_foreign_keys_and_their_reverse_names(core: SchemaModel, lamindb: dict[str, Facts]) -> None:
    ours = {registry.name: foreign_keys_of(core, registry) for registry in core.registries}
    cascading = {(name, key[0]) for name, facts in lamindb.items() for key in facts.foreign_keys - ours[name]}
    assert cascading == PROTECTED_HERE
    assert ours == {
        name: {
            (relation, target, "protect" if (name, relation) in PROTECTED_HERE else on_delete, back)
            for relation, target, on_delete, back in facts.foreign_keys
        }
        for name, facts in lamindb.items()
    }


def test_relations_over_links(core: SchemaModel, lamindb: dict[str, Facts]) -> None:
    assert {
        registry.name: {(relation.name, relation.target, relation.through) for relation in registry.to_many}
        for registry in core.registries
    } == {name: facts.many for name, facts in lamindb.items()}
