"""Whatever stands in a file: a model, or problems with positions, never another error."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lamin_codegen import SchemaError, check, load

LAB = """\
id: https://example.org/lab
name: lab
imports: [linkml:types, base, core]
annotations: {module: lab, package: lab._registries, seed: "lab.a:b"}
slots: {note: {description: Remarks.}}
enums: {Sex: {description: Sex., permissible_values: {f: {description: F.}, m: {}}}}
types: {percent: {description: Percent., typeof: float}}
classes:
  Named:
    description: Has a name.
    mixin: true
    attributes: {name: {description: Name., required: true, annotations: {max_length: 100, index: true}}}
  Donor:
    description: A person.
    is_a: SQLRecord
    mixins: [Named, TracksRun]
    slots: [note]
    examples: [{value: Donor()}]
    annotations: {uid_length: 12, annotates: Artifact, values_in: Record, checks: 'a: "id" > 0', indexes: name sex}
    slot_usage: {created_by: {annotations: {reverse: donors}}}
    attributes:
      sex: {description: Sex., range: Sex, ifabsent: string(f), pattern: "[a-z]"}
      share: {description: Share., range: percent, minimum_value: 0, maximum_value: 100}
      parent: {description: Parent., range: Donor, annotations: {on_delete: set_null, reverse: children}}
      friends: {description: Friends., range: Donor, multivalued: true}
      users: {description: Users., range: User, multivalued: true, annotations: {through: DonorUser, here: donor, there: user}}
    unique_keys: {pair: {unique_key_slots: [name, sex], annotations: {where: sex is not null}}}
  DonorUser:
    description: A link.
    is_a: IsLink
    attributes:
      donor: {description: Donor., range: Donor, required: true}
      user: {description: User., range: User, required: true}
"""
Path_ = tuple[str | int, ...]


def paths(value: Any, above: Path_ = ()) -> Iterator[Path_]:
    """Paths of all values below the top."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*above, key)
        yield from paths(one, (*above, key))


def with_value(data: Any, path: Path_, value: Any) -> Any:
    """Return a copy with another value at `path`; the data as it is if an earlier edit took that place away."""
    if not path:
        return value
    step, below = path[0], path[1:]
    if isinstance(data, dict) and step in data:
        return data | {step: with_value(data[step], below, value)}
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return [with_value(one, below, value) if index == step else one for index, one in enumerate(data)]
    return data


DATA = yaml.safe_load(LAB)
NAMES = ["Donor", "Named", "SQLRecord", "User", "Artifact", "name", "sex", "id", "lab", "base", "string", "x y", "class", "f", ""]
SCALARS = (
    st.none() | st.booleans() | st.integers(-3, 70) | st.floats(allow_nan=True) | st.sampled_from(NAMES) | st.text(max_size=5)
)
KEYS = st.sampled_from([*NAMES, "description", "range", "annotations", "attributes", "is_a", "mixins", "through", "reverse"])
VALUES = st.recursive(SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS, one, max_size=3), max_leaves=4)


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("schemas")
    for schema in Path(__file__).parent.joinpath("schemas").glob("*.yaml"):
        shutil.copy(schema, folder)
    before = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


def read(text: str) -> None:
    Path("lab.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        check(load([Path("lab.yaml")]))
    except SchemaError as error:
        problems = error.problems
    else:
        return
    assert problems
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        assert problem.hint


@settings(max_examples=200, deadline=None)
@given(edits=st.lists(st.tuples(st.sampled_from(sorted(paths(DATA), key=str)), VALUES), min_size=1, max_size=3))
def test_values_of_any_kind_anywhere(schemas: Path, edits: list[tuple[Path_, Any]]) -> None:
    data: Any = DATA
    for path, value in edits:
        data = with_value(data, path, value)
    read(yaml.safe_dump(data, sort_keys=False))


@settings(max_examples=100, deadline=None)
@given(
    start=st.integers(0, len(LAB)),
    length=st.integers(0, 40),
    instead=st.text(max_size=4) | st.sampled_from(list("{}[]:,-&*!\t\"'\n|>%@")),
)
def test_text_cut_anywhere(schemas: Path, start: int, length: int, instead: str) -> None:
    read(LAB[:start] + instead + LAB[start + length :])
