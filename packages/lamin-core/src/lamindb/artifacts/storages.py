"""Storage locations: where the bytes of artifacts lie, and which location a file is in."""

from __future__ import annotations

import functools
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

import lamindb_setup
import sqlalchemy as sa

from lamindb import catalog
from lamindb._registries.columns.storage import StorageColumns
from lamindb.errors import InvalidArgument, UnknownStorageLocation
from lamindb.query.membership import within
from lamindb.records import construction, context
from lamindb.records.signatures import named_errors

if TYPE_CHECKING:
    from lamindb_setup.databases import Database
    from upath import UPath

    from lamindb._registries.space import Space


class StorageBehavior(StorageColumns):
    """A storage location, known by its root.

    Files below the root of a known location are registered where they lie. Only the instance's own location receives copies.
    """

    __abstract__ = True
    _has_trash: ClassVar[bool] = False

    @named_errors
    def __init__(self, root: str | os.PathLike[str], *, description: str | None = None, space: Space | None = None) -> None:
        """Describe a folder whose files can be registered where they lie; nothing in it is touched.

        Raises
        ------
        InvalidArgument: it is no folder of this machine, or lies inside a `.lamindb` folder.
        """
        given = {"description": description, "space": space}
        values = {name: value for name, value in given.items() if value is not None}
        construction.fill(self, (), {"root": _checked_root(root), "type": "local", **values})

    @property
    def path(self) -> UPath:
        """The root as a path, wherever the project lies now."""
        from upath import UPath  # loads fsspec

        return UPath(root_of(self))

    def _complete(self, database: Database) -> None:
        self.__dict__.setdefault("branch_id", context.MAIN)  # where bytes lie concerns every branch

    def _natural_key(self) -> dict[str, Any] | None:
        return {"root": self.__dict__["root"]}


def _checked_root(root: str | os.PathLike[str]) -> str:
    if not isinstance(root, str | os.PathLike):
        raise InvalidArgument(f"root must be a path, not {root!r}")
    text = os.fspath(root)
    if "://" in text:
        raise InvalidArgument(f"storage {text!r} is not a folder of this machine; this version keeps files in local folders")
    path = Path(text).expanduser().resolve()
    if not path.is_dir():
        raise InvalidArgument(f"storage {text!r} is not a folder; make it first, or check the path")
    if ".lamindb" in path.parts:
        raise InvalidArgument(
            f"storage {text!r} lies inside a '.lamindb' folder, which belongs to lamin; choose the folder above it"
        )
    return path.as_posix()


@dataclass(frozen=True, slots=True)
class Place:
    """A storage location as its row and this machine see it."""

    id: int
    root: Path
    is_managed: bool
    """Whether this instance puts objects there and takes them away."""


def root_of(storage: StorageColumns) -> Path:
    """Return the present root of a local storage; the instance's own moves with its project.

    Raises
    ------
    InvalidArgument: it is no folder of a machine.
    """
    database = storage._database or lamindb_setup.current()
    return _place(database, {name: storage.__dict__[name] for name in ("id", "uid", "root", "type", "instance_uid")}).root


_known: WeakKeyDictionary[Database, dict[int, Place]] = WeakKeyDictionary()


def place_of(database: Database, storage_id: int, *, fresh: bool = False) -> Place:
    """Return a location by the id of its row; remembered, so that reading many artifacts asks once for each location."""
    known = _known.setdefault(database, {})
    if fresh or storage_id not in known:
        known |= places_of(database, [storage_id])
    return known[storage_id]


def places_of(database: Database, storage_ids: Collection[int]) -> dict[int, Place]:
    """Return locations by the ids of their rows; one statement."""
    table = _table()
    query = sa.select(*_columns(table)).where(within(table.c.id, sorted(storage_ids), database.dialect))
    with database.reading() as connection:
        return {row["id"]: _place(database, dict(row)) for row in connection.execute(query).mappings()}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The instance's own location, and the known local ones that files may be in."""

    own: Place
    local: tuple[Place, ...]

    def around(self, path: Path) -> Place | None:
        """Return the innermost location that a file is in; `path` must be free of symbolic links, as the roots are."""
        around = [place for place in self.local if path.is_relative_to(place.root)]
        return max(around, key=lambda place: len(place.root.parts), default=None)


def surroundings(database: Database, path: Path, *, below: bool = False) -> Surroundings:
    """Return the locations that a path, which must be free of symbolic links, is in; one statement.

    Parameters
    ----------
    below
        Also those that lie below the path, for the files in a folder.

    Raises
    ------
    UnknownStorageLocation: the database has no row for the instance's own location.
    """
    own_uid = database.instance.storage.uid
    inside = f"{path.as_posix().rstrip('/')}/"
    values: dict[str, Any] = {"own": own_uid, "above": [above.as_posix() for above in (path, *path.parents)]}
    values |= {"inside": inside, "length": len(inside)} if below else {}
    with database.reading() as connection:
        rows = [dict(row) for row in connection.execute(_around(_table(), below), values).mappings()]
    own = next((row for row in rows if row["uid"] == own_uid), None)
    if own is None:
        raise UnknownStorageLocation(
            f"{database.slug} has no row for its storage {database.instance.storage.root!r} (uid {own_uid}); connect to it again"
        )
    local = (_place(database, row) for row in rows if row["type"] == "local")
    return Surroundings(_place(database, own), tuple(local))


@functools.cache
def _around(table: sa.Table, below: bool) -> sa.Select[Any]:
    near: sa.ColumnElement[bool] = table.c.root.in_(sa.bindparam("above", expanding=True))
    if below:
        near = sa.or_(near, sa.func.substr(table.c.root, 1, sa.bindparam("length")) == sa.bindparam("inside"))
    return sa.select(*_columns(table)).where(sa.or_(table.c.uid == sa.bindparam("own"), sa.and_(table.c.type == "local", near)))


def _place(database: Database, row: dict[str, Any]) -> Place:
    own = database.instance.storage
    if row["uid"] == own.uid and own.path is not None:
        return Place(row["id"], Path(os.path.realpath(own.path)), is_managed=True)
    if row["type"] != "local":
        raise InvalidArgument(f"storage {row['root']!r} is not a folder of this machine; this version reads local folders only")
    is_managed = row["instance_uid"] is not None and row["instance_uid"] == database.instance.uid
    return Place(row["id"], Path(os.path.realpath(row["root"])), is_managed)


def _table() -> sa.Table:
    return catalog.registry("lamindb.Storage").__table__


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [table.c[name] for name in ("id", "uid", "root", "type", "instance_uid")]
