"""Which tables say what leads to what; everything else about lineage graphs goes through this list."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import sqlalchemy as sa

from lamindb import catalog
from lamindb.lineage.graph import EdgeKind, Kind

REGISTRIES = {
    Kind.run: "lamindb.Run",
    Kind.artifact: "lamindb.Artifact",
    Kind.collection: "lamindb.Collection",
    Kind.record: "lamindb.Record",
    Kind.transform: "lamindb.Transform",
}


def table_of(kind: Kind) -> sa.Table:
    """Return the table whose rows are nodes of a kind."""
    return catalog.registry(REGISTRIES[kind]).__table__


@functools.cache
def other(kind: Kind) -> sa.FromClause:
    """Return the same table under another name, for the node at the far end of a link. Made once: that takes a while."""
    return table_of(kind).alias(f"far_{kind.name}")


@dataclass(frozen=True, slots=True)
class Link:
    """A table of edges: each of its rows leads from one node to another.

    Parameters
    ----------
    kind: kind of the edges.
    source, target: kinds of the nodes.
    registry: qualified name of the registry that holds the edges.
    here, there: its columns with the ids of source and target.
    """

    kind: EdgeKind
    source: Kind
    target: Kind
    registry: str
    here: str
    there: str

    @property
    def table(self) -> sa.Table:
        return catalog.registry(self.registry).__table__

    @property
    def hub(self) -> Kind:
        """Kind of the node at which such edges come together: a run has many inputs and outputs, a collection many members."""
        return self.source if self.hub_column == self.here else self.target

    @property
    def hub_column(self) -> str:
        return self.here if self.kind in ("created", "recreated", "executed") else self.there


def _links_of_data(kind: Kind) -> list[Link]:
    registry = REGISTRIES[kind]
    column = f"{kind.name}_id"
    found = [
        Link("created", Kind.run, kind, registry, "run_id", "id"),
        Link("input", kind, Kind.run, f"{registry}_input_of_runs", column, "run_id"),
    ]
    if kind is not Kind.record:
        found.append(Link("recreated", Kind.run, kind, f"{registry}_recreating_runs", "run_id", column))
    return found


MEMBERS = Link("member", Kind.artifact, Kind.collection, "lamindb.CollectionArtifact", "artifact_id", "collection_id")
DATA = (*(link for kind in (Kind.artifact, Kind.collection, Kind.record) for link in _links_of_data(kind)), MEMBERS)
"""Ways of data."""
PRECEDES = Link("precedes", Kind.transform, Kind.transform, "lamindb.TransformTransform", "predecessor_id", "successor_id")
EXECUTED = Link("executed", Kind.transform, Kind.run, "lamindb.Run", "transform_id", "id")
LINKS = (*DATA, PRECEDES, EXECUTED)
