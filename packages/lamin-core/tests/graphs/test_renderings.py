"""What graphs look like as text, Mermaid and SVG."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from lamindb.graphs.glyphs import fitted, width
from lamindb.graphs.graph import Graph, Node
from lamindb.graphs.mermaid import escaped, to_mermaid
from lamindb.graphs.svg import to_svg
from lamindb.graphs.text import DEEPEST, to_text
from lamindb.lineage.graph import STYLE, Kind, LineageGraph
from lamindb.printing import one_line, shortened

from .samples import PICTURES, graph, layered, screen, wild

RENDERERS: dict[str, Callable[[Graph], str]] = {".txt": to_text, ".mmd": to_mermaid, ".svg": to_svg}
SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    "<b>&amp;\"'",
    "</text>",
    "]]>",
    "1. one",
    "- two",
    "__init__.py",
    'a"]:::x',
    "end",
    "%% no",
    "`x`",
    "#quot;",
    "Größe α",
    "\\",
    "🧬",
]


@pytest.mark.parametrize("suffix", RENDERERS)
def test_one_of_everything(suffix: str) -> None:
    kept = (PICTURES / f"screen{suffix}").read_text(encoding="utf-8")
    assert RENDERERS[suffix](screen()) == kept, "if this is better, run samples.py and look at the change"


def test_the_order_in_which_rows_came_makes_no_difference_to_text() -> None:
    one = screen()
    other = LineageGraph(one.subject, {name: one.nodes[name] for name in reversed(list(one.nodes))}, one.edges[::-1], one.hidden)
    assert to_text(other) == to_text(one)


# ---- text -------------------------------------------------------------------------------------------------------------------
def test_a_subject_alone() -> None:
    assert to_text(graph([Node(Kind.artifact, "a", "a.csv")], [])) == "artifact a.csv\n└─ no lineage is recorded\n"


def test_what_was_drawn_is_referred_to() -> None:
    assert to_text(layered(2, 2)) == (
        "artifact 1/0.parquet\n"
        "├─ made by run step0.py (2026-01-01 10:00 UTC)\n"
        "│  ├─ from artifact 0/0.parquet\n"
        "│  ├─ from artifact 0/1.parquet\n"
        "│  └─ also made artifact 1/1.parquet\n"
        "└─ read by run step1.py (2026-01-01 10:00 UTC)\n"
        "   ├─ made artifact 2/0.parquet\n"
        "   ├─ made artifact 2/1.parquet\n"
        "   └─ also from artifact 1/1.parquet\n"
    )
    lines = to_text(layered(4, 2)).splitlines()
    assert "│  ├─ from artifact 1/1.parquet, made by run step0.py (2026-01-01 10:00 UTC) (see above)" in lines


def test_a_circle_ends() -> None:
    nodes = [Node(Kind.artifact, "a", "a.csv"), Node(Kind.run, "r", "r.py")]
    assert to_text(graph(nodes, [("a", "r", "input"), ("r", "a", "created")])) == (
        "artifact a.csv\n"
        "├─ made by run r.py, from artifact a.csv (see above)\n"
        "└─ read by run r.py, made artifact a.csv (see above)\n"
    )


def test_long_chains_go_on_below() -> None:
    text = to_text(layered(60, 1))
    assert max(map(len, text.splitlines())) < 3 * DEEPEST + 80
    assert text.count("continued\n") == text.count("(see below)\n") > 3
    for number in range(61):
        assert f"artifact {number}/0.parquet" in text
    assert "\nartifact 24/0.parquet, continued\n└─ made by run step23.py (2026-01-01 10:00 UTC)\n" in text


def test_an_unfinished_search_says_so() -> None:
    nodes = [Node(Kind.artifact, "a", "a.csv")]
    assert to_text(graph(nodes, [], is_complete=False)).endswith("\n\n(there is more: the search ended at what is nearest)\n")


def test_workflows_of_transforms() -> None:
    nodes = [Node(Kind.transform, "b", "b.py"), Node(Kind.transform, "a", "a.py"), Node(Kind.run, "r", "b.py", "then")]
    assert to_text(graph(nodes, [("a", "b", "precedes"), ("b", "r", "executed")], {("b", "after"): 2})) == (
        "transform b.py\n├─ after transform a.py\n├─ executed in run b.py (then)\n└─ executed in 2 more\n"
    )


@pytest.mark.parametrize("seed", range(100))
def test_every_edge_of_a_subjects_lineage_is_in_the_text(seed: int) -> None:
    drawn = wild(seed)
    text = to_text(drawn)
    assert text.count("\n") < 40 + 20 * (len(drawn.nodes) + len(drawn.edges))
    assert all(drawn.nodes[edge.source].label in text for edge in drawn.before[drawn.subject])
    assert all(drawn.nodes[edge.target].label in text for edge in drawn.after[drawn.subject])


# ---- Mermaid ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b/c-1.csv", "a_b/c-1.csv"),
        ("__init__.py", "#95;#95;init#95;#95;.py"),
        ('x["]<b>&', "x#91;#34;#93;#60;b#62;#38;"),
        ("#quot;", "#35;quot#59;"),
        ("1. a", "1#46; a"),
        ("12. a", "12#46; a"),
        ("--- a", "#45;-- a"),
        ("`md` *x*", "#96;md#96; #42;x#42;"),
        ("Größe α", "Größe α"),
    ],
)
def test_labels_for_mermaid(text: str, expected: str) -> None:
    assert escaped(text) == expected


BOX = r'    \w+(\("|\["|\[\["|\(\[")[\w ./:,()…#;<>-]*("\)|"\]|"\]\]|"\]\)):::(data|run|more)'
LINE = r"    \w+ (-->|-\.->|-\.-|-\. again \.->|-\. started \.->) \w+"
LOOK = r"    (classDef (data|run|subject|more) [a-z0-9#:,-]+|class \w+ subject)"


@pytest.mark.parametrize("seed", range(30))
def test_mermaid_of_anything_is_a_flowchart(seed: int) -> None:
    first, *lines = to_mermaid(wild(seed)).splitlines()
    assert first == "flowchart LR"
    for line in lines:
        assert re.fullmatch(f"{BOX}|{LINE}|{LOOK}", line), line


def test_mermaid_of_any_label_is_a_flowchart() -> None:
    nodes = [Node(Kind.artifact, f"n{number}", one_line(label), one_line(label)) for number, label in enumerate(NASTY)]
    for line in to_mermaid(graph(nodes, [])).splitlines()[1:]:
        assert re.fullmatch(f"{BOX}|{LINE}|{LOOK}", line), line


# ---- SVG --------------------------------------------------------------------------------------------------------------------
def parts(svg: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(f"{SVG}{tag}"))


def test_labels_come_back_from_the_picture() -> None:
    nodes = [Node(Kind.artifact, f"n{number}", one_line(label)) for number, label in enumerate(NASTY)]
    svg = to_svg(graph(nodes, []))
    assert {text.text for text in parts(svg, "text")} == {one_line(label) for label in NASTY}
    assert {title.text for title in parts(svg, "title")} >= {f"artifact {node.label} ({node.uid})" for node in nodes}


@pytest.mark.parametrize("seed", range(100))
def test_boxes_of_a_picture_do_not_overlap_and_lie_in_it(seed: int) -> None:
    svg = to_svg(wild(seed))
    root = ET.fromstring(svg)
    left, top, across, down = (float(number) for number in root.attrib["viewBox"].split())
    frames = []
    for group in root.iter(f"{SVG}g"):
        for frame in group.findall(f"{SVG}rect")[-1:]:  # a pile has two
            x, y, wide, high = (float(frame.attrib[name]) for name in ("x", "y", "width", "height"))
            assert left <= x <= x + wide <= left + across
            assert top <= y <= y + high <= top + down
            frames.append((x, y, wide, high))
            for text in group.iter(f"{SVG}text"):
                size = float(text.attrib["font-size"])
                assert width(text.text or "", size) <= wide
                assert y < float(text.attrib["y"]) < y + high
    for number, (x, y, wide, high) in enumerate(frames):
        for other_x, other_y, other_wide, other_high in frames[number + 1 :]:
            is_beside = x + wide <= other_x + 0.1 or other_x + other_wide <= x + 0.1
            assert is_beside or y + high <= other_y + 0.1 or other_y + other_high <= y + 0.1


def test_the_subject_stands_out() -> None:
    frames = [frame for frame in parts(to_svg(screen()), "rect") if frame.attrib["stroke"] == "#10b981"]
    assert len(frames) == 1


def test_the_legend_says_what_is_there() -> None:
    texts = {text.text for text in parts(to_svg(screen()), "text")}
    assert texts >= {"made again", "member of a collection", "started"}
    assert not {text.text for text in parts(to_svg(layered(1, 2)), "text")} & {"made again", "member of a collection", "started"}


def test_a_thousand_runs_are_drawn() -> None:
    svg = to_svg(layered(1000, 2))
    assert len(parts(svg, "rect")) == 1000 + 2 * 1001


# ---- signs ------------------------------------------------------------------------------------------------------------------
def test_widths() -> None:
    assert width("Hello", 10) == pytest.approx(7.22 + 5.56 + 2.22 + 2.22 + 5.56)
    assert width("", 10) == 0
    assert width("e\u0301", 10) == width("e", 10)
    assert width("細胞", 10) == 20


@pytest.mark.parametrize("text", ["short.csv", "a/very/long/path/with/many/parts/" * 5 + "file.parquet", "W" * 500, "細" * 100])
@pytest.mark.parametrize("most", [5.0, 50.0, 200.0])
def test_long_labels_lose_their_middle(text: str, most: float) -> None:
    shown = fitted(text, 12, most)
    assert shown == "…" or width(shown, 12) <= most
    if shown != text:
        start, end = shown.split("…")
        assert text.startswith(start)
        assert text.endswith(end)
        assert width(f"{start}…{end}" + "W", 12) > most - 12 or len(shown) == 1


def test_labels_are_one_line_without_control_characters() -> None:
    assert one_line("a\n b\tc  d") == "a b c d"
    assert one_line("\x1b[31mred\x07") == "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}"
    assert (
        one_line("a\u202eb\ud800c\ufffe")
        == "a" + "\N{REPLACEMENT CHARACTER}" + "b" + "\N{REPLACEMENT CHARACTER}c" + "\N{REPLACEMENT CHARACTER}"
    )
    assert shortened("abcdefghij", 5) == "ab…ij"
    assert shortened("abcde", 5) == "abcde"


def test_edges_know_whether_data_took_them() -> None:
    assert [STYLE.edges[kind].is_plain for kind in ("input", "created", "recreated", "member")] == [True, True, False, False]
