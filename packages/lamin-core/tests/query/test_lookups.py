"""What keywords find, case by case; `test_meaning` covers their combinations."""

from __future__ import annotations

import datetime as dt
import re

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

import lamindb as ln
from lamindb.query.q import Q
from lamindb.query.regex import shared
from lamindb.query.scope import EVERYTHING

UTC = dt.UTC


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        ({"name": "alpha"}, [3]),
        ({"name__exact": "Alpha"}, [4]),
        ({"name__iexact": "ALPHA"}, [3, 4]),
        ({"name__iexact": "βETA"}, [8, 9]),
        ({"name__contains": "%"}, [6]),
        ({"name__contains": "_"}, [5]),
        ({"name__contains": "*a?["}, [7]),
        ({"name__startswith": "al"}, [3, 5, 6, 7]),
        ({"name__istartswith": "AL"}, [3, 4, 5, 6, 7]),
        ({"name__startswith": "al%"}, []),
        ({"name__startswith": "alp%"}, [6]),
        ({"name__startswith": "high \uffff"}, [13]),
        ({"name__startswith": ""}, list(range(1, 14))),
        ({"name__endswith": "[b]"}, [7]),
        ({"name__endswith": ""}, list(range(1, 14))),
        ({"name__iendswith": "PLAGE"}, [10]),
        ({"name__icontains": "éTé À"}, [10]),
        ({"description__contains": "\\"}, [11]),
        ({"reference__iexact": "οδόσ i"}, [10]),
        ({"reference__icontains": "ΌΣ"}, [10]),
        ({"description__endswith": '"'}, [11]),
        ({"description": ""}, [5]),
        ({"name__gt": "z"}, [8, 9, 10]),
        ({"name__range": ("a", "al_")}, [7, 11]),
        ({"description": None, "type": None}, [2]),
        ({"type": None}, [1, 2, 8, 11, 13]),
        ({"type__isnull": False, "description__isnull": False}, [3, 5, 6]),
        ({"type__in": [2, None]}, [1, 2, 6, 7, 8, 10, 11, 12, 13]),
        ({"name__in": []}, []),
        ({"type": 2}, [6, 7, 10, 12]),
        ({"type_id": 2}, [6, 7, 10, 12]),
        ({"type__id__in": (2,)}, [6, 7, 10, 12]),
        ({"type__name": "Disease"}, [6, 7, 10, 12]),
        ({"type__pk": 2}, [6, 7, 10, 12]),
        ({"created_by__handle": "bob"}, [4, 9]),
        ({"parents": 3}, [6]),
        ({"parents__in": [4, 5]}, [3]),
        ({"children__name__startswith": "al", "children__type": 1}, [4, 5, 6]),
        ({"parents__parents__name": "alp_a"}, [6]),
        ({"artifacts": None}, [1, 2, 6, 8, 9, 11, 12, 13]),
        ({"artifacts__key__isnull": True}, [1, 2, 6, 8, 9, 11, 12, 13]),
        ({"links_artifact__feature__name": "tissue"}, [3]),
        ({"ulabels__name": "alpha"}, [1]),
        ({"ulabels": None}, list(range(3, 14))),
    ],
)
def test_labels(rows_of, lookups, expected):
    assert rows_of("ULabel").filter(**lookups).to_list("id") == expected


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        ({"size__gt": 9.5}, [1, 2]),
        ({"size__gte": 1e1}, [1, 2]),
        ({"size__lt": 0.5}, [4, 7]),
        ({"size__lte": -6.5}, [7]),
        ({"size": 2**62}, []),
        ({"size__in": [10, 2**40, 2**63 - 1]}, [1, 2]),
        ({"run__transform__key": "prep.py"}, [1, 2, 8]),
        ({"transform__key": "prep.py"}, [1, 2, 8]),
        ({"run__transform__key": None}, [5, 7]),
        ({"version": "v1"}, [1]),
        ({"version": "0001"}, [2, 8]),
        ({"version__in": ["v1", "0000"], "key__isnull": False}, [1, 4, 7]),
        ({"version": None, "size__isnull": False}, [2, 4, 7, 8]),
        ({"version__isnull": True, "size__isnull": False}, [2, 4, 7, 8]),
        ({"is_latest": False}, [1, 7, 8]),
        ({"ulabels__name": "alpha", "is_latest": True}, [2]),
        ({"created_at": dt.datetime(2024, 3, 1, 0, 59, 59, 123000, UTC)}, [1]),
        ({"created_at": "2024-03-01T01:59:59.123+01:00"}, [1]),
        ({"created_at__gt": dt.date(2024, 3, 1)}, [1, 2, 4, 5, 7, 8]),
        ({"created_at__lte": dt.datetime(2024, 3, 1, 2, 59, 59, 123000)}, [1, 2]),
        ({"created_at__lt": "2024-03-01 02:59:59.123"}, [1, 2]),
        ({"created_at__in": ["2024-03-01 00:59:59.123", "2024-03-01 01:59:59.123", None]}, [1, 2]),
        ({"extra_data__isnull": False}, [5]),
    ],
)
def test_artifacts(rows_of, lookups, expected):
    assert rows_of("Artifact").filter(**lookups).to_list("id") == expected


def test_text_is_compared_by_code_point_whatever_the_collation_of_the_database(rows_of, world_database):
    # the server of the tests sorts by code point anyhow, others do not
    rows = rows_of("ULabel").filter(name__gt="a", name="b", type__name__range=("a", "b")).order_by("name", "type__name", "id")
    statements = rows._statements()
    text = str(statements.sorted(statements.everything()).compile(world_database.engine))
    assert text.count('COLLATE "C"') == (5 if world_database.dialect == "postgresql" else 0)


def test_json_null_and_sql_null_are_both_missing(rows_of):
    runs = rows_of("Run")
    assert runs.filter(extra_data=None).count() == runs.filter(extra_data__isnull=True).count() == 4
    assert runs.filter(params__isnull=False).to_list("id") == [1, 3, 4]
    assert runs.exclude(extra_data=None).count() == 0


@pytest.mark.parametrize("value", ["text", "", "1", 1, 0, 1.5, -2.0, 2.5e-7, True, False])
def test_json_values_are_compared_with_their_type(database, value):
    values = ["text", "", "1", 1, 0, 1.5, -2, 2.5e-7, True, False, None, [1], {"a": 1}]
    run = ln.Run.filter()
    rows = [{"transform_id": 1, "created_by_id": 1, "uid": f"{n:020}", "extra_data": value} for n, value in enumerate(values)]
    table = ln.Run.__table__
    with database.writing() as transaction:
        transaction.connection.execute(
            sa.insert(ln.Transform.__table__),
            {"id": 1, "uid": "t" * 16, "key": "a.py", "kind": "script", "created_by_id": user_id(transaction.connection)},
        )
        creator = user_id(transaction.connection)
        for row in rows:
            transaction.connection.execute(sa.insert(table), row | {"created_by_id": creator})
    found = run.filter(extra_data=value).to_list("extra_data")
    assert found == [value]
    assert [type(one) for one in found] == [int if value == -2 else type(value)]


def user_id(connection):
    users = ln.User.__table__
    found = connection.execute(sa.select(users.c.id)).scalars().first()
    if found is None:
        insert = sa.insert(users).values(uid="u" * 8, handle="ada").returning(users.c.id)
        found = connection.execute(insert).scalar_one()
    return found


def test_conditions_of_one_call_are_about_one_related_row(rows_of):
    artifacts = rows_of("Artifact")
    assert artifacts.filter(ulabels__name="alpha", ulabels__created_by__handle="bob").to_list("id") == []
    assert artifacts.filter(ulabels__name="alpha").filter(ulabels__created_by__handle="bob").to_list("id") == [1, 7]
    mixed = Q(ulabels__name="alpha") & (Q(ulabels__created_by__handle="bob") | Q(size=10))
    assert artifacts.filter(mixed).to_list("id") == [1]
    either = Q(ulabels__name="nothing") | Q(input_of_runs=2)  # ties both relations together
    assert artifacts.filter(either, ulabels__name="alpha", input_of_runs=3).to_list("id") == []
    assert artifacts.filter(either, ulabels__name="alpha").filter(input_of_runs=3).to_list("id") == [1]
    assert artifacts.filter(ulabels__name="alpha", ulabels__links_artifact__feature__name="tissue").to_list("id") == [1, 2, 7]


def test_exclude_is_the_complement(rows_of):
    labels = rows_of("ULabel")
    assert labels.exclude(description="first").to_list("id") == [1, 2, *range(4, 14)]
    assert labels.exclude(description__gt="b").to_list("id") == [1, 2, 4, 5, 6, 7, 9, 10, 11, 12]
    assert labels.exclude(artifacts__key="pbmc.h5ad").to_list("id") == [1, 2, 5, 6, 8, 9, 10, 11, 12, 13]
    assert labels.exclude().count() == labels.filter(~Q()).count() == 13  # no condition leaves nothing out
    assert labels.filter(~Q(~Q(name="alpha"))).to_list("id") == [3]


def test_rows_are_never_repeated(rows_of):
    assert rows_of("Artifact").filter(ulabels__name__icontains="a").to_list("id") == [1, 2, 7, 8]
    assert rows_of("Artifact").filter(ulabels__name="alpha").count() == 3


def test_sqlalchemy_expressions(rows_of):
    artifacts = rows_of("Artifact")
    assert artifacts.filter(ln.Artifact.size > 1000).to_list("id") == [2]
    assert artifacts.exclude(ln.Artifact.size > 1000).to_list("id") == [1, 4, 5, 7, 8]
    assert artifacts.filter(ln.Artifact.is_latest).to_list("id") == [2, 4, 5]
    assert artifacts.filter(Q(ln.Artifact.size > 5) | Q(key=None), is_latest=True).to_list("id") == [2, 5]
    assert artifacts.filter(Q(key=None) | (ln.Artifact.size > 5), is_latest=True).to_list("id") == [2, 5]
    assert artifacts.filter(ln.Artifact.size > 5, ulabels__name="alpha").to_list("id") == [1, 2]


def test_a_relation_takes_records_and_query_sets(rows_of):
    labels, artifacts = rows_of("ULabel"), rows_of("Artifact")
    alpha, tissue = labels.get(3), labels.get(name="Tissue")
    assert artifacts.filter(ulabels=alpha).to_list("id") == [1, 2, 7]
    assert artifacts.filter(ulabels__in=[alpha, 8]).to_list("id") == [1, 2, 7]
    assert labels.filter(type=tissue, type__in=[tissue, None]).to_list("id") == [3, 4, 5, 9]
    assert labels.filter(type__in=labels.filter(is_type=True, name="Disease")).to_list("id") == [6, 7, 10, 12]
    assert labels.filter(parents__in=labels.filter(parents__name="alp_a")).to_list("id") == [6]
    assert labels.exclude(type__in=labels.filter(name="nothing")).count() == 13
    assert labels.filter(type__in=labels.order_by("-name")[:2]).to_list("id") == []
    assert labels.filter(type__in=labels.order_by("id")[:1]).to_list("id") == [3, 4, 5, 9]


def test_a_record_of_another_database_is_found_by_its_uid(database, other_database):
    here = ln.ULabel(name="kind", is_type=True).save()
    ln.ULabel(name="mine", type=here).save()
    ln.ULabel(name="free").save()
    there = ln.ULabel._all(other_database)
    with other_database.writing() as transaction:
        table = ln.ULabel.__table__
        creator = user_id(transaction.connection)
        for row_id, uid, type_id in ((7, here.uid, None), (8, "other000", 7), (9, "more0000", None)):
            values = {"id": row_id, "uid": uid, "name": uid, "type_id": type_id, "created_by_id": creator}
            transaction.connection.execute(sa.insert(table), values)
    assert there.filter(type=here).to_list("id") == [8]
    assert there.filter(type__in=[here]).to_list("id") == [8]
    assert there.exclude(type=here).to_list("id") == [7, 9]
    assert there.filter(type__in=ln.ULabel.filter(name="kind")).to_list("id") == [8]
    assert ln.ULabel.filter(type=there.get(7)).to_list("name") == ["mine"]


def test_a_record_is_looked_up_before_it_is_saved(database):
    kind = ln.ULabel(name="kind", is_type=True).save()
    ln.ULabel(name="a", type=kind).save()
    assert ln.ULabel.filter(type=ln.ULabel(name="kind", is_type=True)).to_list("name") == ["a"]
    with pytest.raises(ln.errors.UnsavedRecord, match=r"name='new'.* is not saved yet"):
        ln.ULabel.filter(type=ln.ULabel(name="new")).count()


@pytest.mark.parametrize("count", [99, 100, 40_000])
def test_long_lists(rows_of, count):
    labels = rows_of("ULabel")
    names = [f"no label {number}" for number in range(count - 1)]
    assert labels.filter(name__in=[*names, "alpha"]).to_list("id") == [3]
    assert labels.filter(id__in=range(3, count + 3)).count() == len(labels.filter(id__gte=3))
    assert labels.exclude(name__in=[*names, "alpha"]).count() == 12
    assert labels.filter(description__in=[*names, None]).count() == labels.filter(description=None).count()
    assert labels.filter(type__in=[*range(2, count), None]).count() == 9


PATTERNS = st.recursive(
    st.sampled_from([*"abAé1_ .βΕ^$", *(rf"\{letter}" for letter in "dDwWsb."), "[a-c]", "[^a]", r"[\w%]", "[^\n]"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])).map(lambda drawn: f"(?:{drawn[0]}){drawn[1]}"),
    ),
    max_leaves=5,
)


def test_regular_expressions_mean_the_same(world, rows_of):
    labels = rows_of("ULabel", EVERYTHING)
    names = {row["id"]: row["name"] for row in world.of("lamindb.ULabel")}

    @hypothesis.seed(0)
    @settings(max_examples=150, deadline=None, database=None)
    @given(PATTERNS)
    def check(pattern):
        # in Python, where it counts: ASCII classes, and `$` not before a last line break
        compiled = re.compile(pattern.replace("$", r"\Z"), re.ASCII)
        assert labels.filter(name__regex=pattern).to_list("id") == [row for row, name in names.items() if compiled.search(name)]

    check()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("^al.*a$", [3, 5, 6]), (r"\bla\b", [10]), ("[*_]", [5, 7]), (r"^\w+$", [1, 2, 3, 4, 5, 11]), (r"😀|\?", [7, 12])],
)
def test_regex(rows_of, pattern, expected):
    assert rows_of("ULabel").filter(name__regex=pattern).to_list("id") == expected


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(", r"'\(' is not a regular expression"),
        ("[abc", r"'\[abc' is not a regular expression: a '\[' is never closed"),
        ("(?i)a", r"uses '\(\?i', which the databases do not read alike"),
        ("(?=a)", r"uses '\(\?='"),
        (r"(a)\1", r"uses '\\\\1'"),
        (r"\p", r"uses '\\\\p'"),
        ("a**", r"uses '\*'"),
        ("*a", r"uses '\*'"),
        ("a{,3}", r"uses '\{,3}'"),
        ("a{256}", r"uses '\{256}'"),
        ("[[:alpha:]]", r"uses '\[:'"),
        ("a\\", r"uses '\\\\'"),
    ],
)
def test_other_regular_expressions_are_refused(pattern, said):
    with pytest.raises(ln.errors.InvalidArgument, match=said):
        shared(pattern)
