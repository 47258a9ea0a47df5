"""Artifacts: files with a version history, stored under names that never change content."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from lamindb._registries.columns.artifact import ArtifactColumns
from lamindb.artifacts import construction, deleting, editing, reading, saving
from lamindb.artifacts.arguments import Arguments
from lamindb.artifacts.construction import Pending
from lamindb.artifacts.signatures import named_errors
from lamindb.errors import FieldValidationError
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction
    from upath import UPath

    from lamindb._registries.branch import Branch
    from lamindb._registries.run import Run
    from lamindb._registries.space import Space
    from lamindb._registries.storage import Storage


class ArtifactBehavior(ArtifactColumns):
    """A dataset, model or other file, with its bytes and a version history.

    A file inside a storage location stays where it is and its place becomes the key; any other is copied into the storage when
    the artifact is saved. The same content under the same key is the same artifact; other content under a key is its next
    version.
    """

    __abstract__ = True
    _saved_one_by_one: ClassVar[bool] = True
    _pending: Pending | None = None
    """What is to be done when the artifact is saved, beside writing the row."""
    _is_remade: bool = False
    """Whether it existed when it was made from a file; saving it then makes it an output of the current run, too."""

    @named_errors
    def __init__(  # noqa: PLR0913  # the arguments that people know
        self,
        path: str | os.PathLike[str],
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
        branch: Branch | None = None,
        space: Space | None = None,
        version: str | None = None,
    ) -> None:
        """Look at a file; nothing is written before `save`.

        Parameters
        ----------
        path
            A file of this machine. Symbolic links are followed.
        key
            A path-like name that all versions share, as `plates/2024/a.csv`; its suffix is that of the file.
        description
            What is in the file.
        kind
            Its purpose: `dataset`, `model`, `plan` or any other word.
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
            Not needed; if passed, it must agree with whether the key differs from the file's place in the storage.
        branch, space
            Where the row lives; never changed on an artifact that exists.
        version
            A name for the version, as `2`; by default it is counted.

        Raises
        ------
        ArtifactMissing: there is no such file.
        ArtifactUnreadable: it may not be read, or changes while it is read.
        FieldValidationError: an argument is unknown, of the wrong type or too long.
        InvalidArgument: the path is a folder, key and path have different suffixes, or neither key, description nor run is
            passed.
        InconsistentKey: `key_is_virtual` contradicts where the file lies.
        CurrentInstanceNotConfigured: no database is connected.
        """
        columns: dict[str, Any] = {"description": description, "kind": kind, "otype": otype, "version_tag": version}
        columns |= {"run": None if run is False else run, "branch": branch, "space": space}
        given = Arguments(path, key, revises, storage, skip_hash_lookup, key_is_virtual, columns, without_run=run is False)
        construction.construct(self, given)

    def save(self) -> Self:
        """Store the bytes and write the row: both or neither, whatever happens in between.

        Someone else may have saved the same content under the same key meanwhile: then this becomes that artifact.

        Raises
        ------
        ArtifactUnreadable, ArtifactMissing: the file changed or went away since the artifact was made.
        DiskFull, StorageNotWritable: the bytes cannot be stored.
        IntegrityError: the version named by `revises` is not the latest any more.
        InvalidArgument: a changed attribute of a stored artifact says something about its bytes.
        """
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
        in_trash = self.__dict__.get("branch_id") == context.TRASH
        if self._database is not None and (permanent or (permanent is None and in_trash)):
            return deleting.delete_permanently(self._database, type(self), [self.id], storage)
        return super().delete(permanent)

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> None:
        if permanent:
            deleting.delete_permanently(database, cls, ids, None)
        else:
            super()._delete_ids(database, ids, permanent)

    def _before_update(self, transaction: Transaction) -> None:
        editing.check_edits(self, transaction)

    def _save_new(self, transaction: Transaction, database: Database) -> None:
        saving.save_new(self, transaction, database)
