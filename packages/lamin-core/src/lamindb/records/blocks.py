"""Blocks: Markdown pages, and the readmes and comments of records. A readme has versions, a comment has none."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

import lamindb_setup

from lamindb.errors import FieldValidationError, InvalidArgument, closest
from lamindb.records import block_owners, construction, description, markdown, revising, saving
from lamindb.records.record import BaseSQLRecord

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction
    from sqlalchemy.orm import Mapped

    from lamindb.records.versions import IsVersioned

KINDS = ("readme", "comment")
PAGE = re.compile(r"README\.md|__lamindb_\w+__")
"""Keys of pages that belong to no record."""


class BlockContent(BaseSQLRecord):
    """Markdown text. A readme with other text than the latest one is its next version, one with the same text is that block."""

    __abstract__ = True
    _known_by_nothing: ClassVar[Mapping[str, str]] = {"kind": "comment"}
    _shared: tuple[str, ...]

    if TYPE_CHECKING:
        content: Mapped[str]
        hash: Mapped[str | None]
        kind: Mapped[str]

    def __init__(self, *args: Any, **values: Any) -> None:
        construction.by_position(type(self), self._positional, args, values)
        revises = values.pop("revises", None)
        if "version" in values:
            values["version_tag"] = values.pop("version")
        owner = block_owners.relation_of(type(self))
        _check(type(self), owner, values, revises)
        super().__init__(*args, **values)
        if self.kind == "readme":
            self._shared = (f"{owner}_id", "kind") if owner else ("key", "kind")
            if owner is None and values.get("key") is None:  # a page without a name is known by its text alone
                self.__dict__["key"] = None
                self._shared = ("key", "kind", "hash") if revises is None else ()
            if revises is not None:
                self._revise(revises, owner)

    @classmethod
    def _known_by(cls) -> tuple[str, ...]:
        owner = block_owners.relation_of(cls)
        return (f"{owner}_id" if owner else "key", "kind")

    def _revise(self, revises: Any, owner: str | None) -> None:
        record = cast("IsVersioned", self)
        revising.revise(record, revises, lamindb_setup.current())
        if owner is not None and getattr(revises, owner) != getattr(self, owner):
            raise FieldValidationError(f"revises is a readme of another {owner}: {revises!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "content" and isinstance(value, str):  # what else is assigned is refused by name
            self.hash = content_hash(value)

    def delete(self, permanent: bool | None = None) -> tuple[int, dict[str, int]] | None:
        """Delete the block; notes have no trash, pages do. Of a readme the version before becomes the latest.

        Raises
        ------
        LockedRecord: the record that the block belongs to is locked.
        """
        if self._database is not None:
            block_owners.check_unlocked(type(self), self._database, ids=[self.id])
        return super().delete(permanent)

    @classmethod
    def _delete_ids(cls, database: Database, ids: list[int], permanent: bool | None) -> tuple[int, dict[str, int]] | None:
        block_owners.check_unlocked(cls, database, ids=ids)
        return super()._delete_ids(database, ids, permanent)

    def _complete(self, database: Database) -> None:
        block_owners.check_there(self, database)

    def _before_update(self, transaction: Transaction) -> None:
        changes = saving.changed(self)
        if fixed := [name for name in ("kind", block_owners.column_of(type(self))) if name is not None and name in changes]:
            kind, name = type(self).__name__, fixed[0].removesuffix("_id")
            raise InvalidArgument(f"the {name} of a {kind} never changes; make a new block, and delete this one")
        block_owners.check_unlocked(type(self), saving.stored_in(self), ids=[self.id])

    def _repr_html_(self) -> str:
        return markdown.page(description.title(self, {}), self.content)


def content_hash(content: str) -> str:
    """Return the md5 of a text as URL-safe base64 without padding, 22 characters."""
    return urlsafe_b64encode(hashlib.md5(content.encode(), usedforsecurity=False).digest()).rstrip(b"=").decode("ascii")


def _check(registry: type[BaseSQLRecord], owner: str | None, values: dict[str, Any], revises: object) -> None:
    """Check what the columns alone do not tell.

    Raises
    ------
    FieldValidationError: owner or kind are missing, or do not fit what else was passed.
    """
    name, kind, key = registry.__name__, values.get("kind"), values.get("key")
    known = KINDS if owner else KINDS[:1]
    problem = None
    if owner is not None and values.get(owner) is None and values.get(f"{owner}_id") is None:
        problem = f"{owner} is required: the record that the block belongs to, as {name}({owner}={owner}, content=…, kind=…)"
    elif kind not in known:
        near = closest(kind, known) if isinstance(kind, str) else ""
        problem = f"kind is {' or '.join(map(repr, known))}, not {kind!r}{near}"
    elif kind == "comment" and (revises is not None or values.get("version_tag") is not None):
        problem = "a comment has no versions, so neither revises nor version can be passed; write another comment"
    elif isinstance(key, str) and not PAGE.fullmatch(key):
        problem = f"key is 'README.md' or '__lamindb_<registry>__', not {key!r}"
    if problem is not None:
        raise construction.refused(registry, [problem, *construction.problems_of(registry, {**values, "kind": None})])
