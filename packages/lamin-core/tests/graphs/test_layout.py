"""Boxes are placed in layers: no two overlap, no edge passes through a box, edges run forwards."""

import itertools
import random

import pytest

from lamindb.graphs.layout import GAP, Layout, Placed, Wire, _Spot, crossings, lay_out, layers, spread, turned_around

SIZES = dict.fromkeys("abcdef", (100.0, 28.0))


def wires(*pairs: str) -> list[Wire]:
    return [Wire(pair[0], pair[1], "plain") for pair in pairs]


def random_case(seed: int) -> tuple[dict[str, tuple[float, float]], list[Wire]]:
    """Up to 60 boxes of several sizes and any edges between them, those in circles and to the box itself included."""
    chance = random.Random(seed)
    names = [f"n{number}" for number in range(chance.randint(1, 60))]
    sizes = {name: (chance.uniform(20, 260), chance.choice([28.0, 42.0])) for name in names}
    count = chance.randint(0, 2 * len(names))
    return sizes, [Wire(chance.choice(names), chance.choice(names), chance.choice(["plain", "dashed"])) for _ in range(count)]


def overlap(one: Placed, other: Placed) -> bool:
    apart_x = abs(one.x - other.x) >= (one.width + other.width) / 2 - 1e-6
    apart_y = abs(one.y - other.y) >= (one.height + other.height) / 2 - 1e-6
    return not apart_x and not apart_y


def passes_through(layout: Layout, box: Placed) -> bool:
    """Whether an edge runs through the inside of a box: its level parts are looked at, as its bends lie between layers."""
    left, right = box.x - box.width / 2, box.x + box.width / 2
    for (start, bend, unbend, end), (y0, y1), *_ in layout.segments:
        for x0, x1, y in ((start, bend, y0), (unbend, end, y1)):
            if min(x1, right) - max(x0, left) > 1e-6 and abs(y - box.y) < box.height / 2 - 1e-6:
                return True
    return False


@pytest.mark.parametrize("seed", range(100))
def test_boxes_do_not_overlap_and_edges_pass_between_them(seed: int) -> None:
    sizes, edges = random_case(seed)
    layout = lay_out(sizes, edges)
    assert set(layout.boxes) == set(sizes)
    for one, other in itertools.combinations(layout.boxes.values(), 2):
        assert not overlap(one, other)
    for box in layout.boxes.values():
        assert not passes_through(layout, box)
        assert box.x - box.width / 2 >= -1e-6
        assert box.y - box.height / 2 >= -1e-6
        assert box.x + box.width / 2 <= layout.width + 1e-6
        assert box.y + box.height / 2 <= layout.height + 1e-6


@pytest.mark.parametrize("seed", range(100))
def test_bends_lie_in_the_gap_between_two_layers(seed: int) -> None:
    layout = lay_out(*random_case(seed))
    ends = sorted({(box.x - box.width / 2, box.x + box.width / 2) for box in layout.boxes.values()})
    for (start, bend, unbend, end), _, _, _ in layout.segments:
        assert start <= bend + 1e-6
        assert unbend - bend == pytest.approx(GAP)
        assert unbend <= end + 1e-6
        assert not any(left < unbend - 1e-6 and right > bend + 1e-6 for left, right in ends)


@pytest.mark.parametrize("seed", range(50))
def test_every_edge_arrives(seed: int) -> None:
    sizes, edges = random_case(seed)
    drawn = [edge for edge in edges if edge.source != edge.target]
    layout = lay_out(sizes, edges)
    for look in ("plain", "dashed"):
        arrows = {
            (segment.x[3], segment.y[1]) if segment.head == "right" else (segment.x[0], segment.y[0])
            for segment in layout.segments
            if segment.head and segment.look == look
        }
        boxes = [layout.boxes[edge.target] for edge in drawn if edge.look == look]
        ends = {(box.x + side * box.width / 2, box.y) for box in boxes for side in (-1, 1)}
        assert all(any(arrow == pytest.approx(end) for end in ends) for arrow in arrows)
        for box in boxes:
            assert any(arrow == pytest.approx((box.x + side * box.width / 2, box.y)) for arrow in arrows for side in (-1, 1))


def test_the_same_graph_is_drawn_the_same_way() -> None:
    sizes, edges = random_case(7)
    assert lay_out(sizes, edges) == lay_out(sizes, edges)


def test_nothing_takes_no_room() -> None:
    assert lay_out({}, []) == Layout({}, [], 0.0, 0.0)
    assert lay_out({"a": (100.0, 28.0)}, []) == Layout({"a": Placed(50.0, 14.0, 100.0, 28.0)}, [], 100.0, 28.0)


# ---- the steps --------------------------------------------------------------------------------------------------------------
def test_a_box_is_in_the_layer_after_the_longest_way() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")]
    assert layers("abcd", edges) == {"a": 0, "b": 1, "c": 2, "d": 1}


def test_edges_that_close_a_circle_are_turned_around() -> None:
    assert turned_around("abc", wires("ab", "bc", "ca")) == {("c", "a")}
    assert turned_around("abc", wires("ab", "bc", "ac")) == set()
    assert turned_around("cab", wires("ab", "bc", "cb")) == {("c", "b")}
    assert turned_around("a", wires("aa")) == {("a", "a")}


def test_a_circle_of_ten_thousand_boxes_is_no_problem() -> None:
    names = [f"n{number}" for number in range(10_000)]
    ring = [Wire(a, b, "plain") for a, b in zip(names, [*names[1:], names[0]], strict=True)]
    assert turned_around(names, ring) == {(names[-1], names[0])}


def test_an_arrow_that_runs_backwards_points_to_the_left() -> None:
    layout = lay_out({name: SIZES[name] for name in "abc"}, wires("ab", "bc", "cb"))
    heads = [(segment.head, segment.x) for segment in layout.segments if segment.head == "left"]
    b = layout.boxes["b"]
    assert [head for head, _ in heads] == ["left"]
    assert heads[0][1][0] == pytest.approx(b.x + b.width / 2)


def test_edges_of_one_look_share_their_way_from_the_same_box() -> None:
    layout = lay_out({name: SIZES[name] for name in "abcd"}, wires("ab", "bc", "cd", "ac", "ad"))
    assert len(layout.segments) == 3 + 1 + 2 + 1  # short ones; a to layer 1, from there to c and on, to d


def test_crossings_are_counted() -> None:
    right: dict[_Spot, list[_Spot]] = {"a": ["d"], "b": ["c"]}
    assert crossings([["a", "b"], ["c", "d"]], right) == 1
    assert crossings([["b", "a"], ["c", "d"]], right) == 0
    everything: dict[_Spot, list[_Spot]] = {"a": ["c", "d"], "b": ["c", "d"]}
    assert crossings([["a", "b"], ["c", "d"]], everything) == 1


def test_an_order_without_crossings_is_found() -> None:
    layout = lay_out(SIZES, wires("af", "be", "cd"))
    order = [sorted(names, key=lambda name: layout.boxes[name].y) for names in ("abc", "def")]
    assert "".join(order[0]) == "".join(order[1]).translate(str.maketrans("fed", "abc"))


def test_places_keep_their_distance_and_stay_near() -> None:
    assert spread([0.0, 100.0], [1.0, 1.0], [10.0]) == [0.0, 100.0]
    assert spread([0.0, 0.0], [1.0, 1.0], [10.0]) == [-5.0, 5.0]
    assert spread([0.0, 0.0], [3.0, 1.0], [8.0]) == [-2.0, 6.0]
    assert spread([30.0, 0.0, 0.0], [1.0, 1.0, 1.0], [10.0, 10.0]) == [0.0, 10.0, 20.0]
    assert spread([], [], []) == []
