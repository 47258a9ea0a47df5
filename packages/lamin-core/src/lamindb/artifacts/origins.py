"""What an artifact is made from: a file, a folder, or data in memory that is written to a file first."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamindb.artifacts import sources
from lamindb.artifacts.arguments import checked_path
from lamindb.artifacts.copying import writable
from lamindb.artifacts.formats import reading
from lamindb.artifacts.formats.registry import Format, known_format, suffixes_of
from lamindb.artifacts.staging import Staged
from lamindb.artifacts.suffixes import CanonicalSuffix
from lamindb.errors import FieldValidationError, InvalidArgument, LaminError, MissingDependency

DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class InMemory:
    """A type of data that can be written."""

    module: str
    name: str
    suffix: str
    """The one that files get where no key says another."""

    def includes(self, data: object) -> bool:
        """Whether data is of this type; a package that is not loaded has made nothing."""
        module = sys.modules.get(self.module)
        kind = getattr(module, self.name, None)
        return isinstance(kind, type) and isinstance(data, kind)


TYPES = (InMemory("pandas", "DataFrame", ".parquet"), InMemory("anndata", "AnnData", ".h5ad"))


@dataclass(slots=True)
class Origin:
    """The file or folder that becomes an artifact, and what is known of it beside its content."""

    path: Path
    """Absolute, and without symbolic links once it is resolved."""
    otype: str | None = None
    kind: str | None = None
    n_observations: int | None = None
    staged: Staged | None = None
    """Set if the file is ours and goes when the artifact is saved."""


def type_of(data: object) -> InMemory | None:
    """Return what data in memory is; None for what cannot be written, such as a path."""
    return next((kind for kind in TYPES if kind.includes(data)), None)


def origin_of(data: object, key: str | None, options: Mapping[str, Any] | None = None) -> Origin:
    """Return what to make an artifact from; data in memory is written to a file.

    Parameters
    ----------
    data
        A path, or data of one of the known types.
    key
        Its suffix says how data is written.
    options
        Passed on to the function that writes the format.

    Raises
    ------
    ArtifactMissing, ArtifactUnreadable, InvalidArgument: see `Artifact`.
    FieldValidationError: it is neither.
    """
    if isinstance(data, Origin):
        return data
    if (kind := type_of(data)) is not None:
        return write(data, kind, key, options or {})
    path = checked_path(data)
    with sources.readable(path):
        found = os.stat(path)
    if not os.path.isdir(path):
        sources.check_regular(path, found)
    return Origin(path.resolve())


def typed_origin(data: object, otype: str, key: str | None, options: Mapping[str, Any]) -> Origin:
    """Return what to make a dataset of one type from, with the number of its observations.

    Raises
    ------
    InvalidArgument: a path whose suffix says something else. Otherwise as `origin_of`.
    FieldValidationError: data in memory of another type.
    """
    expected = next(kind for kind in TYPES if kind.name == otype)
    found = type_of(data)
    if found not in (expected, None) or (found is None and not isinstance(data, str | os.PathLike)):
        raise FieldValidationError(f"pass {_a(otype)} or the path of a file with one, not {type(data).__name__}")
    origin = origin_of(data, key, options)
    if found is None:
        format = reading.find_format(origin.path)
        if format is None or format.otype != otype:
            known = ", ".join(suffix for suffix in suffixes_of(otype) if suffix.count(".") == 1)
            raise InvalidArgument(f"{str(origin.path)!r} is no file that {_a(otype)} is read from; those end with {known}")
        origin.n_observations = reading.count(format, origin.path)
    origin.otype, origin.kind = otype, DATASET
    return origin


def write(data: object, kind: InMemory, key: str | None, options: Mapping[str, Any]) -> Origin:
    """Write data in memory to a file of ours.

    Raises
    ------
    InvalidArgument: the suffix of the key is of no format that can be written, or the data does not fit into the format.
    MissingDependency: a package that writes the format is not installed.
    DiskFull, StorageNotWritable: the cache directory cannot be written.
    """
    suffix, format = _format_for(kind, key)
    staged = Staged(suffix)
    try:
        with writable(staged.path):
            assert format.save is not None  # asked for
            format.save(data, staged.path, **options)
    except (LaminError, TypeError, MemoryError):  # TypeError: an option that the function does not have
        raise
    except ImportError as error:
        raise MissingDependency(f"writing {format.name} needs a package that is not installed: {error}") from error
    except Exception as error:
        raise InvalidArgument(f"this {kind.name} cannot be written as {format.name}: {error}") from error
    staged.written()
    length: int = len(data)  # type: ignore[arg-type]  # rows of a table, observations of an AnnData
    return Origin(staged.path, kind.name, DATASET, length, staged)


def _format_for(kind: InMemory, key: str | None) -> tuple[str, Format]:
    suffix = kind.suffix if key is None else str(CanonicalSuffix.from_path(key))
    found = known_format(suffix)
    if found is None or found.save is None or found.otype != kind.name:
        known = ", ".join(each for each in suffixes_of(kind.name) if each.count(".") == 1)
        raise InvalidArgument(f"key {key!r} must end with {known} for {_a(kind.name)} to be written; give it such a suffix")
    return suffix, found


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
