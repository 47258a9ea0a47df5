"""Runs: one execution of a transform."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sqlalchemy.orm.attributes import instance_state

from lamindb import catalog
from lamindb._registries.columns.run import RunColumns
from lamindb.errors import FieldValidationError, IllegalTransition, UnsavedRecord, closest
from lamindb.lineage.params import to_json
from lamindb.lineage.status import NAMES, Status, is_legal, times
from lamindb.query.q import Q
from lamindb.records import construction, saving
from lamindb.records.signatures import named_errors

if TYPE_CHECKING:
    from lamindb_setup.databases import Transaction

    from lamindb._registries.artifact import Artifact
    from lamindb._registries.branch import Branch
    from lamindb._registries.run import Run
    from lamindb._registries.space import Space
    from lamindb._registries.transform import Transform
    from lamindb.query.queryset import QuerySet

FIRST = ("scheduled", "started")
"""What the status of a new run can be."""


class RunBehavior(RunColumns):
    """An execution of a transform, with its start, end, parameters and status. `ln.track()` makes runs."""

    __abstract__ = True
    _value_names: ClassVar[Mapping[str, Mapping[str, int]]] = {"_status_code": NAMES}

    @named_errors
    def __init__(  # noqa: PLR0913  # the arguments that people know
        self,
        transform: Transform,
        *,
        name: str | None = None,
        description: str | None = None,
        entrypoint: str | None = None,
        params: Mapping[str, Any] | None = None,
        status: Literal["scheduled", "started"] = "scheduled",
        initiated_by_run: Run | None = None,
        reference: str | None = None,
        reference_type: str | None = None,
        plan: Artifact | None = None,
        report: Artifact | None = None,
        environment: Artifact | None = None,
        cli_args: str | None = None,
        extra_data: Any = None,
        branch: Branch | str | None = None,
        space: Space | str | None = None,
    ) -> None:
        """Describe a run that some other system executes; nothing is written before `save`.

        Parameters
        ----------
        transform
            The code that is executed.
        name, description
            What people call the run, and what it is for.
        entrypoint
            The function or command that is executed.
        params
            Parameters by name. What is no JSON is turned into it or left out with a warning; secrets are left out.
        status
            `scheduled`, or `started` for a run that is going on.
        initiated_by_run
            The run that started this one.
        reference, reference_type
            Its name in another system, and what kind of name that is, as `url` or `nextflow_id`.
        plan, report, environment
            Artifacts: the plan that is followed, the log, the software.
        cli_args
            Arguments on the command line.
        extra_data
            Any further JSON.
        branch, space
            Where the row lives.

        Raises
        ------
        FieldValidationError: an argument is unknown, missing, of the wrong type or too long.
        """
        if status not in FIRST:
            raise FieldValidationError(
                f"the status of a new run is one of {', '.join(FIRST)}, not {status!r}{closest(status, FIRST)}"
            )
        values = {name: value for name, value in locals().items() if name not in ("self", "status") and value is not None}
        if params is not None:
            values["params"] = to_json(params)
        construction.fill(self, (), values)
        if status != "scheduled":
            self._status_code = NAMES[status]

    @property
    def status(self) -> str:
        """`scheduled`, `started`, `restarted`, `completed`, `errored` or `aborted`."""
        return Status(self._status_code).name

    def query_output_artifacts(self, include_recreated: bool = True) -> QuerySet[Artifact]:
        """Return the artifacts that the run made, those that existed already included.

        Raises
        ------
        UnsavedRecord: the run is not saved yet.
        """
        if self._database is None:
            raise UnsavedRecord("this run is not saved yet, so nothing was made by it")
        made = Q(run=self) | Q(recreating_runs=self) if include_recreated else Q(run=self)
        found: QuerySet[Artifact] = catalog.registry("lamindb.Artifact")._all(self._database).filter(made)  # type: ignore[assignment]  # by name
        return found

    def _before_update(self, transaction: Transaction) -> None:
        """Let the status move along legal ways only, and keep the time of the end in step with it."""
        changes = saving.changed(self)
        if "_status_code" in changes:
            before: int = instance_state(self).committed_state["_status_code"]
            after = Status(changes["_status_code"])
            if not is_legal(before, after):
                raise IllegalTransition(f"run {self.uid!r} is {Status(before).name} and cannot become {after.name}")
            for name, value in times(after, datetime.now(UTC)).items():
                setattr(self, name, value)
        elif "finished_at" in changes and (self.finished_at is not None) is not Status(self._status_code).has_ended:
            raise IllegalTransition(f"run {self.uid!r} is {self.status}, which contradicts finished_at={self.finished_at}")
