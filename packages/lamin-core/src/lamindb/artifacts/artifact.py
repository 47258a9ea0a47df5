"""Artifacts: files and folders with a version history, stored under names that never change content."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypedDict, Unpack, cast

from lamindb._registries.columns.artifact import ArtifactColumns
from lamindb.artifacts import arriving, construction, deleting, editing, reading, replacing, saving
from lamindb.artifacts.arguments import Arguments
from lamindb.artifacts.construction import Pending
from lamindb.artifacts.from_folder import artifacts_in
from lamindb.artifacts.origins import Origin, typed_origin
from lamindb.artifacts.sets import ArtifactSet
from lamindb.errors import FieldValidationError
from lamindb.query.queryset import QuerySet
from lamindb.records import context, staleness
from lamindb.records.deleting import check_permanent
from lamindb.records.signatures import named_errors

if TYPE_CHECKING:
    import pandas as pd
    from anndata import AnnData
    from lamindb_setup.databases import Database, Transaction
    from upath import UPath

    from lamindb._registries.branch import Branch
    from lamindb._registries.run import Run
    from lamindb._registries.space import Space
    from lamindb._registries.storage import Storage
    from lamindb.query.q import Expression, Q
    from lamindb.records.lists import SQLRecordList


class Options(TypedDict, total=False):
    """Arguments of `Artifact` that its `from_…` forms pass on."""

    kind: str | None
    storage: Storage | None
    skip_hash_lookup: bool | None
    key_is_virtual: bool | None
    branch: Branch | str | None
    space: Space | str | None
    version: str | None


class ArtifactBehavior(ArtifactColumns):
    """A dataset, model or other file or folder, with its bytes and a version history.

    What lies inside a storage location stays where it is and its place becomes the key; anything else is copied into the storage
    when the artifact is saved. The same content under the same key is the same artifact; other content under a key is its next
    version.
    """

    __abstract__ = True
    _saved_one_by_one: ClassVar[bool] = False
    _query_set: ClassVar[type[QuerySet[Any]]] = ArtifactSet
    _saved_in_groups: ClassVar[bool] = True
    _not_listed: ClassVar[tuple[str, str] | None] = ("kind", "__lamindb")
    _pending: Pending | None = None
    """What is to be done when the artifact is saved, beside writing the row."""
    _is_remade: bool = False
    """Whether it existed when it was made from a file; saving it then makes it an output of the current run, too."""

    @named_errors
    def __init__(  # noqa: PLR0913  # the arguments that people know
        self,
        path: str | os.PathLike[str] | pd.DataFrame | AnnData | Origin,
        *,
        key: str | None = None,
        description: str | None = None,
        kind: str | None = None,
        otype: str | None = None,
        revises: Self | None = None,
        run: Run | Literal[False] | None = None,
        storage: Storage | None = None,
        skip_hash_lookup: bool | None = None,
        key_is_virtual: bool | None = None,
        branch: Branch | str | None = None,
        space: Space | str | None = None,
        version: str | None = None,
    ) -> None:
        """Look at a file, a folder or data in memory; nothing is written to the storage or the database before `save`.

        Parameters
        ----------
        path
            A file or folder of this machine; symbolic links are followed. Or a DataFrame or AnnData, which is written to a file
            in the cache directory now, in the format that the key says.
        key
            A path-like name that all versions share, as `plates/2024/a.csv`; its suffix is that of the file.
        description
            What is in it.
        kind
            Its purpose: `dataset`, which is the default for data in memory, `model`, `plan` or any other word.
        otype
            What it is in memory, as `DataFrame` or `AnnData`; told by the suffix where it is not passed.
        revises
            The artifact of which this is the next version; by default the latest one with the same key.
        run
            The run that made the file, by default the one that is tracked; False for none.
        storage
            Where to copy the file; by default the storage of the instance.
        skip_hash_lookup
            Make an artifact of its own even if one without key has the same content, as far as the database allows.
        key_is_virtual
            Whether the key differs from the place of the file in the storage. It follows from where the file lies and need not be
            passed; a value that contradicts it is refused. Files that are copied get a name of ours.
        branch, space
            Where the row lives; never changed on an artifact that exists.
        version
            A name for the version, as `2`; by default it is counted.

        Raises
        ------
        ArtifactMissing: there is no such file.
        ArtifactUnreadable: it may not be read, or changes while it is read.
        FieldValidationError: an argument is unknown, of the wrong type or too long.
        InvalidArgument: a folder is empty or has a symbolic link in it that leads in a circle, key and path have different
            suffixes, data in memory does not fit into its format, or neither key, description nor run is passed.
        InconsistentKey: `key_is_virtual` contradicts where the file lies.
        CurrentInstanceNotConfigured: no database is connected.
        """
        columns: dict[str, Any] = {"description": description, "kind": kind, "otype": otype, "version_tag": version}
        columns |= {"run": None if run is False else run, "branch": branch, "space": space}
        given = Arguments(path, key, revises, storage, skip_hash_lookup, key_is_virtual, columns, without_run=run is False)
        construction.construct(self, given)

    @classmethod
    def from_dataframe(
        cls,
        df: pd.DataFrame | str | os.PathLike[str],
        *,
        key: str | None = None,
        description: str | None = None,
        run: Run | Literal[False] | None = None,
        revises: Self | None = None,
        csv_kwargs: dict[str, Any] | None = None,
        parquet_kwargs: dict[str, Any] | None = None,
        **arguments: Unpack[Options],
    ) -> Self:
        """Make a dataset of a data frame, or of a file or folder with a table: one observation for each row.

        Parameters
        ----------
        df
            A data frame, or a path. A data frame is written now: what becomes of it later does not matter.
        key
            Its suffix says how a data frame is written: `.parquet`, which is the default, `.csv` or `.tsv`.
        description, run, revises, **arguments
            As for `Artifact`. `kind` is `dataset` unless it is passed.
        csv_kwargs, parquet_kwargs
            Passed on to `pandas.DataFrame.to_csv` or `to_parquet`. An index of plain row numbers is not written to a `.csv`.

        Raises
        ------
        FieldValidationError: it is neither a data frame nor a path.
        InvalidArgument: the path or the key has the suffix of something else, or the data does not fit into the format.
        ArtifactUnreadable: a file is not what its suffix says. Otherwise as `Artifact`.
        """
        key_of = key if key is not None or revises is None else revises.key
        options = (parquet_kwargs if key_of is None or key_of.lower().endswith(".parquet") else csv_kwargs) or {}
        origin = typed_origin(df, "DataFrame", key_of, options)
        return cls(origin, key=key, description=description, run=run, revises=revises, **arguments)

    @classmethod
    def from_anndata(
        cls,
        adata: AnnData | str | os.PathLike[str],
        *,
        key: str | None = None,
        description: str | None = None,
        run: Run | Literal[False] | None = None,
        revises: Self | None = None,
        h5ad_kwargs: dict[str, Any] | None = None,
        **arguments: Unpack[Options],
    ) -> Self:
        """Make a dataset of annotated data, #observations × #variables, or of a file with some.

        Parameters
        ----------
        adata
            An AnnData, or the path of an `.h5ad`. An AnnData is written now: what becomes of it later does not matter.
        key
            Must end with `.h5ad`.
        description, run, revises, **arguments
            As for `Artifact`. `kind` is `dataset` unless it is passed.
        h5ad_kwargs
            Passed on to `AnnData.write_h5ad`.

        Raises
        ------
        FieldValidationError, InvalidArgument, ArtifactUnreadable: as `from_dataframe`.
        MissingDependency: anndata is not installed.
        """
        key_of = key if key is not None or revises is None else revises.key
        origin = typed_origin(adata, "AnnData", key_of, h5ad_kwargs or {})
        return cls(origin, key=key, description=description, run=run, revises=revises, **arguments)

    @classmethod
    def from_dir(
        cls, path: str | os.PathLike[str], *, key: str | None = None, run: Run | Literal[False] | None = None
    ) -> SQLRecordList[Self]:
        """Make an artifact of every file in a folder and the folders in it; call `.save()` on the list to store them all.

        Every file has its own artifact under its own key, also where several have the same content. Symbolic links are followed.

        Parameters
        ----------
        path
            A folder. Files that lie in a storage stay there, others are copied when they are saved.
        key
            What the keys begin with, followed by the path of the file below the folder; by default the place of the folder in its
            storage, or its name.
        run
            The run that made the files, by default the one that is tracked; False for none.

        Raises
        ------
        ArtifactMissing: there is no such folder, or a symbolic link in it leads to nothing.
        ArtifactUnreadable: a file may not be read, or changes while it is read.
        InvalidArgument: the path is a file, a symbolic link leads in a circle, or a key cannot be stored.
        """
        return artifacts_in(cls, path, key, run)

    @classmethod
    def filter(cls, *conditions: Any, **lookups: Any) -> ArtifactSet[Self]:
        """Return the artifacts that meet all conditions, as a query set that can also be read as one dataset.

        Parameters
        ----------
        *conditions, **lookups
            As for `QuerySet.filter`.

        Raises
        ------
        FieldError: a field, relation or lookup does not exist.

        Examples
        --------
        >>> ln.Artifact.filter(key__startswith="plates/", suffix=".parquet").open()  # doctest: +SKIP
        """
        return cast("ArtifactSet[Self]", super().filter(*conditions, **lookups))

    @classmethod
    def get(
        cls,
        idlike: int | str | Q | Expression | None = None,
        *conditions: Q | Expression,
        is_run_input: bool | Run | None = None,
        **lookups: Any,
    ) -> Self:
        """Return the one artifact with this id, uid (or its beginning), or that meets the conditions.

        Parameters
        ----------
        is_run_input
            True makes it an input of the run that is tracked, a run an input of that run; otherwise only reading it does.

        Raises
        ------
        ObjectDoesNotExist: there is none.
        MultipleObjectsReturned: there are several.
        """
        found = super().get(idlike, *conditions, **lookups)
        context.note_read(found, is_input=is_run_input or False)
        return found

    def save(self, *, force: bool = False) -> Self:
        """Store the bytes and write the row: both or neither, whatever happens in between.

        Someone else may have saved the same content under the same key meanwhile: then this becomes that artifact.

        Parameters
        ----------
        force
            As for other records: write what was changed here even if someone else changed the same fields meanwhile.

        Raises
        ------
        ArtifactUnreadable, ArtifactMissing: the file changed or went away since the artifact was made.
        DiskFull, StorageNotWritable: the bytes cannot be stored.
        IntegrityError: the version named by `revises` is not the latest any more.
        InvalidArgument: a changed attribute of a stored artifact says something about its bytes.
        """
        if force:
            staleness.forget(self)
        saving.save(self)
        return self

    @property
    def path(self) -> UPath:
        """Where the bytes are; for an artifact that is not saved, the file that it was made from."""
        from upath import UPath  # loads fsspec

        return UPath(reading.local_path(self))

    def cache(self, *, is_run_input: bool | Run | None = None) -> UPath:
        """Return the path of a local file with the bytes.

        Parameters
        ----------
        is_run_input
            Whether the artifact becomes an input of the run that is tracked, or of which run; by default
            `ln.settings.track_run_inputs` decides.

        Raises
        ------
        ArtifactMissing: the bytes are not there.
        ArtifactUnreadable: a file in its own place was changed since it was registered.
        """
        from upath import UPath  # loads fsspec

        return UPath(reading.cache(self, is_run_input))

    def load(self, *, is_run_input: bool | Run | None = None, **options: Any) -> Any:
        """Read the file into memory: a data frame, an AnnData, a text …, by the suffix of the file.

        Parameters
        ----------
        is_run_input
            As for `cache`.
        **options
            Passed on to the function that reads the format, such as `pandas.read_csv`.

        Raises
        ------
        ArtifactMissing: the bytes are not there.
        ArtifactUnreadable: the bytes are not what the suffix says, or were changed.
        InvalidArgument: nothing is known that reads files with this suffix.
        MissingDependency: a package that reads the format is not installed.
        """
        return reading.load(self, is_run_input, **options)

    def open(self, mode: str = "r", *, is_run_input: bool | Run | None = None, **options: Any) -> Any:
        """Open the file without reading it all: a pyarrow dataset for tables, a backed AnnData, else a file object.

        Parameters
        ----------
        mode
            Only `r`.
        is_run_input
            As for `cache`.
        **options
            Passed on to the function that opens the format.

        Raises
        ------
        InvalidArgument: the mode is not `r`. Otherwise as `load`.
        """
        return reading.open_(self, mode, is_run_input, **options)

    def replace(self, data: str | os.PathLike[str] | pd.DataFrame | AnnData, *, run: Run | Literal[False] | None = None) -> Self:
        """Give the artifact other bytes under the same uid; effective when it is saved, until then the former ones are read.

        The former bytes are gone then. To keep them, make a new version with `Artifact(path, revises=artifact)`.

        Parameters
        ----------
        data
            A file or folder outside of every storage, with the suffix that the artifact has, or data in memory.
        run
            The run that made the bytes, by default the one that is tracked; False leaves the one that made the former bytes.

        Returns
        -------
        The artifact itself; `save` raises StaleRecord if someone else replaces the bytes in the meantime, and InvalidArgument if
        another version has this content.

        Raises
        ------
        UnsavedRecord: the artifact is not saved.
        InvalidArgument: it is a folder where a file was, or the other way round, has another suffix, or lies in a storage; or the
            artifact is a file that was in the storage before, which is never overwritten.
        IntegrityError: the storage is not managed by this instance.
        ArtifactMissing, ArtifactUnreadable: see `Artifact`.
        """
        replacing.prepare(self, data, run)
        return self

    def delete(self, permanent: bool | None = None, storage: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Move to the trash, or delete for good with the bytes.

        Parameters
        ----------
        permanent
            True deletes the row; None and False move it to the trash. What is in the trash already is deleted for good by None.
        storage
            What becomes of the bytes when the row is deleted: True deletes them, False keeps them. None deletes what was copied
            into the storage, and asks for a decision on files that were there before.

        Returns
        -------
        Number of deleted rows, in all and by registry, if rows were deleted.

        Raises
        ------
        InvalidArgument: the file was in the storage before; pass `storage`.
        IntegrityError: the storage is not managed by this instance; pass `storage=False`.
        ProtectedError: other rows refer to it.
        """
        if not isinstance(storage, bool | None):
            raise FieldValidationError(f"storage must be True, False or None, not {storage!r}")
        check_permanent(permanent)
        in_trash = self.__dict__.get("branch_id") == context.TRASH
        if self._database is not None and (permanent or (permanent is None and in_trash)):
            return deleting.delete_permanently(self._database, type(self), [self.id], storage)
        return super().delete(permanent)

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> None:
        check_permanent(permanent)
        if permanent:
            deleting.delete_permanently(database, cls, ids, None)
        else:
            super()._delete_ids(database, ids, permanent)

    @classmethod
    def _known_by(cls) -> tuple[str, ...]:
        return ("key", "storage_id")

    def _before_update(self, transaction: Transaction) -> None:
        editing.check_edits(self, transaction)

    def _save_new(self, transaction: Transaction, database: Database) -> None:
        with arriving.ready(database, [self]):
            saving.write(transaction, database, [self])

    @classmethod
    def _made_ready(cls, database: Database, records: Sequence[Self]) -> AbstractContextManager[None]:
        return arriving.ready(database, records)

    @classmethod
    def _save_group(cls, transaction: Transaction, database: Database, records: Sequence[Self]) -> None:
        saving.write(transaction, database, records)
