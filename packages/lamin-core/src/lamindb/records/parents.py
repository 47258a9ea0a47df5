"""Registries whose records form a hierarchy of parents and children."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from lamindb.records import walking

if TYPE_CHECKING:
    from lamindb.query.queryset import QuerySet
    from lamindb.records.record import BaseSQLRecord as Mixin
else:
    Mixin = object


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
