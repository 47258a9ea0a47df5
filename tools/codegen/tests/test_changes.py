"""Rules that compare a schema with the tables of the newest revision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lamin_codegen import SchemaError, check, load
from lamin_codegen.model import Registry

BEFORE = """\
  Donor:
    description: A person.
    is_a: SQLRecord
    attributes:
      name: {description: Name., required: true}
"""


@pytest.fixture
def after(write_lab: Callable[[str], Path]) -> Callable[[str], list[str]]:
    """What is said about a schema that follows on `BEFORE`."""
    previous: tuple[Registry, ...] = check(load([write_lab(BEFORE)])).registries

    def problems(text: str) -> list[str]:
        try:
            check(load([write_lab(text)]), previous)
        except SchemaError as error:
            return str(error).splitlines()
        return []

    return problems


def test_required_column_without_default(after: Callable[[str], list[str]]) -> None:
    assert after(BEFORE + "      age: {description: Age., range: integer, required: true}\n") == [
        "lab.yaml:11:58: slot `age` is new and required, but `Donor` may have rows, and there is no value for them; "
        "give it the annotation `db_default`, or remove `required: true`"
    ]


def test_required_relation_without_default(after: Callable[[str], list[str]]) -> None:
    assert after(BEFORE + "      owner: {description: Owner., range: User, required: true}\n")[0].startswith(
        "lab.yaml:11:59: slot `owner` is new and required"
    )


def test_default_of_python_is_no_value_for_rows_that_are_there(after: Callable[[str], list[str]]) -> None:
    assert after(BEFORE + "      age: {description: Age., range: integer, required: true, ifabsent: int(1)}\n")


@pytest.mark.parametrize(
    "added",
    [
        "      age: {description: Age., range: integer}\n",
        "      age: {description: Age., range: integer, required: true, annotations: {db_default: 0}}\n",
        "      seen: {description: Time., range: datetime, required: true, annotations: {db_default: now}}\n",
        "      friends: {description: Friends., range: Donor, multivalued: true}\n",
        "  Cell: {description: A cell., is_a: SQLRecord, attributes: {name: {description: Name., required: true}}}\n",
    ],
)
def test_what_may_be_added(after: Callable[[str], list[str]], added: str) -> None:
    assert after(BEFORE + added) == []


def test_renamed_column_has_values(after: Callable[[str], list[str]]) -> None:
    renamed = BEFORE.replace("name: {description: Name., required: true}", "label: {description: Name., required: true}")
    assert after(renamed)[0].startswith("lab.yaml:10:45: slot `label` is new and required")
    assert after(renamed.replace("required: true}", "required: true, annotations: {previous_name: name}}")) == []


def test_renamed_class_keeps_its_rows(after: Callable[[str], list[str]]) -> None:
    renamed = BEFORE.replace("  Donor:", "  Person:") + "      age: {description: Age., range: integer, required: true}\n"
    assert after(renamed) == []
    kept = renamed.replace("    attributes:", "    annotations: {previous_name: Donor}\n    attributes:")
    assert after(kept)[0].startswith("lab.yaml:12:58: slot `age` is new and required, but `Person` may have rows")
