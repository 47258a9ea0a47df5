"""The settings object: what is connected and what the user has set, to read and to change."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path

from lamindb_setup import settings_file
from lamindb_setup.databases.database import Database
from lamindb_setup.directories import check_cache_dir, settings_dir, system_cache_dir
from lamindb_setup.errors import InvalidArgument
from lamindb_setup.identity import Profile, current_profile
from lamindb_setup.storage.root import StorageRoot

from . import connection, descriptor, known
from .instance import Instance

FILE = "settings.json"
NEVER_CURRENT = ("archive", "trash")
"""Branches of every database to which records are moved, and on which none is made."""


class Settings:
    """Settings of this process, this project and this user. Reading most of them finds and opens the current instance."""

    @property
    def instance(self) -> Instance:
        """The current instance."""
        return connection.current().instance

    @property
    def user(self) -> Profile:
        """The local profile in use."""
        return current_profile()

    @property
    def storage(self) -> StorageRoot:
        """The default storage of the current instance."""
        return self.instance.storage

    @property
    def modules(self) -> tuple[str, ...]:
        """Names of the modules in the current database."""
        return self.instance.modules

    @property
    def dev_dir(self) -> Path | None:
        """The project folder through which the current instance was found, None where there is none."""
        return self.instance.folder

    @property
    def is_connected(self) -> bool:
        """Whether this process has a current instance already; does not look for one."""
        return connection.is_connected()

    @property
    def settings_dir(self) -> Path:
        """Where profiles and known instances are noted."""
        return settings_dir()

    # ---- what can be changed ------------------------------------------------------------------------------------------------
    @property
    def cache_dir(self) -> Path:
        """Where copies of remote files and computed hashes are kept: LAMIN_CACHE_DIR, the user's setting, or the system's."""
        if given := os.environ.get("LAMIN_CACHE_DIR"):
            return check_cache_dir(given, "LAMIN_CACHE_DIR")
        with contextlib.suppress(OSError, ValueError):  # a damaged file sets nothing
            if chosen := settings_file.read(FILE).get("cache_dir"):
                return check_cache_dir(chosen, str(settings_file.path_of(FILE)))
        return system_cache_dir()

    @cache_dir.setter
    def cache_dir(self, path: str | os.PathLike[str] | None) -> None:
        chosen = None if path is None else str(check_cache_dir(path, "the new setting"))
        with settings_file.changing(FILE):
            settings_file.write(FILE, {**settings_file.read(FILE), "cache_dir": chosen})

    @property
    def branch(self) -> str:
        """Name of the branch to which new records go, per project, or per instance outside of projects."""
        return self.instance.branch

    @branch.setter
    def branch(self, name: str) -> None:
        choose(connection.current(), branch=name)

    @property
    def space(self) -> str:
        """Name of the space to which new records go, per project, or per instance outside of projects."""
        return self.instance.space

    @space.setter
    def space(self, name: str) -> None:
        choose(connection.current(), space=name)

    def __repr__(self) -> str:
        return f"<settings of {self.instance.slug}>" if self.is_connected else "<settings, no instance connected>"


def choose(database: Database, **names: str) -> None:
    """Change a default of the project, or of the instance outside of projects; whether the name exists is for others to check.

    Raises
    ------
    InvalidArgument: the branch is the archive or the trash.
    """
    check_branch(names.get("branch"))
    instance = database.instance
    changed = replace(instance, branch=names.get("branch", instance.branch), space=names.get("space", instance.space))
    if instance.folder is not None:
        descriptor.change(instance.folder, **names)
    database.instance = changed
    known.remember(changed)


def check_branch(name: str | None) -> None:
    """Raise if a branch is one on which nothing is made.

    Raises
    ------
    InvalidArgument: it is the archive or the trash.
    """
    if name in NEVER_CURRENT:
        raise InvalidArgument(
            f"the {name} cannot be the current branch, as nothing new is made there; to see what is in it, "
            f"query with branch__name='{name}'"
        )


settings = Settings()
