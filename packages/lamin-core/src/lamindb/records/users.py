"""Users: who made the rows of a database. The identity itself is local; see `lamindb_setup.identity`."""

from __future__ import annotations

from typing import Any, ClassVar

from lamindb._registries.columns.user import UserColumns


class UserBehavior(UserColumns):
    """A user, known by a uid that never changes and a handle that may."""

    __abstract__ = True
    _accepts: ClassVar[frozenset[str]] = frozenset({"uid"})
    _has_trash: ClassVar[bool] = False
    _notes_renames: ClassVar[bool] = False

    def _natural_key(self) -> dict[str, Any] | None:
        uid = self.__dict__.get("uid")
        return {"uid": uid} if uid is not None else None
