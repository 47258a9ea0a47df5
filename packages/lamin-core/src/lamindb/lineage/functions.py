"""`@ln.flow()` and `@ln.step()`: every call of a function is a run."""

from __future__ import annotations

import inspect
import os
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

import lamindb_setup

from lamindb import catalog, shells
from lamindb.errors import InvalidArgument, RunInProgress, TrackNotCalled, UnknownSource, closest
from lamindb.lineage import detection, environment, initiators, known_code, source
from lamindb.lineage.calls import Undo, wrapped
from lamindb.lineage.context import context
from lamindb.lineage.execution import Execution, begin
from lamindb.lineage.hooks import Hooks, is_watched
from lamindb.lineage.params import to_json
from lamindb.lineage.run_files import environment_id
from lamindb.lineage.status import Status
from lamindb.records import context as surroundings

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.run import Run
    from lamindb._registries.transform import Transform

F = TypeVar("F", bound=Callable[..., Any])
GLOBAL = ("clear", "memorize", "none")


@overload
def flow(uid: F, /) -> F: ...
@overload
def flow(uid: str | None = None, global_run: Literal["clear", "memorize", "none"] = "clear") -> Callable[[F], F]: ...
def flow(uid: Any = None, global_run: str = "clear") -> Any:
    """Make each call of a function a run of its own, with the arguments as parameters and what is printed as report.

    Coroutines and generators are runs until they are through. The code is the file that defines the function.

    Parameters
    ----------
    uid
        The uid of the transform, or the first 12 characters of it.
    global_run
        `clear` lets threads that the function starts belong to its run, too; `memorize` also leaves the ended run in
        `ln.context`; `none` tells this thread only.

    Raises
    ------
    RunInProgress: on calling it while a run is tracked.
    """
    if global_run not in GLOBAL:
        raise InvalidArgument(f"global_run is one of {', '.join(GLOBAL)}, not {global_run!r}{closest(str(global_run), GLOBAL)}")
    if callable(uid):
        return wrapped(uid, lambda args, named: _begin_flow(uid, None, global_run, args, named))
    return lambda function: wrapped(function, lambda args, named: _begin_flow(function, uid, global_run, args, named))


@overload
def step(uid: F, /) -> F: ...
@overload
def step(uid: str | None = None) -> Callable[[F], F]: ...
def step(uid: Any = None) -> Any:
    """Make each call of a function a run that the current run started, with the arguments as parameters.

    Coroutines and generators are runs until they are through. The code is the file that defines the function.

    Parameters
    ----------
    uid
        The uid of the transform, or the first 12 characters of it.

    Raises
    ------
    TrackNotCalled: on calling it while no run is tracked, here or by the process that started this one.
    """
    if callable(uid):
        return wrapped(uid, lambda args, named: _begin_step(uid, None, args, named))
    return lambda function: wrapped(function, lambda args, named: _begin_step(function, uid, args, named))


def _begin_step(
    function: Callable[..., Any], uid: str | None, args: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Execution, Undo]:
    parent = context.execution
    database = parent.database if parent is not None else lamindb_setup.current()
    above = parent.run if parent is not None else _process_above(database)
    if above is None:
        raise TrackNotCalled(f"{function.__qualname__} is a step and needs a run: call ln.track() first, or call it in a flow")
    run = begin(
        transform_of(function, database, uid, parent),
        database,
        params=to_json(arguments(function, args, named)),
        environment_id=above.environment_id,
        initiated_by_run_id=above.id,
        entrypoint=function.__qualname__,
    )
    execution = Execution(run, parent)
    return execution, [] if is_watched() else [_watch(execution)]


_above: dict[tuple[int, str], Run] = {}


def _process_above(database: Database) -> Run | None:
    """Return the run that started this process; asked for once."""
    key = (id(database), os.environ.get(initiators.RUN, ""))
    if key not in _above and (run := initiators.of_process(database)) is not None:
        _above[key] = run
    return _above.get(key)


def _begin_flow(
    function: Callable[..., Any], uid: str | None, global_run: str, args: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Execution, Undo]:
    if surroundings.tracker_of_call() is not None or (context.session is not None and not context.session.execution.has_ended):
        raise RunInProgress(f"{function.__qualname__} is a flow and begins a run, but one is tracked already: make it a step")
    database = lamindb_setup.current()
    above = initiators.of_process(database)
    given = arguments(function, args, named)
    run = begin(
        transform_of(function, database, uid, None),
        database,
        params=to_json(given),
        environment_id=environment_id(database, environment.current()),
        initiated_by_run_id=above.id if above is not None else None,
        entrypoint=function.__qualname__,
    )
    execution = Execution(run)
    undo = [_watch(execution)]
    if global_run != "none" and surroundings.tracker_of_process() is None:
        surroundings.track_process(execution)
        undo.append(lambda: _unpublish(execution, memorize=global_run == "memorize"))
        undo.append(initiators.export(run))
    execution.capture()
    return execution, undo


def _watch(execution: Execution) -> Callable[[], None]:
    """Let the end of the program end a run; returns what undoes it."""
    hooks = Hooks(execution.end, execution.database, at_exit=Status.aborted)
    hooks.install()
    return hooks.remove


def _unpublish(execution: Execution, *, memorize: bool) -> None:
    if surroundings.tracker_of_process() is execution:
        surroundings.track_process(None)
    context.memorized = execution.run if memorize else None


def arguments(function: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by name, defaults included; without the object of a method.

    Raises
    ------
    TypeError: they do not fit, as calling the function would say.
    """
    bound = inspect.signature(function).bind(*args, **named)
    bound.apply_defaults()
    return {name: value for number, (name, value) in enumerate(bound.arguments.items()) if number or name not in ("self", "cls")}


def transform_of(function: Callable[..., Any], database: Database, uid: str | None, parent: Execution | None) -> Transform:
    """Return the transform of a function: that of its file; of a function without file, one of its own.

    Raises
    ------
    UnknownSource: the code of the function is nowhere.
    """
    path = Path(function.__code__.co_filename)
    is_in_file = path.is_file()
    place: Path | str = path.resolve() if is_in_file else _text_of(function)
    if (known := known_code.recall(database, place)) is not None and uid is None:
        return known
    registry: Any = catalog.registry("lamindb.Transform")
    if isinstance(place, Path):
        found = source.of_file(place, database)
    else:
        found = source.of_text(place, f"{_key_around(database, parent)}:{function.__qualname__}", "function")
    transform: Transform = registry._of(found, uid=uid)
    with database.writing() as transaction:
        transform.save()
        transaction.on_commit(lambda: known_code.remember(transform, place))
    return transform


def _text_of(function: Callable[..., Any]) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as error:
        raise UnknownSource(
            f"the code of {function.__qualname__} is in no file, as in an interactive session; define the function in a file"
        ) from error


def _key_around(database: Database, parent: Execution | None) -> str:
    """Return the key of the notebook in which a function is defined."""
    while parent is not None:
        transform = parent.run.transform
        if transform.kind != "function":
            return transform.key
        parent = parent.parent
    return source.of_file(detection.notebook_path(), database).keys[0] if shells.is_kernel() else "interactive"
