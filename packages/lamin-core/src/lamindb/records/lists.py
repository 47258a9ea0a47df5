"""Lists of records that were made or found together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from lamindb.errors import InvalidArgument, MultipleObjectsReturned, ObjectDoesNotExist
from lamindb.query import frames, ordering
from lamindb.records import bulk

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.records.record import BaseSQLRecord

T = TypeVar("T")


class SQLRecordList(list[T]):
    """Records in an order, saved or not, to be saved together."""

    def save(self) -> Self:
        """Save all records in one transaction, or none; raises as `ln.save`."""
        bulk.save(cast("list[BaseSQLRecord]", self))
        return self

    def one(self) -> T:
        """Return the only record.

        Raises
        ------
        ObjectDoesNotExist: the list is empty.
        MultipleObjectsReturned: it has several.
        """
        if not self:
            raise ObjectDoesNotExist("the list is empty")
        if len(self) > 1:
            raise MultipleObjectsReturned(f"the list has {len(self)} records, not one")
        return self[0]

    def to_list(self, field: str | None = None) -> list[Any]:
        """Return the records, or the values of one of their fields."""
        return list(self) if field is None else [getattr(record, field) for record in self]

    def to_dataframe(self) -> pd.DataFrame:
        """Return a data frame with the columns of `QuerySet.to_dataframe`; what was never set is missing.

        Raises
        ------
        InvalidArgument: the records are of several registries.
        """
        import pandas as pd  # takes longer to import than all of ours

        registries = {type(record).__qualified__ for record in cast("list[BaseSQLRecord]", self)}
        if len(registries) > 1:
            raise InvalidArgument(f"a frame is of one registry, and the list has {', '.join(sorted(registries))}")
        if not registries:
            return pd.DataFrame()
        (registry,) = registries
        shown = [frames.FrameColumn(name, ordering.field(registry, name)) for name in frames.base_columns(registry)]
        values = {column.name: [record.__dict__.get(column.path.column) for record in self] for column in shown}
        return pd.DataFrame(values, index=pd.Index([record.__dict__.get("id") for record in self], name="id"))
