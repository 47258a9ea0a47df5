"""When the database is asked, how often, and what comes back."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import lamindb_setup
import pytest
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb import catalog
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import ONLY_MAIN


def test_nothing_is_read_before_it_is_needed(rows_of, world_database):
    with QueryLog(world_database).exactly(0):
        labels = rows_of("ULabel").filter(name__startswith="al").exclude(type=2).order_by("-name").distinct().all()
        part = labels[1:3]
    with QueryLog(world_database).exactly(1):
        assert [label.id for label in part] == [5]
    for read in (list, len, bool, lambda rows: rows[0], lambda rows: 1 in rows, lambda rows: rows.to_list()):
        fresh = labels.all()
        with QueryLog(world_database).exactly(1):
            read(fresh)
            list(fresh)
            len(fresh)
            assert fresh.count() == 2
            assert fresh.exists()
            assert fresh.first() is fresh[0]
            assert fresh.last() is fresh[-1 + 2]
            assert fresh.to_list("name") == ["alpha", "alp_a"]
            assert list(fresh[1:]) == [fresh[1]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: rows.count(),
        lambda rows: rows.exists(),
        lambda rows: rows.first(),
        lambda rows: rows.last(),
        lambda rows: rows.get(3),
        lambda rows: rows.get("00000003"),
        lambda rows: rows.get(name="alpha"),
        lambda rows: rows.filter(id=3).one(),
        lambda rows: rows.to_list("type__name"),
        lambda rows: rows[:5].count(),
        lambda rows: rows[2:5].exists(),
        lambda rows: rows[2:5].first(),
        lambda rows: rows[2:5].last(),
        lambda rows: rows.filter(artifacts__run__transform__key="prep.py", parents__name="a").count(),
        lambda rows: rows.filter(type__in=rows.filter(is_type=True)).count(),
        repr,
    ],
)
def test_one_question_is_one_statement(rows_of, world_database, ask):
    labels = rows_of("ULabel")
    with QueryLog(world_database).exactly(1):
        ask(labels)
    with QueryLog(world_database).exactly(1):  # nothing but rows is kept
        ask(labels)


def test_sets_never_change(rows_of):
    labels = rows_of("ULabel")
    some = labels.filter(type=1)
    assert some.filter(name="alpha").count() == 1
    assert some.order_by("-id")[:2].to_list("id") == [9, 5]
    assert some.exclude(name="alpha").to_list("id") == [4, 5, 9]
    assert (labels.count(), some.to_list("id")) == (13, [3, 4, 5, 9])


def test_first_and_last(rows_of):
    labels = rows_of("ULabel")
    assert (labels.first().id, labels.last().id) == (1, 13)
    assert (labels.order_by("-name").first().name, labels.order_by("-name").last().name) == ("βeta", "Alpha")
    assert (labels.order_by("description").first().id, labels.order_by("description").last().id) == (5, 12)
    assert labels.filter(name="none").first() is labels.filter(name="none").last() is None
    assert (labels[3:5].first().id, labels[3:5].last().id, labels[20:].last()) == (4, 5, None)


def test_slices(rows_of):
    labels = rows_of("ULabel")
    assert labels[2:4].to_list("id") == [3, 4]
    assert labels[10:].to_list("id") == [11, 12, 13]
    assert labels[2:10][1:3].to_list("id") == [4, 5]
    assert labels[2:4][1:9].to_list("id") == [4]
    assert labels[2:4][5:].to_list("id") == []
    assert labels[4:2].count() == labels[4:4].count() == 0
    assert not labels[4:2].exists()
    assert (labels[10:20].count(), labels[:0].count(), len(labels[12:])) == (3, 0, 1)
    assert labels.order_by("-id")[1].id == 12


def test_order(rows_of):
    labels = rows_of("ULabel")
    by_code_point = ["Alpha", "Disease", "Tissue", "a", "al*a?[b]", "alp%a", "alp_a", "alpha", "emoji 😀", "high \uffff"]
    assert labels.order_by("name").to_list("name") == [*by_code_point, "Été à la plage", "ΒETA", "βeta"]
    assert labels.order_by("type__name", "-id").to_list("id")[:4] == [12, 10, 7, 6]
    assert labels.order_by("-type__name").to_list("type__name")[-5:] == [None] * 5
    assert labels.order_by("-name").order_by().to_list("id") == list(range(1, 14))
    assert rows_of("Artifact").order_by("version", "-pk").to_list("id") == [7, 5, 4, 8, 2, 1]


def test_to_list(rows_of):
    labels = rows_of("ULabel")
    assert [type(label) for label in labels[:2].to_list()] == [ln.ULabel] * 2
    assert labels.to_list("type_id") == [None, None, 1, 1, 1, 2, 2, None, 1, 2, None, 2, None]
    assert labels.distinct().to_list("type_id") == [None, 1, 2]
    assert labels.to_list("type") == labels.to_list("type_id")
    assert rows_of("Artifact").to_list("run__transform__key") == ["prep.py", "prep.py", "fit.ipynb", None, None, "prep.py"]


def test_repr(rows_of, world_database):
    labels = rows_of("ULabel")
    few = labels.filter(id__in=[3, 4])
    assert repr(few) == f"<QuerySet [{labels.get(3)!r}, {labels.get(4)!r}]>"
    many = rows_of("ULabel").filter(branch=None)
    assert repr(many).count("ULabel(") == 17
    links = rows_of("ArtifactULabel")
    assert "…" not in repr(links)
    assert repr(rows_of("ULabel").filter(name="none")) == "<QuerySet []>"


def test_repr_of_many_shows_twenty(database):
    ln.save([ln.ULabel(name=f"label {number}") for number in range(22)])
    assert repr(ln.ULabel.filter()).count("ULabel(") == 20
    assert repr(ln.ULabel.filter()).endswith(", …]>")
    assert repr(ln.ULabel.filter()[:20]).count("…") == 0


def test_a_set_keeps_its_database(database, other_database):
    here, everywhere = ln.ULabel.filter(), ln.ULabel.connect("default")
    ln.ULabel(name="here").save()
    lamindb_setup.connect(str(other_database.instance.folder))
    assert lamindb_setup.current() is other_database
    assert here.to_list("name") == everywhere.to_list("name") == ["here"]
    assert here.database is database
    assert ln.ULabel.filter().count() == 0


def test_a_database_may_be_promised(world_database):
    asked = []

    def promise():
        asked.append(1)
        return world_database

    labels = QuerySet(catalog.registry("lamindb.ULabel"), promise, ONLY_MAIN)
    narrowed = labels.filter(name="alpha").exclude(id=1)
    assert not asked
    assert narrowed.count() == labels.filter(name="alpha").count() == 1
    assert len(asked) == 1


def test_delete_and_restore(database, queries):
    kind = ln.ULabel(name="kind", is_type=True).save()
    ln.save([ln.ULabel(name=f"label {number}", type=kind) for number in range(10)])
    members = ln.ULabel.filter(type=kind)
    with queries.at_most(4):
        assert members.filter(name__in=["label 1", "label 2"]).delete() is None
    assert members.count() == 8
    trash = ln.ULabel.filter(branch__name="trash")
    assert trash.to_list("name") == ["label 1", "label 2"]
    trash.delete()
    assert trash.count() == 2  # a second deletion is none for good
    trash.restore()
    assert members.count() == 10
    assert members.order_by("name")[:3].delete(permanent=True) == (3, {"lamindb.ULabel": 3})
    assert members.count() == 7
    assert members.filter(name="none").delete(permanent=True) == (0, {})
    with pytest.raises(ln.errors.ProtectedError):
        ln.ULabel.filter(is_type=True).delete(permanent=True)
    with pytest.raises(ln.errors.InvalidArgument, match="User has no trash"):
        ln.User.filter().delete(permanent=False)
    with pytest.raises(ln.errors.InvalidArgument, match="User has no trash"):
        ln.User.filter().restore()


def test_rows_of_a_transaction_are_seen_in_it(database):
    with pytest.raises(RuntimeError, match="undone"), database.writing():  # noqa: PT012  # the block is what is tested
        ln.ULabel(name="a").save()
        assert ln.ULabel.filter().to_list("name") == ["a"]
        raise RuntimeError("undone")
    assert ln.ULabel.filter().count() == 0


def test_sets_can_be_copied(rows_of):
    labels = rows_of("ULabel").filter(type=1)
    assert copy.copy(labels).to_list("id") == labels.to_list("id")


if TYPE_CHECKING:

    def types() -> None:
        labels: QuerySet[ln.ULabel] = ln.ULabel.filter(name="a")
        one: ln.ULabel = labels.filter(name="b").order_by("name").get(1)
        some: list[ln.ULabel] = labels[:3].to_list()
        for label in labels:
            one = label
        print(one, some, labels[0].name)
