"""What is said about wrong schemas: each file in `mistakes/` breaks the rule it is named after and ends with what is said.

The lines that begin with `#!` are the whole text of the error. They are not part of the schema that is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lamin_codegen import SchemaError, check, load
from lamin_codegen.rules import RULES

MISTAKES = sorted(Path(__file__).parent.joinpath("mistakes").glob("*.yaml"))
ELSEWHERE = {"added-without-default"}
"""Rules that need an earlier revision; `test_changes.py` breaks them."""


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_message(path: Path, write_lab: Callable[[str], Path]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    expected = [line.removeprefix("#! ").rstrip() for line in lines if line.startswith("#! ")]
    lab = write_lab("".join(line for line in lines if not line.startswith("#! ")))
    with pytest.raises(SchemaError) as caught:
        check(load([lab]))
    assert str(caught.value).splitlines() == expected
    assert {problem.rule for problem in caught.value.problems} == {path.stem.partition(".")[0]}


def test_every_rule_is_broken() -> None:
    assert RULES.keys() - {path.stem.partition(".")[0] for path in MISTAKES} == ELSEWHERE


def test_all_problems_of_all_files_are_told_at_once(folder: Path, problems_of: Callable[[str], list[str]]) -> None:
    """One list over kinds of rules and files, sorted by position; nothing hides behind what was found first."""
    core = folder.joinpath("core.yaml")
    core.write_text(core.read_text(encoding="utf-8") + "  Wrong: {description: Wrong., nonsense: true}\n", encoding="utf-8")
    problems = problems_of(
        """\
  Donor:
    descripton: A person.
    is_a: SQLRecord
    annotations: {annotate: Artifact}
    attributes:
      name: {range: [string]}
      name: {description: Name.}
      donors: {description: Donors., range: Doner}
      age: {description: Age., range: integer, ifabsent: young, annotations: {on_delete: never}}
    slot_usage: {uidd: {required: true}}
    unique_keys: {by_name: {unique_key_slots: [nam]}}
"""
    )
    assert [problem.split(": ")[0] for problem in problems] == [
        "core.yaml:31:32",
        "lab.yaml:6:3",
        "lab.yaml:7:5",
        "lab.yaml:9:19",
        "lab.yaml:11:7",
        "lab.yaml:11:21",
        "lab.yaml:12:7",
        "lab.yaml:13:45",
        "lab.yaml:14:58",
        "lab.yaml:14:90",
        "lab.yaml:15:18",
        "lab.yaml:16:48",
    ]


def test_problems_carry_their_parts(write_lab: Callable[[str], Path]) -> None:
    with pytest.raises(SchemaError) as caught:
        check(load([write_lab("  Donor: {is_a: SQLRecord}\n")]))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column, problem.rule) == ("lab.yaml", 6, 3, "missing-description")
    assert problem.message == "class `Donor` has no description"
    assert problem.hint == "write `description: …`, it becomes the docstring"
    assert str(problem) == f"lab.yaml:6:3: {problem.message}; {problem.hint}"


def test_a_file_that_is_no_yaml_leaves_names_alone(problems_of: Callable[[str], list[str]]) -> None:
    """Without the file nobody knows which names exist: nothing is said about unknown ones."""
    (problem,) = problems_of("  Donor: {is_a: Nope\n")
    assert problem.startswith("lab.yaml:7:1: this is no YAML")


@pytest.mark.parametrize("text", ["", "- Donor\n", "Donor\n"])
def test_a_file_without_a_schema(folder: Path, text: str) -> None:
    folder.joinpath("lab.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        check(load([Path("lab.yaml")]))
    assert str(caught.value) == "lab.yaml:1:1: the file holds no schema; start with `id:`, `name:` and `imports:`"
