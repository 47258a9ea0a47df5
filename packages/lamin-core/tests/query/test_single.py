"""`get`, `one` and their errors."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.query.q import Q
from lamindb.query.scope import EVERYTHING, Scope

MINE = Scope(("contrib", "main"))
A, B, D, E = ("A" * 16, "B" * 16, "D" * 16, "E" * 16)


def missing(call):
    with pytest.raises(ln.errors.ObjectDoesNotExist) as caught:
        call()
    assert isinstance(caught.value, LookupError)
    return str(caught.value)


def several(call):
    with pytest.raises(ln.errors.MultipleObjectsReturned) as caught:
        call()
    assert isinstance(caught.value, LookupError)
    return str(caught.value)


@pytest.mark.parametrize(
    ("idlike", "expected"),
    [
        (3, 3),
        (14, 14),  # in the trash
        ("00000003", 3),
        ("0000001", "several"),
        ("00000014", 14),
        ("000000", "several"),
    ],
)
def test_get_by_id_and_uid(rows_of, idlike, expected):
    labels = rows_of("ULabel")
    if expected == "several":
        assert several(lambda: labels.get(idlike)).endswith(", not one; narrow it down, or read them all with filter()")
    else:
        assert labels.get(idlike).id == expected


@pytest.mark.parametrize(
    ("scope", "prefix", "expected"),
    [
        (None, A, 2),
        (None, A[:5], 2),
        (MINE, A, 3),
        (EVERYTHING, A, 2),
        (None, f"{A}0000", 1),
        (None, f"{A}000", "several"),
        (MINE, B, 4),
        (None, D, 6),  # only in the trash
        (None, E, 8),  # no head: the newest
    ],
)
def test_get_by_the_stem_of_a_family(rows_of, world_database, scope, prefix, expected):
    artifacts = rows_of("Artifact", scope) if scope else rows_of("Artifact")
    if expected == "several":
        assert several(lambda: artifacts.get(prefix)).startswith("3 Artifact records match uid__startswith='AAAAAAAAAAAAAAAA000'")
        return
    artifacts.get(1)
    with QueryLog(world_database).exactly(1):
        assert artifacts.get(prefix).id == expected


@pytest.mark.parametrize(
    ("scope", "lookups", "expected"),
    [
        (None, {"key": "pbmc.h5ad"}, 2),
        (MINE, {"key": "pbmc.h5ad"}, 3),
        (None, {"key": "pbmc.h5ad", "version": "v1"}, 1),
        (None, {"key": "pbmc.h5ad", "is_latest": False}, 1),
        (None, {"key__contains": "pbmc"}, 2),
        (None, {"description": "first try"}, 7),  # two old versions: the newest
        (None, {"key": "old.txt"}, 8),
        (None, {"hash": "h5"}, 6),
        (None, {"uid__startswith": A}, 2),
        (None, {"key": "pbmc.h5ad", "branch": 2}, 3),
        (None, {"key": "gone.txt", "branch": None}, 6),
        (None, {"ulabels__name": "alpha", "size__gt": 5}, 2),
    ],
)
def test_get_by_keywords_prefers_heads(rows_of, world_database, scope, lookups, expected):
    artifacts = rows_of("Artifact", scope) if scope else rows_of("Artifact")
    MINE.ids(world_database)
    with QueryLog(world_database).exactly(1):
        assert artifacts.get(**lookups).id == expected


def test_get_takes_conditions_and_combines_them(rows_of):
    labels = rows_of("ULabel")
    assert labels.get(Q(name="alpha")).id == 3
    assert labels.get(ln.ULabel.name == "Alpha").id == 4
    assert labels.get(Q(name__startswith="al"), Q(name__endswith="%a"), type=2).id == 6
    assert labels.filter(type=1).get(name="alpha").id == 3
    assert labels.get(3, name="alpha").id == 3
    assert missing(lambda: labels.get(3, name="Alpha")).startswith("no ULabel matches name='Alpha', id=3 in ")
    assert rows_of("Branch").get("branch000002").name == "contrib"


def test_get_heads_of_several_families(rows_of):
    assert several(lambda: rows_of("Artifact").get(suffix=".h5ad")) == (
        "3 Artifact records match suffix='.h5ad', not one; narrow it down, or read them all with filter()"
    )
    assert several(lambda: rows_of("ULabel").get()) == (
        "13 ULabel records match no condition at all, not one; narrow it down, or read them all with filter()"
    )
    assert several(lambda: rows_of("ULabel").filter(type=1).one()).startswith("4 ULabel records match type=1, not one")
    assert several(lambda: rows_of("ULabel")[2:5].one()).startswith("3 ULabel records match no condition")
    with pytest.raises(ln.errors.MultipleObjectsReturned):
        rows_of("ULabel").one_or_none()


def test_families_beyond_the_rows_that_are_read(database):
    rows = [
        {"uid": f"familyfamily{number:04}", "key": "new.py", "created_at": dt.datetime(2024, 1, number)}
        for number in range(2, 27)
    ]
    other = {"uid": "familyanotha0000", "key": "old.py", "created_at": dt.datetime(2024, 1, 1)}
    fixed = {"is_latest": False, "kind": "script", "branch_id": 1, "created_on_id": 1, "space_id": 1, "is_locked": False}
    table = ln.Transform.__table__
    ln.ULabel(name="makes the user").save()
    with database.writing() as transaction:
        for row in rows:
            transaction.connection.execute(sa.insert(table), row | fixed | {"created_by_id": 1})
        assert ln.Transform.get("family").uid == "familyfamily0026"
        transaction.connection.execute(sa.insert(table), other | fixed | {"created_by_id": 1})
        assert several(lambda: ln.Transform.get("family")).startswith("26 Transform records match uid__startswith='family'")
        assert ln.Transform.get("familyfami").uid == "familyfamily0026"


def test_nothing_found(rows_of, world_database):
    labels, artifacts, slug = rows_of("ULabel"), rows_of("Artifact"), world_database.slug
    assert missing(lambda: labels.get(99)) == f"no ULabel matches id=99 in {slug}"
    assert missing(lambda: labels.get("Tissue")) == (
        f"no ULabel matches uid__startswith='Tissue' in {slug}; if 'Tissue' is no uid, write ULabel.get(name='Tissue')"
    )
    assert missing(lambda: artifacts.get("pbmc.h5ad")).endswith("if 'pbmc.h5ad' is no uid, write Artifact.get(key='pbmc.h5ad')")
    assert missing(lambda: labels.get(name="tissu")) == (
        f"no ULabel matches name='tissu' on branch main in {slug}; did you mean 'Tissue'?"
    )
    assert missing(lambda: rows_of("ULabel", MINE).get(name="nothing alike")) == (
        f"no ULabel matches name='nothing alike' on branch contrib or main in {slug}"
    )
    assert missing(lambda: labels.get(name="mine")).endswith(
        "; there is one outside of these branches or conditions, to be seen with branch=None"
    )
    assert missing(lambda: labels.filter(ln.ULabel.name == "x").exclude(id=1).one()) == (
        f"no ULabel matches lamindb_ulabel.name = 'x', not (id=1) in {slug}"
    )
    assert missing(lambda: labels.get(Q(name="x") | Q(name__in=["y", "z"]), type__name=None)).startswith(
        "no ULabel matches (name='x' or name__in=('y', 'z')), type__name=None on branch main"
    )
    assert labels.filter(name="x").one_or_none() is None


def test_errors_are_of_the_registry(rows_of):
    with pytest.raises(ln.ULabel.DoesNotExist):
        rows_of("ULabel").get(99)
    with pytest.raises(ln.ULabel.DoesNotExist):
        rows_of("ULabel").filter(name="x").one()
    assert ln.ULabel.DoesNotExist is not ln.Artifact.DoesNotExist
    assert not issubclass(ln.Artifact.DoesNotExist, ln.ULabel.DoesNotExist)


@pytest.mark.parametrize("idlike", ["", True, 1.5, [1, 2], b"00000003"])
def test_what_names_no_row(rows_of, idlike):
    with pytest.raises(ln.errors.InvalidArgument, match=re.escape(repr(idlike))):
        rows_of("ULabel").get(idlike)


def test_registries_without_uid(rows_of):
    assert rows_of("ArtifactULabel").get(1).ulabel_id == 3
    with pytest.raises(ln.errors.InvalidArgument, match=r"get\('abc'\) names no ArtifactULabel: pass an id, or conditions"):
        rows_of("ArtifactULabel").get("abc")
