"""`track()` and `finish()`: the run of a script, a notebook or a pipeline, from its begin to its end."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import lamindb_setup
from lamindb_setup import signals
from lamindb_setup.instances.settings import check_branch

from lamindb import shells
from lamindb.errors import FieldValidationError, RunInProgress, TrackNotCalled
from lamindb.lineage import dead_runs, environment, initiators, known_code, redaction, references
from lamindb.lineage.announcing import say
from lamindb.lineage.calls import status_after
from lamindb.lineage.context import context
from lamindb.lineage.execution import Execution, begin
from lamindb.lineage.params import to_json
from lamindb.lineage.restarting import restart
from lamindb.lineage.run_files import environment_id
from lamindb.lineage.session import Session, use_scope
from lamindb.lineage.source import Source
from lamindb.lineage.status import Status
from lamindb.lineage.transforms import TransformBehavior
from lamindb.lineage.wish import Wish
from lamindb.records import context as surroundings
from lamindb.records import linking

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.artifact import Artifact
    from lamindb._registries.branch import Branch
    from lamindb._registries.project import Project
    from lamindb._registries.run import Run
    from lamindb._registries.space import Space
    from lamindb._registries.transform import Transform

log = logging.getLogger("lamindb")


_tracking = threading.RLock()
"""One thread begins or ends the run of the process at a time."""


def _make_lock_in_child() -> None:
    global _tracking
    _tracking = threading.RLock()


os.register_at_fork(after_in_child=_make_lock_in_child)


def track(  # noqa: PLR0913  # the arguments that people know
    transform: str | Transform | None = None,
    *,
    project: str | Project | None = None,
    space: str | Space | None = None,
    branch: str | Branch | None = None,
    plan: str | Artifact | None = None,
    params: Mapping[str, Any] | None = None,
    new_run: bool | None = None,
    key: str | None = None,
    path: str | os.PathLike[str] | None = None,
    source_code: str | None = None,
    kind: str | None = None,
    entrypoint: str | None = None,
    initiated_by_run: str | Run | None = None,
    stream_tracking: bool | None = None,
) -> None:
    """Begin a run of this script or notebook: what is read and saved from here on is its input and output.

    The run ends with `ln.finish()`, or with the program, whose exception, exit code or signal then decides on the status. What is
    printed becomes its report, the installed distributions are noted, and a line on the standard error says which run it is.

    Parameters
    ----------
    transform
        The uid of the transform, or the first 12 characters of it, so that a file can be renamed and edited at once; or a
        `Transform` of kind `pipeline` or `function`.
    project, space, branch
        Records, names or uids: the project of the run (by default LAMIN_CURRENT_PROJECT), and where its rows go.
    plan
        An artifact, or its key or uid.
    params
        Parameters by name; what is no JSON is turned into it or left out with a warning.
    new_run
        False goes on with the last run of the same code by the same user, if there is one.
    key, kind
        Of the transform, instead of the path of the file and what it is.
    path
        The source file, where it cannot be told.
    source_code
        The code, if it is in no file; needs `key`.
    entrypoint
        The function or command that is executed.
    initiated_by_run
        The run that started this one, or its uid; by default the one that tracked the process above.
    stream_tracking
        Whether what is printed is kept; by default in scripts.

    Raises
    ------
    RunInProgress: a run is tracked already; in a notebook, that run is ended instead.
    UnknownSource: the code is in no file; says what to pass.
    InvalidArgument: an argument names nothing that exists, or arguments contradict each other; nothing was written.
    UpdateContext: the uid belongs to other code.
    """
    asked = context.take_asked()
    wish = Wish(transform if transform is not None else asked.get("uid"), key, path, source_code, kind)
    rows = {"project": project, "space": space, "branch": branch, "plan": plan, "initiated_by_run": initiated_by_run}
    database = lamindb_setup.current()
    if database.read_only:
        log.warning("%s is open for reading only, so that no run is tracked", database.slug)
        return
    frame = sys._getframe(1)
    with _tracking:
        _make_way()
        found = wish.find(database, frame)
        _track(database, wish, found, asked, rows, {"params": params, "entrypoint": entrypoint}, new_run, stream_tracking)


def _track(
    database: Database,
    wish: Wish,
    found: Source | None,
    asked: Mapping[str, str | None],
    rows: Mapping[str, Any],
    columns: dict[str, Any],
    new_run: bool | None,
    stream_tracking: bool | None,
) -> None:
    """Check everything, then write everything, then watch."""
    scope = _scope(database, rows)
    planned = references.resolve(database, "Artifact", rows["plan"], "plan", by="key")
    if (params := columns["params"]) is not None:
        if not isinstance(params, Mapping):
            raise FieldValidationError(f"params must be a mapping of names to values, not {params!r}")
        columns["params"] = to_json(params)
    columns |= {"plan_id": planned.id if planned is not None else None, "cli_args": _arguments()}
    columns["initiated_by_run_id"] = _initiator_id(database, rows["initiated_by_run"])
    session: Session | None = None
    try:
        with signals.held():
            undo = use_scope(database, space=scope["space"], branch=scope["branch"])
            try:
                run = _begin(database, wish.transform_of(found, database, asked), columns, scope["project"], new_run=new_run)
            except BaseException:
                undo()
                raise
            session = Session(Execution(run, before_end=_settler(run, found)), **scope)
            session.undo_later(undo)
            _open(session, found, stream_tracking)
        _close_dead_runs(database)
    except BaseException as error:  # such as a signal that waited
        if session is not None:
            _end_by(session, error)
        raise


def _end_by(session: Session, error: BaseException) -> None:
    """End a run that hardly began, because `track()` fails."""
    with signals.held():
        context.session = None
        try:
            session.end(status_after(error) or Status.aborted, "".join(traceback.format_exception(error)))
        except Exception as failure:
            error.add_note(f"the end of its run could not be stored: {failure}")


def _scope(database: Database, rows: Mapping[str, Any]) -> dict[str, Any]:
    branch = references.resolve(database, "Branch", rows["branch"], "branch")
    check_branch(branch.name if branch is not None else None)
    return {
        "project": references.resolve(database, "Project", rows["project"] or os.environ.get("LAMIN_CURRENT_PROJECT"), "project"),
        "space": references.resolve(database, "Space", rows["space"], "space"),
        "branch": branch,
    }


def finish(ignore_non_consecutive: bool | None = None) -> None:
    """End the run that `track()` began: its status, the time of the end and what was printed are stored.

    Parameters
    ----------
    ignore_non_consecutive
        Not needed: nothing is asked.

    Raises
    ------
    TrackNotCalled: no run is tracked, or it was finished before.
    RunInProgress: this is inside of a flow or step, whose run ends when it returns.
    """
    if surroundings.tracker_of_call() is not None:
        raise RunInProgress("the run of a flow or step ends when it returns; call finish() outside of it")
    with signals.held(), _tracking:
        if (session := context.session) is None:
            raise TrackNotCalled("no run is tracked; call ln.track() first")
        has_ended = session.execution.has_ended
        if has_ended:
            session.close()
        else:
            session.end(Status.completed)
        context.session = None
    if not session.execution.is_mine:
        log.warning("run %s is ended by the process that began it, not by this one", session.execution.run.uid)
    if has_ended and not session.was_interrupted:
        raise TrackNotCalled("the run was finished before; call ln.track() to begin another one")
    if has_ended:
        log.warning("the run has ended already: it is %s", session.execution.run.status)


def _make_way() -> None:
    """Make sure that no other run is tracked; a notebook ends the one that an earlier execution of the cell began."""
    if surroundings.tracker_of_call() is not None:
        raise RunInProgress("this is inside of a flow or step, which has a run of its own: leave track() out")
    session = context.session
    if session is not None and not session.execution.is_mine:
        context.session = session = None  # this process was forked: the run goes on in the other one
        surroundings.track_process(None)
    if session is not None and session.execution.has_ended:
        session.close()
    if session is None or session.execution.has_ended:
        if surroundings.tracker_of_process() is not None:
            raise RunInProgress("a flow is tracked in this process; wait for its end, or leave track() out")
        return
    if not shells.is_kernel():
        run = session.execution.run
        raise RunInProgress(
            f"run {run.uid} of {run.transform.key!r} is tracked already; call ln.finish() before the next ln.track()"
        )
    finish()


def _arguments() -> str | None:
    if shells.shell() is not None or not sys.argv[1:]:
        return None
    return " ".join(redaction.in_arguments(sys.argv[1:])[0])


def _initiator_id(database: Database, given: str | Run | None) -> int | None:
    run = references.resolve(database, "Run", given, "initiated_by_run", by="uid") or initiators.of_process(database)
    return run.id if run is not None else None


def _begin(
    database: Database, transform: TransformBehavior, columns: dict[str, Any], project: Project | None, *, new_run: bool | None
) -> Run:
    """Write transform and run, in one transaction; the environment is stored before, where it is new."""
    columns["environment_id"] = environment_id(database, environment.current())
    with database.writing() as transaction:
        if transform.database is None:
            transform.save()
        run = restart(transaction, transform, columns) if new_run is False else None
        if run is None:
            run = begin(transform, database, **columns)
        if project is not None:
            linking.add(transaction, database, "lamindb.RunProject", {"run_id": run.id}, "project_id", [project.id])
            linking.add(
                transaction, database, "lamindb.TransformProject", {"transform_id": transform.id}, "project_id", [project.id]
            )
    return run


def _settler(run: Run, found: Source | None) -> Any:
    """Return what decides on the version of a notebook when its run ends: only then is it known what was run."""
    if found is None or found.kind != "notebook" or found.path is None:
        return None
    return lambda: known_code.settle(run, found)


def _open(session: Session, found: Source | None, stream_tracking: bool | None) -> None:
    run, is_kernel = session.execution.run, shells.is_kernel()
    is_program = not is_kernel and found is not None and found.path is not None
    captures = stream_tracking if stream_tracking is not None else is_program and found is not None and found.kind == "script"
    say(f"lamin: run {run.uid} of {run.transform.key} {run.transform.version}")
    if found is not None and found.path is not None:
        known_code.remember(run.transform, found.path)
    context.session, context.memorized = session, None
    session.open(of_program=is_program, captures=captures)
    if is_kernel:
        session.watch_cells()


def _close_dead_runs(database: Database) -> None:
    try:
        dead_runs.close(database)
    except Exception as error:  # whatever is wrong with other runs must not stop this one
        log.warning("runs of dead processes could not be closed: %s", error)
