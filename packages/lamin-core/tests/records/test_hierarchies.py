"""Walking parents, children and members of types: by one statement, as far as it is seen, whatever leads in a circle."""

import itertools
import random
from collections.abc import Mapping
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import InvalidArgument, UnsavedRecord
from lamindb.records import context


def label(name: str, **values: Any) -> ln.ULabel:
    return ln.ULabel(name=name, **values).save()


def names(found: Any) -> list[str]:
    return sorted(found.to_list("name"))


def test_parents_and_children_at_any_depth(database: Database, queries: Any) -> None:
    chain = [label(f"{number:02}") for number in range(30)]
    for below, above in itertools.pairwise(chain):
        below.parents.add(above)
    with queries.exactly(1):
        assert names(chain[0].query_parents()) == [f"{number:02}" for number in range(1, 30)]
    with queries.exactly(1):
        assert names(chain[-1].query_children()) == [f"{number:02}" for number in range(29)]
    assert chain[-1].query_parents().count() == 0
    assert names(chain[0].query_parents().filter(name__lt="05").order_by("-name")[:2]) == ["03", "04"]


def test_every_record_comes_once(database: Database) -> None:
    top, left, right, bottom = (label(name) for name in ("top", "left", "right", "bottom"))
    bottom.parents.add(left, right)
    left.parents.add(top)
    right.parents.add(top)
    assert bottom.query_parents().to_list("name") == ["top", "left", "right"]
    assert top.query_children().count() == 3


def closure(links: Mapping[int, set[int]], start: int, unseen: set[int]) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        for there in links.get(waiting.pop(), set()) - unseen - found:
            found.add(there)
            waiting.append(there)
    return found - {start}


@pytest.mark.parametrize("seed", range(5))
def test_random_graphs_are_walked_like_in_python(database: Database, seed: int) -> None:
    """With circles, as databases of LaminDB may have, and records that are not seen."""
    chance = random.Random(seed)
    labels = [ln.ULabel(name=f"{number}") for number in range(25)]
    ln.save(labels)
    up: dict[int, set[int]] = {}
    down: dict[int, set[int]] = {}
    link = ln.models.ULabel_parents.__table__
    rows = []
    for here, there in {(chance.randrange(25), chance.randrange(25)) for _ in range(40)}:
        if here != there:
            up.setdefault(labels[here].id, set()).add(labels[there].id)
            down.setdefault(labels[there].id, set()).add(labels[here].id)
            rows.append({"from_ulabel_id": labels[here].id, "to_ulabel_id": labels[there].id})
    with database.writing() as transaction:
        transaction.connection.execute(link.insert(), rows)
    hidden = chance.sample(labels, 4)
    for each in hidden:
        each.delete()
    unseen = {each.id for each in hidden}
    for each in labels:
        assert set(each.query_parents().to_list("id")) == closure(up, each.id, unseen)
        assert set(each.query_children().to_list("id")) == closure(down, each.id, unseen)


def test_what_is_in_the_trash_ends_the_walk(database: Database) -> None:
    one, two, three = (label(name) for name in ("one", "two", "three"))
    one.parents.add(two)
    two.parents.add(three)
    two.delete()
    assert names(one.query_parents()) == []
    one.parents.add(three)
    assert names(one.query_parents()) == ["three"]
    two.restore()
    assert names(one.query_parents()) == ["three", "two"]


def test_members_of_types_and_of_types_below(database: Database, queries: Any) -> None:
    assay = label("Assay", is_type=True)
    sequencing = label("Sequencing", is_type=True, type=assay)
    label("imaging", type=assay)
    single_cell = label("Single cell", is_type=True, type=sequencing)
    smart = label("Smart-seq", type=single_cell)
    label("elsewhere")
    with queries.exactly(1):
        assert names(assay.query_ulabels()) == ["Sequencing", "Single cell", "Smart-seq", "imaging"]
    assert names(assay.query_ulabels(depth=1)) == names(assay.ulabels) == ["Sequencing", "imaging"]
    assert names(assay.query_ulabels(depth=2)) == ["Sequencing", "Single cell", "imaging"]
    assert names(assay.query_ulabels(depth=0)) == []
    assert names(smart.query_ulabels()) == []
    with queries.exactly(2):
        assert [each.name for each in smart.query_types()] == ["Single cell", "Sequencing", "Assay"]
    assert assay.query_types() == []


def test_a_type_in_the_trash_hides_its_subtree(database: Database) -> None:
    assay = label("Assay", is_type=True)
    sequencing = label("Sequencing", is_type=True, type=assay)
    smart = label("Smart-seq", type=sequencing)
    set_branch(database, sequencing, context.TRASH)
    assert names(assay.query_ulabels()) == []
    assert smart.query_types() == []


def set_branch(database: Database, record: ln.ULabel, branch_id: int) -> None:
    table = ln.ULabel.__table__
    with database.writing() as transaction:
        transaction.connection.execute(table.update().where(table.c.id == record.id).values(branch_id=branch_id))


def test_types_in_a_circle_end(database: Database) -> None:
    """LaminDB accepts them on SQLite, and its `query_types` never returns (PP-14)."""
    one = label("One", is_type=True)
    two = label("Two", is_type=True, type=one)
    table = ln.ULabel.__table__
    with database.writing() as transaction:
        transaction.connection.execute(table.update().where(table.c.id == one.id).values(type_id=two.id))
    one, two = ln.ULabel.get(one.id), ln.ULabel.get(two.id)
    assert names(one.query_ulabels()) == ["Two"]
    assert [each.name for each in one.query_types()] == ["Two", "One"]


@pytest.mark.parametrize(("registry", "method"), [("Record", "query_records"), ("Project", "query_projects")])
def test_other_registries_with_types(database: Database, registry: str, method: str) -> None:
    kind = getattr(ln, registry)(name="Kind", is_type=True).save()
    member = getattr(ln, registry)(name="member", type=kind).save()
    assert getattr(kind, method)().to_list() == [member]
    assert member.query_types() == [kind]


def test_features_and_schemas(database: Database) -> None:
    kind = ln.Feature(name="Kind", is_type=True).save()
    member = ln.Feature(name="member", dtype="int", type=kind).save()
    assert kind.query_features().to_list() == [member]


def test_in_another_database(database: Database, other_database: Database) -> None:
    above, below = label("above"), label("below")
    below.parents.add(above)
    other = ln.DB(str(other_database.instance.folder))
    assert other.ULabel.filter().count() == 0
    found = ln.DB(str(database.instance.folder)).ULabel.get(name="below")
    assert found.query_parents().database is database
    assert names(found.query_parents()) == ["above"]


def test_bad_input(database: Database) -> None:
    new = ln.ULabel(name="new", is_type=True)
    for call in (new.query_parents, new.query_children, new.query_ulabels, new.query_types):
        with pytest.raises(UnsavedRecord, match="save this ULabel before asking for"):
            call()
    kind = label("Kind", is_type=True)
    for depth in (-1, 1.5, "all", True):
        with pytest.raises(InvalidArgument, match="depth is a number of levels or None for all, not"):
            kind.query_ulabels(depth=depth)  # type: ignore[arg-type]


def test_the_plan_uses_indexes(database: Database) -> None:
    """No table is scanned: each step is looked up by an index."""
    if database.dialect != "sqlite":
        pytest.skip("Postgres scans tables as small as these")
    start = label("start")
    query = start.query_children()._statements()
    statement = query.sorted(query.everything())
    with database.reading() as connection:
        compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        values = tuple(compiled.params[name] for name in compiled.positiontup or ())
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()
    scans = [row[-1] for row in plan if row[-1].startswith("SCAN") and "reached" not in row[-1]]
    assert scans == [], plan
