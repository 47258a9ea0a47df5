"""The arguments of `Artifact(…)`: what was passed, and what about it can be checked before anything is read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.artifacts import keys
from lamindb.errors import FieldValidationError, InvalidArgument

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

    from lamindb._registries.storage import Storage
    from lamindb.artifacts.artifact import ArtifactBehavior


@dataclass(slots=True)
class Arguments:
    """The arguments of the constructor; key and description are completed from the version that is revised."""

    path: Any
    key: str | None
    revises: ArtifactBehavior | None
    storage: Storage | None
    skip_hash_lookup: bool | None
    key_is_virtual: bool | None
    columns: dict[str, Any] = field(default_factory=dict)
    """Columns and relations of the row, None where not passed."""
    database: Database | None = None
    """Where the artifact belongs, the current database if None."""
    without_run: bool = False
    """Whether no run made it, whatever is tracked."""

    @property
    def passed(self) -> dict[str, Any]:
        """Columns and relations that the caller asked for; only these apply to a row that exists."""
        asked = {"key": self.key, **self.columns}
        return {name: value for name, value in asked.items() if value is not None}

    def check(self) -> None:
        """Check what needs neither file nor database.

        Raises
        ------
        FieldValidationError, InvalidArgument: with the value and what to pass instead.
        """
        if self.key is not None:
            keys.check_key(self.key)
        for name in ("skip_hash_lookup", "key_is_virtual"):
            if not isinstance(value := getattr(self, name), bool | None):
                raise FieldValidationError(f"{name} must be True, False or None, not {value!r}")
        if self.storage is not None and getattr(type(self.storage), "__qualified__", None) != "lamindb.Storage":
            raise FieldValidationError(f"storage must be a Storage, not {self.storage!r}")
        if self.storage is not None and self.storage.database is None:
            raise InvalidArgument("storage must be a saved Storage: call .save() on it first")

    def inherit(self) -> None:
        """Take key and description over from the version that is revised, where none are passed."""
        if self.revises is None:
            return
        self.key = self.key if self.key is not None else self.revises.key
        if self.columns.get("description") is None:
            self.columns["description"] = self.revises.description


def checked_path(path: object) -> Path:
    """Return an argument as an absolute path.

    Raises
    ------
    FieldValidationError: it is no path.
    InvalidArgument: it is empty or a URL.
    """
    if not isinstance(path, str | os.PathLike) or not isinstance(text := os.fspath(path), str):
        raise FieldValidationError(
            f"path must be the path of a file or folder, a DataFrame or an AnnData, not {type(path).__name__}"
        )
    if not text:
        raise InvalidArgument("path is empty; pass the path of a file or folder")
    if "://" in text:
        raise InvalidArgument(f"{text!r} is a URL; an artifact is made from a file of this machine, download it first")
    return Path(os.path.abspath(os.path.expanduser(text)))
