"""`ln.settings`: what is connected and what the user has set, with the settings of the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb_setup.databases import statement_log
from lamindb_setup.instances import connection
from lamindb_setup.instances.settings import Settings as SetupSettings
from lamindb_setup.instances.settings import choose

from lamindb.errors import InvalidArgument
from lamindb.records import context, finding, hinting

if TYPE_CHECKING:
    from lamindb._registries.branch import Branch
    from lamindb._registries.space import Space


class CreationSettings:
    """What happens when records are made; of this process."""

    __slots__ = ()

    @property
    def search_names(self) -> bool:
        """Whether the first new record of a registry whose name is similar to others is told of; equal names are always found."""
        return hinting.search_names

    @search_names.setter
    def search_names(self, value: bool) -> None:
        hinting.search_names = _true_or_false("search_names", value)

    def __repr__(self) -> str:
        return f"CreationSettings(search_names={self.search_names})"


class Settings(SetupSettings):
    """Settings of this process, this project and this user."""

    @property
    def branch(self) -> str:
        """Name of the branch to which new records go, per project, or per instance outside of projects.

        Can be set to a record, a name or a uid; `ln.setup.switch` does the same.
        """
        return self.instance.branch

    @branch.setter
    def branch(self, value: str | Branch) -> None:
        database = connection.current()
        choose(database, branch=finding.find(database, "Branch", value)["name"])

    @property
    def space(self) -> str:
        """Name of the space to which new records go, per project, or per instance outside of projects.

        Can be set to a record, a name or a uid; `ln.setup.switch` with `space=True` does the same.
        """
        return self.instance.space

    @space.setter
    def space(self, value: str | Space) -> None:
        database = connection.current()
        choose(database, space=finding.find(database, "Space", value)["name"])

    @property
    def creation(self) -> CreationSettings:
        """What happens when records are made."""
        return CreationSettings()

    @property
    def track_run_inputs(self) -> bool:
        """Whether what is loaded, cached or opened becomes an input of the run that is tracked; of this process."""
        return context.track_inputs

    @track_run_inputs.setter
    def track_run_inputs(self, value: bool) -> None:
        context.track_inputs = _true_or_false("track_run_inputs", value)

    @property
    def log_sql(self) -> bool:
        """Whether every statement is written to the standard error, with its time, its number of rows and its parameters.

        Holds for all threads and databases of this process. Long parameters and passwords in URLs are left out.

        Examples
        --------
        >>> ln.settings.log_sql = True
        >>> ln.ULabel.filter().count()  # doctest: +SKIP
        [0.2 ms, 1 row] SELECT count(*) AS count_1 FROM lamindb_ulabel WHERE lamindb_ulabel.branch_id = ? -- 1
        >>> ln.settings.log_sql = False
        """
        return statement_log.is_on()

    @log_sql.setter
    def log_sql(self, value: bool) -> None:
        statement_log.turn(_true_or_false("log_sql", value))


def _true_or_false(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidArgument(f"{name} must be True or False, not {value!r}")
    return value


settings = Settings()
