"""`ln.settings`: what is connected and what the user has set, with the settings of the core."""

from __future__ import annotations

from lamindb_setup.instances.settings import Settings as SetupSettings

from lamindb.errors import InvalidArgument
from lamindb.records import context, hinting


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


def _true_or_false(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidArgument(f"{name} must be True or False, not {value!r}")
    return value


settings = Settings()
