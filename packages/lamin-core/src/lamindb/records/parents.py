"""Registries whose records form a hierarchy of parents and children."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self, overload

from lamindb.records import walking

if TYPE_CHECKING:
    from lamindb.graphs.showing import Format
    from lamindb.graphs.style import Side
    from lamindb.query.queryset import QuerySet
    from lamindb.records.hierarchy import HierarchyGraph
    from lamindb.records.record import BaseSQLRecord as Mixin
else:
    Mixin = object

LIMIT = 10
"""Parents or children that are drawn of one record, unless asked otherwise."""


class HasParents(Mixin):
    """Records with any number of `parents` and `children`."""

    def query_parents(self) -> QuerySet[Self]:
        """Return all parents, their parents, and so on; one statement, whatever the depth.

        A record that is not seen, in the trash or on another branch, ends the walk.

        Raises
        ------
        UnsavedRecord: the record is not saved.

        Examples
        --------
        >>> cell, t_cell = ln.ULabel(name="cell").save(), ln.ULabel(name="T cell").save()
        >>> t_cell.parents.add(cell)
        >>> t_cell.query_parents().to_list("name")
        ['cell']
        """
        return walking.walk_links(self, "parents")

    def query_children(self) -> QuerySet[Self]:
        """Return all children, their children, and so on; see `query_parents`."""
        return walking.walk_links(self, "children")

    @overload
    def view_parents(
        self,
        field: object = ...,
        with_children: bool = ...,
        distance: int | None = ...,
        *,
        limit: int | None = ...,
        return_graph: Literal[True],
        format: Format | None = ...,
    ) -> HierarchyGraph: ...
    @overload
    def view_parents(
        self,
        field: object = ...,
        with_children: bool = ...,
        distance: int | None = ...,
        *,
        limit: int | None = ...,
        return_graph: bool = ...,
        format: Format | None = ...,
    ) -> HierarchyGraph | None: ...
    def view_parents(
        self,
        field: object = None,
        with_children: bool = False,
        distance: int | None = 5,
        *,
        limit: int | None = LIMIT,
        return_graph: bool = False,
        format: Format | None = None,
    ) -> HierarchyGraph | None:
        """Show what is above this record: as a picture in a notebook, elsewhere as a tree of text. Three statements.

        What `query_parents` finds is drawn. Records are told apart by what they are, never by their names.

        Parameters
        ----------
        field
            The field that labels the records, by name or as an attribute; by default the one that names them.
        with_children
            Also show what is below it.
        distance
            How many steps away the graph ends; None for never.
        limit
            How many parents or children of one record are drawn at most; the rest is counted, as is what comes after 500
            records. None draws all.
        return_graph
            Return the graph, with `to_text`, `to_mermaid`, `to_svg` and `save`, instead of showing it.
        format
            Show `text`, `mermaid` or `svg` instead of what fits the place.

        Raises
        ------
        UnsavedRecord: it is not saved yet.
        FieldError: the registry has no such field.
        InvalidArgument: distance, limit or format is not what is described above.

        Examples
        --------
        >>> t_cell.view_parents()  # doctest: +SKIP
        ulabel T cell
        └─ parent lymphocyte
           └─ parent cell
        """
        sides: tuple[Side, ...] = ("before", "after") if with_children else ("before",)
        return self._view(sides, field, distance, limit, return_graph, format)

    @overload
    def view_children(
        self,
        field: object = ...,
        distance: int | None = ...,
        *,
        limit: int | None = ...,
        return_graph: Literal[True],
        format: Format | None = ...,
    ) -> HierarchyGraph: ...
    @overload
    def view_children(
        self,
        field: object = ...,
        distance: int | None = ...,
        *,
        limit: int | None = ...,
        return_graph: bool = ...,
        format: Format | None = ...,
    ) -> HierarchyGraph | None: ...
    def view_children(
        self,
        field: object = None,
        distance: int | None = 5,
        *,
        limit: int | None = LIMIT,
        return_graph: bool = False,
        format: Format | None = None,
    ) -> HierarchyGraph | None:
        """Show what is below this record; see `view_parents`."""
        return self._view(("after",), field, distance, limit, return_graph, format)

    def _view(
        self,
        sides: tuple[Side, ...],
        field: object,
        distance: int | None,
        limit: int | None,
        return_graph: bool,
        format: Format | None,
    ) -> HierarchyGraph | None:
        from lamindb.records import hierarchy  # late: who names a registry does not need what draws

        return hierarchy.view(self, sides, field, distance=distance, limit=limit, return_graph=return_graph, format=format)
