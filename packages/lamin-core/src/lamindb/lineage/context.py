"""`ln.context`: the run that is tracked here, and what the next `track()` shall use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb.errors import InvalidArgument
from lamindb.lineage.execution import Execution
from lamindb.records import context as surroundings

if TYPE_CHECKING:
    from lamindb._registries.branch import Branch
    from lamindb._registries.project import Project
    from lamindb._registries.run import Run
    from lamindb._registries.space import Space
    from lamindb._registries.transform import Transform
    from lamindb.lineage.session import Session


class Context:
    """What is tracked. `uid`, `version` and `description` can be set before `track()` and hold for one call."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.memorized: Run | None = None
        """The ended run of a flow with `global_run="memorize"`."""
        self._asked: dict[str, str | None] = {}

    @property
    def execution(self) -> Execution | None:
        """The run that is current here: that of the innermost flow or step, else that of the process."""
        found = surroundings.tracker()
        return found if isinstance(found, Execution) else None

    @property
    def run(self) -> Run | None:
        """The run that is current here, None if none is tracked."""
        return self.execution.run if self.execution is not None else self.memorized

    @property
    def transform(self) -> Transform | None:
        """The code that runs."""
        return self.run.transform if self.run is not None else None

    @property
    def project(self) -> Project | None:
        """The project that was passed to `track()`."""
        return self.session.project if self.session is not None else None

    @property
    def space(self) -> Space | None:
        """The space that was passed to `track()`."""
        return self.session.space if self.session is not None else None

    @property
    def branch(self) -> Branch | None:
        """The branch that was passed to `track()`."""
        return self.session.branch if self.session is not None else None

    @property
    def uid(self) -> str | None:
        """Uid of the transform."""
        return self.transform.uid if self.transform is not None else self._asked.get("uid")

    @uid.setter
    def uid(self, value: str | None) -> None:
        self._ask("uid", value)

    @property
    def version(self) -> str | None:
        """Version of the transform."""
        return self.transform.version if self.transform is not None else self._asked.get("version")

    @version.setter
    def version(self, value: str | None) -> None:
        self._ask("version", value)

    @property
    def description(self) -> str | None:
        """Description of the transform."""
        return self.transform.description if self.transform is not None else self._asked.get("description")

    @description.setter
    def description(self, value: str | None) -> None:
        self._ask("description", value)

    def take_asked(self) -> dict[str, str | None]:
        """Return what was set for the next `track()`, and forget it: a call that fails does not spoil the next one."""
        asked, self._asked = self._asked, {}
        return asked

    def _ask(self, name: str, value: str | None) -> None:
        if not isinstance(value, str | None):
            raise InvalidArgument(f"context.{name} must be text, not {value!r}")
        self._asked[name] = value

    def __repr__(self) -> str:
        return f"<context of {self.run!r}>" if self.run is not None else "<context, nothing is tracked>"


context = Context()
