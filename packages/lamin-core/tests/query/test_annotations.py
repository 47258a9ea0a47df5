"""Numbers over related rows: right whatever else is counted, and usable wherever a field is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import EVERYTHING, Scope

from .conftest import World

Rows = Callable[..., QuerySet[Any]]
MINE = Scope(("contrib", "main"))


def related(world: World, scope: set[int], label_id: int) -> list[dict[str, Any]]:
    """The artifacts of a label, each once."""
    ids = {link["artifact_id"] for link in world.of("lamindb.ArtifactULabel") if link["ulabel_id"] == label_id}
    return [row for row in world.of("lamindb.Artifact") if row["id"] in ids and row["branch_id"] in scope]


@pytest.mark.parametrize(
    ("scope", "branches"), [(EVERYTHING, {-1, 0, 1, 2, 3}), (Scope(("main",)), {1}), (MINE, {1, 2})], ids=["all", "main", "mine"]
)
def test_numbers_of_several_relations_do_not_multiply(
    rows_of: Rows, world: World, world_database: Database, scope: Scope, branches: set[int]
) -> None:
    labels = rows_of("ULabel", scope).annotate(
        ln.Count("artifacts"),
        ln.Count("parents"),
        members=ln.Count("ulabels"),
        size=ln.Sum("artifacts__size"),
        mean=ln.Avg("artifacts__size"),
        first=ln.Min("artifacts__key"),
        last=ln.Max("artifacts__created_at"),
        kinds=ln.Count("artifacts__description", distinct=True),
    )
    rows_of("ULabel", scope).exists()  # looks up the branches
    with QueryLog(world_database).exactly(1):
        found = labels.to_list()
    links = world.of("lamindb.ULabel_parents")
    by_id = {row["id"]: row for row in world.of("lamindb.ULabel")}
    for label in found:
        artifacts = related(world, branches, label.id)
        sizes = [row["size"] for row in artifacts if row["size"] is not None]
        parents = [link for link in links if link["from_ulabel_id"] == label.id]
        assert label.artifacts__count == len(artifacts)
        assert label.parents__count == len(
            {one["to_ulabel_id"] for one in parents if by_id[one["to_ulabel_id"]]["branch_id"] in branches}
        )
        assert label.members == sum(row["type_id"] == label.id and row["branch_id"] in branches for row in by_id.values())
        assert label.size == (sum(sizes) if sizes else None)
        assert label.mean == (pytest.approx(sum(sizes) / len(sizes)) if sizes else None)
        assert label.first == min((row["key"] for row in artifacts if row["key"] is not None), default=None)
        assert label.last == max((row["created_at"] for row in artifacts), default=None)
        assert label.kinds == len({row["description"] for row in artifacts} - {None})
        assert {type(label.size), type(label.mean)} in ({int, float}, {type(None)})
    assert len(found) == len([row for row in by_id.values() if row["branch_id"] in branches])


def test_over_several_relations(rows_of: Rows, world: World) -> None:
    labels = rows_of("ULabel", EVERYTHING).annotate(
        codes=ln.Count("artifacts__run__transform", distinct=True),
        readers=ln.Count("artifacts__input_of_runs"),
        files=ln.Count("ulabels__artifacts"),
        of=ln.Max("artifacts__run__transform__key"),
        made=ln.Count("artifacts__run"),
    )
    runs = {row["id"]: row for row in world.of("lamindb.Run")}
    transforms = {row["id"]: row for row in world.of("lamindb.Transform")}
    inputs = world.of("lamindb.Artifact_input_of_runs")
    everywhere = {-1, 0, 1, 2, 3}
    for label in labels:
        artifacts = related(world, everywhere, label.id)
        made_by = [runs[row["run_id"]] for row in artifacts if row["run_id"] is not None]
        assert label.codes == len({run["transform_id"] for run in made_by})
        assert label.made == len(made_by), "once for each artifact"
        assert label.of == max((transforms[run["transform_id"]]["key"] for run in made_by), default=None)
        assert label.readers == len(
            {link["run_id"] for link in inputs if link["artifact_id"] in {row["id"] for row in artifacts}}
        )
        members = [row["id"] for row in world.of("lamindb.ULabel") if row["type_id"] == label.id]
        assert label.files == len({row["id"] for member in members for row in related(world, everywhere, member)})


def test_in_conditions_orders_values_and_frames(rows_of: Rows, world_database: Database) -> None:
    labels = rows_of("ULabel").annotate(n=ln.Count("artifacts"), size=ln.Sum("artifacts__size"))
    assert labels.filter(n__gte=2).to_list("id") == [3, 4]
    assert labels.filter(ln.Q(n=1, name__startswith="al") | ln.Q(n__gt=2)).to_list("id") == [3, 5, 7]
    assert labels.exclude(n=0).count() == labels.filter(n__gt=0).count() == labels.filter(artifacts__isnull=False).count()
    assert labels.filter(size__isnull=True).count() == labels.filter(size=None).count() == labels.filter(n=0).count()
    assert labels.filter(n__in=[2, 3], artifacts__key="pbmc.h5ad").to_list("id") == [3, 4]
    assert labels.order_by("-n", "name")[:2].to_list("id") == [3, 4]
    assert labels.order_by("size").last().size is None
    assert labels.order_by("-n").filter(n__gt=0).values("name", "n")[0] == {"name": "alpha", "n": 3}
    assert labels.values()[2]["n"] == 3
    assert labels.to_list("n") == labels.values_list("n", flat=True)
    assert labels.filter(n__gt=0).aggregate(ln.Max("n"), total=ln.Sum("n")) == {"n__max": 3, "total": 8}
    with QueryLog(world_database).exactly(1):
        frame = labels.filter(id__in=[1, 3]).to_dataframe(order_by="id")
    assert list(frame.columns)[-2:] == ["n", "size"]
    assert (frame["n"].dtype, frame["size"].dtype) == ("int64", "Int64")
    assert frame["n"].tolist() == [0, 3]
    assert list(labels.to_dataframe(include="description").columns) == ["uid", "name", "description", "n", "size"]
    assert labels.none().to_dataframe().dtypes["size"] == pd.Int64Dtype()
    assert labels.filter(id=3).to_arrow().column("n").to_pylist() == [3]
    assert (labels.get(3).n, labels.filter(n=3).one().n, labels.first().n, labels[2:3][0].n) == (3, 3, 0, 3)


def test_sets_made_of_annotated_sets(rows_of: Rows) -> None:
    labels = rows_of("ULabel").annotate(n=ln.Count("artifacts"))
    many, tissue = labels.filter(n__gt=1), rows_of("ULabel").filter(type__name="Tissue")
    assert (many | tissue).to_list("id") == [3, 4, 5, 9]
    assert (tissue & many).to_list("id") == [3, 4]
    assert rows_of("Artifact").filter(ulabels__in=many).to_list("id") == [1, 2, 7]
    assert labels.annotate(p=ln.Count("parents")).filter(n=3, p=2).to_list("id") == [3]


def test_related_rows_are_those_that_are_seen(rows_of: Rows) -> None:
    artifacts = rows_of("Artifact").annotate(n=ln.Count("ulabels"))
    assert artifacts.get(4).n == artifacts.get(key="raw/100%_a.csv").n == 0, "its label lies in the trash"
    assert artifacts.include_trash().get(4).n == 1
    assert artifacts.filter(branch=None).get(4).n == 1
    assert artifacts.filter(ulabels=14).one().n == 1, "who names it sees it"
    assert rows_of("User").annotate(n=ln.Count("created_artifacts")).get(1).n == 6


def test_linked_twice_it_counts_once(rows_of: Rows) -> None:
    artifacts = rows_of("Artifact").annotate(
        n=ln.Count("ulabels"), names=ln.Count("ulabels__name"), links=ln.Count("links_ulabel")
    )
    assert (artifacts.get(1).n, artifacts.get(1).names, artifacts.get(1).links) == (2, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "named", "error", "said"),
    [
        ((), {}, InvalidArgument, "annotate needs at least one of Count, Sum"),
        (("artifacts",), {}, InvalidArgument, r"annotate takes Count, .*, not 'artifacts'"),
        ((), {"n": ln.Count("artefacts")}, FieldError, "ULabel has no field 'artefacts'; did you mean 'artifacts'"),
        ((), {"n": ln.Sum("artifacts__key")}, FieldError, r"ULabel\.artifacts__key \(text\) has no sum"),
        ((), {"n": ln.Sum("artifacts")}, FieldError, r"ULabel\.artifacts \(relation\) has no sum"),
        ((), {"n": ln.Count("name")}, FieldError, "has one value in a row, so there is nothing to annotate"),
        ((), {"n": ln.Count("type__name")}, FieldError, "has one value in a row"),
        ((), {"name": ln.Count("artifacts")}, InvalidArgument, "ULabel has a 'name' already; choose another name"),
        ((), {"artifacts": ln.Count("artifacts")}, InvalidArgument, "ULabel has a 'artifacts' already"),
        ((), {"save": ln.Count("artifacts")}, InvalidArgument, "ULabel has a 'save' already"),
        ((), {"pk": ln.Count("artifacts")}, InvalidArgument, "ULabel has a 'pk' already"),
        ((), {"_n": ln.Count("artifacts")}, InvalidArgument, "'_n' is no name for a number of ULabel"),
        ((ln.Count("artifacts"), ln.Count("artifacts")), {}, InvalidArgument, "two numbers have one name: artifacts__count"),
    ],
)
def test_what_is_no_number(rows_of: Rows, arguments: Any, named: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        rows_of("ULabel").annotate(*arguments, **named)


def test_how_numbers_are_compared(rows_of: Rows) -> None:
    labels = rows_of("ULabel").annotate(n=ln.Count("artifacts"), first=ln.Min("artifacts__key"))
    with pytest.raises(FieldError, match=r"ULabel\.n \(integer\) cannot be compared by 'startswith'"):
        labels.filter(n__startswith="a")
    with pytest.raises(InvalidArgument, match=r"ULabel\.n is compared by exact with a whole number, got 'many'"):
        labels.filter(n="many")
    with pytest.raises(InvalidArgument, match="ULabel has a 'n' already"):
        labels.annotate(n=ln.Count("parents"))
    assert labels.filter(first__startswith="pbmc", n__lt=3).to_list("id") == [7]
    last = rows_of("ULabel").annotate(last=ln.Max("artifacts__created_at"))
    assert last.filter(last__year=2024).count() == last.filter(last__isnull=False).count() == 5
    with pytest.raises(FieldError, match=r"ULabel\.last__year \(integer\) cannot be compared by 'contains'"):
        last.filter(last__year__contains=1)
