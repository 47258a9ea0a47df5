"""From a place to an open database: one query tells whose it is, what it has, and whether this client may write it."""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import replace
from pathlib import Path

from lamindb_setup import modules
from lamindb_setup.databases import bookkeeping, compatibility, peer, sqlite
from lamindb_setup.databases.bookkeeping import Contents, InstanceRow, ModuleState
from lamindb_setup.databases.database import Database
from lamindb_setup.databases.url import DatabaseURL
from lamindb_setup.errors import DatabaseLocked, DatabaseTooOld, InstanceConflict, NotALaminDatabase, SchemaMismatch
from lamindb_setup.storage import marker
from lamindb_setup.storage.filesystem import network_filesystem
from lamindb_setup.storage.root import StorageRoot

from . import known
from .discovery import Place, storage_of
from .instance import Instance

_open: dict[tuple[str, bool], Database] = {}
_secrets: dict[str, DatabaseURL] = {}
"""Passwords that came with a URL: kept in this process only, by the URL without them."""
_locks: dict[str, threading.RLock] = {}
"""One per database: a server that does not answer holds up nobody who wants another."""
UNKNOWN = "?"


def open_place(place: Place, *, read_only: bool = False) -> Database:
    """The handle of the database at a place; the same one for every caller of this process.

    Raises
    ------
    DatabaseError: it is missing, damaged, locked, unreachable, or of another program.
    InstanceConflict: it is the database of another instance than the place says.
    DatabaseTooNew, DatabaseTooOld: this client cannot read it.
    """
    place = replace(place, url=with_secrets(place.url))
    key = _key(place.url)
    with _locks.setdefault(key, threading.RLock()):
        found = _open.get((key, read_only))
        if found is not None and not found.is_closed:
            _check_uid(place, found.instance.uid)
            if place.folder is not None and found.contents is not None:
                found.instance = instance_of(found.contents, place)
            return found
        database = _open[key, read_only] = _opened(place, read_only=read_only)
    known.remember(database.instance)
    return database


def open_for_migration(place: Place) -> Database:
    """A handle of its own that opens a database too old for anything but a migration; the caller closes it.

    Raises
    ------
    DatabaseError, InstanceConflict: as for `open_place`, except for its age.
    """
    return _opened(replace(place, url=with_secrets(place.url)), read_only=False, check_age=False)


def forget(url: DatabaseURL) -> None:
    """Close the handles of a database; the next caller opens it anew."""
    for read_only in (False, True):
        if (database := _open.pop((_key(url), read_only), None)) is not None:
            database.close()


def with_secrets(url: DatabaseURL) -> DatabaseURL:
    """The URL with the password that this process was told for it; notes one that it brings."""
    if url.secrets:
        _secrets[str(url)] = url
    return _secrets.get(str(url), url)


def _key(url: DatabaseURL) -> str:
    """What tells one database from another: a file has one real path, whatever links lead to it."""
    return str(url) if url.path is None else os.path.realpath(url.path)


def _opened(place: Place, *, read_only: bool, check_age: bool = True) -> Database:
    why = "it was opened with read_only=True" if read_only else None
    path = place.url.path
    if path is not None and path.is_file() and not sqlite.is_writable(path):
        why = why or f"the file {str(path)!r} or its folder does not permit it"
    storage = StorageRoot(place.storage or UNKNOWN, None, UNKNOWN)
    unknown = Instance(place.uid or UNKNOWN, UNKNOWN, UNKNOWN, _shown_name(place.url), storage, place.url)
    database = Database(unknown, place.url, read_only=why is not None)
    try:
        contents, by_peer = read_contents(database, place)
        _check_uid(place, contents.row.uid)
        database.contents = contents
        database.instance = instance_of(contents, place)
        if check_age:
            by_age = compatibility.why_read_only(database.slug, contents.modules, modules.installed())
            why = why or by_peer or by_age
        if why is None:
            _leave_wal_on_network(database)
    except BaseException:
        database.close()
        raise
    database.read_only = why is not None
    database.why_read_only = why or database.why_read_only
    return database


def read_contents(database: Database, place: Place) -> tuple[Contents, str | None]:
    """What a database has, and why it may only be read if it is one of LaminDB that nobody has adopted.

    Raises
    ------
    NotALaminDatabase: it belongs to another program, or is empty.
    DatabaseTooOld: an older LaminDB made it.
    """
    with database.reading() as connection:
        try:
            found = bookkeeping.read(connection)
        except SchemaMismatch:
            state = peer.read(connection)
        else:
            if found is not None:
                return found, None
            state = None
    if state is None:
        raise NotALaminDatabase(
            f"{str(place.url)!r} is a database, but not one of lamin; choose another path or name, it stays as it is"
        )
    return _of_peer(state, place), "LaminDB made it; run `lamin init` with its storage to adopt it"


def peer_modules(state: peer.PeerState) -> list[modules.Module]:
    """The installed modules whose tables a LaminDB database has."""
    return modules.with_requirements(name for name in modules.installed() if name in state.migrations)


def _of_peer(state: peer.PeerState, place: Place) -> Contents:
    found = peer_modules(state)
    if peer.compare(state, found) == "older":
        raise DatabaseTooOld(f"{str(place.url)!r} was made by an older LaminDB; upgrade it with LaminDB 2.12 first")
    states = [ModuleState(module.name, module.version, module.revisions[0], *[module.revisions[0]] * 2) for module in found]
    return Contents(peer_row(state, place), {each.name: each for each in states}, is_ours=False)


def peer_row(state: peer.PeerState, place: Place) -> InstanceRow:
    """Identifiers of a LaminDB instance: its marker and its storage row keep being valid for LaminDB."""
    root = place.storage or state.storage_root or UNKNOWN
    marked = marker.read(Path(root)) if "://" not in root else None
    slug = (marked and marked.instance_slug) or f"anonymous/{_shown_name(place.url)}"
    owner, _, name = slug.rpartition("/")
    return InstanceRow(
        uid=(marked and marked.instance_uid) or state.instance_uid or UNKNOWN,
        uuid=(marked and marked.instance_uuid) or UNKNOWN,
        owner=owner or "anonymous",
        name=name,
        storage_uid=(marked and marked.storage_uid) or state.storage_uid or UNKNOWN,
        storage_root=root,
    )


def instance_of(contents: Contents, place: Place) -> Instance:
    """What database and place tell together. The place knows where the storage is now, the database where it was at first."""
    row = contents.row
    root = place.storage or (storage_of(place.url.path) if place.url.path else None) or row.storage_root
    remote = "://" in root
    storage = StorageRoot(
        root=root,
        path=None if remote else Path(root),
        uid=row.storage_uid,
        type=root.partition("://")[0] if remote else "local",  # type: ignore[arg-type]  # written by us from the same list
    )
    return Instance(
        uid=row.uid,
        uuid=row.uuid,
        owner=row.owner,
        name=row.name,
        storage=storage,
        url=place.url,
        modules=tuple(contents.modules),
        branch=place.branch,
        space=place.space,
        folder=place.folder,
    )


def _check_uid(place: Place, uid: str) -> None:
    if place.uid is not None and place.uid != uid:
        where = f"{str(place.folder)!r} describes" if place.folder else "this machine knows"
        raise InstanceConflict(
            f"{where} instance {place.uid}, but the database {str(place.url)!r} belongs to instance {uid}; "
            "correct the path, or connect to the database itself"
        )


def _shown_name(url: DatabaseURL) -> str:
    return url.path.stem if url.path else url.database


def _leave_wal_on_network(database: Database) -> None:
    """WAL needs memory shared between all who use the file, which network file systems do not have."""
    path = database.url.path
    if path is None or network_filesystem(path.parent) is None:
        return
    with database.reading() as connection, contextlib.suppress(DatabaseLocked):  # others use it: leave it to the last of them
        # The database is asked, not the file: closing a file gives up all locks that the process has on it.
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
            return
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE").all()
    database.engine.dispose()  # the next connection sees the mode and sets synchronous=FULL
