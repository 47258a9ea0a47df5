"""Projects: efforts with a start, an end and a state, to which all kinds of records can belong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from lamindb._registries.columns.project import ProjectColumns
from lamindb.errors import FieldValidationError
from lamindb.records import identity, statuses

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

STATUSES: Mapping[str, int] = {
    "planned": -3,
    "up-next": -2,
    "active": -1,
    "completed": 0,
    "background": 1,
    "paused": 2,
    "canceled": 3,
    "archived": 4,
}


class ProjectBehavior(ProjectColumns):
    """A project, known by its name within its type. A new one is planned."""

    __abstract__ = True
    _value_names: ClassVar[Mapping[str, Mapping[str, int]]] = {"_status_code": STATUSES}

    def __init__(self, *args: Any, **values: Any) -> None:
        statuses.refuse_as_argument(type(self), values)
        super().__init__(*args, **values)
        self._check_dates()

    @property
    def status(self) -> str:
        """`planned`, `up-next`, `active`, `completed`, `background`, `paused`, `canceled` or `archived`."""
        identity.resolve(self)
        return statuses.name_of(STATUSES, self._status_code)

    @status.setter
    def status(self, value: str) -> None:
        self._status_code = statuses.code_of("Project", STATUSES, value)

    def _check_dates(self) -> None:
        """Raise if the project ends before it starts."""
        start, end = self.start_date, self.end_date
        if start is not None and end is not None and end < start:
            raise FieldValidationError(f"the project {self.name!r} would end on {end}, before it starts on {start}")

    def _complete(self, database: Database) -> None:
        self._check_dates()

    def _before_update(self, transaction: Transaction) -> None:
        self._check_dates()
