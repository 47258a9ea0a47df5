"""`ln.settings`: what is connected and what the user has set, with the settings of the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb_setup.instances import connection
from lamindb_setup.instances.settings import Settings as SetupSettings
from lamindb_setup.instances.settings import choose

from lamindb.errors import InvalidArgument
from lamindb.records import context, finding

if TYPE_CHECKING:
    from lamindb._registries.branch import Branch
    from lamindb._registries.space import Space


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
    def track_run_inputs(self) -> bool:
        """Whether what is loaded, cached or opened becomes an input of the run that is tracked; of this process."""
        return context.track_inputs

    @track_run_inputs.setter
    def track_run_inputs(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise InvalidArgument(f"track_run_inputs must be True or False, not {value!r}")
        context.track_inputs = value


settings = Settings()
