"""Which format reads and writes which suffix. Built-in formats are loaded when first used; so are those of other packages.

A package adds a format by an entry point in the group `lamin.formats`: its name is the suffix without the first dot, its object a
`Format`. A format registered at run time wins over both.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from lamindb.errors import InvalidArgument, MissingDependency

GROUP = "lamin.formats"
_ENCODED = ("", ".gz", ".bz2", ".xz", ".zst", ".tar.gz")
_HOMES = {
    **{f".csv{encoding}": "delimited:CSV" for encoding in _ENCODED},
    **{f".tsv{encoding}": "delimited:TSV" for encoding in _ENCODED},
    ".parquet": "parquet:PARQUET",
    ".json": "json:JSON",
    ".vitessce.json": "json:JSON",
    ".h5ad": "h5ad:H5AD",
    **dict.fromkeys((".txt", ".md", ".fasta", ".fa", ".log"), "plain:TEXT"),
    ".bin": "plain:BYTES",
}
"""Modules of this folder and the formats in them, by suffix."""
_registered: dict[str, Format] = {}


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one format are read and written.

    Parameters
    ----------
    name: what people call it.
    load: reads a local file into memory; further keywords are the user's.
    open: opens a local file for reading without loading it all; None where there is no such thing.
    save: writes data, its first argument, to a new local file; None where nothing is written.
    count: number of rows or observations of a local file, told without reading it all, or None; None where that cannot be told.
    otype: what files are in memory, as `DataFrame`.
    takes_folders: whether all of these take a folder of such files, too.
    """

    name: str
    load: Callable[..., Any]
    open: Callable[..., Any] | None = None
    save: Callable[..., None] | None = None
    count: Callable[[Path], int | None] | None = None
    otype: str | None = None
    takes_folders: bool = False


def register(suffix: str, format: Format) -> None:
    """Read files with a suffix, as `.nii.gz`, by a format.

    Raises
    ------
    InvalidArgument: the suffix does not begin with a dot.
    """
    if not suffix.startswith("."):
        raise InvalidArgument(f"suffix {suffix!r} must begin with a dot, as '.{suffix}'")
    _registered[suffix.lower()] = format


def format_of(path: Path) -> Format:
    """Return the format of a file by its name: the longest suffix that is known counts.

    Raises
    ------
    InvalidArgument: no format is known.
    MissingDependency: the package that offers it cannot be loaded.
    """
    if (found := find_format(path)) is not None:
        return found
    candidates = _suffixes(path)
    known = ", ".join(sorted({*_HOMES, *_registered}))
    raise InvalidArgument(
        f"nothing is known that reads {candidates[-1] if candidates else 'files without suffix'!r} (known are {known}); "
        "artifact.cache() gives the path of the file"
    )


def find_format(path: Path) -> Format | None:
    """Return the format of a file by its name, None where none is known."""
    candidates = _suffixes(path)
    found = (find(suffix) for find in (_registered.get, _built_in, _offered) for suffix in candidates)
    return next((each for each in found if each is not None), None)


def known_format(suffix: str) -> Format | None:
    """Return the format of a suffix, None where none is known."""
    return _registered.get(suffix) or _built_in(suffix) or _offered(suffix)


def suffixes_of(otype: str) -> list[str]:
    """Return the suffixes of files that are of some type in memory, those of entry points left out."""
    known = [*_HOMES, *(suffix for suffix in _registered if suffix not in _HOMES)]
    return [suffix for suffix in known if (found := known_format(suffix)) is not None and found.otype == otype]


def _suffixes(path: Path) -> list[str]:
    """The ends of a name that may be its suffix, the longest first."""
    parts = path.name.lower().lstrip(".").split(".")[1:]
    return ["." + ".".join(parts[start:]) for start in range(len(parts))]


def _built_in(suffix: str) -> Format | None:
    if suffix not in _HOMES:
        return None
    home, _, name = _HOMES[suffix].partition(":")
    found: Format = getattr(import_module(f"lamindb.artifacts.formats.{home}"), name)
    return found


@functools.cache
def _entry_points() -> dict[str, EntryPoint]:
    return {f".{point.name.lower()}": point for point in entry_points(group=GROUP)}


@functools.cache
def _offered(suffix: str) -> Format | None:
    point = _entry_points().get(suffix)
    if point is None:
        return None
    try:
        found = point.load()
    except Exception as error:
        raise MissingDependency(f"{point.value} should read {suffix!r} files, but cannot be loaded: {error}") from error
    if not isinstance(found, Format):
        raise MissingDependency(f"{point.value} should be a Format that reads {suffix!r} files, but is {found!r}")
    return found
