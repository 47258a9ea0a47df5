"""`ln.settings`: what is connected and what the user has set, with the settings of the core.

Each setting is a property with a docstring; `settings_group` does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from lamindb_setup.databases import statement_log
from lamindb_setup.instances import connection
from lamindb_setup.instances.settings import Settings as SetupSettings
from lamindb_setup.instances.settings import choose

from lamindb import verbosity
from lamindb.errors import InvalidArgument
from lamindb.features import limits
from lamindb.records import context, finding, hinting
from lamindb.settings_group import SettingsGroup

if TYPE_CHECKING:
    from lamindb._registries.branch import Branch
    from lamindb._registries.space import Space


class CreationSettings(SettingsGroup):
    """What happens when records are made; of this process."""

    _called: ClassVar[str] = "ln.settings.creation"

    @property
    def search_names(self) -> bool:
        """Whether the first new record of a registry whose name is similar to others is told of; equal names are always found."""
        return hinting.search_names

    @search_names.setter
    def search_names(self, value: bool) -> None:
        hinting.search_names = _true_or_false("search_names", value)

    @property
    def artifact_silence_missing_run_warning(self) -> bool:
        """Whether nothing is said where artifacts are read while no run is tracked."""
        return context.silent_about_missing_runs

    @artifact_silence_missing_run_warning.setter
    def artifact_silence_missing_run_warning(self, value: bool) -> None:
        context.silent_about_missing_runs = _true_or_false("artifact_silence_missing_run_warning", value)


class AnnotationSettings(SettingsGroup):
    """How far data is annotated by itself; of this process."""

    _called: ClassVar[str] = "ln.settings.annotation"

    @property
    def n_max_records(self) -> int:
        """Number of labels or features found in one place of a dataset beyond which none of them are linked."""
        return limits.n_max_records

    @n_max_records.setter
    def n_max_records(self, value: int) -> None:
        limits.n_max_records = _whole_number("n_max_records", value)


class Settings(SettingsGroup, SetupSettings):
    """Settings of this process, this project and this user.

    What belongs to the process holds in all its threads at once: a thread that switches one for a block, by `using`, switches
    it for the others, too. Branch, space and cache folder are kept in files, and hold for the processes that begin later.

    Examples
    --------
    >>> ln.settings.creation.search_names
    True
    >>> with ln.settings.using(creation_search_names=False):
    ...     label = ln.ULabel(name="My label").save()
    """

    _grouped: ClassVar[tuple[str, ...]] = ("annotation", "creation")
    _lasting: ClassVar[frozenset[str]] = frozenset({"branch", "space", "cache_dir"})
    _connected: ClassVar[frozenset[str]] = frozenset({"instance", "storage", "modules", "dev_dir", "branch", "space"})

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
    def annotation(self) -> AnnotationSettings:
        """How far data is annotated by itself."""
        return AnnotationSettings()

    @property
    def verbosity(self) -> str:
        """How much is said: error, warning (the default), success, info, hint or debug; of this process."""
        return verbosity.current()

    @verbosity.setter
    def verbosity(self, value: str | int) -> None:
        verbosity.choose(value)

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

    def _is_connected(self) -> bool:
        return self.is_connected

    def _title(self) -> str:
        return f"settings of {self.instance.slug}" if self.is_connected else "settings, no instance connected"


def _true_or_false(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidArgument(f"{name} must be True or False, not {value!r}")
    return value


def _whole_number(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidArgument(f"{name} must be a whole number from 0, not {value!r}")
    return value


settings = Settings()
