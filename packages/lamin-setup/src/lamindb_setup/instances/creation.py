"""`init`: a new instance, or the one that is there already. Nothing is ever overwritten.

Invariant: the database appears complete or not at all (one link of a finished file, one transaction on a server). Marker and
`lamin.toml` are written after it and say only what the database says: a process that dies in between leaves something that the
next `init` completes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lamindb_setup import files, modules, uids
from lamindb_setup.databases import creation
from lamindb_setup.databases import url as urls
from lamindb_setup.databases.database import Database
from lamindb_setup.databases.url import DatabaseURL
from lamindb_setup.errors import (
    DatabaseMissing,
    DiskFull,
    InstanceConflict,
    InvalidArgument,
    LaminError,
    StorageAlreadyManaged,
    StorageError,
    StorageNotWritable,
)
from lamindb_setup.identity import current_profile
from lamindb_setup.modules import Module, SeedContext
from lamindb_setup.storage import marker
from lamindb_setup.storage.filesystem import network_filesystem
from lamindb_setup.storage.marker import Marker
from lamindb_setup.storage.root import StorageRoot, local_path

from . import adoption, connection, descriptor, opening
from .connection import Action, Outcome
from .descriptor import Descriptor
from .discovery import Place, default_database, of_descriptor
from .instance import Instance

NAME_LENGTH = 150
DEFAULT_STORAGE = "./storage"
DEFAULT_MODULES = ("lamindb",)
UID_LENGTH = 12


@dataclass(frozen=True, slots=True)
class _Request:
    """What `init` was asked for, checked, with everything that can be told without a database filled in."""

    folder: Path
    root: Path
    url: DatabaseURL
    name: str | None
    inferred_name: str
    names: tuple[str, ...]
    adopt: bool
    project: Descriptor | None
    storage_given: bool


def init(
    *,
    storage: str | os.PathLike[str] | None = None,
    name: str | None = None,
    db: str | None = None,
    modules: str | Iterable[str] | None = None,
    adopt: bool = False,
    folder: str | os.PathLike[str] | None = None,
) -> Outcome:
    """Make an instance and connect to it; where one is already, connect and change nothing that is there.

    Parameters
    ----------
    storage: folder for the files; `./storage`, or what the project's `lamin.toml` says. A relative path starts at `folder`.
    name: by default the name of the database of a `db`, of the project folder, or of a storage folder named otherwise.
    db: `postgresql://user@host/database` for a server, `sqlite:///file.db`; by default a SQLite file in the storage. A password
        is used but written nowhere.
    modules: names, or one text with commas; what they require comes along. On an existing instance missing ones are added.
    adopt: use a Postgres database that carries an instance already, with the storage of that instance, or one of LaminDB.
    folder: the project; gets a `lamin.toml`. By default the working directory.

    Raises
    ------
    InvalidArgument: a value cannot be used, or contradicts what is there.
    HomeIsNoProject: the home folder was named.
    ModuleNotInstalled: a module is not installed.
    InstanceConflict, StorageAlreadyManaged: something else is there.
    DatabaseMissing: project or storage say that an instance is here, but its database is gone.
    StorageNotWritable, DiskFull, DatabaseError: nothing was kept.
    """
    request = _checked(storage, name, db, modules, adopt, folder)
    if request.url.path is not None:
        return _init_sqlite(request, request.url.path)
    return _init_postgres(request)


# ---- what was asked for -----------------------------------------------------------------------------------------------------
def _checked(
    storage: str | os.PathLike[str] | None,
    name: str | None,
    db: str | None,
    names: str | Iterable[str] | None,
    adopt: bool,
    folder: str | os.PathLike[str] | None,
) -> _Request:
    project_folder = Path(os.path.abspath(folder if folder is not None else Path.cwd()))
    descriptor.check_not_home(project_folder, "project")
    path = project_folder / descriptor.FILE
    project = descriptor.read(path) if path.is_file() else None
    root = local_path(storage or (project.storage if project else DEFAULT_STORAGE), project_folder)
    descriptor.check_not_home(root, "storage")
    if db is not None:
        url = opening.with_secrets(urls.parse(db).resolved(project_folder))
    else:
        url = opening.with_secrets(project.url) if project else DatabaseURL("sqlite", path=default_database(root))
    if name is not None:
        _check_name(name)
    wanted = modules.parse_names(names)
    modules.with_requirements(wanted)  # before anything is touched
    inferred = _inferred_name(project_folder, root, url if db is not None else None)
    request = _Request(project_folder, root, url, name, inferred, wanted, adopt, project, storage is not None)
    if project is not None:
        _check_project(request, project)
    return request


def _check_project(request: _Request, project: Descriptor) -> None:
    """A folder has one instance."""
    database = (str(request.url.path or request.url), str(project.url.path or project.url))
    for what, (wanted, there) in {"database": database, "storage": (str(request.root), project.storage)}.items():
        if os.path.realpath(wanted) != os.path.realpath(there):
            raise InvalidArgument(
                f"{str(request.folder)!r} is the project of {project.slug} with {what} {there!r}, not {wanted!r}; "
                f"leave {what} out to connect, or use another folder for another instance"
            )


def _check_name(name: str) -> str:
    if not name.strip() or "/" in name or len(name) > NAME_LENGTH or not name.isprintable():
        raise InvalidArgument(f"{name!r} cannot be the name of an instance: write up to {NAME_LENGTH} characters without '/'")
    return name


def _inferred_name(folder: Path, root: Path, url: DatabaseURL | None) -> str:
    if url is not None:
        return (url.path.stem if url.path else url.database).lower()
    return (folder if root == local_path(DEFAULT_STORAGE, folder) else root).name.lower()


# ---- SQLite -----------------------------------------------------------------------------------------------------------------
def _init_sqlite(request: _Request, path: Path) -> Outcome:
    if not path.exists():
        _check_free(request, path)
        wanted = modules.with_requirements(request.names or DEFAULT_MODULES)
        instance = _new_instance(request)
        data = creation.sqlite_bytes(wanted, _seed_context(instance), wal=network_filesystem(_existing(path.parent)) is None)
        try:
            with _folders(path.parent):
                files.write_new(path, data)
        except FileExistsError:
            pass  # another process was faster: its instance is the one
        else:
            opening.forget(request.url)
            return _finish(request, opening.open_place(_place(request)), "created", wanted)
    return _take_existing(request)


def _check_free(request: _Request, path: Path) -> None:
    """A file is missing: because it never was, or because it is lost?"""
    if request.project is not None:
        raise DatabaseMissing(
            f"{str(request.folder)!r} is the project of {request.project.slug}, but its database {str(path)!r} is gone; "
            f"restore it, or delete {descriptor.FILE} to begin anew"
        )
    if (found := marker.read(request.root)) is not None:
        raise StorageAlreadyManaged(
            f"storage {str(request.root)!r} is managed by {found.instance_slug or 'another instance'}, whose database is not at "
            f"{str(path)!r}; connect to that instance, or choose another folder"
        )
    _check_writable(request.root, path.parent, request.folder)


def _check_writable(*folders: Path) -> None:
    """Before anything is built: what cannot be written in the end is refused at the beginning."""
    for folder in folders:
        above = _existing(folder)
        if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
            raise StorageNotWritable(
                f"{str(above)!r} {'does not permit writing' if above.is_dir() else 'is no folder'}; choose another"
            )


# ---- Postgres ---------------------------------------------------------------------------------------------------------------
def _init_postgres(request: _Request) -> Outcome:
    if _carries_something(request):
        return _take_existing(request)
    if request.project is not None:
        raise DatabaseMissing(
            f"{str(request.folder)!r} is the project of {request.project.slug}, but {str(request.url)!r} is empty; "
            f"restore it, or delete {descriptor.FILE} to begin anew"
        )
    marker.check_ours(request.root, None)
    _check_writable(request.root, request.folder)
    wanted = modules.with_requirements(request.names or DEFAULT_MODULES)
    instance = _new_instance(request)
    with contextlib.closing(Database(instance, request.url)) as database, database.writing() as transaction:
        database.lock("lamin init")
        appeared = transaction.connection.exec_driver_sql("SELECT to_regclass('lamin_instance') IS NOT NULL").scalar()
        if not appeared:
            with _folders(request.root / ".lamindb"):  # a root that cannot be made must not leave a database behind
                creation.create(transaction.connection, wanted, _seed_context(instance))
    if appeared:
        return _take_existing(request)
    opening.forget(request.url)
    return _finish(request, opening.open_place(_place(request)), "created", wanted)


def _carries_something(request: _Request) -> bool:
    with contextlib.closing(Database(_new_instance(request), request.url)) as database, database.reading() as connection_:
        row = connection_.exec_driver_sql("SELECT to_regclass('lamin_instance'), to_regclass('django_migrations')").one()
    return any(row)


# ---- what is there already --------------------------------------------------------------------------------------------------
def _take_existing(request: _Request) -> Outcome:
    """Connect to the instance that the database carries, if it is the one that was asked for."""
    place = _place(request)
    database = opening.open_place(place)
    action: Action = "connected"
    if adoption.is_unadopted(database):
        if request.url.dialect == "postgresql" and not request.adopt:
            raise InstanceConflict(
                f"{str(request.url)!r} carries a LaminDB instance; pass adopt=True (`--adopt`) to use it, which adds tables to it"
            )
        marker.check_ours(request.root, database.instance.uid, database.instance.storage.uid)
        adoption.adopt(database, place)
        opening.forget(database.url)
        database, action = opening.open_place(place), "adopted"
    place = replace(place, storage=_agreed_storage(request, database))
    database = opening.open_place(place)
    added = _missing_modules(request, database)
    if added:
        with database.writing() as transaction:
            creation.add(transaction.connection, added, _seed_context(database.instance))
        opening.forget(database.url)
        database, action = opening.open_place(place), "extended"
    return _finish(request, database, action, added)


def _agreed_storage(request: _Request, database: Database) -> str:
    """Where the instance that is there keeps its files, if it may be the one that was asked for.

    The root that the database names is where it was at first: a marker of the instance tells that a folder is that root, moved.
    """
    instance, root = database.instance, str(request.root)
    if request.name is not None and request.name != instance.name:
        raise InvalidArgument(
            f"{instance.slug!r} is here already and cannot also be called {request.name!r}; leave the name out to connect"
        )
    first_root = database.contents.row.storage_root if database.contents else root
    marked = marker.check_ours(request.root, instance.uid, instance.storage.uid)
    if marked or request.project or first_root == root or request.url.path == default_database(request.root):
        return root
    if request.adopt and not request.storage_given:
        return first_root
    raise InstanceConflict(
        f"the database {str(request.url)!r} carries the instance {instance.slug} (uid {instance.uid}), which keeps its files in "
        f"{first_root!r}; connect to it with `lamin connect`, or pass adopt=True (`--adopt`) and leave the storage out"
    )


def _missing_modules(request: _Request, database: Database) -> list[Module]:
    return [module for module in modules.with_requirements(request.names) if not database.has_module(module.name)]


# ---- making and finishing ---------------------------------------------------------------------------------------------------
def _new_instance(request: _Request) -> Instance:
    root = str(request.root)
    return Instance(
        uid=uids.base62(UID_LENGTH),
        uuid=uuid.uuid4().hex,
        owner=current_profile().handle,
        name=request.name or _check_name(request.inferred_name),
        storage=StorageRoot(root=root, path=request.root, uid=uids.base62(UID_LENGTH)),
        url=request.url,
        folder=request.folder,
    )


def _seed_context(instance: Instance) -> SeedContext:
    return SeedContext(current_profile(), instance, instance.storage)


def _place(request: _Request) -> Place:
    project = request.project
    if project is None:
        return Place(request.url, storage=str(request.root), folder=request.folder)
    return replace(of_descriptor(project), url=request.url)


def _finish(request: _Request, database: Database, action: Action, added: list[Module]) -> Outcome:
    """Complete marker and descriptor, and make the instance the default of this process."""
    instance = database.instance
    notes = []
    if action == "created" or (instance.storage.path is not None and instance.storage.path.is_dir()):
        if not database.read_only and marker.write(
            Path(instance.storage.root), Marker(instance.storage.uid, instance.slug, instance.uuid, instance.uid)
        ):
            notes += ["the storage marker was missing and is there again"] if action == "connected" else []
    else:
        notes.append(f"its storage {instance.storage.root!r} is not on this machine")
    wrote = descriptor.write(Descriptor.of(instance, request.folder))
    if not wrote and added:
        descriptor.change(request.folder, modules=list(instance.modules))
    required = [module.name for module in added if module.name not in request.names]
    if request.names and required:
        notes.append(f"{', '.join(required)} came along because others require it")
    if action == "created" and (outer := descriptor.nearest(request.folder.parent)) is not None:
        notes.append(f"this folder lies inside the project of {outer.slug}, whose instance is no longer used here")
    if request.url.password:
        notes.append("the password was not stored: set LAMIN_DB_PASSWORD or write it to ~/.pgpass for the next time")
    if database.read_only:
        notes.append(database.why_read_only)
    database.instance = replace(instance, folder=request.folder)
    connection.set_default(database)
    return Outcome(action, database.instance, str(request.folder), tuple(notes))


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return next(each for each in (path, *path.parents) if each.exists())


@contextlib.contextmanager
def _folders(path: Path) -> Iterator[None]:
    """Make a folder and those above it; if the block fails, those made here are removed as long as they are empty."""
    made = [each for each in (path, *path.parents) if not each.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException as error:
        for each in made:
            with contextlib.suppress(OSError):  # not empty: somebody else uses it by now
                each.rmdir()
        if isinstance(error, OSError) and not isinstance(error, LaminError | FileExistsError):
            raise _storage_error(error, path) from error
        raise


def _storage_error(error: OSError, path: Path) -> LaminError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"no space is left for {str(path)!r}; nothing was kept, free some and repeat")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
        return StorageNotWritable(f"{str(path)!r} cannot be written ({error.strerror}); choose another folder")
    return StorageError(f"{str(path)!r} cannot be written ({error.strerror}); nothing was kept")
