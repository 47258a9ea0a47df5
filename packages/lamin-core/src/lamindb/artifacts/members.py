"""What is in a collection: the artifacts that are passed, the links that keep their order, the hash of all of them."""

from __future__ import annotations

import hashlib
import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, FieldValidationError, InvalidArgument, UnsavedRecord, ValidationError
from lamindb.records import linking, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.artifact import Artifact
    from lamindb.artifacts.collection import CollectionBehavior
    from lamindb.query.queryset import QuerySet

log = logging.getLogger("lamindb")
LINK = "lamindb.CollectionArtifact"
FIXED = "the artifacts of a collection never change; to add some, save collection.append(artifact), which is its next version"


def as_list(artifacts: Any) -> list[Artifact]:
    """Return one artifact or several as a list.

    Raises
    ------
    FieldValidationError: something else was passed.
    """
    if getattr(artifacts, "__qualified__", None) == "lamindb.Artifact" and not isinstance(artifacts, type):
        return [artifacts]
    if isinstance(artifacts, str | bytes | type) or not isinstance(artifacts, Iterable):
        raise FieldValidationError(f"a collection is made of artifacts, as Collection([artifact], key=…), not of {artifacts!r}")
    found = list(artifacts)
    if wrong := [one for one in found if getattr(one, "__qualified__", None) != "lamindb.Artifact" or isinstance(one, type)]:
        raise FieldValidationError(f"a collection is made of artifacts, not of {wrong[0]!r}")
    return found


def checked(artifacts: Any, database: Database) -> list[Artifact]:
    """Return the members of a new collection: each once, in order.

    Raises
    ------
    FieldValidationError, InvalidArgument: they are no artifacts, or there is none.
    DatabaseMismatch: one lives in another database.
    """
    passed = as_list(artifacts)
    if not passed:
        raise InvalidArgument("a collection needs at least one artifact, got an empty list")
    check_database(passed, database)
    found = list({one.id if one._database is not None else (id(one),): one for one in passed}.values())
    if len(found) < len(passed):
        log.warning("%s of %s artifacts are repeated; each counts once", len(passed) - len(found), len(passed))
    return found


def check_database(artifacts: Sequence[Artifact], database: Database) -> None:
    """Raise if an artifact lives in another database.

    Raises
    ------
    DatabaseMismatch: naming it.
    """
    for one in artifacts:
        if one._database is not None and one._database.instance.database_url != database.instance.database_url:
            raise DatabaseMismatch(f"{one!r} lives in {one._database.slug}, but the collection belongs to {database.slug}")


def check_schema(artifacts: Sequence[Artifact], schema_id: int | None) -> None:
    """Raise if an artifact was not validated against the schema of the collection.

    Raises
    ------
    ValidationError: naming those that were not.
    """
    if schema_id is not None and (others := [one for one in artifacts if one.schema_id != schema_id]):
        uids = ", ".join(repr(one.uid) for one in others[:10]) + (", …" if len(others) > 10 else "")
        raise ValidationError(f"{len(others)} of {len(artifacts)} artifacts were not validated against this schema: {uids}")


def check_saved(artifacts: Sequence[Artifact], database: Database) -> None:
    """Raise if an artifact is not stored in the database of the collection.

    Raises
    ------
    UnsavedRecord: it is new.
    DatabaseMismatch: it lives in another one.
    """
    if new := [one for one in artifacts if one._database is None]:
        raise UnsavedRecord(
            f"{len(new)} of {len(artifacts)} artifacts of this collection are not saved yet (key {new[0].key!r}); "
            "save them first, or all together with ln.save([…])"
        )
    check_database(artifacts, database)


def content_hash(artifacts: Sequence[Artifact]) -> str | None:
    """Return the hash of the members without regard to order; None if one has no hash."""
    hashes = {one.hash for one in artifacts}
    if None in hashes:
        return None
    text = ":".join(sorted(filter(None, hashes)))
    return urlsafe_b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).rstrip(b"=").decode("ascii")


def link(transaction: Transaction, collection: CollectionBehavior, artifacts: Sequence[Artifact]) -> None:
    """Write the members of a new collection; the ids of the links grow in their order."""
    host = {"collection_id": collection.id}
    assert collection._database is not None  # it was just inserted
    linking.add(transaction, collection._database, LINK, host, "artifact_id", [one.id for one in artifacts])


def in_order(collection: CollectionBehavior) -> QuerySet[Artifact]:
    """Return the members of a stored collection as a query set that keeps their order."""
    if collection._gone:
        saving.stored_in(collection)  # says so
    links = catalog.registry(LINK).__table__
    artifacts = catalog.registry("lamindb.Artifact").__table__
    position = sa.select(links.c.id).where(links.c.collection_id == collection.id, links.c.artifact_id == artifacts.c.id)
    return collection.artifacts._linked()._ordered_by(position.scalar_subquery())


def of(collection: CollectionBehavior) -> list[Artifact]:
    """Return the members in order, of a new collection those that were passed."""
    return list(collection._members) if collection._members is not None else in_order(collection).to_list()
