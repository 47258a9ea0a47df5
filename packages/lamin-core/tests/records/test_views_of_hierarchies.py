"""`view_parents` and `view_children`: what `query_parents` and `query_children` find, drawn."""

import itertools
import random
import sys
import xml.etree.ElementTree as ET
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument, UnsavedRecord
from lamindb.records import hierarchy_search
from lamindb.records.hierarchy import HierarchyGraph

LINK = ln.models.ULabel_parents.__table__


def label(name: str, *parents: ln.ULabel, **values: Any) -> ln.ULabel:
    made = ln.ULabel(name=name, **values).save()
    made.parents.add(*parents)
    return made


def tie(database: Database, pairs: list[tuple[int, int]]) -> None:
    """Write links as they may be in an adopted database: nobody looks for circles."""
    with database.writing() as transaction:
        transaction.connection.execute(LINK.insert(), [{"from_ulabel_id": a, "to_ulabel_id": b} for a, b in pairs])


def labels(graph: HierarchyGraph) -> set[str]:
    return {node.label for node in graph.nodes.values()}


@pytest.fixture
def cells(database: Database) -> dict[str, ln.ULabel]:
    cell = label("cell")
    lymphocyte = label("lymphocyte", cell)
    t_cell = label("T cell", lymphocyte)
    return {"cell": cell, "lymphocyte": lymphocyte, "T cell": t_cell, "B cell": label("B cell", lymphocyte)}


def test_pp25_parents_and_children_as_text(cells: dict[str, ln.ULabel], capsys: pytest.CaptureFixture[str]) -> None:
    assert cells["T cell"].view_parents() is None
    assert capsys.readouterr().out == "ulabel T cell\n└─ parent lymphocyte\n   └─ parent cell\n"
    assert cells["cell"].view_children() is None
    assert capsys.readouterr().out == "ulabel cell\n└─ child lymphocyte\n   ├─ child B cell\n   └─ child T cell\n"
    cells["lymphocyte"].view_parents(with_children=True)
    assert capsys.readouterr().out == "ulabel lymphocyte\n├─ parent cell\n├─ child B cell\n└─ child T cell\n"
    cells["cell"].view_parents()
    assert capsys.readouterr().out == "ulabel cell\n└─ no parents\n"
    cells["T cell"].view_children()
    assert capsys.readouterr().out == "ulabel T cell\n└─ no children\n"


def test_pp25_a_graph_is_returned_in_all_formats(cells: dict[str, ln.ULabel], tmp_path: Any) -> None:
    graph = cells["T cell"].view_parents(return_graph=True)
    assert repr(graph) == f"<HierarchyGraph of ulabel_{cells['T cell'].uid}: 3 records, 2 edges>"
    assert [graph.nodes[edge.source].label for edge in graph.edges] == ["cell", "lymphocyte"]
    mermaid = graph.to_mermaid()
    assert mermaid.startswith("flowchart LR\n")
    assert f"    ulabel_{cells['cell'].uid} --> ulabel_{cells['lymphocyte'].uid}\n" in mermaid
    assert "classDef data fill:#f0fdf4" in mermaid
    picture = ET.fromstring(graph.to_svg())
    assert {"cell", "lymphocyte", "T cell", "Parents of ulabel T cell"} <= {text.strip() for text in picture.itertext()}
    for suffix in (".txt", ".mmd", ".svg"):
        assert graph.save(tmp_path / f"cells{suffix}").stat().st_size


def test_pp25_a_notebook_shows_a_picture(cells: dict[str, ln.ULabel], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, str]] = []
    module: Any = ModuleType("IPython")
    module.get_ipython = lambda: SimpleNamespace(kernel=object(), display_pub=SimpleNamespace(publish=shown.append))
    monkeypatch.setitem(sys.modules, "IPython", module)
    cells["T cell"].view_parents()
    assert sorted(shown[0]) == ["image/svg+xml", "text/html", "text/plain"]


def test_pp25_records_of_the_same_name_are_never_mixed(database: Database) -> None:
    """LaminDB matches what is above by the value of the field."""
    kinds = [label(name, is_type=True) for name in ("one", "two")]
    first, second = (label("same", type=kind) for kind in kinds)
    above, elsewhere, below = label("above"), label("elsewhere"), label("below")
    first.parents.add(above)
    second.parents.add(elsewhere)
    below.parents.add(first)
    graph = below.view_parents(return_graph=True)
    assert labels(graph) == {"below", "same", "above"}
    below.parents.add(second)
    graph = below.view_parents(return_graph=True)
    assert len(graph.nodes) == 5
    assert sorted(node.detail for node in graph.nodes.values() if node.label == "same") == sorted([first.uid, second.uid])
    assert f"parent same ({first.uid})\n" in graph.to_text()


def test_pp25_distance_is_a_number_of_steps(database: Database, queries: Any) -> None:
    chain = [label(f"{number:02}") for number in range(12)]
    for below, above in itertools.pairwise(chain):
        below.parents.add(above)
    for distance, count in ((0, 1), (1, 2), (5, 6), (None, 12), (11, 12), (1000, 12)):
        with queries.exactly(3):
            graph = chain[0].view_parents(distance=distance, return_graph=True)
        assert len(graph.nodes) == count, distance
    assert len(chain[0].view_parents(return_graph=True).nodes) == 6
    assert len(chain[6].view_parents(None, True, 2, return_graph=True).nodes) == 5
    assert len(chain[-1].view_children(None, 3, return_graph=True).nodes) == 4


@pytest.mark.parametrize("seed", range(4))
def test_pp25_random_graphs_show_what_is_queried(database: Database, seed: int) -> None:
    """With circles, as adopted databases may have them, and records in the trash in between."""
    chance = random.Random(seed)
    made = [ln.ULabel(name=f"{number}") for number in range(25)]
    ln.save(made)
    pairs = {(chance.randrange(25), chance.randrange(25)) for _ in range(45)}
    tie(database, [(made[a].id, made[b].id) for a, b in pairs if a != b])
    for each in chance.sample(made, 3):
        each.delete()
    for each in made[:10]:
        graph = each.view_parents(with_children=True, distance=None, limit=None, return_graph=True)
        found = {each.name, *each.query_parents().to_list("name"), *each.query_children().to_list("name")}
        assert labels(graph) == found
        drawn = {(graph.nodes[edge.target].label, graph.nodes[edge.source].label) for edge in graph.edges}
        assert drawn <= {(str(a), str(b)) for a, b in pairs}
        assert graph.to_text()
        assert graph.to_svg()


def test_pp25_circles_of_an_adopted_database_end(database: Database) -> None:
    one, two = label("one"), label("two")
    tie(database, [(one.id, two.id), (two.id, one.id), (one.id, one.id)])
    for distance in (1, 5, None):
        graph = one.view_parents(with_children=True, distance=distance, return_graph=True)
        assert labels(graph) == {"one", "two"}
        assert len(graph.edges) == 2
        assert "(see above)" in graph.to_text()
        assert ET.fromstring(graph.to_svg()).tag.endswith("svg")


def test_pp25_what_is_in_the_trash_cuts_the_walk(cells: dict[str, ln.ULabel]) -> None:
    cells["lymphocyte"].delete()
    assert labels(cells["T cell"].view_parents(return_graph=True)) == {"T cell"}
    assert labels(cells["lymphocyte"].view_parents(return_graph=True)) == {"lymphocyte", "cell"}
    cells["T cell"].parents.add(cells["cell"])
    assert labels(cells["T cell"].view_parents(return_graph=True)) == {"T cell", "cell"}


def test_pp25_ten_thousand_children_are_counted(database: Database, queries: Any) -> None:
    top = label("top")
    below = [ln.ULabel(name=f"child {number}") for number in range(10_000)]
    ln.save(below)
    tie(database, [(each.id, top.id) for each in below])
    below[-1].children.add(label("grandchild"))
    with queries.exactly(3):
        graph = top.view_children(return_graph=True)
    assert len(graph.nodes) == 12
    assert "child 9999" in labels(graph), "what leads further is drawn"
    assert "9,990 more children" in graph.to_text()
    assert "… 9,990 more" in graph.to_svg()
    with queries.exactly(3):
        assert len(top.view_children(limit=None, return_graph=True).nodes) == 10_002
    with queries.exactly(3):
        assert labels(below[0].view_parents(return_graph=True)) == {"child 0", "top"}


def test_pp25_a_large_graph_is_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [ln.ULabel(name=f"{number}") for number in range(3000)]
    ln.save(made)
    tie(database, [(made[number].id, made[number // 3].id) for number in range(1, 3000)])
    graph = made[0].view_children(distance=None, return_graph=True)
    assert len(graph.nodes) == hierarchy_search.MOST_DRAWN
    assert sum(graph.hidden.values()) > 500
    nearest = {str(number) for number in range(1 + 2 + 6 + 18)}
    assert nearest <= labels(graph)
    monkeypatch.setattr(hierarchy_search, "MOST_FOUND", 100)
    graph = made[0].view_children(distance=None, limit=None, return_graph=True)
    assert (len(graph.nodes), graph.is_complete) == (101, False)
    assert graph.to_text().endswith("(there is more: the search ended at what is nearest)\n")


AWKWARD = "<b>&amp; \"quoted\" 'x' ]]> --> <script>alert(1)</script>"


def test_pp25_names_with_markup_are_escaped(database: Database) -> None:
    above = label(AWKWARD)
    graph = label("new\nline", above).view_parents(return_graph=True)
    for picture in (graph.to_svg(), graph._repr_html_()):
        assert "<script>" not in picture
        titles = [text.text or "" for text in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}title")]
        assert any(AWKWARD in title for title in titles)
    assert "<" not in graph.to_mermaid().replace("<br/>", "").replace("<small>", "").replace("</small>", "")
    assert graph.to_text() == f"ulabel new line\n└─ parent {AWKWARD}\n"


def test_pp25_any_column_labels_the_records(cells: dict[str, ln.ULabel]) -> None:
    uids = {cells[name].uid for name in ("cell", "lymphocyte", "T cell")}
    for field in ("uid", ln.ULabel.uid):
        assert labels(cells["T cell"].view_parents(field, return_graph=True)) == uids
    cells["cell"].description = "the smallest unit"
    cells["cell"].save()
    found = labels(cells["T cell"].view_parents(field="description", return_graph=True))
    assert found == {"the smallest unit", cells["lymphocyte"].uid, cells["T cell"].uid}


@pytest.mark.parametrize("registry", ["Record", "Project"])
def test_pp25_other_registries_with_parents(database: Database, registry: str) -> None:
    above, below = (getattr(ln, registry)(name=name).save() for name in ("above", "below"))
    below.parents.add(above)
    assert below.view_parents(return_graph=True).to_text() == f"{registry.lower()} below\n└─ parent above\n"
    assert above.view_children(return_graph=True).to_text() == f"{registry.lower()} above\n└─ child below\n"
    assert below.query_parents().to_list() == [above]


def test_pp25_records_of_another_database(database: Database, other_database: Database) -> None:
    above = label("above")
    label("below", above)
    found = ln.DB(str(database.instance.folder)).ULabel.get(name="below")
    assert found.view_parents(return_graph=True).to_text() == "ulabel below\n└─ parent above\n"


def test_pp25_bad_input(cells: dict[str, ln.ULabel]) -> None:
    with pytest.raises(UnsavedRecord, match="save this ULabel before looking at its parents or children"):
        ln.ULabel(name="new").view_parents()
    one = cells["cell"]
    for values, error, text in (
        ({"distance": -1}, InvalidArgument, "distance is a whole number from 0 on, or None for no end, not -1"),
        ({"distance": "all"}, InvalidArgument, "distance is a whole number from 0 on, or None for no end, not 'all'"),
        ({"limit": 0}, InvalidArgument, "limit is a whole number from 1 on, or None for no end, not 0"),
        ({"format": "svgz"}, InvalidArgument, "format is one of text, mermaid, svg, not 'svgz'; did you mean 'svg'?"),
        ({"field": "nam"}, FieldError, "ULabel has no field 'nam'"),
        ({"field": "type"}, InvalidArgument, "field is a column of ULabel, as 'name', not 'type'"),
        ({"field": "created_by__handle"}, InvalidArgument, "field is a column of ULabel, as 'name', not 'created_by__handle'"),
        ({"field": 3}, InvalidArgument, "field is the name of a field, as 'name', not 3"),
    ):
        for method in (one.view_parents, one.view_children):
            with pytest.raises(error) as caught:
                method(**values)  # type: ignore[arg-type]
            assert str(caught.value).startswith(text)
    gone = ln.ULabel.get(cells["B cell"].id)
    cells["B cell"].delete(permanent=True)
    with pytest.raises(UnsavedRecord, match="any more, so there is nothing to look at"):
        gone.view_parents()
