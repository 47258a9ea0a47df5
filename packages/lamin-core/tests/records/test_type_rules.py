"""Types and their members (PP-14): no circles, no members of what is no type, one space where the type wants that."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import FieldValidationError, InvalidArgument

from .test_races import race


def feature(**values: Any) -> ln.Feature:
    return ln.Feature(**values) if values.get("is_type") else ln.Feature(dtype=float, **values)


TYPED: list[Callable[..., Any]] = [ln.ULabel, ln.Record, ln.Project, ln.Reference, feature]
each = pytest.mark.parametrize("typed", TYPED, ids=["ULabel", "Record", "Project", "Reference", "Feature"])


@each
def test_pp14_only_types_have_members(database: Database, typed: Callable[..., Any]) -> None:
    kind, plain = typed(name="kind", is_type=True).save(), typed(name="plain").save()
    member = typed(name="a", type=kind).save()
    member.type_id = plain.id
    with pytest.raises(InvalidArgument, match="'plain' is no type, so it can have no members"):
        member.save()
    made = typed(name="b")
    made.type_id = plain.id
    for save in (made.save, lambda: ln.save([made])):
        with pytest.raises(InvalidArgument, match="'plain' is no type"):
            save()
    assert type(plain).filter(type=plain).count() == 0


@each
def test_pp14_a_type_with_members_stays_one(database: Database, typed: Callable[..., Any]) -> None:
    kind = typed(name="kind", is_type=True).save()
    member = typed(name="a", type=kind).save()
    kind.is_type = False
    expected = (
        "'kind' has no dtype, so it has to stay a type"
        if typed is feature
        else "it is the type of 1 record, so is_type stays True"
    )
    with pytest.raises((InvalidArgument, FieldValidationError), match=expected):
        kind.save()
    member.delete(permanent=True)
    if typed is feature:
        with pytest.raises(FieldValidationError, match="the feature 'kind' has no dtype, so it has to stay a type"):
            kind.save()
        return
    kind.save()
    assert not type(kind).get(kind.id).is_type


@each
def test_pp14_types_form_no_circle(database: Database, typed: Callable[..., Any], queries: QueryLog) -> None:
    top = typed(name="0", is_type=True).save()
    chain = [top]
    for number in range(1, 6):
        chain.append(typed(name=str(number), is_type=True, type=chain[-1]).save())
    for below in chain:
        top.type = below
        with pytest.raises(InvalidArgument, match="it would belong to itself"):
            top.save()
    top = type(top).get(top.id)
    assert top.type is None
    chain[5].type = top
    with queries.at_most(6):
        chain[5].save()
    assert chain[5].type == top


def test_pp14_two_at_once_make_no_circle(database: Database, tmp_path: Path) -> None:
    pairs = [[ln.ULabel(name=f"{number}{name}", is_type=True).save().id for name in "ab"] for number in range(25)]
    body = f"""
import random
for pair in {pairs}:
    mine, other = random.sample(pair, 2)
    label = ln.ULabel.get(mine)
    label.type_id = other
    try:
        label.save()
    except (ln.errors.InvalidArgument, ln.errors.StaleRecord):
        pass
"""
    race(database, body, tmp_path)
    for one, two in pairs:
        assert sorted([ln.ULabel.get(one).type_id == two, ln.ULabel.get(two).type_id == one]) == [False, True]


def test_pp14_members_in_a_single_space(database: Database) -> None:
    lab, other = ln.Space(name="lab").save(), ln.Space(name="other").save()
    kind = ln.ULabel(name="kind", is_type=True, space=lab)
    kind.settings.single_space = True
    kind.save()
    assert ln.ULabel.get(kind.id)._aux == {"ss": 1}
    member = ln.ULabel(name="a", type=kind).save()
    ln.save([ln.ULabel(name="b", type=kind), ln.ULabel(name="c", type="kind")])
    assert ln.ULabel.filter(type=kind, space=lab).count() == 3
    for space in (other, ln.Space.get(name="all")):
        with pytest.raises(InvalidArgument, match="have to be in the space"):
            ln.ULabel(name="d", type=kind, space=space).save()
        with pytest.raises(InvalidArgument, match="have to be in the space"):
            ln.save([ln.ULabel(name="d", type=kind, space=space)])
    member.space = other
    with pytest.raises(InvalidArgument, match="have to be in the space"):
        member.save()
    kind.settings.single_space = other
    kind.save()
    assert ln.ULabel.get(kind.id).settings.single_space == other
    assert ln.ULabel(name="e", type=kind).save().space == other
    kind.settings.single_space = False
    kind.save()
    assert ln.ULabel(name="f", type=kind).save().space.name == "all"
    assert ln.ULabel.get(kind.id)._aux is None


def test_pp14_settings_are_for_types(database: Database) -> None:
    with pytest.raises(InvalidArgument, match="only types have settings"):
        _ = ln.ULabel(name="plain").settings
    with pytest.raises(InvalidArgument, match="single_space must be True, False or a Space, not 3"):
        ln.ULabel(name="kind", is_type=True).settings.single_space = 3  # type: ignore[assignment]  # wrong on purpose


def test_pp14_the_space_of_a_type_is_looked_up_once(database: Database, queries: QueryLog) -> None:
    lab = ln.Space(name="lab").save()
    kind = ln.ULabel(name="kind", is_type=True)
    kind.settings.single_space = lab
    kind.save()
    with queries.at_most(5):  # a lock, names that exist, the type, its space, the insert
        ln.save([ln.ULabel(name=f"member {number}", type=kind) for number in range(50)])
    assert ln.ULabel.filter(type=kind, space=lab).count() == 50
