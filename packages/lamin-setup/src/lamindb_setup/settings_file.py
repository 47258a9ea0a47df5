"""Small JSON files in the settings directory, readable by the user alone and changed by one process at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lamindb_setup import files
from lamindb_setup.directories import settings_dir
from lamindb_setup.errors import LaminError, SettingsNotWritable


def path_of(name: str) -> Path:
    """Where a settings file lies."""
    return settings_dir() / name


def read(name: str) -> dict[str, Any]:
    """The content of a settings file, empty where there is none.

    Raises
    ------
    ValueError: it is damaged.
    OSError: it cannot be read.
    """
    try:
        data = json.loads(path_of(name).read_bytes())
    except FileNotFoundError:
        return {}
    if not isinstance(data, dict):
        raise ValueError(f"a table is expected, but there is a {type(data).__name__}")  # noqa: TRY004  damaged like any other
    return data


@contextmanager
def changing(name: str) -> Iterator[None]:
    """Be the only process that changes the file while the block runs: read it inside, and `write` it.

    Raises
    ------
    SettingsNotWritable: the settings directory cannot be written.
    """
    folder = settings_dir()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.locked(folder):
            yield
    except OSError as error:
        if isinstance(error, LaminError):
            raise
        raise SettingsNotWritable(
            f"the settings directory {str(folder)!r} cannot be written ({error.strerror}); set LAMIN_SETTINGS_DIR to one that can"
        ) from error


def write(name: str, data: dict[str, Any]) -> None:
    """Replace the content of a settings file, inside `changing`."""
    files.replace(path_of(name), json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n", mode=0o600)
