"""Branches: where new records live until they are merged."""

from __future__ import annotations

from typing import Any, ClassVar

from lamindb._registries.columns.branch import BranchColumns


class BranchBehavior(BranchColumns):
    """A branch, known by its name."""

    __abstract__ = True
    _has_trash: ClassVar[bool] = False

    def _natural_key(self) -> dict[str, Any] | None:
        name = self.__dict__.get("name")
        return {"name": name} if name is not None else None
