"""Collections: artifacts in an order, with a version history. Members never change: others are a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import lamindb_setup

from lamindb._registries.columns.collection import CollectionColumns
from lamindb.artifacts import joining, keys, members
from lamindb.errors import FieldValidationError, UnsavedRecord
from lamindb.records import construction, context, deleting, identity, revising, saving
from lamindb.records.signatures import named_errors

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction
    from upath import UPath

    from lamindb._registries.artifact import Artifact
    from lamindb._registries.branch import Branch
    from lamindb._registries.run import Run
    from lamindb._registries.schema import Schema
    from lamindb._registries.space import Space
    from lamindb.query.queryset import QuerySet
    from lamindb.records.record import BaseSQLRecord


WHAT = "this collection"


class CollectionBehavior(CollectionColumns):
    """Artifacts in an order, known by a key and what is in it.

    The same artifacts under the same key, in any order, are the same collection; others are its next version.
    """

    __abstract__ = True
    _shared: tuple[str, ...] = ("key",)
    _has_unique_content: ClassVar[bool] = True
    _fixed_links: ClassVar[Mapping[str, str]] = {members.LINK: members.FIXED}
    _members: list[Artifact] | None = None
    """What the collection was made of, until it is saved."""
    _is_remade: bool = False
    """Whether it existed when it was made; saving it then makes it an output of the current run, too."""

    @named_errors
    def __init__(  # noqa: PLR0913  # the arguments that people know
        self,
        artifacts: Artifact | Iterable[Artifact],
        *,
        key: str | None = None,
        description: str | None = None,
        schema: Schema | None = None,
        meta_artifact: Artifact | None = None,
        reference: str | None = None,
        reference_type: str | None = None,
        run: Run | None = None,
        revises: Self | None = None,
        skip_hash_lookup: bool = False,
        branch: Branch | str | None = None,
        space: Space | str | None = None,
        version: str | None = None,
    ) -> None:
        """Make a collection, or get the one with this key and these artifacts; nothing is written before `save`.

        Parameters
        ----------
        artifacts
            An artifact or several, as a list or query set. New ones must be saved first or together, by `ln.save([…])`. Repeated
            ones count once.
        key
            A path-like name that all versions share; that of `revises` if that is passed.
        description
            What is in the collection.
        schema
            The schema against which every artifact was validated.
        meta_artifact
            An artifact that describes the others, as a table with one row for each.
        reference, reference_type
            Under which others know the collection, and what kind of reference that is, as `url` or `doi`.
        run
            The run that made the collection, by default the one that is tracked.
        revises
            The collection of which this is the next version; by default the latest one with the same key.
        skip_hash_lookup
            Not needed: the same artifacts are looked for under the same key only.
        branch, space
            Where the row lives; never changed on a collection that exists.
        version
            A name for the version, as `2`; by default it is counted.

        Raises
        ------
        FieldValidationError: an argument is unknown, missing, of the wrong type or too long.
        InvalidArgument: there is no artifact, or `revises` is not saved.
        DatabaseMismatch: an artifact lives in another database.
        ValidationError: an artifact was not validated against the schema.
        CurrentInstanceNotConfigured: no database is connected.
        """
        database = lamindb_setup.current()
        values = construction.passed(locals(), "database", "artifacts", "revises", "skip_hash_lookup", "version")
        if version is not None:
            values["version_tag"] = version
        self._members = members.checked(artifacts, database)
        self._fill(values, revises, database)
        with database.reading() as connection:
            stored = revising.find(connection, database, self)
        if stored.same is not None:
            identity.become(self, database, stored.same)
        else:
            revising.expect_uid(self, stored.head)
            self._resolved = True

    def _fill(self, values: dict[str, Any], revises: Self | None, database: Database) -> None:
        """Set the columns; what was not passed comes from the version that is revised."""
        if revises is not None:
            revising.check_revises(self, revises)
            values = {"key": revises.key, "description": revises.description, "schema": revises.schema} | values
        if "key" in values:
            keys.check_key(values["key"])
        construction.fill(self, (), {name: value for name, value in values.items() if value is not None})
        members.check_schema(self._members or [], self.schema_id)
        if revises is not None:
            revising.revise(self, revises, database)
        self.hash = members.content_hash(self._members or [])

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rpartition("/")[2]

    @property
    def ordered_artifacts(self) -> QuerySet[Artifact]:
        """The artifacts in their order, as a query set. `artifacts` are the same in no particular order.

        Raises
        ------
        UnsavedRecord: the collection is not saved yet.
        """
        return members.in_order(self)

    def append(self, artifacts: Artifact | Iterable[Artifact], *, run: Run | None = None) -> Self:
        """Return a new version, not yet saved, with more artifacts at the end; key, description and schema are kept.

        Raises
        ------
        UnsavedRecord: this version is not saved yet.
        InvalidArgument, ValidationError, DatabaseMismatch: as for `Collection`.
        """
        if self._database is None:
            raise UnsavedRecord(f"the collection {self.key!r} is not saved yet: call .save() on it before you append to it")
        more = members.as_list(artifacts)
        return type(self)([*members.of(self), *more], revises=self, run=run)

    def load(self, join: Literal["outer", "inner"] = "outer", *, is_run_input: bool | Run | None = None) -> Any:
        """Load all artifacts and concatenate them in their order: data frames by rows, AnnData by observations.

        Parameters
        ----------
        join
            Whether columns, or variables, that some artifacts lack are kept (`outer`) or dropped (`inner`).
        is_run_input
            Whether the collection becomes an input of the run that is tracked, or of which run; by default
            `ln.settings.track_run_inputs` decides.

        Returns
        -------
        A data frame with the rows of all artifacts and their indexes, or an AnnData, #observations of all × #variables joined,
        whose `obs["artifact_uid"]` tells where an observation is from.

        Raises
        ------
        InvalidArgument: the artifacts have several formats, or one that cannot be concatenated.
        ArtifactMissing, ArtifactUnreadable, MissingDependency: as `Artifact.load`.
        """
        found = joining.load(members.of(self), join, WHAT)
        context.note_read(self, is_input=is_run_input)
        return found

    def open(self, engine: Literal["pyarrow"] = "pyarrow", *, is_run_input: bool | Run | None = None) -> Any:
        """Open all artifacts as one `pyarrow.dataset.Dataset`, without reading their rows. Columns are those of all of them.

        Raises
        ------
        InvalidArgument: the artifacts have several formats, or one that is no table.
        ArtifactMissing, ArtifactUnreadable, MissingDependency: as `Artifact.open`.
        """
        found = joining.open_(members.of(self), engine, WHAT)
        context.note_read(self, is_input=is_run_input)
        return found

    def cache(self, *, is_run_input: bool | Run | None = None) -> list[UPath]:
        """Return paths of local files with the bytes, in order.

        Raises
        ------
        ArtifactMissing, ArtifactUnreadable: as `Artifact.cache`.
        """
        found = [artifact.cache(is_run_input=False) for artifact in members.of(self)]
        context.note_read(self, is_input=is_run_input)
        return found

    @classmethod
    def _known_by(cls) -> tuple[str, ...]:
        return ("key",)

    def _new_related(self) -> Iterable[BaseSQLRecord]:
        return [*super()._new_related(), *(self._members or ())]

    def _check_match(self, row: Mapping[str, Any]) -> None:
        self._is_remade = True
        if row["run_id"] is not None:
            self.__dict__.pop("run_id", None)  # the run that made it stays; this one remade it

    def _saved_again(self, transaction: Transaction) -> None:
        """Leave the trash, and be an output of the current run too, if this was made once more."""
        if not self._is_remade:
            return
        if self.branch_id == context.TRASH:
            deleting.restore(self)
        context.note_remade(self)
        transaction.on_commit(lambda: setattr(self, "_is_remade", False))

    def _before_update(self, transaction: Transaction) -> None:
        if "hash" in saving.changed(self):
            raise FieldValidationError("the hash of a collection is that of its artifacts, so it cannot be changed")
        super()._before_update(transaction)

    def _save_new(self, transaction: Transaction, database: Database) -> None:
        found, revised = self._members or [], self._revises
        members.check_saved(found, database)
        self.hash = members.content_hash(found)
        super()._save_new(transaction, database)
        if not self._is_remade:
            members.link(transaction, self, found)
            if context.tracker() is not None:
                context.note_read(*found, *([revised] if revised is not None else []))
        self._members = None
