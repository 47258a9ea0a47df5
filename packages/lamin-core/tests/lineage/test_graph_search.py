"""Lineage graphs hold what leads to and from a record, in a fixed number of statements, on both databases. Numbers are those of
the acceptance list.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import InvalidArgument, UnsavedRecord
from lamindb.graphs.graph import Graph
from lamindb.lineage import graph_search
from lamindb.lineage.graph import Kind

from .graph_lakes import Lake, Name, layered, wild

STATEMENTS = 4
"""What leads to and from; edges; data; runs."""


@pytest.fixture
def lake(database: Database) -> Lake:
    return Lake(database)


def lineage(lake: Lake, name: Name, both: bool = True, **options: Any) -> Graph:
    record = lake.record(name)
    found = record.view_lineage(both, return_graph=True, **options)
    assert isinstance(found, Graph)
    return found


def drawn(graph: Graph) -> dict[str, list[str]]:
    """Labels by kind."""
    return {
        kind.name: sorted(node.label for node in graph.nodes.values() if node.kind is kind)
        for kind in Kind
        if any(node.kind is kind for node in graph.nodes.values())
    }


def edges(graph: Graph) -> set[tuple[str, str, str]]:
    label = {name: node.label for name, node in graph.nodes.items()}
    return {(label[edge.source], label[edge.target], edge.kind) for edge in graph.edges}


# ---- what is in it ----------------------------------------------------------------------------------------------------------
def test_34_nodes_and_edges_are_those_of_a_brute_force_search_on_200_graphs(lake: Lake) -> None:
    parts = [wild(lake, seed) for seed in range(200)]
    lake.write()
    chance = random.Random(1)
    for names, arrows_of_part in parts:
        subject = chance.choice(names)
        both, distance = chance.random() < 0.7, chance.choice([None, None, 0, 1, 2, 3])
        graph = lineage(lake, subject, both, distance=distance, limit=None)
        nodes, arrows = lake.names(graph)
        expected_nodes, expected_arrows = lake.expected(subject, arrows_of_part, with_after=both, distance=distance)
        assert nodes == expected_nodes, (subject, both, distance)
        assert arrows == expected_arrows, (subject, both, distance)
        assert graph.hidden == {}
        assert graph.is_complete


@pytest.mark.parametrize("kind", Kind)
def test_34_the_number_of_statements_is_fixed(lake: Lake, kind: Kind) -> None:
    subjects: list[list[Name]] = []
    for levels in (2, 200):
        middle = layered(lake, levels, 6)
        transform = (Kind.transform, lake._ids[Kind.transform])
        collection, record = lake.data(Kind.collection), lake.data(Kind.record)
        run = lake.run(transform)
        lake.members(collection, *middle)
        lake.read(run, record, collection)
        subjects.append([middle[0], collection, record, run, transform])
    lake.write()
    for part in subjects:
        subject = next(name for name in part if name[0] is kind)
        loaded = lake.record(subject)
        with QueryLog(lake.database).exactly(STATEMENTS + (kind is Kind.transform)):
            loaded.view_lineage(return_graph=True)


def test_34_layers_of_six_datasets_need_as_many_statements_as_one(lake: Lake) -> None:
    parts = [(levels, width, layered(lake, levels, width)) for levels, width in ((1, 1), (5, 6), (6, 5), (40, 1))]
    lake.write()
    for levels, width, middle in parts:
        loaded = lake.record(middle[0])
        with QueryLog(lake.database).exactly(STATEMENTS):
            graph = loaded.view_lineage(return_graph=True)
        assert (len(graph.nodes), len(graph.edges)) == (levels + width * (levels + 1), 2 * width * levels)


def test_34_a_thousand_runs_are_all_found(lake: Lake) -> None:
    middle = layered(lake, 1000, 6)
    lake.write()
    loaded = lake.record(middle[3])
    with QueryLog(lake.database).exactly(STATEMENTS):
        graph = loaded.view_lineage(return_graph=True)
    assert len(graph.nodes) == 1000 + 6 * 1001
    assert len(graph.edges) == 2 * 6 * 1000


def test_34_data_without_a_run_shows_the_runs_that_read_it(lake: Lake) -> None:
    raw = lake.data()
    run = lake.run(lake.transform())
    lake.read(run, raw, lake.data())
    lake.data(Kind.artifact, run)
    lake.write()
    assert edges(lineage(lake, raw)) == {
        ("artifact1", "t1.py", "input"),
        ("artifact2", "t1.py", "input"),
        ("t1.py", "artifact3", "created"),
    }
    assert drawn(lineage(lake, raw, both=False)) == {"artifact": ["artifact1"]}


def test_34_a_circle_ends_the_search(lake: Lake) -> None:
    run, other = (lake.run(lake.transform()) for _ in range(2))
    first, second = lake.data(Kind.artifact, run), lake.data(Kind.artifact, other)
    lake.read(other, first, second)
    lake.read(run, second)
    lake.write()
    for distance in (None, 1, 50, 99, 100, 101, 10**9):
        graph = lineage(lake, first, distance=distance)
        assert drawn(graph) == {"run": ["t1.py", "t2.py"], "artifact": ["artifact1", "artifact2"]}


def test_siblings_are_drawn_but_not_what_came_of_them(lake: Lake) -> None:
    run = lake.run(lake.transform())
    subject, sibling = lake.data(Kind.artifact, run), lake.data(Kind.artifact, run)
    lake.read(lake.run(lake.transform()), sibling)
    lake.write()
    assert drawn(lineage(lake, subject)) == {"run": ["t1.py"], "artifact": ["artifact1", "artifact2"]}


def test_34_collections_come_from_their_members(lake: Lake) -> None:
    run = lake.run(lake.transform())
    made, other = lake.data(Kind.artifact, run), lake.data()
    collection = lake.data(Kind.collection)
    lake.members(collection, made, other)
    reader = lake.run(lake.transform())
    lake.read(reader, collection)
    lake.write()
    expected = {
        ("t1.py", "artifact1", "created"),
        ("artifact1", "collection1", "member"),
        ("artifact2", "collection1", "member"),
        ("collection1", "t2.py", "input"),
    }
    for subject in (collection, made, run, reader):
        assert edges(lineage(lake, subject)) == expected
    assert ("t1.py", "artifact1", "created") not in edges(lineage(lake, other))


def test_34_runs_that_made_something_again_and_those_that_started_runs(lake: Lake) -> None:
    flow = lake.run(lake.transform())
    step = lake.run(lake.transform(), by=flow)
    inner = lake.run(lake.transform(), by=step)
    made = lake.data(Kind.artifact, inner)
    again = lake.run(lake.transform())
    lake.remade(again, made)
    lake.write()
    assert edges(lineage(lake, made)) == {
        ("t1.py", "t2.py", "initiated"),
        ("t2.py", "t3.py", "initiated"),
        ("t3.py", "artifact1", "created"),
        ("t4.py", "artifact1", "recreated"),
    }
    assert edges(lineage(lake, again)) == {("t4.py", "artifact1", "recreated")}


def test_transforms_show_their_runs_and_workflow(lake: Lake) -> None:
    first, second, third = (lake.transform() for _ in range(3))
    lake.follows(second, first)
    lake.follows(third, second)
    run = lake.run(second)
    lake.read(run, lake.data())
    lake.data(Kind.artifact, run)
    lake.write()
    before = {
        ("t1.py", "t2.py", "precedes"),
        ("t2.py", "t2.py", "executed"),
        ("artifact1", "t2.py", "input"),
        ("t2.py", "artifact2", "created"),
    }
    assert edges(lineage(lake, second, both=False)) == before
    assert edges(lineage(lake, second)) == before | {("t2.py", "t3.py", "precedes")}
    assert drawn(lineage(lake, third, both=False, distance=1)) == {"transform": ["t2.py", "t3.py"]}


# ---- branches ---------------------------------------------------------------------------------------------------------------
def test_only_the_current_branch_main_and_the_archive_are_seen(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    branches = {name: ln.Branch(name=name).save().id for name in ("mine", "other")}
    run = lake.run(lake.transform())
    subject = lake.data(Kind.artifact, run)
    for name, branch in {"main": 1, "archive": 0, "trash": -1, **branches}.items():
        lake.data(Kind.artifact, run, branch, key=name)
        reader = lake.run(lake.transform(key=f"{name}.py"), branch)
        lake.read(reader, subject)
    lake.write()
    assert drawn(lineage(lake, subject)) == {
        "run": ["archive.py", "main.py", "t1.py"],
        "artifact": ["archive", "artifact1", "main"],
    }
    monkeypatch.setattr(lake.database, "instance", replace(lake.database.instance, branch="mine"))
    assert drawn(lineage(lake, subject)) == {
        "run": ["archive.py", "main.py", "mine.py", "t1.py"],
        "artifact": ["archive", "artifact1", "main", "mine"],
    }


def test_the_subject_is_shown_wherever_it_is(lake: Lake) -> None:
    run = lake.run(lake.transform())
    subject = lake.data(Kind.artifact, run, -1)
    reader = lake.run(lake.transform(), -1)
    lake.read(reader, lake.data(Kind.artifact, run))
    lake.write()
    assert edges(lineage(lake, subject)) == {("t1.py", "artifact1", "created"), ("t1.py", "artifact2", "created")}
    assert edges(lineage(lake, reader)) == {
        ("t1.py", "artifact2", "created"),
        ("artifact2", "t2.py", "input"),
    }


# ---- bounds -----------------------------------------------------------------------------------------------------------------
def test_distance_counts_runs(lake: Lake) -> None:
    middle = layered(lake, 10, 1)
    lake.write()
    runs = [len(drawn(lineage(lake, middle[0], distance=distance)).get("run", [])) for distance in (0, 1, 2, 4, 20, 200)]
    assert runs == [0, 2, 4, 8, 10, 10]
    run = (Kind.run, 5)
    assert drawn(lineage(lake, run, distance=0)) == {"run": ["t1.py"], "artifact": ["artifact5", "artifact6"]}


def test_of_many_neighbours_the_newest_are_drawn_and_the_rest_is_counted(lake: Lake) -> None:
    run = lake.run(lake.transform())
    lake.read(run, *(lake.data() for _ in range(30)))
    outputs = [lake.data(Kind.artifact, run) for _ in range(1000)]
    for _ in range(15):
        lake.read(lake.run(lake.transform()), outputs[3])
    lake.write()
    subject = outputs[3]
    graph = lineage(lake, subject)
    run_name = next(name for name, node in graph.nodes.items() if node.label == "t1.py")
    assert graph.hidden == {(run_name, "before"): 20, (run_name, "after"): 990, (graph.subject, "after"): 5}
    assert drawn(graph) == {
        "run": sorted(["t1.py", *(f"t{number}.py" for number in range(7, 17))]),
        "artifact": sorted([f"artifact{number}" for number in (*range(21, 31), 34, *range(1022, 1031))]),
    }
    assert len(lineage(lake, subject, limit=None).nodes) == 1 + 30 + 1000 + 15
    assert lineage(lake, subject, limit=None).hidden == {}


def test_what_leads_further_is_drawn_before_what_does_not(lake: Lake) -> None:
    run = lake.run(lake.transform())
    first = lake.data(Kind.artifact, run)
    for _ in range(20):
        lake.data(Kind.artifact, run)
    lake.read(lake.run(lake.transform()), first)
    lake.write()
    graph = lineage(lake, run, limit=2)
    assert drawn(graph) == {"run": ["t1.py", "t2.py"], "artifact": ["artifact1", "artifact21"]}


def test_a_search_that_ends_early_says_so(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    middle = layered(lake, 30, 2)
    lake.write()
    monkeypatch.setattr(graph_search, "MOST", 10)
    graph = lineage(lake, middle[0])
    assert not graph.is_complete
    assert len(drawn(graph)["run"]) <= 10
    assert "(there is more" in str(graph)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"distance": -1}, "distance is a whole number from 0 on, or None for no end, not -1"),
        ({"distance": True}, "distance is a whole number from 0 on, or None for no end, not True"),
        ({"limit": 0}, "limit is a whole number from 1 on, or None for no end, not 0"),
        ({"limit": "2"}, "limit is a whole number from 1 on, or None for no end, not '2'"),
        ({"format": "txt"}, "format is one of text, mermaid, svg, not 'txt'; did you mean 'text'?"),
    ],
)
def test_bad_arguments(lake: Lake, options: dict[str, Any], message: str) -> None:
    name = lake.data()
    lake.write()
    with pytest.raises(InvalidArgument) as raised:
        lineage(lake, name, **options)
    assert str(raised.value) == message


def test_records_that_are_not_saved_have_no_lineage(database: Database) -> None:
    with pytest.raises(UnsavedRecord, match=r"^save this Transform before looking at its lineage$"):
        ln.Transform(key="x.py").view_lineage()


def test_a_row_that_is_gone_is_named(lake: Lake) -> None:
    name = lake.data()
    lake.write()
    loaded = lake.record(name)
    ln.Artifact.get(name[1]).delete(permanent=True, storage=False)
    with pytest.raises(UnsavedRecord, match=r"^this Artifact is not in .* any more, so there is nothing to look at$"):
        loaded.view_lineage()


# ---- labels -----------------------------------------------------------------------------------------------------------------
def node(graph: Graph) -> tuple[str, str]:
    subject = graph.nodes[graph.subject]
    return subject.label, subject.detail


def test_labels_of_data(lake: Lake) -> None:
    cases = {
        lake.data(key="a/b.csv"): ("a/b.csv", ""),
        lake.data(key=None, description="A  table\nof cells"): ("A table of cells", ""),
        lake.data(key=None, uid="abcdefgh12345678" + "0000"): ("abcdefgh123456780000", ""),
        lake.data(key="old", is_latest=False): ("old", "version 0000"),
        lake.data(key="new", uid="abcdefgh12345678" + "0001"): ("new", "version 0001"),
        lake.data(key="tagged", version_tag="2.0"): ("tagged", "version 2.0"),
        lake.data(Kind.record, name="Sample 1"): ("Sample 1", ""),
        lake.data(Kind.record, name=None, uid="rabcdefghijklmno"): ("rabcdefghijklmno", ""),
        lake.data(Kind.collection, key="all", version_tag="\x1b[1m"): ("all", "version \N{REPLACEMENT CHARACTER}[1m"),
    }
    lake.write()
    for name, expected in cases.items():
        assert node(lineage(lake, name)) == expected


def test_labels_of_runs(lake: Lake) -> None:
    script = lake.transform(key="clean.py")
    transfer = lake.transform(key="__lamindb_transfer__/abc", description="Transfer from `lab/db`")
    times: dict[str, Any] = {"started_at": datetime(2026, 1, 4, 9, 0, 59, tzinfo=UTC)}
    cases = {
        lake.run(script, **times): ("clean.py", "2026-01-04 09:00 UTC"),
        lake.run(script, **times, _status_code=1, entrypoint="main"): ("clean.py: main", "2026-01-04 09:00 UTC, errored"),
        lake.run(script, **times, _status_code=-3): ("clean.py", "scheduled"),
        lake.run(script, **times, _status_code=7): ("clean.py", "2026-01-04 09:00 UTC, status 7"),
        lake.run(transfer, **times): ("Transfer from `lab/db`", "2026-01-04 09:00 UTC"),
    }
    lake.write()
    for name, expected in cases.items():
        assert node(lineage(lake, name)) == expected


# ---- other databases --------------------------------------------------------------------------------------------------------
def test_a_record_of_another_database_is_looked_up_there(lake: Lake, other_database: Database) -> None:
    here, there = lake, Lake(other_database)
    for one, key in ((here, "here"), (there, "there")):
        run = one.run(one.transform())
        one.data(Kind.artifact, run, key=key)
        one.write()
    found = ln.Artifact._all(other_database).get(1)
    assert edges(found.view_lineage(return_graph=True)) == {("t1.py", "there", "created")}
