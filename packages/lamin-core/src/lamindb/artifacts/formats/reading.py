"""Loading and opening a local file or folder by its format, with errors that name it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lamindb.artifacts.folders import members
from lamindb.artifacts.formats import registry
from lamindb.artifacts.formats.plain import BYTES
from lamindb.artifacts.formats.registry import Format
from lamindb.errors import ArtifactUnreadable, InvalidArgument, LaminError, MissingDependency


def load(path: Path, **options: Any) -> Any:
    """Read a file, or a folder of files of one format, into memory.

    Raises
    ------
    ArtifactUnreadable: the content is not what the suffix says.
    InvalidArgument: no format is known for the suffix.
    MissingDependency: the package that reads the format is not installed.
    """
    found = find_format(path) if path.is_dir() else registry.format_of(path)
    if found is None:
        raise _no_folder(path)
    return _read(found, found.load, path, options)


def open_(path: Path, mode: str, **options: Any) -> Any:
    """Open a file without reading it all, as plain bytes where nothing better is known. Raises as `load`."""
    if mode != "r":
        raise InvalidArgument(
            f"mode must be 'r', not {mode!r}: the bytes of an artifact never change; save a new version instead"
        )
    found = find_format(path)
    if found is None and path.is_dir():
        raise _no_folder(path)
    if found is None or found.open is None:
        found = BYTES
    assert found.open is not None  # plain bytes can be opened
    return _read(found, found.open, path, options)


def find_format(path: Path) -> Format | None:
    """Return the format of a file, or the one that reads a folder: by its name, else by the suffix that its files share."""
    if not path.is_dir():
        return registry.find_format(path)
    found = registry.find_format(path)
    if found is None:
        inside = {registry.find_format(member.path) for member in members(path) if not _is_hidden(member.name)}
        found = inside.pop() if len(inside) == 1 else None
    return found if found is not None and found.takes_folders else None


def count(format: Format, path: Path) -> int | None:
    """Return the number of rows or observations in a file, None where its format does not tell. Raises as `load`."""
    return _read(format, format.count, path, {}) if format.count is not None else None


def _no_folder(path: Path) -> InvalidArgument:
    return InvalidArgument(
        f"{str(path)!r} is a folder of files that nothing is known to read as a whole; artifact.cache() gives its path"
    )


def _is_hidden(name: str) -> bool:
    """Whether programs that write tables in several files do not count a file among them, as `_SUCCESS`."""
    return any(part.startswith((".", "_")) for part in name.split("/"))


def _read(format: Format, function: Callable[..., Any], path: Path, options: dict[str, Any]) -> Any:
    try:
        return function(path, **options)
    except (LaminError, TypeError, MemoryError):  # TypeError: an option that the function does not have
        raise
    except ImportError as error:
        raise MissingDependency(f"reading {format.name} needs a package that is not installed: {error}") from error
    except Exception as error:
        raise ArtifactUnreadable(f"{str(path)!r} cannot be read as {format.name}: {error}") from error
