"""Where the bytes of a new artifact will lie.

A file or folder inside a known storage stays. Any other is copied to a name of ours; nothing is ever copied to a name that a user
chose, so that no bytes of a user are overwritten.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lamindb.artifacts import keys
from lamindb.artifacts.arguments import Arguments
from lamindb.artifacts.folders import HOME
from lamindb.artifacts.origins import Origin
from lamindb.artifacts.storages import Place, Surroundings, places_of
from lamindb.errors import DatabaseMismatch, InconsistentKey, InvalidArgument
from lamindb.records import context

if TYPE_CHECKING:
    from lamindb_setup.databases import Database


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and the columns that say where in it the bytes are."""

    place: Place
    in_place: bool
    """Whether the file is there already."""
    key: str | None
    real_key: str | None
    key_is_virtual: bool


def find_spot(given: Arguments, database: Database, origin: Origin, around: Surroundings) -> Spot:
    """Decide where the bytes of an origin belong, whose path is free of symbolic links.

    Raises
    ------
    InvalidArgument: it is an object of another artifact, the storage cannot take copies, or there is nothing to find it by.
    InconsistentKey: `key_is_virtual` contradicts where the file lies.
    """
    there = around.around(origin.path) if origin.staged is None else None
    if given.storage is not None:
        place = _asked_for(given, database)
        there = there if there is not None and there.id == place.id else None
    else:
        place = around.own
    spot = copied(given.key, place, given.key_is_virtual) if there is None else in_place(given, there, origin.path)
    if spot.key is not None:
        keys.check_suffix(spot.key, origin.path, is_folder=os.path.isdir(origin.path))
    elif not {"description", "run"} & given.passed.keys() and (given.without_run or not context.current_run_id(database)):
        of = f"this {origin.otype}" if origin.staged is not None else repr(str(origin.path))
        raise InvalidArgument(f"pass a key or a description for {of}, so that it can be found again")
    return spot


def _asked_for(given: Arguments, database: Database) -> Place:
    assert given.storage is not None  # asked by who calls
    if given.storage.database is not database:
        raise DatabaseMismatch(f"storage {given.storage.root!r} belongs to another database than {database.slug}")
    return places_of(database, [given.storage.id])[given.storage.id]


def copied(key: str | None, place: Place, key_is_virtual: bool | None) -> Spot:
    """Return the spot of bytes that are copied into a storage; raises as `find_spot`."""
    if not place.is_managed:
        raise InvalidArgument(
            f"storage {place.root.as_posix()!r} is not managed by this instance, so that nothing is copied there; "
            "leave storage out, or put the file there yourself"
        )
    if key_is_virtual is not False:
        return Spot(place, in_place=False, key=key, real_key=None, key_is_virtual=True)
    raise InconsistentKey(
        "key_is_virtual=False is for files that lie in a storage; leave it out, or move the file to "
        f"{str(place.root / (key or 'KEY'))!r} and make the artifact of that path"
    )


def in_place(given: Arguments, place: Place, path: Path) -> Spot:
    """Return the spot of a file that stays where it is; raises as `find_spot`."""
    relative = path.relative_to(place.root)
    if HOME in relative.parts:
        raise InvalidArgument(
            f"{str(path)!r} lies in a '.lamindb' folder, where lamin keeps the bytes of artifacts; get the artifact by its uid, "
            "which is in the name of the file"
        )
    name = relative.as_posix()
    if name == ".":
        raise InvalidArgument(f"{str(path)!r} is a storage, not something in it; make the artifact of a file or folder in it")
    is_virtual = given.key is not None and given.key != name
    if given.key_is_virtual is not None and given.key_is_virtual is not is_virtual:
        instead = f"leave key out, or pass {name!r}" if is_virtual else "pass another key"
        raise InconsistentKey(
            f"the file lies at {name!r} in storage {place.root.as_posix()!r} and stays there, which contradicts "
            f"key_is_virtual={given.key_is_virtual}; {instead}"
        )
    if is_virtual:
        return Spot(place, in_place=True, key=given.key, real_key=keys.check_real_key(name), key_is_virtual=True)
    return Spot(place, in_place=True, key=keys.check_key(name), real_key=None, key_is_virtual=False)
