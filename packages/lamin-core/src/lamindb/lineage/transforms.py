"""Transforms: the code that made data, known by key and version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lamindb._registries.columns.transform import TransformColumns
from lamindb.records import families, identity, revising, saving

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction


class TransformBehavior(TransformColumns):
    """A piece of code that turns data into other data: a script, a notebook, a function, a pipeline.

    A transform with a key that exists is that transform as long as its source code is the same or was never given;
    other source code makes a new version.
    """

    __abstract__ = True
    _accepts: ClassVar[frozenset[str]] = frozenset({"uid"})
    _saved_one_by_one: ClassVar[bool] = True

    def _save_new(self, transaction: Transaction, database: Database) -> None:
        revising.check_uid(self)
        connection = transaction.connection
        table, key = type(self).__table__, self.__dict__["key"]
        database.lock(f"{table.name}:key={key}", shared=(table.name,))
        head = revising.head_by_key(connection, database, type(self), key, revising.branch_of(self, database))
        if head is not None and self._is_same(head):
            identity.adopt(self, database, head)
            saving.update(transaction, self)
            return
        stem = head["uid"][: -families.COUNTER] if head is not None and "uid" not in self.__dict__ else None
        if stem is not None:
            families.lock(database, type(self), stem)
        revising.join_family(connection, database, self, stem)
        saving.insert(connection, database, self)

    def _is_same(self, head: dict[str, Any]) -> bool:
        """Whether the newest version with this key is what this transform stands for."""
        values = self.__dict__
        if values.get("uid") not in (None, head["uid"]):
            return False
        if values.get("version_tag") is not None and values["version_tag"] != head["version_tag"]:
            return False
        return values.get("source_code") is None or values["source_code"] == head["source_code"]
