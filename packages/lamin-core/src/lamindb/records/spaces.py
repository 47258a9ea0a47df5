"""Spaces: who may see which records."""

from __future__ import annotations

from typing import Any, ClassVar

from lamindb._registries.columns.space import SpaceColumns


class SpaceBehavior(SpaceColumns):
    """A space, known by its name."""

    __abstract__ = True
    _has_trash: ClassVar[bool] = False

    def _natural_key(self) -> dict[str, Any] | None:
        name = self.__dict__.get("name")
        return {"name": name} if name is not None else None
