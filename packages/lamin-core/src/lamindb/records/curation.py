"""Records that are known by a name: making one whose name exists gives the existing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from lamindb import catalog
from lamindb.records.types import type_context

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord


class CanCurate:
    """A registry of names: constructing is idempotent by name, in the context of a type where one was passed."""

    _notes_renames: ClassVar[bool] = True

    @classmethod
    def _known_by(cls) -> tuple[str, ...]:
        entry = catalog.entry(cast("type[BaseSQLRecord]", cls).__qualified__)
        name_field = entry["name_field"]
        return tuple(name for name in (name_field, "type_id") if name is not None and name in entry["columns"])

    def _natural_key(self) -> dict[str, Any] | None:
        record = cast("BaseSQLRecord", self)
        name_field = catalog.entry(type(record).__qualified__)["name_field"]
        name = record.__dict__.get(name_field) if name_field else None
        if name is None:
            return None
        return {str(name_field): name, **type_context(record)}
