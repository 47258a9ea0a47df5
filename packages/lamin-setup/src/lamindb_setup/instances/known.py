"""Instances that this user has made or connected to: `instances.json` of the settings directory. A cache, never the truth.

Losing the file loses nothing but the short names and the default that `lamin connect` set.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace

from lamindb_setup import settings_file
from lamindb_setup.databases.url import DatabaseURL, parse
from lamindb_setup.errors import SettingsNotWritable

from .instance import Instance

FILE = "instances.json"


@dataclass(frozen=True, slots=True)
class KnownInstance:
    """An entry of the cache; `database` is a URL without password, `folder` the project folder, if one led there."""

    uid: str
    owner: str
    name: str
    database: str
    storage: str
    folder: str | None = None
    branch: str = "main"
    space: str = "all"
    modules: tuple[str, ...] | list[str] = ()

    @property
    def slug(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def url(self) -> DatabaseURL:
        return parse(self.database)

    @property
    def is_gone(self) -> bool:
        """Whether its database file is not there any more; always False for a server, which nobody asks."""
        path = self.url.path
        return path is not None and not path.is_file()


@dataclass
class Known:
    """The whole file: entries by database URL, and the URL of the default."""

    default: str | None = None
    instances: dict[str, KnownInstance] = field(default_factory=dict)


def read() -> Known:
    """What is known; nothing where the file is missing or damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        data = settings_file.read(FILE)
        names = {each.name for each in fields(KnownInstance)}
        entries = [KnownInstance(**{key: value for key, value in entry.items() if key in names}) for entry in data["instances"]]
        for entry in entries:
            parse(entry.database)  # an InvalidArgument is a ValueError
        return Known(data.get("default"), {entry.database: entry for entry in entries})
    return Known()


def default() -> KnownInstance | None:
    """The instance that `lamin connect` chose for folders without a project."""
    known = read()
    return known.instances.get(known.default or "")


def remember(instance: Instance) -> None:
    """Note an instance; quietly does nothing where the settings directory cannot be written, since this is a cache."""
    entry = KnownInstance(
        uid=instance.uid,
        owner=instance.owner,
        name=instance.name,
        database=instance.database_url,
        storage=instance.storage.root,
        folder=str(instance.folder) if instance.folder else None,
        branch=instance.branch,
        space=instance.space,
        modules=instance.modules,
    )
    earlier = read().instances.get(entry.database)
    if earlier is not None and replace(earlier, modules=tuple(earlier.modules)) == entry:
        return
    with contextlib.suppress(SettingsNotWritable), changing() as known:
        known.instances[entry.database] = entry


def forget(database: str) -> None:
    """Drop an entry, and the default if it is that one."""
    with changing() as known:
        known.instances.pop(database, None)
        known.default = None if known.default == database else known.default


@contextmanager
def changing() -> Iterator[Known]:
    """Read the file, let the block change what it says, write it; one process at a time.

    Raises
    ------
    SettingsNotWritable: the settings directory cannot be written.
    """
    with settings_file.changing(FILE):
        known = read()
        yield known
        settings_file.write(FILE, {"default": known.default, "instances": [asdict(entry) for entry in known.instances.values()]})


def known_instances() -> list[tuple[KnownInstance, bool]]:
    """All known instances by slug, each with whether it is the user's default."""
    known = read()
    return [(entry, entry.database == known.default) for entry in sorted(known.instances.values(), key=lambda each: each.slug)]
