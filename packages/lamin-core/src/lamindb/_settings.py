"""`ln.settings`: what is connected and what the user has set, with the settings of the core."""

from __future__ import annotations

from lamindb_setup.instances.settings import Settings as SetupSettings

from lamindb.errors import InvalidArgument
from lamindb.records import context


class Settings(SetupSettings):
    """Settings of this process, this project and this user."""

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
