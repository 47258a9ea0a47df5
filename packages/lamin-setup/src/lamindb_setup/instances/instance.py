"""What an instance is: identifiers, names and places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lamindb_setup.databases.url import DatabaseURL
from lamindb_setup.storage.root import StorageRoot


@dataclass(frozen=True, slots=True)
class Instance:
    """A database together with its default storage.

    Parameters
    ----------
    uid: 12 random base62 characters; the same in the database, the storage marker and `lamin.toml`.
    uuid: random, 32 hexadecimal characters; for programs that want one.
    owner, name: for people; together the slug.
    storage: the default storage location.
    url: where the database lies; shown without password.
    modules: names of the schema modules in the database, each after what it requires.
    branch, space: names of the defaults in this project.
    folder: where the `lamin.toml` lies that led here, None where none did.
    """

    uid: str
    uuid: str
    owner: str
    name: str
    storage: StorageRoot
    url: DatabaseURL
    modules: tuple[str, ...] = ()
    branch: str = "main"
    space: str = "all"
    folder: Path | None = None

    @property
    def slug(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"

    @property
    def database_url(self) -> str:
        """Where the database lies, without password."""
        return str(self.url)
