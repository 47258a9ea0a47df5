"""Registries whose records have types, which are records of the same registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, cast

from lamindb import catalog
from lamindb.errors import InvalidArgument
from lamindb.records import walking
from lamindb.records.type_rules import POLICY

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped

    from lamindb._registries.space import Space
    from lamindb.query.queryset import QuerySet
    from lamindb.records.record import BaseSQLRecord


class TypeSettings:
    """What a type asks of its members; stored with the type when that is saved."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    @property
    def single_space(self) -> bool | Space:
        """Whether all members have to be in one space: True for that of the type, or another one."""
        policy = (self._kind._aux or {}).get(POLICY)
        if not policy or policy == 1:
            return bool(policy)
        return cast("Space", catalog.registry("lamindb.Space")._all(self._kind.database).get(uid=policy))

    @single_space.setter
    def single_space(self, value: bool | Space) -> None:
        is_space = getattr(type(value), "__qualified__", None) == "lamindb.Space"
        if not isinstance(value, bool) and not is_space:
            raise InvalidArgument(f"single_space must be True, False or a Space, not {value!r}")
        aux = {key: kept for key, kept in (self._kind._aux or {}).items() if key != POLICY}
        if value is not False:
            aux[POLICY] = 1 if value is True else value.uid
        self._kind._aux = aux or None

    def __repr__(self) -> str:
        return f"TypeSettings(single_space={self.single_space!r})"


class HasType:
    """Records that can be types (`is_type=True`) and can have one (`type=`)."""

    if TYPE_CHECKING:
        is_type: Mapped[bool]
        type_id: Mapped[int | None]

    @property
    def settings(self) -> TypeSettings:
        """What the type asks of its members.

        Raises
        ------
        InvalidArgument: the record is no type.

        Examples
        --------
        >>> batch = ln.ULabel(name="batch", is_type=True)
        >>> batch.settings.single_space = True
        >>> batch.settings
        TypeSettings(single_space=True)
        """
        if not self.is_type:
            raise InvalidArgument("only types have settings; make one with is_type=True")
        return TypeSettings(self)

    def query_types(self) -> list[Self]:
        """Return the type of the record, the type of that, and so on, from the nearest; two statements.

        Raises
        ------
        UnsavedRecord: the record is not saved.
        """
        return walking.types_above(cast("BaseSQLRecord", self))

    def _query_members(self, depth: int | None) -> QuerySet[Any]:
        return walking.walk_members(cast("BaseSQLRecord", self), depth)


def type_context(record: BaseSQLRecord) -> dict[str, Any]:
    """Return where a name is unique: under the type that was passed, or anywhere if none was.

    Passing `type=None` means records without a type, which is not the same as not passing it.
    """
    values = record.__dict__
    return {"type_id": values["type_id"]} if "type_id" in values else {}
