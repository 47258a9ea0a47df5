"""Wrong calls of constructors: one rule for all registries, all problems at once, and nothing but errors of ours."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import DatabaseMismatch, FieldValidationError, LaminError, UnsavedRecord
from lamindb.records import construction

from .test_bad_values import BAD, REGISTRIES, make

ALL = [*REGISTRIES, "Artifact", "Collection", "Storage", "ULabelBlock", "ArtifactULabel", "JsonValue"]


def registry_of(name: str) -> Any:
    return getattr(ln, name, None) or getattr(ln.models, name)


@pytest.mark.parametrize("name", ALL)
def test_one_rule_for_positions_unknown_and_missing_arguments(database: Database, name: str) -> None:
    registry = registry_of(name)
    made = f"cannot make {'an' if name[0] in 'A' else 'a'} {name}: "
    with pytest.raises(FieldValidationError, match=rf"^{name} takes (no arguments|only [\w, ]+) by position, got 9: pass "):
        registry(*range(9))
    with pytest.raises(FieldValidationError, match=rf"{made}.*'nonsense' is not an argument.* \(arguments are \w+, "):
        registry(nonsense=1)
    with pytest.raises(
        FieldValidationError, match=rf"{made}.*'nonsense' is not an argument; 'other_nonsense' is not an argument"
    ):
        registry(nonsense=1, other_nonsense=2)
    if name not in ("Record", "Schema", "Transform", "Artifact", "Collection", "ULabelBlock"):  # they need one of several things
        with pytest.raises(FieldValidationError, match=rf"{made}[\w, ]+ (is|are) required$"):
            registry()


@pytest.mark.parametrize("name", ALL)
def test_none_for_what_is_required_counts_as_missing(name: str) -> None:
    registry = registry_of(name)
    for required in construction.signature(registry).required:
        with pytest.raises(LaminError, match=r"(is|are) required|needs|must be|is 'readme' or"):
            registry(**{required: None})


@pytest.mark.parametrize(
    ("call", "problems"),
    [
        (
            lambda: ln.Feature(nam="a", unit=5, description="\0", is_type=1),
            [
                "name is required",
                "'nam' is not an argument; did you mean 'name'",
                "unit must be text, not 5",
                "NUL",
                "is_type must be",
            ],
        ),
        (
            lambda: ln.Project(nam="a", abbr="x" * 33, url="no url"),
            ["name is required", "'nam'", "abbr has 33", "url must match"],
        ),
        (
            lambda: ln.Transform(kee="a", kind="scrip", description=5),
            ["'kee'", "kind must be one of", "you mean 'script'", "text"],
        ),
        (lambda: ln.Run(nam="a", description=5), ["transform is required", "'nam'", "description must be text, not 5"]),
        (lambda: ln.Artifact("a.txt", keey="a", description=5), ["'keey'", "description must be text, not 5"]),
        (
            lambda: ln.ULabel(nam="a", type=5, branch=6, space=7),
            ["'nam'", "type must be a ULabel, its name or its uid, not 5", "space"],
        ),
    ],
)
def test_all_problems_are_said_at_once(call: Any, problems: list[str]) -> None:
    with pytest.raises(FieldValidationError) as caught:
        call()
    assert [problem for problem in problems if problem not in str(caught.value)] == []


@pytest.mark.parametrize("name", REGISTRIES)
def test_any_value_of_any_argument(database: Database, name: str) -> None:
    """A value that is taken is there; nothing but an error of ours says no."""
    wrong = []
    arguments = construction.signature(registry_of(name)).names
    spelled_out = inspect.signature(registry_of(name).__init__).parameters
    if "values" not in spelled_out:
        arguments = [one for one in spelled_out if one not in ("self", "skip_hash_lookup")]
    for argument in arguments:
        for kind, value in BAD.items():
            try:
                make(name, **{argument: value})
            except LaminError as error:
                if len(str(error)) > 700:
                    wrong.append(f"{argument} = {kind}: {len(str(error))} characters")
            except Exception as error:  # every other one is a finding
                wrong.append(f"{argument} = {kind}: {type(error).__name__}: {error}"[:200])
    assert "\n".join(wrong) == ""


def test_relations_take_saved_records_of_their_registry_and_database(database: Database, other_database: Database) -> None:
    kind = ln.ULabel(name="kind", is_type=True).save()
    project = ln.Project(name="p").save()
    for wrong in (project, kind.id, [kind], kind.uid.encode(), object(), ln.ULabel):
        with pytest.raises(FieldValidationError, match="type must be a ULabel, its name or its uid, not "):
            ln.ULabel(name="a", type=wrong)
        label = ln.ULabel(name="a")
        with pytest.raises(ln.errors.InvalidArgument, match="type must be a ULabel"):
            label.type = wrong
    unsaved = ln.ULabel(name="b", type=ln.ULabel(name="new kind", is_type=True))
    with pytest.raises(
        UnsavedRecord, match=r"ULabel.type is a ULabel that is not saved yet; save it first, or save both with ln.save"
    ):
        unsaved.save()
    deleted = ln.ULabel(name="deleted", is_type=True).save()
    deleted.delete(permanent=True)
    with pytest.raises(LaminError, match=r"ULabel.type is a ULabel that was deleted for good; choose another one"):
        ln.ULabel(name="c", type=deleted).save()
    with pytest.raises(LaminError, match=r"cannot save this ULabel: type_id is 4711, but \S+ has no ULabel with this id"):
        ln.ULabel(name="c", type_id=4711).save()
    elsewhere = ln.DB(str(other_database.instance.folder)).ULabel
    ln.setup.connect(str(other_database.instance.folder))
    foreign = ln.ULabel(name="kind", is_type=True).save()
    ln.setup.connect(str(database.instance.folder))
    assert elsewhere.get(name="kind") is not None
    for save in (lambda record: record.save(), lambda record: ln.save([record])):
        with pytest.raises(DatabaseMismatch, match=r"ULabel.type is a ULabel of "):
            save(ln.ULabel(name="c", type=foreign))


def test_a_refused_record_was_not_looked_up(database: Database, queries: QueryLog) -> None:
    with queries.exactly(0):
        for name in ("x" * 151, "\0", "\ud800", 5, None):
            with pytest.raises(FieldValidationError):
                ln.ULabel(name=name)


@pytest.mark.parametrize(
    "name", ["", "  ", " a", "a ", "A\tB", "a\u00a0b", "%", "'; DROP TABLE lamindb_ulabel; --", "Ä", "A\u0308"]
)
def test_unusual_names_are_names(database: Database, name: str) -> None:
    """Compared exactly: white space, case and the form of accents count."""
    first = ln.ULabel(name=name).save()
    assert ln.ULabel.get(name=name) == first
    assert ln.ULabel(name=name) == first
    ln.save([ln.ULabel(name=name), ln.ULabel(name=name + "x")])
    assert sorted(ln.ULabel.filter().to_list("name")) == sorted([name, name + "x"])


@pytest.mark.parametrize("arguments", [(5,), ("a",), (True,)])
def test_what_saving_and_deleting_take(database: Database, arguments: tuple[Any, ...], tmp_path: Path) -> None:
    label = ln.ULabel(name="a").save()
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    for call in (lambda: label.save(*arguments), lambda: ln.save([label], *arguments)):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ln.errors.InvalidArgument, match="batch_size must be a whole number from 1, not 0"):
        ln.save([label], batch_size=0)
    for permanent in ("no", 1, 1.5, []):
        for delete in (label.delete, artifact.delete, ln.ULabel.filter().delete, ln.Artifact.filter().delete):
            with pytest.raises(ln.errors.InvalidArgument, match="permanent is True, False or None"):
                delete(permanent=permanent)
    assert ln.ULabel.get(label.id).branch.name == ln.Artifact.get(artifact.id).branch.name == "main"
    assert artifact.path.exists()
