"""Rows of many runs and datasets, written as they are, and a plain model of what their lineage must be."""

import random
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from lamindb_setup.databases import Database

from lamindb import catalog
from lamindb.graphs.graph import Graph
from lamindb.lineage.graph import EdgeKind, Kind

Name = tuple[Kind, int]
Arrow = tuple[Name, Name, EdgeKind]
DATA = (Kind.artifact, Kind.collection, Kind.record)


class Lake:
    """Collects rows and inserts them at once; everything is named by its kind and id."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._ids = dict.fromkeys(Kind, 0)
        self._ids_by_uid: dict[tuple[Kind, str], int] = {}
        self.arrows: list[Arrow] = []
        self.hidden: set[Name] = set()
        self.runs_of: dict[Name, list[Name]] = {}

    def _new(self, kind: Kind, branch: int, /, **values: Any) -> Name:
        self._ids[kind] += 1
        row_id = self._ids[kind]
        uid = values.pop("uid", f"{kind.name[0]}{row_id:07d}" + "0000")
        row = {"id": row_id, "uid": uid, "branch_id": branch, "created_on_id": 1, "space_id": 1, "created_by_id": 1}
        self._rows.setdefault(f"lamindb.{kind.name.title()}", []).append(row | values)
        self._ids_by_uid[kind, uid] = row_id
        if branch not in (0, 1):
            self.hidden.add((kind, row_id))
        return kind, row_id

    def transform(self, branch: int = 1, **values: Any) -> Name:
        made = self._new(Kind.transform, branch, **{"key": f"t{self._ids[Kind.transform] + 1}.py", "kind": "script", **values})
        self.runs_of[made] = []
        return made

    def run(self, transform: Name, branch: int = 1, by: Name | None = None, **values: Any) -> Name:
        status = {"_status_code": 0, "initiated_by_run_id": by[1] if by else None}
        made = self._new(Kind.run, branch, transform_id=transform[1], **(status | values))
        self.runs_of[transform].append(made)
        if by:
            self.arrows.append((by, made, "initiated"))
        return made

    def data(self, kind: Kind = Kind.artifact, run: Name | None = None, branch: int = 1, **values: Any) -> Name:
        number = self._ids[kind] + 1
        more: dict[str, Any] = {"run_id": run[1] if run else None}
        if kind is Kind.artifact:
            more |= {"storage_id": 1, "suffix": ".csv", "_key_is_virtual": True, "_overwrite_versions": False}
        more |= {"name": f"Record {number}"} if kind is Kind.record else {"key": f"{kind.name}{number}", "is_latest": True}
        made = self._new(kind, branch, **(more | values))
        if run:
            self.arrows.append((run, made, "created"))
        return made

    def _link(self, registry: str, arrow: Arrow, **columns: int) -> None:
        if arrow not in self.arrows:
            self._rows.setdefault(registry, []).append(columns)
            self.arrows.append(arrow)

    def read(self, run: Name, *inputs: Name) -> None:
        for each in inputs:
            registry = f"lamindb.{each[0].name.title()}_input_of_runs"
            self._link(registry, (each, run, "input"), **{f"{each[0].name}_id": each[1], "run_id": run[1]})

    def remade(self, run: Name, *outputs: Name) -> None:
        for each in outputs:
            registry = f"lamindb.{each[0].name.title()}_recreating_runs"
            self._link(registry, (run, each, "recreated"), **{f"{each[0].name}_id": each[1], "run_id": run[1]})

    def members(self, collection: Name, *artifacts: Name) -> None:
        for each in artifacts:
            columns = {"collection_id": collection[1], "artifact_id": each[1], "created_by_id": 1}
            self._link("lamindb.CollectionArtifact", (each, collection, "member"), **columns)

    def follows(self, transform: Name, *predecessors: Name) -> None:
        for each in predecessors:
            columns = {"successor_id": transform[1], "predecessor_id": each[1], "created_by_id": 1}
            self._link("lamindb.TransformTransform", (each, transform, "precedes"), **columns)

    def write(self) -> None:
        """Insert what was collected, tables that others refer to first."""
        first = ["lamindb.Transform", "lamindb.Run", "lamindb.Artifact", "lamindb.Collection", "lamindb.Record"]
        with self.database.writing() as transaction:
            for registry in sorted(self._rows, key=lambda name: first.index(name) if name in first else len(first)):
                table = catalog.registry(registry).__table__
                alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
                for row in self._rows[registry]:
                    alike.setdefault(tuple(row), []).append(row)
                for rows in alike.values():
                    transaction.connection.execute(sa.insert(table), rows)
        self._rows = {}

    def record(self, name: Name) -> Any:
        """Load what a name stands for."""
        registry: Any = catalog.registry(f"lamindb.{name[0].name.title()}")
        return registry.get(name[1])

    def names(self, graph: Graph) -> tuple[set[Name], set[Arrow]]:
        """Nodes and edges of a graph by ids, as `expected` has them."""
        found = {name: (node.kind, self._ids_by_uid[node.kind, node.uid]) for name, node in graph.nodes.items()}
        return set(found.values()), {(found[edge.source], found[edge.target], edge.kind) for edge in graph.edges}

    # ---- the model ----------------------------------------------------------------------------------------------------------
    def expected(
        self, subject: Name, arrows: Iterable[Arrow], *, with_after: bool, distance: int | None
    ) -> tuple[set[Name], set[Arrow]]:
        """Nodes and edges that a lineage must have, by looking at every arrow again and again until nothing is added."""
        arrows = [arrow for arrow in arrows if not {arrow[0], arrow[1]} & (self.hidden - {subject})]
        ways = [arrow for arrow in arrows if arrow[2] != "initiated" and (arrow[2] != "precedes" or subject[0] is Kind.transform)]
        starts = {subject, *(run for run in self.runs_of.get(subject, []) if run not in self.hidden)}
        before = _reached(starts, [(target, source) for source, target, _ in ways], distance)
        after = _reached(starts, [(source, target) for source, target, _ in ways], distance) if with_after else set()
        runs = {name for name in before | after if name[0] is Kind.run}
        hubs = {name for name in before | after if name[0] in (Kind.run, Kind.collection)}
        nodes = before | after
        nodes |= {target for source, target, kind in ways if source in runs and kind in ("created", "recreated")}
        nodes |= {source for source, target, kind in ways if target in after and kind in ("input", "member")}
        edges = {arrow for arrow in ways if {arrow[0], arrow[1]} <= nodes and (arrow[0] in hubs or arrow[1] in hubs)}
        edges |= {arrow for arrow in ways if arrow[2] == "precedes" and {arrow[0], arrow[1]} <= nodes}
        edges |= {(subject, run, "executed") for run in self.runs_of.get(subject, []) if run in nodes}
        return _with_initiators(nodes, edges, [arrow for arrow in arrows if arrow[2] == "initiated"])


def _with_initiators(nodes: set[Name], edges: set[Arrow], arrows: Iterable[Arrow]) -> tuple[set[Name], set[Arrow]]:
    while more := {source for source, target, _ in arrows if target in nodes} - nodes:
        nodes = nodes | more
    return nodes, edges | {arrow for arrow in arrows if arrow[1] in nodes}


def _reached(starts: Iterable[Name], ways: list[tuple[Name, Name]], distance: int | None) -> set[Name]:
    """Everything that some ways lead to, with at most so many runs and transforms on each of them."""
    distances = dict.fromkeys(starts, 0)
    changed = True
    while changed:
        changed = False
        for here, there in ways:
            if here in distances:
                so_far = distances[here] + (there[0] not in DATA)
                if so_far < distances.get(there, so_far + 1) and (distance is None or so_far <= distance):
                    distances[there] = so_far
                    changed = True
    return set(distances)


def wild(lake: Lake, seed: int) -> tuple[list[Name], list[Arrow]]:
    """Add a random part to a lake, that nothing connects with the rest, and return it; some of it is archived or in the trash."""
    known = len(lake.arrows)
    chance = random.Random(seed)
    branch: Callable[[], int] = lambda: chance.choices([1, 0, -1], [12, 1, 1])[0]  # noqa: E731
    transforms = [lake.transform(branch()) for _ in range(3)]
    for number, transform in enumerate(transforms):
        lake.follows(transform, *(other for other in transforms[:number] if chance.random() < 0.5))
    runs: list[Name] = []
    data: list[Name] = [lake.data(chance.choice(DATA), None, branch()) for _ in range(3)]
    for _ in range(chance.randint(1, 12)):
        by = chance.choice(runs) if runs and chance.random() < 0.2 else None
        runs.append(lake.run(chance.choice(transforms), branch(), by))
        lake.read(runs[-1], *chance.sample(data, chance.randint(0, min(3, len(data)))))
        data += [lake.data(chance.choice(DATA), runs[-1], branch()) for _ in range(chance.randint(0, 3))]
        lake.remade(runs[-1], *(one for one in chance.sample(data, 2) if one[0] is not Kind.record and chance.random() < 0.3))
    artifacts = [one for one in data if one[0] is Kind.artifact]
    for collection in [one for one in data if one[0] is Kind.collection]:
        lake.members(collection, *(one for one in artifacts if chance.random() < 0.3))
    return [*transforms, *runs, *data], lake.arrows[known:]


def layered(lake: Lake, levels: int, width: int) -> list[Name]:
    """Add runs one after the other, each of which reads all that the one before made; return the data of the middle."""
    transform = lake.transform()
    layer = [lake.data() for _ in range(width)]
    middle = layer
    for level in range(levels):
        run = lake.run(transform)
        lake.read(run, *layer)
        layer = [lake.data(Kind.artifact, run) for _ in range(width)]
        middle = layer if level <= levels // 2 else middle
    return middle
