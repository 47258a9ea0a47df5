"""Query sets of artifacts, which can be read as one dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from lamindb.artifacts import joining
from lamindb.query.queryset import QuerySet
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb._registries.run import Run
    from lamindb.artifacts.artifact import ArtifactBehavior

A = TypeVar("A", bound="ArtifactBehavior")
WHAT = "this query set"


class ArtifactSet(QuerySet[A], Generic[A]):
    """Artifacts that meet conditions; see `QuerySet`."""

    __slots__ = ()

    def load(self, join: Literal["outer", "inner"] = "outer", *, is_run_input: bool | Run | None = None) -> Any:
        """Read all artifacts into memory as one: data frames or AnnData, concatenated in the order of the set.

        Parameters
        ----------
        join
            Keep the columns or variables of `outer` any or `inner` all of them. An AnnData tells in the column `artifact_uid` of
            its observations where each is from.
        is_run_input
            As for `Artifact.load`: every artifact becomes an input.

        Raises
        ------
        InvalidArgument: there are no artifacts, or they have several formats, or one that cannot be concatenated.
        ArtifactMissing, ArtifactUnreadable, MissingDependency: as `Artifact.load`.
        """
        found = joining.load(self._load(), join, WHAT)
        context.note_read(*self._load(), is_input=is_run_input)
        return found

    def open(self, engine: Literal["pyarrow"] = "pyarrow", *, is_run_input: bool | Run | None = None) -> Any:
        """Open all artifacts as one `pyarrow.dataset.Dataset`, without reading their rows. Columns are those of all of them.

        Raises
        ------
        InvalidArgument: there are no artifacts, or they have several formats, or one that is no table.
        ArtifactMissing, ArtifactUnreadable, MissingDependency: as `Artifact.open`.
        """
        found = joining.open_(self._load(), engine, WHAT)
        context.note_read(*self._load(), is_input=is_run_input)
        return found
