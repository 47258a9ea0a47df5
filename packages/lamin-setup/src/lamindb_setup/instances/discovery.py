"""Which instance is meant: by name, path or URL, or by where the process runs. Reads files only, never a network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lamindb_setup import files
from lamindb_setup.databases import url as urls
from lamindb_setup.databases.url import DatabaseURL
from lamindb_setup.errors import CurrentInstanceNotConfigured, InstanceNotFoundError, InvalidArgument, closest
from lamindb_setup.identity import current_profile
from lamindb_setup.storage import marker
from lamindb_setup.storage.root import RESERVED

from . import descriptor, known
from .descriptor import Descriptor
from .instance import Instance
from .known import KnownInstance

VARIABLE = "LAMIN_CURRENT_INSTANCE"
DATABASE_FILE = "lamin.db"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance lies, before its database was asked.

    Parameters
    ----------
    url: of the database.
    uid: of the instance, where a file tells it; the database must agree.
    storage: root of the storage, where a file tells it.
    folder: where the `lamin.toml` lies that led here.
    branch, space: names of the defaults there.
    slug, modules: as of the last time, where a file tells it; the database decides.
    """

    url: DatabaseURL
    uid: str | None = None
    storage: str | None = None
    folder: Path | None = None
    branch: str = "main"
    space: str = "all"
    slug: str | None = None
    modules: tuple[str, ...] = ()


def of_descriptor(found: Descriptor) -> Place:
    """The place that a `lamin.toml` describes."""
    return Place(
        found.url, found.uid, found.storage, found.folder, found.branch, found.space, slug=found.slug, modules=found.modules
    )


def of_known(found: KnownInstance) -> Place:
    """Its project folder decides, as long as it still describes the same instance; it may have moved its database."""
    if found.folder and (Path(found.folder) / descriptor.FILE).is_file():
        there = descriptor.read(Path(found.folder) / descriptor.FILE)
        if there.uid == found.uid:
            return of_descriptor(there)
    return Place(
        found.url, found.uid, found.storage, None, found.branch, found.space, slug=found.slug, modules=tuple(found.modules)
    )


def of_instance(instance: Instance) -> Place:
    """The place of an instance that is open."""
    return Place(
        url=instance.url,
        uid=instance.uid,
        storage=instance.storage.root,
        folder=instance.folder,
        branch=instance.branch,
        space=instance.space,
        slug=instance.slug,
        modules=instance.modules,
    )


def default(start: Path | None = None) -> Place:
    """The instance of this process: LAMIN_CURRENT_INSTANCE, else the nearest `lamin.toml` upwards, else the user's default.

    Raises
    ------
    CurrentInstanceNotConfigured: there is none of them.
    InstanceNotFoundError: the variable names nothing that is known.
    """
    if identifier := os.environ.get(VARIABLE):
        try:
            return find(identifier, start=start)
        except InstanceNotFoundError as error:
            raise InstanceNotFoundError(f"{VARIABLE}: {error}") from None
    if project := descriptor.nearest(start or Path.cwd()):
        return of_descriptor(project)
    if chosen := known.default():
        return of_known(chosen)
    raise CurrentInstanceNotConfigured(
        "no instance is connected: run `lamin init` to make one here, `lamin connect NAME`, or call ln.connect('name') in Python"
    )


def find(identifier: str | os.PathLike[str], *, start: Path | None = None) -> Place:
    """The instance under a name, `owner/name`, path or URL.

    Parameters
    ----------
    identifier: a path leads to a project folder, a `lamin.toml`, a storage root or a database file.
    start: where relative paths begin; the working directory by default.

    Raises
    ------
    InstanceNotFoundError: nothing is known under it, with the nearest names.
    InvalidArgument: several instances have the name, or the URL is of another kind.
    """
    text = os.fspath(identifier).strip()
    folder = start or Path.cwd()
    if "://" in text:
        return Place(urls.parse(text).resolved(folder))
    is_path = isinstance(identifier, os.PathLike) or text.startswith((".", "~", "/")) or text.endswith((".db", ".toml"))
    if not is_path and (found := _by_name(text)):
        return found
    path = Path(os.path.normpath(folder / files.expanded(text)))
    if text and (found := _by_path(path)):
        return found
    if text and (is_path or path.exists()):
        what = "is neither a project, a storage root nor a database file" if path.exists() else "does not exist"
        raise InstanceNotFoundError(f"{str(path)!r} {what}; look for a folder with lamin.toml, or make one with `lamin init`")
    entries = known.read().instances.values()
    near = closest(text, [*{entry.slug for entry in entries}, *{entry.name for entry in entries}])
    raise InstanceNotFoundError(f"no instance {text!r} is known on this machine{near or '; connect to it by path or URL once'}")


def _by_name(text: str) -> Place | None:
    owner, _, name = text.rpartition("/")
    entries = [each for each in known.read().instances.values() if each.name == name and (not owner or each.owner == owner)]
    here = [
        entry for entry in entries if not entry.is_gone or (entry.folder and (Path(entry.folder) / descriptor.FILE).is_file())
    ]
    here = list({os.path.realpath(entry.url.path) if entry.url.path else entry.database: entry for entry in here}.values())
    if len(here) > 1 and not owner:
        handle = current_profile().handle
        here = [entry for entry in here if entry.owner == handle] or here
    if len(here) > 1:
        places = " and ".join(sorted(entry.database for entry in here))
        raise InvalidArgument(f"several instances are called {text!r}: {places}; write the path or URL of the one you mean")
    if here:
        return of_known(here[0])
    if entries:
        raise InstanceNotFoundError(
            f"instance {text!r} was at {entries[0].database}, where it is no more; connect to the path where it is now"
        )
    return None


def _by_path(path: Path) -> Place | None:
    if path.name == descriptor.FILE and path.is_file():
        return of_descriptor(descriptor.read(path))
    if path.is_file():
        return Place(DatabaseURL("sqlite", path=path), storage=storage_of(path))
    if (path / descriptor.FILE).is_file():
        return of_descriptor(descriptor.read(path / descriptor.FILE))
    if (file := default_database(path)).is_file():
        return Place(DatabaseURL("sqlite", path=file), storage=str(path))
    if marked := marker.read(path):  # the database lies elsewhere: only somebody who connected before knows where
        for entry in known.read().instances.values():
            if entry.uid == marked.instance_uid and not entry.is_gone:
                return of_known(entry)
        raise InstanceNotFoundError(
            f"{str(path)!r} is storage of {marked.instance_slug or marked.instance_uid}, "
            "whose database is not known on this machine; connect to the URL of the database"
        )
    return None


def default_database(root: Path) -> Path:
    """The database file inside a storage root."""
    return root / RESERVED / DATABASE_FILE


def storage_of(path: Path) -> str | None:
    """The storage root that holds a database file, if it lies where it lies by default."""
    return str(path.parent.parent) if path.parent.name == RESERVED else None
