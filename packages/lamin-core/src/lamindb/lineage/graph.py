"""What a lineage graph consists of: data, the runs that made or read it, and what leads from one to the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from lamindb.graphs.showing import ShownGraph
from lamindb.graphs.style import SIDES, BoxStyle, EdgeStyle, Style


class Kind(IntEnum):
    """What a node stands for. The numbers are those by which statements tell nodes apart."""

    run = 0
    artifact = 1
    collection = 2
    record = 3
    transform = 4

    @property
    def is_data(self) -> bool:
        """Whether it is something that runs make and read."""
        return self in (Kind.artifact, Kind.collection, Kind.record)


EdgeKind = Literal["input", "created", "recreated", "member", "initiated", "precedes", "executed"]
"""An edge goes from data to the run that read it (`input`), from a run to what it made (`created`) or made again (`recreated`),
from an artifact to a collection (`member`), from a run to one that it started (`initiated`), from a transform to the next one in
a workflow (`precedes`) and to its runs (`executed`)."""
STYLE = Style(
    title="Lineage of",
    empty="no lineage is recorded",
    boxes={
        "run": BoxStyle(
            "run", "#eff2ff", ("(", ")"), more={"before": "from {} more", "after": "made {} more"}, also=frozenset(SIDES)
        ),
        "artifact": BoxStyle(more={"before": "made by {} more", "after": "read by {} more"}),
        "collection": BoxStyle(
            brackets=("[[", "]]"),
            is_pile=True,
            more={"before": "from {} more", "after": "read by {} more"},
            also=frozenset({"after"}),
        ),
        "record": BoxStyle(more={"before": "made by {} more", "after": "read by {} more"}),
        "transform": BoxStyle("run", "#eff2ff", ("([", "])"), more={"before": "after {} more", "after": "executed in {} more"}),
    },
    edges={
        "input": EdgeStyle("from", "read by", is_plain=True, arrow="-->"),
        "created": EdgeStyle("made by", "made", is_plain=True, arrow="-->"),
        "recreated": EdgeStyle("made again by", "made again", arrow="-. again .->", dashes="6 4", legend="made again"),
        "member": EdgeStyle("from", "in", colour="#a3b1c6", legend="member of a collection"),
        "initiated": EdgeStyle(
            "started by", "started", arrow="-. started .->", colour="#818cf8", dashes="1.5 3", legend="started"
        ),
        "precedes": EdgeStyle("after", "before", colour="#34a37c", dashes="6 4", legend="comes before"),
        "executed": EdgeStyle("run of", "executed in", colour="#34a37c", dashes="1.5 3", legend="executed in"),
    },
)


@dataclass(frozen=True, repr=False)
class LineageGraph(ShownGraph):
    """What a record was made from and what was made from it, by which runs.

    A notebook shows it as a picture. `nodes` are by name, `edges` go in the direction in which data flows.
    """

    style: Style = field(default=STYLE)

    def __repr__(self) -> str:
        runs = sum(node.kind is Kind.run for node in self.nodes.values())
        data = sum(isinstance(node.kind, Kind) and node.kind.is_data for node in self.nodes.values())
        return f"<LineageGraph of {self.subject}: {data} datasets, {runs} runs>"
