"""Registries whose records have types, which are records of the same registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped

    from lamindb.records.record import BaseSQLRecord


class HasType:
    """Records that can be types (`is_type=True`) and can have one (`type=`)."""

    if TYPE_CHECKING:
        is_type: Mapped[bool]
        type_id: Mapped[int | None]


def type_context(record: BaseSQLRecord) -> dict[str, Any]:
    """Return where a name is unique: under the type that was passed, or anywhere if none was.

    Passing `type=None` means records without a type, which is not the same as not passing it.
    """
    values = record.__dict__
    return {"type_id": values["type_id"]} if "type_id" in values else {}
