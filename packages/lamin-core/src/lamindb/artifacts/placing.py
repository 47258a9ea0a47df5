"""Where the bytes of a new artifact will lie: a file inside a known storage stays, any other is copied to a name of ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lamindb.artifacts import keys
from lamindb.artifacts.arguments import Arguments
from lamindb.artifacts.storages import Place, places_around, places_of
from lamindb.artifacts.storing import HOME
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


def find_spot(given: Arguments, database: Database, path: Path) -> Spot:
    """Decide where the bytes of a file belong, which `path` names without symbolic links.

    Raises
    ------
    InvalidArgument: it is an object of another artifact, the storage cannot take copies, or there is nothing to find it by.
    InconsistentKey: `key_is_virtual` contradicts where the file lies.
    """
    own, around = places_around(database, path)
    place = _asked_for(given, database) or own
    if around is None or (given.storage is not None and around.id != place.id):
        spot = _copied(given, place)
    else:
        spot = _in_place(given, around, path)
    if spot.key is not None:
        keys.check_suffix(spot.key, path)
    elif not {"description", "run"} & given.passed.keys() and (given.without_run or not context.current_run_id(database)):
        raise InvalidArgument(f"pass a key or a description for {str(path)!r}, so that it can be found again")
    return spot


def _asked_for(given: Arguments, database: Database) -> Place | None:
    if given.storage is None:
        return None
    if given.storage.database is not database:
        raise DatabaseMismatch(f"storage {given.storage.root!r} belongs to another database than {database.slug}")
    return places_of(database, [given.storage.id])[given.storage.id]


def _copied(given: Arguments, place: Place) -> Spot:
    if not place.is_managed:
        raise InvalidArgument(
            f"storage {place.root.as_posix()!r} is not managed by this instance, so that nothing is copied there; "
            "leave storage out, or put the file there yourself"
        )
    if given.key_is_virtual is False:
        raise InconsistentKey(
            "key_is_virtual=False is for files that lie in a storage; leave it out, or move the file to "
            f"{str(place.root / (given.key or 'KEY'))!r} and make the artifact of that path"
        )
    return Spot(place, in_place=False, key=given.key, real_key=None, key_is_virtual=True)


def _in_place(given: Arguments, place: Place, path: Path) -> Spot:
    relative = path.relative_to(place.root)
    if HOME in relative.parts:
        raise InvalidArgument(
            f"{str(path)!r} lies in a '.lamindb' folder, where lamin keeps the bytes of artifacts; get the artifact by its uid, "
            "which is in the name of the file"
        )
    name = relative.as_posix()
    is_virtual = given.key is not None and given.key != name
    if given.key_is_virtual is not None and given.key_is_virtual is not is_virtual:
        instead = f"leave key out, or pass {name!r}" if is_virtual else "pass another key"
        raise InconsistentKey(
            f"the file lies at {name!r} in storage {place.root.as_posix()!r} and stays there, which contradicts "
            f"key_is_virtual={given.key_is_virtual}; {instead}"
        )
    if is_virtual:
        return Spot(place, in_place=True, key=given.key, real_key=name, key_is_virtual=True)
    return Spot(place, in_place=True, key=keys.check_key(name), real_key=None, key_is_virtual=False)
