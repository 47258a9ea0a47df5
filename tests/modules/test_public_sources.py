"""A stranger's registry of terms: synonyms and abbreviations by YAML, and a public source of its own, on both databases."""

from __future__ import annotations

from .conftest import Laboratory

SCHEMA = """
id: https://example.org/toylab
name: toylab
description: A small module of a laboratory.
imports: [linkml:types, base, core]
default_range: string
annotations:
  module: toylab
  package: toylab._registries
classes:
  Species:
    description: A species.
    is_a: SQLRecord
    mixins: [CanCurate, TracksRun, TracksUpdates]
    annotations: {uid_length: 8, name_field: name}
    attributes:
      name: {description: Name of the species., required: true, annotations: {max_length: 64, index: true}}
      taxon: {description: Number in the taxonomy., range: integer, annotations: {index: true}}
  Release:
    description: A release of the vocabulary.
    is_a: SQLRecord
    mixins: [CanCurate, TracksRun, TracksUpdates]
    annotations: {uid_length: 8, name_field: name}
    attributes:
      name: {description: Name of the release., required: true, annotations: {max_length: 64, index: true}}
  Cell:
    description: A type of cell.
    is_a: SQLRecord
    mixins: [CanCurate, HasSynonyms, HasAbbr, TracksRun, TracksUpdates]
    annotations: {uid_length: 14, name_field: name, behavior: "toylab.cells:CellBehavior"}
    attributes:
      name: {description: Name of the cell type., required: true, annotations: {max_length: 256, index: true}}
      ontology_id: {description: Identifier in the vocabulary., annotations: {max_length: 32, index: true}}
      organism: {description: Species of the cell., range: Species, annotations: {on_delete: protect, reverse: cells}}
      source: {description: Release of the term., range: Release, annotations: {on_delete: protect, reverse: cells}}
"""
CELLS = '''
"""Types of cells, and the vocabulary that they are taken from."""
from toylab._registries.columns.cell import CellColumns

TERMS = [
    {"name": "T cell", "ontology_id": "CL:84", "synonyms": "T-cell|T lymphocyte"},
    {"name": "B cell", "ontology_id": "CL:236", "synonyms": "B-cell"},
    {"name": "NK cell", "ontology_id": "CL:623", "synonyms": None},
]


class Vocabulary:
    label = "Toy Vocabulary 2024"

    def __init__(self, registry, source):
        self.registry, self.release, self.questions = registry, source, 0

    def exact(self, names, field, answer):
        asked = set(names)
        return {term[field]: [term[answer]] for term in TERMS if term[field] in asked}

    def alike(self, names, field, answer, *, case_sensitive=False):
        key = str if case_sensitive else str.lower
        found = {}
        for name in names:
            for term in TERMS:
                others = [*(term["synonyms"] or "").split("|"), *([] if case_sensitive else [term["name"]])]
                if key(name) in map(key, others):
                    found[name] = [term[answer]]
        return found

    def records(self, names, field):
        found = {**self.alike(names, field, "name"), **self.exact(names, field, "name")}
        terms = {term["name"]: self.registry(**term, source=self.release) for term in TERMS}
        return {name: [terms[one] for one in several] for name, several in found.items()}


class CellBehavior(CellColumns):
    __abstract__ = True

    @classmethod
    def _public_source(cls, database, organism, source):
        return Vocabulary(cls, source)
'''
FILL = """
from toylab._registries.cell import Cell
from toylab._registries.release import Release
from toylab._registries.species import Species
from lamindb_setup.testing import QueryLog
import lamindb_setup
"""


def prepared(laboratory: Laboratory, code: str) -> str:
    laboratory.write(SCHEMA, "first tables")
    (laboratory.site / "toylab" / "cells.py").write_text(CELLS)
    start = "ln.setup.init(storage='./storage', db=DATABASE, modules='toylab')\n" + FILL
    return laboratory.python(start + code)


def test_19_what_the_database_does_not_know_is_asked_of_the_public_source(laboratory: Laboratory) -> None:
    prepared(
        laboratory,
        """
Cell(name="T cell", ontology_id="CL:84", synonyms="T-cell|in-house").save()
values = ["T cell", "t cell", "in-house", "B cell", "B-cell", "xxx", None]
assert Cell.validate(values, mute=True).tolist() == [True] + [False] * 6
assert Cell.standardize(values, mute=True) == ["T cell", "T cell", "T cell", "B cell", "B cell", "xxx", None]
assert Cell.standardize(values, from_source=False) == ["T cell", "T cell", "T cell", "B cell", "B-cell", "xxx", None]
assert Cell.standardize(["b-cell", "B-cell"], case_sensitive=True, mute=True) == ["b-cell", "B cell"]
ids = Cell.standardize(["T cell", "T-cell", "B cell", "B-cell"], return_field="ontology_id", mute=True)
assert ids == ["CL:84", "CL:84", "CL:236", "CL:236"]
assert Cell.standardize(["CL:84", "CL:236"], field="ontology_id", return_field="name", mute=True) == ["T cell", "B cell"]
mapper = Cell.standardize(["T cell", "B cell", "xxx"], return_field="ontology_id", return_mapper=True, mute=True)
assert mapper == {"T cell": "CL:84", "B cell": "CL:236"}
result = Cell.inspect(values, mute=True)
assert (result.validated, result.synonyms_mapper) == (["T cell"], {"t cell": "T cell", "in-house": "T cell"})
assert result.public == {"B cell": "B cell", "B-cell": "B cell"}
assert Cell.inspect(values, mute=True, from_source=False).public == {}
""",
    )


def test_pp27_records_come_from_the_public_source_in_the_order_of_the_values(laboratory: Laboratory) -> None:
    prepared(
        laboratory,
        """
t = Cell(name="T cell", ontology_id="CL:84", synonyms="T-cell").save()
with QueryLog(lamindb_setup.current()) as log:
    found = Cell.from_values(["B-cell", "NK cell", "T-cell", "xxx", "B cell"], mute=True)
log.at_most(3)
assert [one.name for one in found] == ["B cell", "NK cell", "T cell"]
assert [one.database is None for one in found] == [True, True, False]
found.save()
assert Cell.filter().count() == 3
assert [one.id for one in Cell.from_values(["B cell", "NK cell"])] == [found[0].id, found[1].id]
made = Cell.from_values(["B-cell", "plasma"], create=True)
assert [one.name for one in made] == ["B cell", "plasma"]
""",
    )


def test_19_organisms_and_sources_narrow_the_rows(laboratory: Laboratory) -> None:
    prepared(
        laboratory,
        """
human, mouse = Species(name="human", taxon=9606).save(), Species(name="mouse", taxon=10090).save()
old, new = Release(name="2023").save(), Release(name="2024").save()
Cell(name="CD8", organism=human, source=old, synonyms="Leu-2").save()
Cell(name="Cd8", organism=mouse, source=new).save()
names = ["CD8", "Cd8"]
assert Cell.validate(names).tolist() == [True, True]
for organism in (human, "human"):
    assert Cell.validate(names, organism=organism, mute=True).tolist() == [True, False]
    assert Cell.inspect(names, organism=organism, mute=True, from_source=False).synonyms_mapper == {"Cd8": "CD8"}
    assert Cell.from_values(["leu-2"], organism=organism).one().organism == human
assert Cell.validate(names, source=new, mute=True).tolist() == [True, True]
assert Cell.validate(names, source=new, strict_source=True, mute=True).tolist() == [False, True]
assert Cell.from_values(["CD3"], organism=mouse, create=True).save().one().organism == mouse
assert Cell.from_values(["B cell"], source=new, mute=True).one().source == new
assert Species.validate([9606, 3, None], field="taxon", mute=True).tolist() == [True, False, False]
assert Species.from_values([10090, 9606], field="taxon") == [mouse, human]
try:
    Cell.validate(names, organism=Species(name="rat"))
except ValueError as error:
    assert "organism is a record that" in str(error), error
else:
    raise SystemExit("an organism of no database was taken")
""",
    )


def test_20_an_abbreviation_is_a_synonym(laboratory: Laboratory) -> None:
    prepared(
        laboratory,
        """
t, b = Cell(name="T cell").save(), Cell(name="B cell", synonyms="B").save()
t.set_abbr("T")
assert (Cell.get(t.id).abbr, Cell.get(t.id).synonyms) == ("T", "T")
assert Cell.standardize(["t"]) == ["T cell"]
try:
    t.set_abbr("B")
except ln.errors.ValidationError as error:
    assert "'B' is a synonym of 'B cell'" in str(error), error
assert (t.abbr, t.synonyms) == ("T", "T") == (Cell.get(t.id).abbr, Cell.get(t.id).synonyms)
b.set_abbr("B cell")
assert (Cell.get(b.id).abbr, Cell.get(b.id).synonyms) == ("B cell", "B")
""",
    )
