"""What artifacts, collections, runs and transforms have in common: a lineage to look at.

Records get it as a mixin that the schema names, so that neither they nor artifacts import this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast, overload

if TYPE_CHECKING:
    from lamindb.graphs.showing import Format
    from lamindb.lineage.graph import LineageGraph
    from lamindb.records.record import BaseSQLRecord

LIMIT = 10
"""Neighbours of one kind that are drawn on one side of a node, unless asked otherwise."""


def _view(
    record: object, with_after: bool, distance: int | None, limit: int | None, return_graph: bool, format: Format | None
) -> LineageGraph | None:
    from lamindb.lineage.graph_view import view  # late: who names a registry does not need ten modules that draw

    return view(
        cast("BaseSQLRecord", record),
        ("before", "after") if with_after else ("before",),
        distance=distance,
        limit=limit,
        return_graph=return_graph,
        format=format,
    )


class HasLineage:
    """Records that runs make and read, and the runs themselves."""

    @overload
    def view_lineage(
        self,
        with_children: bool = ...,
        *,
        distance: int | None = ...,
        limit: int | None = ...,
        return_graph: Literal[True],
        format: Format | None = ...,
    ) -> LineageGraph: ...
    @overload
    def view_lineage(
        self,
        with_children: bool = ...,
        *,
        distance: int | None = ...,
        limit: int | None = ...,
        return_graph: bool = ...,
        format: Format | None = ...,
    ) -> LineageGraph | None: ...
    def view_lineage(
        self,
        with_children: bool = True,
        *,
        distance: int | None = None,
        limit: int | None = LIMIT,
        return_graph: bool = False,
        format: Format | None = None,
    ) -> LineageGraph | None:
        """Show what this was made from and what was made from it: as a picture in a notebook, elsewhere as a tree of text.

        Data and runs on the current branch, main and the archive are drawn: what leads to this record and from it, with what else
        the runs on the way made and read. Dashed arrows come from runs that made the same content again.

        Parameters
        ----------
        with_children
            Also show what was made from it.
        distance
            How many runs away the graph ends; None for never.
        limit
            How many inputs, outputs, readers or makers of one kind a box has at most, the newest of them; the rest is counted.
            None draws all.
        return_graph
            Return the graph, with `to_text`, `to_mermaid`, `to_svg` and `save`, instead of showing it.
        format
            Show `text`, `mermaid` or `svg` instead of what fits the place.

        Raises
        ------
        UnsavedRecord: it is not saved yet.
        InvalidArgument: distance, limit or format is not what is described above.

        Examples
        --------
        >>> artifact.view_lineage()  # doctest: +SKIP
        artifact counts/clean.parquet
        └─ made by run clean.py (2026-01-04 09:00 UTC)
           └─ from artifact counts/raw.csv
        """
        return _view(self, with_children, distance, limit, return_graph, format)


class HasSuccessors:
    """Code that comes before or after other code, and the runs of which make and read data."""

    @overload
    def view_lineage(
        self,
        with_successors: bool = ...,
        *,
        distance: int | None = ...,
        limit: int | None = ...,
        return_graph: Literal[True],
        format: Format | None = ...,
    ) -> LineageGraph: ...
    @overload
    def view_lineage(
        self,
        with_successors: bool = ...,
        *,
        distance: int | None = ...,
        limit: int | None = ...,
        return_graph: bool = ...,
        format: Format | None = ...,
    ) -> LineageGraph | None: ...
    def view_lineage(
        self,
        with_successors: bool = False,
        *,
        distance: int | None = 5,
        limit: int | None = LIMIT,
        return_graph: bool = False,
        format: Format | None = None,
    ) -> LineageGraph | None:
        """Show what comes before this transform: its `predecessors`, its runs, and what these read and made.

        Parameters
        ----------
        with_successors
            Also show what comes after it: its `successors`, and what was made from what its runs made.
        distance, limit, return_graph, format
            As for `Artifact.view_lineage`; the newest runs of the transform are drawn.

        Raises
        ------
        UnsavedRecord: it is not saved yet.
        InvalidArgument: distance, limit or format is not what is described above.
        """
        return _view(self, with_successors, distance, limit, return_graph, format)
