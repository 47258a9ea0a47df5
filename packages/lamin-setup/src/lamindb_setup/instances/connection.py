"""The default instance of this process and of this user: connecting and disconnecting."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lamindb_setup.databases.database import Database
from lamindb_setup.errors import ConnectWithinDevDirError, CurrentInstanceNotConfigured, InstanceError
from lamindb_setup.storage.root import StorageRoot

from . import descriptor, discovery, known, opening
from .descriptor import Descriptor
from .instance import Instance

_guard = threading.RLock()
_default: Database | None = None
_disconnected = False

Action = Literal["created", "connected", "adopted", "extended", "disconnected"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did; its text is a sentence for people.

    Parameters
    ----------
    action: `created` a new instance, `connected` to one that was there, `adopted` a database of LaminDB, `extended` an instance
        by modules, `disconnected` from one.
    instance: which one.
    where: the place that was changed: a folder, or the user's default.
    notes: what else is worth knowing.
    """

    action: Action
    instance: Instance
    where: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        preposition = "from" if self.action == "disconnected" else "in"
        return "; ".join((f"{self.action} {self.instance.slug} {preposition} {self.where}", *self.notes))


def current() -> Database:
    """The database that is used where none is named; found and opened at the first call, then kept until `connect`.

    Raises
    ------
    CurrentInstanceNotConfigured: no instance is connected, or this process has disconnected.
    """
    found = _default  # read once: another thread may disconnect
    if found is not None:
        return found
    return _find_default()


def _find_default() -> Database:
    with _guard:
        if _default is not None:  # another thread was faster
            return _default
        if _disconnected:
            raise CurrentInstanceNotConfigured("this process has disconnected; call connect('name') to use an instance again")
        return set_default(opening.open_place(discovery.default()))


def set_default(database: Database) -> Database:
    """Use a database where none is named."""
    global _default, _disconnected
    with _guard:
        _default, _disconnected = database, False
    return database


def is_connected() -> bool:
    """Whether this process has a default already, without looking for one."""
    return _default is not None


def open_database(identifier: str | os.PathLike[str], *, read_only: bool = False) -> Database:
    """The handle of another database; the default stays what it is. The same handle for every caller of this process.

    Parameters
    ----------
    identifier: name, `owner/name`, path of a project, storage root, `lamin.toml` or database file, or a database URL.
    read_only: refuse writing.

    Raises
    ------
    InstanceNotFoundError: nothing is known under it.
    DatabaseError: it is missing, damaged, locked, unreachable, or of another program.
    """
    return opening.open_place(discovery.find(identifier), read_only=read_only)


def connect(
    identifier: str | os.PathLike[str] | None = None, *, read_only: bool = False, remember: bool = False, here: bool = False
) -> None:
    """Use an instance as the default of this process.

    Parameters
    ----------
    identifier: as for `open_database`; None takes LAMIN_CURRENT_INSTANCE, the nearest `lamin.toml` or the user's default.
    read_only: refuse writing.
    remember: make it the user's default for folders without a project, too.
    here: make the working directory a project of it, by writing a `lamin.toml`.

    Raises
    ------
    InstanceNotFoundError, DatabaseError: as for `open_database`.
    HomeIsNoProject: with `here`, in the home folder.
    ConnectWithinDevDirError: with `remember` or `here`, inside the project of another instance, whose `lamin.toml` would win.
    """
    if here:
        descriptor.check_not_home(Path.cwd(), "project")
    place = discovery.default() if identifier is None else discovery.find(identifier)
    database = opening.open_place(place, read_only=read_only)
    if remember or here:
        _check_project(database.instance)
    if here:
        folder = Path.cwd()
        descriptor.write(Descriptor.of(database.instance, folder))
        database.instance = replace(database.instance, folder=folder)
        known.remember(database.instance)
    elif remember:
        with known.changing() as cache:
            cache.default = database.instance.database_url
    set_default(database)


def _check_project(instance: Instance) -> None:
    project = descriptor.nearest(Path.cwd())
    if project is not None and project.uid != instance.uid:
        raise ConnectWithinDevDirError(
            f"{str(project.folder)!r} is the project of {project.slug}, which is used here whatever else is connected; "
            f"leave the folder, or run `lamin disconnect --here` in it"
        )


def disconnect(*, here: bool = False) -> Outcome:
    """Forget the user's default, or with `here` the nearest project; this process then has no default.

    Database, storage and their files stay as they are.

    Raises
    ------
    ConnectWithinDevDirError: without `here`, inside a project: it is used there whatever the user's default is.
    CurrentInstanceNotConfigured: there is nothing to disconnect from.
    """
    global _default, _disconnected
    before = _default
    if here:
        outcome = _leave_project()
    elif (project := descriptor.nearest(Path.cwd())) is not None and before is None:
        raise ConnectWithinDevDirError(
            f"{str(project.folder)!r} is the project of {project.slug}; to end that, run `lamin disconnect --here`, "
            f"which deletes {descriptor.FILE}; the user's default was left alone"
        )
    else:
        outcome = _leave_default(before)
    with _guard:
        _default, _disconnected = None, True
    return outcome


def _leave_project() -> Outcome:
    project = descriptor.nearest(Path.cwd())
    if project is None:
        raise CurrentInstanceNotConfigured(f"no {descriptor.FILE} lies in {str(Path.cwd())!r} or above it")
    instance = _instance_of(discovery.of_descriptor(project), project.owner, project.name)
    path = project.folder / descriptor.FILE
    try:
        path.unlink()
    except OSError as error:
        raise InstanceError(f"{str(path)!r} cannot be deleted ({error.strerror})") from error
    return Outcome("disconnected", instance, str(project.folder), (f"{descriptor.FILE} was deleted, nothing else",))


def _leave_default(before: Database | None) -> Outcome:
    chosen = known.default()
    if chosen is not None and (before is None or before.instance.database_url == chosen.database):
        with known.changing() as cache:
            cache.default = None
        return Outcome("disconnected", _instance_of(discovery.of_known(chosen), chosen.owner, chosen.name), "the user's default")
    if before is not None:
        return Outcome("disconnected", before.instance, "this process")
    raise CurrentInstanceNotConfigured("no instance is connected, so there is nothing to disconnect from")


def _instance_of(place: discovery.Place, owner: str, name: str) -> Instance:
    """As much as files tell, without opening the database."""
    return Instance(
        uid=place.uid or opening.UNKNOWN,
        uuid=opening.UNKNOWN,
        owner=owner,
        name=name,
        storage=StorageRoot(place.storage or opening.UNKNOWN, None, opening.UNKNOWN),
        url=place.url,
        branch=place.branch,
        space=place.space,
        folder=place.folder,
    )
