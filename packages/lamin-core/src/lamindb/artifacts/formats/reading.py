"""Loading and opening a local file by its format, with errors that name the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lamindb.artifacts.formats.registry import Format, format_of
from lamindb.errors import ArtifactUnreadable, InvalidArgument, LaminError, MissingDependency


def load(path: Path, **options: Any) -> Any:
    """Read a file into memory.

    Raises
    ------
    ArtifactUnreadable: the content is not what the suffix says.
    InvalidArgument: no format is known for the suffix.
    MissingDependency: the package that reads the format is not installed.
    """
    found = format_of(path)
    return _read(found, found.load, path, options)


def open_(path: Path, mode: str, **options: Any) -> Any:
    """Open a file without reading it all. Raises as `load`, and InvalidArgument where a format cannot be opened so."""
    if mode != "r":
        raise InvalidArgument(
            f"mode must be 'r', not {mode!r}: the bytes of an artifact never change; save a new version instead"
        )
    found = format_of(path)
    if found.open is None:
        raise InvalidArgument(f"a {found.name} file cannot be opened without reading it all; use artifact.load()")
    return _read(found, found.open, path, options)


def _read(format: Format, function: Callable[..., Any], path: Path, options: dict[str, Any]) -> Any:
    try:
        return function(path, **options)
    except (LaminError, TypeError, MemoryError):  # TypeError: an option that the function does not have
        raise
    except ImportError as error:
        raise MissingDependency(f"reading {format.name} needs a package that is not installed: {error}") from error
    except Exception as error:
        raise ArtifactUnreadable(f"{str(path)!r} cannot be read as {format.name}: {error}") from error
