"""From a small schema to the exact model, and the parts of that way: inheritance, columns, defaults, names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from lamin_codegen import check, load
from lamin_codegen.compiling.defaults import UnclearDefault, database_default, python_default
from lamin_codegen.compiling.inheritance import ancestors, induced_slots
from lamin_codegen.compiling.names import plural, snake
from lamin_codegen.model import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Registry,
    Reverse,
    Scalar,
    SchemaModel,
    ToMany,
    ToOne,
    Unique,
)

ModelOf: TypeAlias = Callable[[str], SchemaModel]

WHOLE = """\
id: https://example.org/lab
name: lab
title: A laboratory
description: Samples of a laboratory.
imports: [linkml:types, base]
default_range: string
annotations: {module: lab, package: lab._registries, seed: "lab.builtins:seed"}
slots:
  note: {description: Remarks.}
enums:
  Sex:
    description: Sex.
    permissible_values: {female: {description: F.}, male: {description: M.}}
types:
  percent: {description: Percent., typeof: float}
classes:
  Named:
    description: Has a name.
    mixin: true
    annotations: {behavior: "lab.names:Named"}
    attributes:
      name: {description: Name., required: true, annotations: {max_length: 100, index: true}}
    unique_keys:
      by_name: {unique_key_slots: [name], annotations: {lower: true}}
  User:
    description: A person.
    is_a: SQLRecord
    annotations: {uid_length: 8, name_field: uid}
  Sample:
    description: A sample.
    is_a: SQLRecord
    mixins: [Named, TracksRun]
    slots: [note]
    deprecated: Use Specimen.
    examples: [{value: Sample(name="a")}]
    annotations:
      uid_length: 12
      behavior: lab.samples:SampleBehavior
      table: lab_specimen
      previous_name: Probe
      indexes: sex purity; parent name
      checks: 'pure: "purity" > 0; old: "taken" IS NOT NULL'
    slot_usage:
      created_by: {description: Who took it., annotations: {reverse: samples, immutable: true}}
      name: {required: false}
    attributes:
      sex: {description: Sex., range: Sex, ifabsent: string(female)}
      purity: {description: Purity in percent., range: percent, minimum_value: 0, maximum_value: 100, ifabsent: float(99.5)}
      barcode: {description: Barcode., pattern: "[A-Z]+", annotations: {max_length: 9, unique: true, previous_name: code}}
      n_aliquots: {description: Tubes., range: integer, required: true, annotations: {db_default: 0}}
      taken: {description: Day., range: date, deprecated: Use created_at.}
      parent: {description: Source., range: Sample, annotations: {on_delete: set_null, reverse: children, previous_name: origin}}
      box: {description: Box., range: User, annotations: {column: box_number, unique: true}}
      extra: {description: Anything., range: json, annotations: {db_default: "null"}}
    unique_keys:
      unique_sample_pair:
        unique_key_slots: [parent, sex]
        annotations: {where: parent is not null, constraint: true}
"""


def test_a_whole_schema(model_of: ModelOf) -> None:
    uid = Column("uid", "string", "Identity.", max_length=8, unique=True)
    key = Column("id", "integer", "Key.", primary_key=True)
    user = Registry(
        name="User",
        module="lab",
        table="lab_user",
        description="A person.",
        bases=("mini.records:SQLRecord",),
        columns=(key, uid),
        reverse=(Reverse("samples", "lab.Sample", "created_by_id"),),
        uid_length=8,
        name_field="uid",
    )
    to_user = ForeignKey("lab.User", "lab_user", "protect")
    sample = Registry(
        name="Sample",
        module="lab",
        table="lab_specimen",
        description="A sample.",
        bases=("lab.names:Named", "mini.tracking:TracksRun", "mini.records:SQLRecord"),
        columns=(
            key,
            Column("uid", "string", "Identity.", max_length=12, unique=True),
            Column("note", "text", "Remarks.", nullable=True),
            Column("sex", "text", "Sex.", nullable=True, default="female", choices=("female", "male")),
            Column("purity", "float", "Purity in percent.", nullable=True, default=99.5, minimum=0, maximum=100),
            Column("barcode", "string", "Barcode.", nullable=True, max_length=9, unique=True, pattern="[A-Z]+"),
            Column("n_aliquots", "integer", "Tubes.", default=0, db_default=0),
            Column("taken", "date", "Day.", nullable=True, deprecated="Use created_at."),
            Column(
                "parent_id", "integer", "Source.", nullable=True, index=True,
                references=ForeignKey("lab.Sample", "lab_specimen", "set_null"),
            ),
            Column("box_number", "integer", "Box.", nullable=True, unique=True, references=to_user),
            Column("extra", "json", "Anything.", nullable=True, db_default="null"),
            Column("name", "string", "Name.", max_length=100, index=True, nullable=True),
            Column("created_at", "datetime", "Time.", db_default="now"),
            Column("created_by_id", "integer", "Who took it.", index=True, immutable=True, references=to_user),
        ),
        to_one=(
            ToOne("parent", "parent_id", "lab.Sample", True, "Source."),
            ToOne("box", "box_number", "lab.User", True, "Box."),
            ToOne("created_by", "created_by_id", "lab.User", False, "Who took it."),
        ),
        reverse=(Reverse("children", "lab.Sample", "parent_id"),),
        uniques=(
            Unique("unique_sample_pair", ("parent_id", "sex"), ("parent_id", "not null"), as_constraint=True),
            Unique("lab_specimen_by_name", ("name",), lower=True),
        ),
        checks=(Check("pure", '"purity" > 0'), Check("old", '"taken" IS NOT NULL')),
        indexes=(("sex", "purity"), ("parent_id", "name")),
        behavior="lab.samples:SampleBehavior",
        uid_length=12,
        name_field="name",
        deprecated="Use Specimen.",
        examples=('Sample(name="a")',),
    )  # fmt: skip
    model = model_of(WHOLE)
    assert model.registry("Sample") == sample
    assert model == SchemaModel(
        module="lab",
        package="lab._registries",
        schemas=("lab",),
        requires=("mini",),
        registries=(user, sample),
        seed="lab.builtins:seed",
        description="Samples of a laboratory.",
        file="lab.yaml",
    )
    assert model.registry("Sample").previous_name == "Probe"
    before = {column.name: column.previous_name for column in model.registry("Sample").columns if column.previous_name}
    assert before == {"barcode": "code", "parent_id": "origin_id"}


def test_loading_twice_gives_equal_models(model_of: ModelOf) -> None:
    assert model_of(WHOLE) == model_of(WHOLE)


# ---- inheritance -------------------------------------------------------------------------------------------------------------
DIAMOND = """\
  Base: {description: Base., abstract: true, attributes: {id: {description: Base., identifier: true, range: integer}}}
  Left: {description: Left., mixin: true, is_a: Base, attributes: {a: {description: Left.}, b: {description: Left.}}}
  Right: {description: Right., mixin: true, is_a: Base, attributes: {b: {description: Right.}, c: {description: Right.}}}
  Both:
    description: Both.
    is_a: Base
    mixins: [Left, Right]
    slot_usage: {c: {description: Both., required: true}}
    attributes: {d: {description: Both.}}
"""


def test_the_nearest_declaration_counts(write_lab: Callable[[str], Path]) -> None:
    schema = load([write_lab(DIAMOND)])
    both = schema.classes["Both"]
    assert [one.name for one in ancestors(schema, both)] == ["Both", "Left", "Right", "Base"]
    found = {name: slot.description for name, slot in induced_slots(schema, both).items()}
    assert found == {"d": "Both.", "a": "Left.", "b": "Left.", "c": "Both.", "id": "Base."}
    assert [column.name for column in check(schema).registry("Both").columns] == ["id", "d", "a", "b", "c"]


def test_annotations_of_a_usage_add_to_the_inherited_ones(write_lab: Callable[[str], Path]) -> None:
    text = """\
  Base:
    description: Base.
    abstract: true
    is_a: SQLRecord
    attributes:
      name: {description: Name., annotations: {max_length: 10, index: true}}
  Donor:
    description: A person.
    is_a: Base
    slot_usage: {name: {annotations: {max_length: 20, immutable: true}}}
"""
    name = check(load([write_lab(text)])).registry("Donor").column("name")
    assert (name.max_length, name.index, name.immutable) == (20, True, True)


def test_what_is_searched(write_lab: Callable[[str], Path]) -> None:
    text = """\
  Donor:
    description: A person.
    is_a: SQLRecord
    annotations: {name_field: code}
    attributes:
      name: {description: Name., annotations: {search: name}}
      code: {description: Code., annotations: {search: name}}
      notes: {description: Notes., annotations: {search: text}}
      age: {description: Age., range: integer}
  Clinic: {description: A place., is_a: SQLRecord, attributes: {city: {description: City.}}}
"""
    model = check(load([write_lab(text)]))
    donor = model.registry("Donor")
    assert (donor.searched("name"), donor.searched("text")) == (("code", "name"), ("notes",))
    assert not model.registry("Clinic").is_searched


@pytest.mark.parametrize(
    ("slot", "message"),
    [
        ("age: {description: Age., range: integer, annotations: {search: name}}", "`search` says nothing about slot `age`"),
        (
            "friend: {description: Friend., range: Donor, annotations: {search: name}}",
            "`search` says nothing about slot `friend`",
        ),
        ("name: {description: Name., annotations: {search: nmae}}", "`nmae` is no value for `search`"),
    ],
)
def test_what_cannot_be_searched(problems_of: Callable[[str], list[str]], slot: str, message: str) -> None:
    found = problems_of(f"  Donor:\n    description: A person.\n    is_a: SQLRecord\n    attributes:\n      {slot}\n")
    assert any(message in line for line in found), found


def test_a_range_that_the_class_inherits_from_means_the_class(model_of: ModelOf) -> None:
    """So a mixin can say: of the same registry."""
    model = model_of(
        """\
  HasParents:
    description: Has parents.
    mixin: true
    attributes:
      parents: {description: Parents., range: HasParents, multivalued: true, annotations: {reverse: children}}
      type: {description: Type., range: HasParents}
  Label: {description: A label., is_a: SQLRecord, mixins: [HasParents]}
  Project: {description: A project., is_a: SQLRecord, mixins: [HasParents]}
"""
    )
    for name in ("Label", "Project"):
        registry, low = model.registry(name), name.lower()
        assert registry.to_one[0].target == f"lab.{name}"
        there = ToMany("children", f"lab.{name}", f"lab.{name}_parents", f"to_{low}_id", f"from_{low}_id")
        assert there in registry.to_many


def test_what_linkml_says_about_inheritance(write_lab: Callable[[str], Path]) -> None:
    """The slots of each class and their words are those of LinkML's own view, annotations aside."""
    schema = load([write_lab(WHOLE)])
    for cls in schema.classes.values():
        expected = {str(slot.name): slot for slot in schema.view.class_induced_slots(cls.name)}
        found = induced_slots(schema, cls)
        assert found.keys() == expected.keys()
        for name, slot in found.items():
            linkml = expected[name]
            assert slot.range == linkml.range
            assert slot.description == linkml.description
            assert bool(slot.required or slot.identifier) == bool(linkml.required)
            assert (slot.minimum, slot.maximum, slot.pattern) == (linkml.minimum_value, linkml.maximum_value, linkml.pattern)


# ---- defaults ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("true", "boolean", True),
        ("False", "boolean", False),
        ("int(3)", "integer", 3),
        ("integer(-3)", "smallint", -3),
        ("7", "bigint", 7),
        ("float(0.5)", "float", 0.5),
        ("double(1e3)", "float", 1000.0),
        ("2", "float", 2.0),
        ("string(a (b))", "text", "a (b)"),
        ("string()", "string", ""),
        ("Sex(female)", "text", "female"),
    ],
)
def test_python_default(text: str, type_: ColumnType, value: Scalar) -> None:
    found = python_default(text, type_, enum="Sex")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "type_"),
    [("1", "boolean"), ("int(x)", "integer"), ("1.5", "integer"), ("string(1)", "integer"), ("nan", "float"), ("bare", "text")],
)
def test_python_default_that_does_not_fit(text: str, type_: ColumnType) -> None:
    with pytest.raises(UnclearDefault):
        python_default(text, type_)


@pytest.mark.parametrize(
    ("value", "type_"),
    [("now", "datetime"), ("null", "json"), (False, "boolean"), (3, "integer"), (3, "float"), (0.5, "float"), ("a", "string")],
)
def test_database_default(value: Scalar, type_: ColumnType) -> None:
    assert database_default(value, type_) == value


@pytest.mark.parametrize(
    ("value", "type_"),
    [("now", "text"), ("null", "string"), (True, "integer"), (0, "boolean"), ("x", "datetime"), (1, "date"), (1.5, "bigint")],
)
def test_database_default_that_does_not_fit(value: Scalar, type_: ColumnType) -> None:
    with pytest.raises(UnclearDefault):
        database_default(value, type_)


# ---- names -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "parted", "many"),
    [
        ("ULabel", "ulabel", "ulabels"),
        ("CellType", "cell_type", "cell_types"),
        ("Ethnicity", "ethnicity", "ethnicities"),
        ("Assay", "assay", "assays"),
        ("Biomass", "biomass", "biomasses"),
        ("Batch", "batch", "batches"),
        ("Analysis", "analysis", "analyses"),
        ("TimeSeries", "time_series", "time_series"),
        ("Species", "species", "species"),
        ("DNASequence", "dnasequence", "dnasequences"),
        ("Cas9Guide", "cas9_guide", "cas9_guides"),
    ],
)
def test_names(name: str, parted: str, many: str) -> None:
    assert snake(name) == parted
    assert plural(snake(name)) == many
