"""Changing a stored artifact: its key and description may change, what says something about its bytes may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm.attributes import instance_state

from lamindb.artifacts import keys
from lamindb.artifacts.suffixes import CanonicalSuffix
from lamindb.errors import InvalidArgument
from lamindb.records import context, families, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb.artifacts.artifact import ArtifactBehavior

ABOUT_BYTES = (
    "storage_id",
    "suffix",
    "size",
    "hash",
    "_hash_type",
    "n_files",
    "_overwrite_versions",
    "_real_key",
    "_key_is_virtual",
)


def check_edits(artifact: ArtifactBehavior, transaction: Transaction) -> None:
    """Refuse changes that would make the row say something else than what is stored.

    Raises
    ------
    InvalidArgument: with the column, and what to do instead.
    FieldValidationError: the new key is too long or no text.
    """
    changes = saving.changed(artifact)
    if artifact._pending is None:
        for name in ABOUT_BYTES:
            if name in changes:
                raise InvalidArgument(
                    f"{name.removesuffix('_id')} of artifact {artifact.uid!r} cannot be changed to {changes[name]!r}: "
                    "it says where or what the stored bytes are; make a new version with Artifact(path, revises=…)"
                )
    if "key" in changes:
        _check_new_key(artifact, transaction)


def _check_new_key(artifact: ArtifactBehavior, transaction: Transaction) -> None:
    before = instance_state(artifact).committed_state["key"]
    if artifact.key is None:
        raise InvalidArgument(f"the key of artifact {artifact.uid!r} is {before!r} and cannot be taken away; give it another one")
    key = keys.check_key(artifact.key)
    if (suffix := CanonicalSuffix.from_path(key)) != artifact.suffix:
        raise InvalidArgument(
            f"key {key!r} has suffix {str(suffix)!r}, but artifact {artifact.uid!r} has {artifact.suffix!r}; "
            "give the key the same suffix"
        )
    if not artifact._key_is_virtual:  # the file stays where it is
        artifact._real_key, artifact._key_is_virtual = before, True
    database = artifact._database
    assert database is not None  # only stored records are updated
    _check_key_is_free(artifact, transaction, database)


def _check_key_is_free(artifact: ArtifactBehavior, transaction: Transaction, database: Database) -> None:
    """Keep one family per key and storage: the latest version of a key must be one."""
    table = type(artifact).__table__
    database.lock(f"{table.name}:key={artifact.key}", shared=(table.name,))
    query = sa.select(table.c.uid).where(
        table.c.key == artifact.key,
        table.c.storage_id == artifact.storage_id,
        table.c.is_latest,
        table.c.branch_id != context.TRASH,
        sa.func.substr(table.c.uid, 1, len(artifact.uid) - families.COUNTER) != artifact.stem_uid,
    )
    if (other := transaction.connection.execute(query).scalar()) is not None:
        raise InvalidArgument(
            f"key {artifact.key!r} belongs to artifact {other!r}; choose another key, or save the file as a new version of that"
        )
