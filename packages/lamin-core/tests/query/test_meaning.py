"""Conditions mean the same on both databases and as a plain Python model of them, which looks at every row.

Rerun a failure with the printed LAMIN_TEST_SEED.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import operator
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamindb.query.q import Q
from lamindb.query.queryset import QuerySet
from lamindb.query.scope import EVERYTHING, ONLY_MAIN, Scope

Row = dict[str, Any]
SEED = int(os.environ.get("LAMIN_TEST_SEED") or secrets.randbelow(2**32))
CASES = 2_000
BRANCHES = {"main": 1, "archive": 0, "trash": -1, "contrib": 2, "side": 3}
SCOPES = (ONLY_MAIN, EVERYTHING, Scope(("contrib", "main")))


# ---- what is asked ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Leaf:
    relations: tuple[str, ...]
    field: str
    lookup: str
    value: Any

    @property
    def keyword(self) -> str:
        return "__".join((*self.relations, *([self.field] if self.field else []), *([self.lookup] if self.lookup else [])))


@dataclass(frozen=True)
class Tree:
    connector: str
    """and, or, not"""
    nodes: tuple[Any, ...]


ROOTS = ("ULabel", "Artifact", "Run", "Project")
RELATIONS: dict[str, dict[str, tuple[str, ...]]] = {
    # relation: (kind, registry, column …), written down once more, to check the index, too
    "ULabel": {
        "type": ("one", "ULabel", "type_id"),
        "created_by": ("one", "User", "created_by_id"),
        "ulabels": ("reverse", "ULabel", "type_id"),
        "parents": ("many", "ULabel", "ULabel_parents", "from_ulabel_id", "to_ulabel_id"),
        "children": ("many", "ULabel", "ULabel_parents", "to_ulabel_id", "from_ulabel_id"),
        "artifacts": ("many", "Artifact", "ArtifactULabel", "ulabel_id", "artifact_id"),
        "links_artifact": ("reverse", "ArtifactULabel", "ulabel_id"),
        "projects": ("many", "Project", "ULabelProject", "ulabel_id", "project_id"),
    },
    "Project": {"ulabels": ("many", "ULabel", "ULabelProject", "project_id", "ulabel_id")},
    "Artifact": {
        "run": ("one", "Run", "run_id"),
        "branch": ("one", "Branch", "branch_id"),
        "ulabels": ("many", "ULabel", "ArtifactULabel", "artifact_id", "ulabel_id"),
        "input_of_runs": ("many", "Run", "Artifact_input_of_runs", "artifact_id", "run_id"),
    },
    "Run": {
        "transform": ("one", "Transform", "transform_id"),
        "initiated_by_run": ("one", "Run", "initiated_by_run_id"),
        "output_artifacts": ("reverse", "Artifact", "run_id"),
    },
    "ArtifactULabel": {"feature": ("one", "Feature", "feature_id"), "artifact": ("one", "Artifact", "artifact_id")},
    "Transform": {"runs": ("reverse", "Run", "transform_id")},
    "User": {},
    "Branch": {},
    "Feature": {},
}
FIELDS = {
    "ULabel": {"name": "text", "description": "text", "reference": "text", "is_type": "bool", "type_id": "int"},
    "Artifact": {"key": "text", "description": "text", "size": "int", "is_latest": "bool", "kind": "text", "created_at": "time"},
    "Run": {
        "name": "text",
        "finished_at": "time",
        "_status_code": "int",
        "params": "json",
        "extra_data": "json",
        "params__lr": "inside",
        "params__name": "inside text",
        "params__a__b__1": "inside text",
        "params__x": "inside",
        "params__ok": "inside truth",
        "finished_at__year": "int",
        "finished_at__month": "int",
        "finished_at__day": "int",
        "finished_at__second": "int",
        "finished_at__date": "date",
    },
    "Project": {
        "name": "text",
        "start_date": "date",
        "end_date": "date",
        "_status_code": "int",
        "start_date__quarter": "int",
        "start_date__week_day": "int",
        "end_date__iso_week_day": "int",
        "end_date__year": "int",
    },
    "ArtifactULabel": {"feature_id": "int"},
    "Transform": {"key": "text", "is_latest": "bool"},
    "User": {"handle": "text", "name": "text"},
    "Branch": {"name": "text"},
    "Feature": {"name": "text"},
}
COMPARED = ("", "gt", "gte", "lt", "lte", "in", "range", "isnull")
LOOKUPS = {
    "text": (
        *("contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "iexact", "exact"),
        *COMPARED,
    ),
    "int": COMPARED,
    "time": COMPARED,
    "bool": ("", "in", "isnull"),
    "date": COMPARED,
    "json": ("isnull", "none"),
    "inside": ("", "gt", "gte", "lt", "lte", "in", "range", "isnull"),
    "inside text": ("", "contains", "icontains", "startswith", "iendswith", "gt", "lte", "in", "isnull"),
    "inside truth": ("", "in", "isnull"),
    "relation": ("", "in", "isnull", "none"),
}
LETTERS = "aAlphé%_*?[b]β ΕΒΣσςİi\\'\"😀\uffff\ue000\ud7ff1x/.\n"
MOMENT = dt.datetime(2024, 2, 29, 23, 59, 59, tzinfo=dt.UTC)
NUMBERS = ("gt", "gte", "lt", "lte")


def choice(*strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of some strategies, all as likely; `one_of` would flatten them first."""

    @st.composite
    def draw_one(draw: st.DrawFn) -> Any:
        return draw(strategies[draw(st.integers(0, len(strategies) - 1))])

    return draw_one()


class Asked:
    """Draws conditions. The strategies are made once: making them costs far more than drawing from them."""

    def __init__(self, world: Any) -> None:
        stored = sorted(
            {value for rows in world.rows.values() for row in rows for value in row.values() if isinstance(value, str)}
        )
        ends = st.tuples(st.sampled_from(stored), st.integers(0, 20), st.integers(0, 20))
        parts = ends.map(lambda drawn: drawn[0][min(drawn[1:]) : max(drawn[1:])])
        moments = st.tuples(
            st.integers(-1, 12), st.sampled_from([0, 123000, 123001, 122999, 2_000_000, 1_123_000, 4_123_001])
        ).map(lambda drawn: MOMENT + dt.timedelta(hours=drawn[0], microseconds=drawn[1]))
        self.values: dict[str, st.SearchStrategy[Any]] = {
            "text": st.one_of(st.sampled_from(stored), parts, st.text(LETTERS, max_size=3)),
            "int": st.one_of(st.integers(-10, 40), st.sampled_from([2**40, -(2**62), 0.5, 7.0])),
            "bool": st.booleans(),
            "time": moments,
            "relation": st.integers(1, 9),
            "date": st.integers(-1500, 400).map(lambda days: MOMENT.date() + dt.timedelta(days=days)),
            "inside": st.sampled_from([0.1, 2, 3, 1.5, "0.1", "3", "two"]),
            "inside text": st.one_of(st.sampled_from(["Alpha", "alp_a", "two", "%", "alp"]), st.text(LETTERS, max_size=2)),
            "inside truth": st.booleans(),
        }
        self.world, self.model = world, Model(world)
        self.compared: dict[tuple[str, str, str], st.SearchStrategy[Any]] = {}
        calls = {registry: self._calls(self._trees(registry)) for registry in ROOTS}
        parts = st.tuples(st.booleans(), st.integers(0, 4), st.none() | st.integers(0, 6))
        self.chains = choice(
            *(
                st.tuples(
                    st.just(name),
                    st.lists(st.tuples(st.sampled_from(SCOPES), chain), min_size=1, max_size=2),
                    st.sampled_from("|&"),
                    st.none() | parts,
                )
                for name, chain in calls.items()
            ),
        )

    def _compared(self, registry: str, field: str, lookup: str) -> st.SearchStrategy[Any]:
        """Values to compare a field with: half of them stored in it."""
        kind = FIELDS[registry][field] if field else "relation"
        if lookup == "none":
            return st.none()
        if lookup == "isnull":
            return st.booleans()
        one = self.values[kind]
        found = [read(row, field or "id") for row in self.world.of(f"lamindb.{registry}")]
        stored = [value for value in found if value is not None]
        if stored:
            one = st.one_of(st.sampled_from(stored), one)
        if kind == "int" and lookup not in NUMBERS:
            one = one.filter(lambda value: value != 0.5)
        if lookup == "in":
            return st.lists(one | st.none(), max_size=4)
        if lookup == "range":
            return st.tuples(one, one).filter(lambda ends: type(ends[0]) is type(ends[1]) or kind != "inside")
        return st.one_of(one, one, one, st.none()) if lookup == "" else one

    def _leaf(self, ways: dict[tuple[str, ...], str]) -> st.SearchStrategy[Leaf]:
        """Conditions on the fields at the end of some ways."""
        ends = sorted(ways.items())

        @st.composite
        def draw_leaf(draw: st.DrawFn) -> Leaf:
            way, registry = ends[draw(st.integers(0, len(ends) - 1))]
            asked = [
                (field, lookup)
                for field in (*FIELDS[registry], *([""] if way else []))
                for lookup in LOOKUPS[FIELDS[registry][field] if field else "relation"]
            ]
            field, lookup = asked[draw(st.integers(0, len(asked) - 1))]
            key = (registry, field, lookup)
            if key not in self.compared:
                self.compared[key] = self._compared(*key)
            return Leaf(way, field, "" if lookup == "none" else lookup, draw(self.compared[key]))

        lifts_the_scope = ("branch", None)
        return draw_leaf().filter(lambda leaf: (leaf.keyword, leaf.value) != lifts_the_scope)

    def _ways(self, registry: str) -> list[dict[tuple[str, ...], str]]:
        """By length, the relations that can be followed and the registry that they lead to."""
        ways: list[dict[tuple[str, ...], str]] = [{(): registry}]
        for _ in range(3):
            longer = {(*way, name): RELATIONS[here][name][1] for way, here in ways[-1].items() for name in RELATIONS[here]}
            ways.append(longer)
        return ways

    def _together(self, registry: str, leaves: st.SearchStrategy[Leaf]) -> st.SearchStrategy[Any]:
        """Several conditions on the same relations that some row meets, if not always with the same related row."""
        relations = sorted(RELATIONS[registry])
        rows = self.model.rows[registry]

        @st.composite
        def draw_tree(draw: st.DrawFn) -> Tree:
            row, way, other = draw(st.sampled_from(rows)), draw(st.sampled_from(relations)), draw(st.sampled_from(relations))
            a, again, once_more = (self._met(draw, registry, row, way) for _ in range(3))
            b, b_again = (self._met(draw, registry, row, other) for _ in range(2))
            shapes: list[tuple[Any, ...]] = [
                (a, again),
                (a, again, once_more),
                (a, Tree("or", (again, b))),
                (a, Tree("or", (again, draw(leaves)))),
                (Tree("or", (a, b)), again, b_again),
                (a, Tree("not", (again,))),
            ]
            return Tree("and", draw(st.permutations(draw(st.sampled_from(shapes))).map(tuple)))

        return draw_tree()

    def _met(self, draw: st.DrawFn, registry: str, row: Row, name: str) -> Leaf:
        """A condition that a row related to this one meets, directly or over one more relation."""
        way: tuple[str, ...] = ()
        for _ in range(draw(st.sampled_from([1, 1, 2]))):
            if found := self.model.related(registry, row, name):
                row, registry, way = draw(st.sampled_from(found)), RELATIONS[registry][name][1], (*way, name)
            if not RELATIONS[registry]:
                break
            name = draw(st.sampled_from(sorted(RELATIONS[registry])))
        fields = [field for field, kind in FIELDS[registry].items() if kind != "json"]
        field = draw(st.sampled_from([*fields, *fields, *([""] if way else [])]))
        value = read(row, field or "id")
        if field and FIELDS[registry][field].startswith("inside") and value is None:
            return Leaf(way, field, "isnull", True)
        ordered = field and FIELDS[registry][field] not in ("bool", "inside truth") and value is not None
        lookup = draw(st.sampled_from(["", "", "gte", "lte"] if ordered else [""]))
        return Leaf(way, field, lookup, value)

    def _trees(self, registry: str) -> st.SearchStrategy[Any]:
        ways = self._ways(registry)
        by_length = [self._leaf(some) for some in ways]
        leaves = choice(*by_length, by_length[0], by_length[1])
        together = self._together(registry, leaves)
        connectors = st.sampled_from(["and", "and", "or"])
        small = choice(
            leaves,
            st.builds(Tree, connectors, st.tuples(leaves, leaves)),
            leaves.map(lambda leaf: Tree("not", (leaf,))),
        )
        return choice(
            small,
            together,
            together,
            together.map(lambda tree: Tree("not", (tree,))),
            st.builds(Tree, connectors, st.tuples(small, small)),
            st.builds(Tree, st.just("and"), st.tuples(leaves, leaves, small)),
            small.map(lambda tree: Tree("not", (tree,))),
        )

    def _calls(self, trees: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(st.tuples(st.sampled_from(["filter", "filter", "exclude"]), trees), min_size=1, max_size=2)


def as_q(node: Any) -> Q:
    if isinstance(node, Leaf):
        return Q(**{node.keyword: node.value})
    made = [as_q(inner) for inner in node.nodes]
    if node.connector == "not":
        return ~made[0]
    whole = made[0]
    for q in made[1:]:
        whole = whole & q if node.connector == "and" else whole | q
    return whole


# ---- what it means ------------------------------------------------------------------------------------------------------
class Model:
    """Looks at every row; knows nothing of SQL."""

    def __init__(self, world: Any) -> None:
        self.rows: dict[str, list[Row]] = {name.removeprefix("lamindb."): rows for name, rows in world.rows.items()}
        self.by_id = {name: {row["id"]: row for row in rows} for name, rows in self.rows.items()}

    def related(self, registry: str, row: Row, name: str) -> list[Row]:
        match RELATIONS[registry][name]:
            case ("one", target, column):
                return [self.by_id[target][row[column]]] if row[column] is not None else []
            case ("reverse", target, column):
                return [other for other in self.rows[target] if other[column] == row["id"]]
            case (_, target, link, here, there):
                return [self.by_id[target][other[there]] for other in self.rows[link] if other[here] == row["id"]]
        raise AssertionError(name)

    def meets(self, registry: str, row: Row, node: Any, sight: Sight) -> bool:
        """Some choice of one related row per relation makes the condition true; a row without any is related to None."""
        paths = sorted(paths_of(node), key=len)

        def choose(position: int, chosen: dict[tuple[str, ...], tuple[str, Row | None]]) -> bool:
            if position == len(paths):
                return self.true(registry, row, node, chosen, sight)
            path = paths[position]
            parent_registry, parent = chosen[path[:-1]]
            target = RELATIONS[parent_registry][path[-1]][1]
            found = self.related(parent_registry, parent, path[-1]) if parent is not None else []
            if RELATIONS[parent_registry][path[-1]][0] != "one" and "created_on_id" in self.rows[target][0]:
                found = [one for one in found if one["branch_id"] in sight.branches or path in sight.everywhere]
            return any(choose(position + 1, chosen | {path: (target, one)}) for one in found or [None])

        return choose(0, {(): (registry, row)})

    def true(
        self, registry: str, row: Row, node: Any, chosen: dict[tuple[str, ...], tuple[str, Row | None]], sight: Sight
    ) -> bool:
        if isinstance(node, Leaf):
            related = chosen[node.relations][1]
            value = None if related is None else read(related, node.field or "id")
            return compare(value, node.lookup, node.value)
        if node.connector == "not":
            return not self.meets(registry, row, node.nodes[0], sight)
        decide = all if node.connector == "and" else any
        return decide(self.true(registry, row, inner, chosen, sight) for inner in node.nodes)

    def visible(self, registry: str, scope: Scope, widened: bool) -> list[Row]:
        if widened or scope.branches is None or "created_on_id" not in self.rows[registry][0]:
            return self.rows[registry]
        branches = {BRANCHES[name] for name in scope.branches}
        return [row for row in self.rows[registry] if row["branch_id"] in branches]


def paths_of(node: Any) -> set[tuple[str, ...]]:
    if isinstance(node, Leaf):
        return {node.relations[: depth + 1] for depth in range(len(node.relations))}
    if node.connector == "not":
        return set()
    return set(itertools.chain.from_iterable(map(paths_of, node.nodes)))


def leaves_of(node: Any) -> list[Leaf]:
    return [node] if isinstance(node, Leaf) else [leaf for inner in node.nodes for leaf in leaves_of(inner)]


@dataclass(frozen=True)
class Sight:
    """What is seen of rows over to-many relations."""

    branches: frozenset[int]
    everywhere: frozenset[tuple[str, ...]]


def sight_of(scope: Scope, trees: list[Any]) -> Sight:
    """Those of the branches that the set sees, of all but the trash where the set names branches; what is named, everywhere."""
    leaves = [leaf for tree in trees for leaf in leaves_of(tree)]
    branches = set(BRANCHES.values()) if scope.branches is None else {BRANCHES[name] for name in scope.branches}
    if scope.branches is not None and any(leaf.relations[:1] == ("branch",) for leaf in leaves):
        branches = set(BRANCHES.values()) - {BRANCHES["trash"]}
    everywhere = set()
    for leaf in leaves:
        way, is_value = leaf.relations, leaf.value is not None and leaf.lookup != "isnull"
        everywhere |= {way[:end] for end in range(1, len(way)) if way[end] == "branch"}
        if not leaf.field and is_value:
            everywhere.add(way)
    return Sight(frozenset(branches), frozenset(everywhere))


def names_branch(node: Any) -> bool:
    if isinstance(node, Leaf):
        return node.relations[:1] == ("branch",) or (not node.relations and node.field in ("id", "uid", "hash", "branch_id"))
    return any(map(names_branch, node.nodes))


MATCHES: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "range": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


def lowered(text: str) -> str:
    """Letter by letter: a final Σ is no exception, and İ one letter."""
    return "".join(letter.lower()[0] for letter in text)


PARTS: dict[str, Callable[[Any], Any]] = {
    "quarter": lambda moment: (moment.month + 2) // 3,
    "week_day": lambda moment: moment.isoweekday() % 7 + 1,
    "iso_week_day": lambda moment: moment.isoweekday(),
    "date": lambda moment: moment.date(),
}


def read(row: Row, field: str) -> Any:
    """What is at the end of a field: a part of a point in time, or what keys lead to; missing is None."""
    name, *rest = field.split("__")
    value = row[name]
    for key in rest:
        if isinstance(value, dt.date):
            value = PARTS.get(key, operator.attrgetter(key))(value)
        elif isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def kind_of(value: Any) -> str:
    """Truth values, numbers and texts in JSON are never equal, nor in an order with each other."""
    return "truth" if isinstance(value, bool) else "number" if isinstance(value, int | float) else type(value).__name__


def compare(value: Any, lookup: str, wanted: Any) -> bool:
    if lookup == "isnull":
        return bool((value is None) == wanted)
    if lookup == "in":
        return any(compare(value, "", one) for one in wanted)
    if kind_of(value) != kind_of(wanted[0] if lookup == "range" else wanted):
        return False
    if value is None or wanted is None:
        return value is wanted
    if lookup in ("iexact", "icontains", "istartswith", "iendswith"):
        return MATCHES[lookup[1:]](lowered(value), lowered(wanted))
    return MATCHES[lookup or "exact"](value, wanted)


# ---- the tests ----------------------------------------------------------------------------------------------------------
Calls = list[tuple[str, Any]]


def examples(count: int) -> Callable[[Any], Any]:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(max_examples=count, deadline=None, database=None, suppress_health_check=checks)


def expected_ids(model: Model, registry: str, scope: Scope, chain: Calls) -> list[int]:
    widened = any(names_branch(tree) for _, tree in chain)
    rows, sight = model.visible(registry, scope, widened), sight_of(scope, [tree for _, tree in chain])
    for method, tree in chain:
        rows = [row for row in rows if model.meets(registry, row, tree, sight) == (method == "filter")]
    return [row["id"] for row in rows]


def test_conditions_mean_what_the_model_says(world: Any, rows_of: Callable[..., QuerySet[Any]], capsys: Any) -> None:
    with capsys.disabled():
        print(f" LAMIN_TEST_SEED={SEED}", end=" ")
    model = Model(world)

    @hypothesis.seed(SEED)
    @examples(CASES)
    @given(Asked(world).chains)
    def check(asked: tuple[str, list[tuple[Scope, Calls]], str, tuple[bool, int, int | None] | None]) -> None:
        registry, sets, sign, part = asked
        made, wanted = [], []
        for scope, chain in sets:
            found = rows_of(registry, scope)
            for method, tree in chain:
                found = getattr(found, method)(as_q(tree))
            made.append(found)
            wanted.append(expected_ids(model, registry, scope, chain))
        combine = {"|": (operator.or_, set.union), "&": (operator.and_, set.intersection)}[sign]
        found = functools.reduce(combine[0], made)
        expected = sorted(functools.reduce(combine[1], map(set, wanted)))
        assert found.to_list("id") == expected
        if part is not None:
            backwards, start, stop = part
            cut = slice(start, stop)
            found, expected = (found.reverse(), expected[::-1]) if backwards else (found, expected)
            assert found[cut].to_list("id") == expected[cut]
        elif len(sets) == 1 == len(sets[0][1]):
            assert found.count() == len(expected)

    check()


SORTABLE = {
    "ULabel": ("name", "description", "reference", "type__name", "is_type", "created_by__handle", "id", "type"),
    "Artifact": ("key", "size", "description", "run__transform__key", "run__name", "created_at", "is_latest"),
}


def orders(registry: str) -> st.SearchStrategy[tuple[str, list[tuple[str, str]]]]:
    signed = st.tuples(st.sampled_from(["", "-"]), st.sampled_from(SORTABLE[registry]))
    return st.tuples(st.just(registry), st.lists(signed, max_size=3))


def test_order_is_that_of_the_model(world: Any, rows_of: Callable[..., QuerySet[Any]]) -> None:
    model = Model(world)

    @hypothesis.seed(SEED)
    @examples(300)
    @given(st.one_of(*map(orders, sorted(SORTABLE))), st.integers(0, 6), st.none() | st.integers(0, 9))
    def check(order: tuple[str, list[tuple[str, str]]], start: int, stop: int | None) -> None:
        registry, fields = order
        found = rows_of(registry, EVERYTHING).order_by(*(sign + name for sign, name in fields))
        rows = sorted(model.rows[registry], key=lambda row: row["id"])
        for sign, name in reversed(fields):
            value_of = {row["id"]: value(model, registry, row, name) for row in rows}
            present = [row for row in rows if value_of[row["id"]] is not None]
            absent = [row for row in rows if value_of[row["id"]] is None]
            present.sort(key=lambda row: value_of[row["id"]], reverse=sign == "-")  # keeps the order of equals
            rows = present + absent
        ids = [row["id"] for row in rows]
        assert found.to_list("id") == ids
        assert found.last().id == ids[-1]
        part = slice(start, stop)
        assert found[part].to_list("id") == ids[part]
        assert found[part].count() == len(ids[part])
        assert found[part].exists() == bool(ids[part])
        assert found[part][1:3].to_list("id") == ids[part][1:3]

    check()


def value(model: Model, registry: str, row: Row | None, name: str) -> Any:
    for segment in name.split("__"):
        if row is None:
            return None
        if segment in RELATIONS[registry]:
            _, target, column = RELATIONS[registry][segment]
            row, registry = model.by_id[target].get(row[column]), target
        else:
            return row[segment]
    return None if row is None else row["id"]
