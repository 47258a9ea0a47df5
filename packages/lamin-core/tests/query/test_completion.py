"""Names as attributes: what they are called, which are told apart, and how often the database is asked."""

from __future__ import annotations

from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument
from lamindb.query.completion import attribute_of


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("T cell", "t_cell"),
        ("CD8-positive, alpha-beta", "cd8_positive_alpha_beta"),
        ("2 days", "ln_2_days"),
        ("+plus", "ln_plus"),
        ("_private", "ln_private"),
        ("class", "class_"),
        ("None", "none"),
        ("dict", "dict_"),
        ("β", "ln_"),
        ("CD8+", "cd8_"),
    ],
)
def test_how_names_are_written(name: str, attribute: str) -> None:
    assert attribute_of(name) == attribute
    assert attribute.isidentifier()


@pytest.fixture
def labels(database: Database) -> dict[str, ln.ULabel]:
    names = ("T cell", "B cell", "CD8+", "CD8-", "cd8", "class", "dict", "2 days", "α", "β")
    made = [ln.ULabel(name=name) for name in names]
    ln.save(made)
    return dict(zip(names, made, strict=True))


def test_pp22_names_alone_are_read_and_records_when_asked_for(
    database: Database, labels: dict[str, ln.ULabel], queries: Any
) -> None:
    with queries.exactly(0):
        lookup = ln.ULabel.lookup()
    with queries.exactly(1):
        offered = dir(lookup)
        assert {"t_cell", "b_cell", "class_", "dict_", "ln_2_days", "dict"} < set(offered)
    with queries.exactly(1):
        assert lookup.t_cell == labels["T cell"]
    assert getattr(lookup, "class_") == labels["class"]  # noqa: B009  # as completion writes it
    assert lookup.dict_ == labels["dict"]
    assert lookup["CD8+"] == labels["CD8+"]
    assert len(lookup) == 10
    assert repr(lookup) == "<Lookup of 10 ULabel names: press tab after a dot>"


def test_pp22_names_that_would_be_written_alike_stay_apart(database: Database, labels: dict[str, ln.ULabel]) -> None:
    """PP-22: LaminDB gives one of them for the other."""
    lookup = ln.ULabel.lookup()
    alike = [attribute for attribute in dir(lookup) if attribute.startswith("cd8__")]
    assert sorted(getattr(lookup, attribute).name for attribute in alike) == ["CD8+", "CD8-"]
    assert lookup.cd8 == labels["cd8"]
    with pytest.raises(AttributeError, match=r"several names are written 'cd8_'; ask for 'CD8[+-]' as \.cd8__[0-9a-f]{6}, 'CD8"):
        lookup.cd8_  # noqa: B018
    greek = [attribute for attribute in dir(lookup) if attribute.startswith("ln__")]
    assert {getattr(lookup, attribute).name for attribute in greek} == {"α", "β"}
    before = alike
    ln.ULabel(name="CD8?").save()
    assert set(before) < set(dir(ln.ULabel.lookup())), "attributes stay what they are when names are added"


def test_pp22_a_name_may_be_dict(database: Database, labels: dict[str, ln.ULabel], queries: Any) -> None:
    """PP-22: LaminDB breaks on it."""
    with queries.exactly(1):
        found = ln.ULabel.lookup().dict()
    assert found == labels


def test_one_name_twice(database: Database) -> None:
    kinds = [ln.ULabel(name=f"Kind {number}", is_type=True).save() for number in (1, 2)]
    first, last = (ln.ULabel(name="same", type=kind).save() for kind in kinds)
    assert ln.ULabel.lookup().same == first
    assert ln.ULabel.lookup(keep="last").same == last
    assert ln.ULabel.lookup(keep=False).same == [first, last]
    assert ln.ULabel.filter(type=kinds[1]).lookup().same == last


def test_another_field_and_what_is_given(database: Database, labels: dict[str, ln.ULabel]) -> None:
    label = labels["T cell"]
    label.description = "of the thymus"
    label.save()
    assert ln.ULabel.lookup("description").of_the_thymus == label
    assert ln.ULabel.lookup(return_field="uid").t_cell == label.uid
    assert ln.ULabel.lookup(return_field="uid").dict()["B cell"] == labels["B cell"].uid
    assert len(ln.ULabel.lookup("description")) == 1, "missing texts are no names"


def test_pp15_what_is_in_the_trash_is_not_offered(database: Database, labels: dict[str, ln.ULabel]) -> None:
    """PP-15."""
    labels["T cell"].delete()
    assert "t_cell" not in dir(ln.ULabel.lookup())
    with pytest.raises(AttributeError, match="no name is written 't_cell'; did you mean 'b_cell'"):
        ln.ULabel.lookup().t_cell  # noqa: B018


def test_pp22_unknown_fields_are_errors(database: Database, labels: dict[str, ln.ULabel]) -> None:
    """PP-22: LaminDB gives an empty lookup."""
    with pytest.raises(FieldError, match="ULabel has no field 'nam'; did you mean 'name'"):
        ln.ULabel.lookup("nam")
    with pytest.raises(FieldError, match=r"lookup needs names, but ULabel\.is_type holds boolean; choose a text field"):
        ln.ULabel.lookup("is_type")
    with pytest.raises(FieldError, match="lookup takes a field of ULabel itself, not 'type__name'"):
        ln.ULabel.lookup("type__name")
    with pytest.raises(InvalidArgument, match="keep is 'first', 'last' or False, not True"):
        ln.ULabel.lookup(keep=True)  # type: ignore[arg-type]
    for name in ("none", ""):
        with pytest.raises(KeyError):
            ln.ULabel.lookup()[name]


def test_an_empty_registry(database: Database) -> None:
    assert dir(ln.ULabel.lookup()) == ["dict"]
    assert ln.ULabel.lookup().dict() == {}


def test_completion_in_ipython(database: Database, labels: dict[str, ln.ULabel]) -> None:
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    completer = pytest.importorskip("IPython.core.completer")
    shell = interactive.InteractiveShell.instance()
    shell.user_ns["cells"] = ln.ULabel.lookup()
    with completer.provisionalcompleter():
        offered = {found.text for found in shell.Completer.completions("cells.t_", len("cells.t_"))}
    assert any(text.endswith("t_cell") for text in offered), offered
