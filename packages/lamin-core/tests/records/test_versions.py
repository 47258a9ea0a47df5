"""Versions: counters, heads per branch, and what keeps them right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lamindb as ln
from lamindb.records import families
from lamindb.records.families import Family


@given(st.integers(0, 62**4 - 1))
def test_counters_count(number):
    assert families.count_of("stem" + families.counter(number)) == number


def test_counters_as_text():
    assert [families.counter(n) for n in (0, 9, 10, 35, 36, 61, 62)] == ["0000", "0009", "000A", "000Z", "000a", "000z", "0010"]


@given(st.integers(0, 62**4 - 2))
def test_counters_sort_like_numbers(number):
    assert families.counter(number) < families.counter(number + 1)


def test_other_source_code_makes_a_new_version(database):
    first = ln.Transform(key="a.py", source_code="1").save()
    assert first.uid.endswith("0000")
    assert first.is_latest is True
    second = ln.Transform(key="a.py", source_code="2").save()
    assert second.uid == first.stem_uid + "0001"
    assert ln.Transform.get(first.id).is_latest is False
    assert ln.Transform.get(key="a.py") == second
    assert second.versions.to_list("uid") == [second.uid, first.uid]
    assert (first.version, second.version) == ("0000", "0001")


def test_the_same_source_code_is_the_same_version(database):
    first = ln.Transform(key="a.py", source_code="1").save()
    assert ln.Transform(key="a.py", source_code="1").save() == first
    assert ln.Transform(key="a.py").save() == first


def test_tags_are_unique_in_a_family(database):
    ln.Transform(key="a.py", source_code="1", version_tag="v1").save()
    with pytest.raises(ln.errors.InvalidArgument, match="version 'v1' of this Transform exists already"):
        ln.Transform(key="a.py", source_code="2", version_tag="v1").save()
    assert ln.Transform.filter().count() == 1


def test_deleting_and_restoring_a_head(database):
    family = [ln.Transform(key="a.py", source_code=f"{n}").save() for n in range(3)]
    head = family[-1]
    head.delete()
    assert head.is_latest is False
    assert ln.Transform.get(key="a.py") == family[1]
    head.restore()
    assert head.is_latest is True
    assert ln.Transform.get(key="a.py") == head
    head.delete(permanent=True)
    assert ln.Transform.get(key="a.py") == family[1]
    family[1].delete()
    family[0].delete()
    assert (
        ln.Transform.filter(branch_id=-1, is_latest=True).one() == family[1]
    )  # a family that is all in the trash keeps its head


def test_numbers_of_trashed_versions_are_not_used_again(database):
    ln.Transform(key="a.py", source_code="1").save()
    ln.Transform(key="a.py", source_code="2").save().delete()
    assert ln.Transform(key="a.py", source_code="3").save().uid.endswith("0002")


def test_a_uid_of_the_wrong_length(database):
    with pytest.raises(ln.errors.InvalidArgument, match=r"(uid of a Transform has 16 characters|is no uid of a transform)"):
        ln.Transform(key="a.py", uid="abc").save()


@pytest.mark.parametrize("build", [lambda: ln.Transform(key="c"), lambda: ln.models.Block(content="text", kind="readme")])
def test_every_versioned_record_begins_a_family(database, build):
    record = build().save()
    assert record.uid.endswith("0000")
    assert record.is_latest is True
    assert record.version == "0000"
    other = build()
    ln.save([other])
    assert other.uid.endswith("0000")


def test_a_new_version_reads_the_ends_of_its_family_alone(database):
    """The newest on each branch and who has the tag: of a hundred versions as of three."""
    contrib = ln.Branch(name="contrib").save()
    versions = [ln.Transform(key="nightly.py", source_code=f"{n}", version="v7" if n == 7 else None).save() for n in range(12)]
    there = ln.Transform(key="nightly.py", source_code="there", branch=contrib).save()
    versions[11].delete()
    stem = versions[0].uid[:-4]
    with database.reading() as connection:
        (found,) = Family.read_ends(connection, ln.Transform, [stem], [])
        (tagged,) = Family.read_ends(connection, ln.Transform, [stem], ["v7", "v8"])
        (whole,) = Family.read_many(connection, ln.Transform, [stem])
    assert [row.id for row in found.rows] == [versions[10].id, versions[11].id, there.id]
    assert [row.id for row in tagged.rows] == [versions[7].id, versions[10].id, versions[11].id, there.id]
    assert found.next_uid() == whole.next_uid() == stem + "000D"
    assert found.head(contrib.id) == whole.head(contrib.id)
    assert found.heads() == whole.heads()
