"""Hierarchies and orders lead in no circle, by whatever door; PP-25: one statement for a walk, whatever its depth."""

import itertools
import subprocess
import sys

import pytest

import lamindb as ln
from lamindb.errors import InvalidArgument

HIERARCHIES = {
    "ULabel.parents": (lambda name: ln.ULabel(name=name), "parents", "children", "ULabel_parents"),
    "Record.parents": (lambda name: ln.Record(name=name), "parents", "children", "Record_parents"),
    "Project.parents": (lambda name: ln.Project(name=name), "parents", "children", "Project_parents"),
    "Project.predecessors": (lambda name: ln.Project(name=name), "predecessors", "successors", "Project_predecessors"),
    "Transform.predecessors": (lambda name: ln.Transform(key=name), "predecessors", "successors", "TransformTransform"),
}


def ends(link, up, down):
    """The columns of a link registry for the record below and the one above, without `_id`."""
    names = [name for name in link.__table__.columns if name.key.endswith("_id") and name.key not in ("run_id", "created_by_id")]
    return [name.key.removesuffix("_id") for name in names]


@pytest.fixture(params=HIERARCHIES)
def hierarchy(request, database):
    make, up, down, link = HIERARCHIES[request.param]
    records = [make(name).save() for name in ("one", "two", "three")]
    for below, above in itertools.pairwise(records):
        getattr(below, up).add(above)
    return records, up, down, getattr(ln.models, link)


def test_no_circle_by_any_door(hierarchy, database):
    (one, two, three), up, down, link = hierarchy
    first, second = ends(link, up, down)
    doors = [
        lambda: getattr(three, up).add(one),
        lambda: getattr(three, up).add(one.id),
        lambda: getattr(three, up).add(one.uid),
        lambda: getattr(three, up).add("one"),
        lambda: getattr(three, up).add(type(one).filter(id=one.id)),
        lambda: getattr(three, up).set([one]),
        lambda: getattr(three, up).set([one], clear=True),
        lambda: getattr(one, down).add(three),
        lambda: getattr(one, down).set([three, two]),
        lambda: getattr(one, up).add(one),
        lambda: link(**{first: three, second: one}).save(),
        lambda: ln.save([link(**{first: three, second: one})]),
        lambda: link(**{first: two, second: two}).save(),
    ]
    for door in doors:
        with pytest.raises(InvalidArgument, match=r"cannot be one of its|would lead back to itself"):
            door()
    row = link.filter(**{first: two, second: three}).one()
    setattr(row, second, one)
    both = link.filter().to_list()
    for each, (below, above) in zip(both, ((one, three), (three, one)), strict=True):
        setattr(each, first, below)
        setattr(each, second, above)
    for save in (row.save, lambda: ln.save([row]), lambda: ln.save(both)):
        with pytest.raises(InvalidArgument, match="would lead back to itself"):
            save()
    assert getattr(one, up).one() == two
    assert getattr(two, up).one() == three
    assert not getattr(three, up).exists()
    getattr(one, up).remove(two)
    getattr(three, up).add(one)
    assert getattr(three, up).one() == one


def test_a_list_of_links_closes_no_circle(hierarchy, database):
    (one, two, three), up, down, link = hierarchy
    first, second = ends(link, up, down)
    link.filter().delete()
    links = [link(**{first: below, second: above}) for below, above in ((one, two), (two, three), (three, one))]
    with pytest.raises(InvalidArgument, match="would lead back to itself; leave out one of them"):
        ln.save(links)
    assert link.filter().count() == 0
    ln.save(links[:2])
    assert getattr(one, up).one() == two
    with pytest.raises(InvalidArgument):
        links[2].save()


def test_old_circles_hide_no_new_ones_and_are_no_fault_of_new_links(database):
    """Databases of LaminDB may have circles."""
    labels = [ln.ULabel(name=f"{number}") for number in range(6)]
    ln.save(labels)
    table = ln.models.ULabel_parents
    with database.writing() as transaction:
        for below, above in ((0, 1), (1, 0)):
            values = {"from_ulabel_id": labels[below].id, "to_ulabel_id": labels[above].id}
            transaction.connection.execute(table.__table__.insert().values(values))
    for below, above in ((2, 0), (1, 3), (3, 4)):
        table(from_ulabel=labels[below], to_ulabel=labels[above]).save()
    for below, above in ((4, 3), (4, 1), (3, 3)):
        for save in (table(from_ulabel=labels[below], to_ulabel=labels[above]).save,):
            with pytest.raises(InvalidArgument, match="would lead back to itself"):
                save()
    table(from_ulabel=labels[4], to_ulabel=labels[5]).save()
    assert labels[2].query_parents().count() == 5


def test_long_chains_of_links_are_checked_at_once(database, queries):
    labels = [ln.ULabel(name=f"{number}") for number in range(3_000)]
    ln.save(labels)
    chain = [ln.models.ULabel_parents(from_ulabel=below, to_ulabel=above) for below, above in itertools.pairwise(labels)]
    with queries.at_most(5):
        ln.save(chain)
    with pytest.raises(InvalidArgument, match="would lead back to itself"):
        ln.models.ULabel_parents(from_ulabel=labels[-1], to_ulabel=labels[0]).save()


def test_the_error_says_what_is_in_the_way(database):
    first, second = (ln.Transform(key=key).save() for key in ("a.py", "b.py"))
    second.predecessors.add(first)
    with pytest.raises(InvalidArgument) as caught:
        first.predecessors.add(second)
    assert str(caught.value) == (
        "the Transform 'b.py' is after 'a.py' already, so that it cannot be one of its predecessors; remove it there first"
    )
    second.predecessors.add(first, through_defaults={"config": {"split": 3}})
    assert ln.models.TransformTransform.filter().one().config is None  # was there already


def test_pp25_a_walk_is_one_statement(database, queries):
    chain = [ln.ULabel(name=f"{number:02}") for number in range(31)]
    ln.save(chain)
    ln.save([ln.models.ULabel_parents(from_ulabel=below, to_ulabel=above) for below, above in itertools.pairwise(chain)])
    with queries.exactly(1):
        assert chain[0].query_parents().count() == 30
    kind = ln.ULabel(name="kind", is_type=True).save()
    kind.ulabels.add(chain)
    with queries.exactly(1):
        assert kind.query_ulabels().count() == 31


CROSS = """
import sys
import lamindb as ln
ln.connect(sys.argv[1])
one, other = ln.Transform.get(key=sys.argv[3]), ln.Transform.get(key=sys.argv[4])
link = ln.models.TransformTransform(successor=one, predecessor=other)
print("ready", flush=True)
sys.stdin.readline()
try:
    one.predecessors.add(other) if sys.argv[2] == "relation" else link.save()
    print("added", flush=True)
except ln.errors.InvalidArgument:
    print("refused", flush=True)
"""


@pytest.mark.parametrize("doors", [("relation", "row"), ("row", "row"), ("relation", "relation")])
def test_of_two_halves_of_a_circle_one_is_refused(database, doors):
    for number in range(3):
        pair = [f"{side} {number}" for side in ("left", "right")]
        for key in pair:
            ln.Transform(key=key).save()
        sides = zip(doors, (pair, list(reversed(pair))), strict=True)
        command = [sys.executable, "-c", CROSS, str(database.instance.folder)]
        racers = [
            subprocess.Popen([*command, door, *keys], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for door, keys in sides
        ]
        for racer in racers:
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        assert sorted(racer.communicate()[0].strip() for racer in racers) == ["added", "refused"]
