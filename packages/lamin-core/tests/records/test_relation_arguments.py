"""What relations take, and what is said where they cannot: records, lists, query sets, names, uids, ids."""

import logging

import pytest

import lamindb as ln
from lamindb.errors import (
    DatabaseMismatch,
    InvalidArgument,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    StaleRecord,
    UnsavedRecord,
)


@pytest.fixture
def labels(database):
    found = [ln.ULabel(name=name) for name in ("alpha", "beta", "gamma")]
    ln.save(found)
    return found


@pytest.fixture
def project(database):
    return ln.Project(name="p").save()


WAYS = {
    "records": lambda found: (*found,),
    "a list": lambda found: (found,),
    "a tuple": lambda found: (tuple(found),),
    "a set": lambda found: (set(found),),
    "a generator": lambda found: (label for label in found),
    "a generator in a list": lambda found: ((label for label in found),),
    "a query set": lambda found: (ln.ULabel.filter(),),
    "a slice": lambda found: (ln.ULabel.filter()[:3],),
    "query sets": lambda found: (ln.ULabel.filter(name="alpha"), ln.ULabel.filter(name__gt="alpha")),
    "names": lambda found: ("alpha", "beta", "gamma"),
    "a list of names": lambda found: (["alpha", "beta", "gamma"],),
    "uids": lambda found: tuple(label.uid for label in found),
    "ids": lambda found: tuple(label.id for label in found),
    "all sorts": lambda found: (found[0], ["beta", found[2].uid, found[0].id], "alpha", found[0]),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_taken(labels, project, way, queries):
    project.ulabels.add(*WAYS[way](labels))
    assert project.ulabels.to_list() == labels
    project.ulabels.remove(*WAYS[way](labels))
    assert not project.ulabels.exists()
    project.ulabels.set([each for one in WAYS[way](labels) for each in ([one] if isinstance(one, str) else listed(one))])
    assert project.ulabels.to_list() == labels


def listed(one):
    return [one] if isinstance(one, ln.ULabel | int) else list(one)


def test_what_is_taken_by_the_other_sides(labels, database):
    kind = ln.ULabel(name="kind", is_type=True).save()
    kind.ulabels.add("alpha", labels[1].uid, ln.ULabel.filter(name="gamma"))
    assert kind.ulabels.to_list("name") == ["alpha", "beta", "gamma"]
    kind.ulabels.set(["alpha"])
    assert kind.ulabels.one() == labels[0]
    kind.ulabels.remove("alpha")
    assert not kind.ulabels.exists()
    labels[0].projects.create(name="q")
    assert labels[0].projects.one().name == "q"
    assert kind.ulabels.create(name="member").type == kind
    assert labels[0].children.create(name="below").parents.one() == labels[0]


def test_nothing_is_nothing(labels, project, queries):
    with queries.exactly(0):
        project.ulabels.add()
        project.ulabels.add([])
        project.ulabels.remove()
        project.ulabels.remove(iter(()))
    project.ulabels.set([])
    assert project.ulabels.all().to_list() == []


WRONG = {
    "None": (lambda _: None, r"\.ulabels takes ULabel records, their names, uids or ids, not None"),
    "True": (lambda _: True, "not True"),
    "a float": (lambda _: 1.5, r"not 1\.5"),
    "bytes": (lambda _: b"alpha", "not b'alpha'"),
    "a dict": (lambda _: {"alpha": 1}, "not {'alpha': 1}"),
    "the registry": (lambda _: ln.ULabel, "not "),
    "None in a list": (lambda labels: [labels[0], None], "not None"),
    "a list in a list": (lambda labels: [[labels[0]]], "not "),
    "another registry": (lambda _: ln.User.filter().first(), "not User"),
    "another query set": (lambda _: ln.User.filter(), r"\.ulabels takes ULabel records, not a query set of User"),
    "a data frame": (lambda _: ln.ULabel.to_dataframe(), "not a DataFrame"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("method", ["add", "remove", "set"])
def test_what_is_not_taken(labels, project, wrong, method):
    make, message = WRONG[wrong]
    project.ulabels.add(labels[0])
    with pytest.raises(InvalidArgument, match=message):
        getattr(project.ulabels, method)(make(labels))
    with pytest.raises(InvalidArgument):
        getattr(ln.ULabel(name="k", is_type=True).save().ulabels, method)(make(labels))
    assert project.ulabels.one() == labels[0]


def test_names_that_are_not_there(labels, project):
    with pytest.raises(ObjectDoesNotExist, match=r"\.ulabels: .* has no ULabel 'alhpa'; did you mean 'alpha'\?") as caught:
        project.ulabels.add("alpha", "alhpa")
    assert isinstance(caught.value, ln.ULabel.DoesNotExist)
    with pytest.raises(ObjectDoesNotExist, match=r"has no ULabel '1x', '2x', '3x' and 2 more"):
        project.ulabels.add([f"{number}x" for number in range(1, 6)])
    for text in ("", "a\0", "\ud800", "x" * 10_000):
        with pytest.raises((ObjectDoesNotExist, InvalidArgument)):
            project.ulabels.add(text)
    assert not project.ulabels.exists()


def test_pp27_each_name_counts_once_and_empty_ones_are_refused(labels, project):
    """As in `from_values`: order and repetitions do not matter, nothing is made of an empty text or None."""
    project.ulabels.add(["gamma", "alpha", "gamma", labels[0].uid])
    assert project.ulabels.to_list("name") == ["alpha", "gamma"]
    assert project.links_ulabel.count() == 2
    for empty in ("", " ", None):
        with pytest.raises((ObjectDoesNotExist, InvalidArgument)):
            project.ulabels.add(["beta", empty])
    assert ln.ULabel.filter().count() == 3
    assert project.ulabels.count() == 2


def test_names_that_several_have(labels, project):
    kind = ln.ULabel(name="kind", is_type=True).save()
    other = ln.ULabel(name="alpha", type=kind).save()
    with pytest.raises(InvalidArgument, match=f"several ULabel records are called 'alpha'.*{labels[0].uid}, {other.uid}"):
        project.ulabels.add("alpha")
    project.ulabels.add(other.uid)
    assert project.ulabels.one() == other


def test_names_in_the_trash_are_not_seen_but_records_are_taken(labels, project):
    labels[0].delete()
    with pytest.raises(ObjectDoesNotExist):
        project.ulabels.add("alpha")
    project.ulabels.add(labels[0])
    project.ulabels.add(labels[1].uid)
    assert (project.ulabels.count(), project.ulabels.all().include_trash().count()) == (1, 2)


def test_versions_are_meant_by_their_latest(labels, database):
    first = ln.Transform(key="a.py", source_code="1").save()
    second = ln.Transform(key="a.py", source_code="2").save()
    labels[0].transforms.add("a.py")
    assert labels[0].transforms.one() == second
    labels[0].transforms.add(first.uid)
    assert labels[0].transforms.count() == 2


def test_unsaved_and_deleted(labels, project, database):
    new = ln.ULabel(name="new")
    for method in ("add", "remove", "set"):
        with pytest.raises(UnsavedRecord, match=r"is not saved yet: call \.save\(\) on it first"):
            getattr(project.ulabels, method)([labels[0], new])
        with pytest.raises(UnsavedRecord, match=r"save this Project before using its \.ulabels"):
            getattr(ln.Project(name="new").ulabels, method)([labels[0]])
    copy = ln.ULabel.get(labels[2].id)
    labels[2].delete(permanent=True)
    with pytest.raises(StaleRecord, match="was deleted for good"):
        project.ulabels.add(labels[2])
    with pytest.raises(StaleRecord, match=f"there is no ULabel with id {copy.id} any more; it was deleted for good"):
        project.ulabels.add(labels[0], copy)
    with pytest.raises(StaleRecord, match="there is no ULabel with id 12345 any more"):
        project.ulabels.add(labels[0], 12345)
    kind = ln.ULabel(name="k", is_type=True).save()
    with pytest.raises(StaleRecord, match="there is no ULabel with id 12345"):
        kind.ulabels.add(labels[0], 12345)
    assert not project.ulabels.exists()
    stale = ln.Project.get(project.id)
    project.delete(permanent=True)
    with pytest.raises(StaleRecord, match=r"this Project was deleted for good, and with it its \.ulabels"):
        project.ulabels.add(labels[0])
    with pytest.raises(StaleRecord, match=f"there is no Project with id {stale.id} any more"):
        stale.ulabels.add(labels[0])


def test_records_of_other_databases(labels, project, other_database):
    theirs = ln.DB(str(other_database.instance.folder))
    with pytest.raises(DatabaseMismatch, match=r"lives in .*, but \.users in"):
        project.users.add(theirs.User.first())
    with pytest.raises(DatabaseMismatch, match=r"the query set is about .*, but \.users about"):
        project.users.add(theirs.User.filter())
    here = ln.DB(str(other_database.instance.folder)).User.first()
    with pytest.raises(DatabaseMismatch):
        here.projects.add(project)
    assert not project.users.exists()


def test_assigning_directs_to_set(labels, project):
    for host, name in ((project, "ulabels"), (ln.ULabel(name="k", is_type=True).save(), "ulabels"), (labels[0], "parents")):
        with pytest.raises(
            InvalidArgument, match=rf"{name} holds many records; to replace them, use \.{name}\.set\(\[\.\.\.\]\)"
        ):
            setattr(host, name, [labels[1]])


def test_setting_takes_one_argument(labels, project):
    project.ulabels.set(labels[0])
    assert project.ulabels.one() == labels[0]
    project.ulabels.set("beta")
    assert project.ulabels.one() == labels[1]
    with pytest.raises(InvalidArgument, match="clear is True or False, not 'yes'"):
        project.ulabels.set([], clear="yes")
    assert project.ulabels.one() == labels[1]


def test_creating_is_all_or_nothing(labels, project):
    with pytest.raises(InvalidArgument, match="'nam' is not an argument"):
        project.ulabels.create(nam="x")
    with pytest.raises(InvalidArgument, match=r"links of \.ulabels have no field 'x'"):
        project.ulabels.create(name="new", through_defaults={"x": 1})
    assert ln.ULabel.filter(name="new").count() == 0
    assert project.ulabels.create(name="alpha") == labels[0]  # the one of this name
    assert project.ulabels.one() == labels[0]


def test_reading(labels, project, queries):
    found = project.ulabels
    found.add(labels)
    for call in (
        lambda: found.filter(name="alpha").one() == labels[0],
        lambda: found.exclude(name="alpha").count() == 2,
        lambda: found.order_by("-name").first() == labels[2],
        lambda: found.get(name="beta") == labels[1],
        lambda: found.get(labels[1].uid) == labels[1],
        lambda: found.first() == labels[0],
        lambda: found.last() == labels[2],
        lambda: found.count() == 3,
        lambda: found.exists(),
        lambda: bool(found),
        lambda: list(found) == labels,
        lambda: found.to_list("name") == ["alpha", "beta", "gamma"],
        lambda: found.values_list("name", flat=True) == ["alpha", "beta", "gamma"],
        lambda: found.values("name")[0] == {"name": "alpha"},
        lambda: found.distinct().count() == 3,
        lambda: found.filter(name="delta").one_or_none() is None,
        lambda: found.lookup().alpha == labels[0],
    ):
        with queries.at_most(2):
            assert call()
    assert found.to_dataframe()["name"].tolist() == ["gamma", "beta", "alpha"]
    with pytest.raises(MultipleObjectsReturned):
        found.one()
    with pytest.raises(ObjectDoesNotExist):
        found.get(name="delta")
    with pytest.raises(AttributeError, match=r"\.ulabels of records has no 'frist'; did you mean 'first'\?"):
        _ = found.frist
    with pytest.raises(AttributeError):
        _ = found.delete


def test_huge_lists_take_a_fixed_number_of_statements(project, database, queries):
    many = [ln.ULabel(name=f"{number}") for number in range(10_001)]
    ln.save(many)
    with queries.exactly(2):  # is the project locked, insert
        project.ulabels.add(*many)
    with queries.exactly(3):  # and: is every one linked
        project.ulabels.add(many)
    assert project.ulabels.count() == 10_001
    with queries.exactly(2):
        project.ulabels.remove(many)
    with queries.exactly(3):
        project.ulabels.add([label.name for label in many])
    locks = 0 if database.dialect == "sqlite" else 1
    with queries.exactly(3 + locks):
        project.ulabels.set(many[1:])
    assert project.ulabels.count() == 10_000


def test_nothing_is_written_for_what_is_there(labels, project):
    project.ulabels.add(labels)
    before = [(link.id, link.created_at) for link in project.links_ulabel]
    project.ulabels.add(labels)
    project.ulabels.set(labels)
    assert [(link.id, link.created_at) for link in project.links_ulabel] == before


def test_removing_what_is_not_there_says_nothing(labels, project, caplog):
    with caplog.at_level(logging.WARNING, logger="lamindb"):
        project.ulabels.remove(labels)
    assert caplog.text == ""
