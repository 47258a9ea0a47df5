"""Where schemas lie: beside the file that imports them, else inside installed modules.

An installed module names its schemas in `SCHEMAS` of its generated `index` and carries the files, so that a machine which has
wheels only can build on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from types import ModuleType

ENTRY_POINTS = "lamin.modules"


@dataclass(frozen=True, slots=True)
class Source:
    """Text of a schema file."""

    file: str
    """Name for messages: the path as the user gave it, or the path in the installed package."""
    text: str
    folder: Path | None
    """Where schemas with short names are looked for first; None inside an installed package."""


class UnreadableSource(Exception):
    """A schema file that is there but can't be read; the text says why."""


def read_source(path: Path) -> Source:
    """Read a schema file.

    Raises
    ------
    UnreadableSource: there is no such file, it is a folder, may not be read, or is no UTF-8.
    """
    try:
        return Source(str(path), path.read_text(encoding="utf-8"), path.parent)
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"byte {error.start} is no UTF-8") from error
    except OSError as error:
        raise UnreadableSource((error.strerror or str(error)).lower()) from error


@dataclass(frozen=True)
class Installed:
    """Schemas that installed modules carry. Modules are looked up once, when a name is first asked for."""

    @cached_property
    def packages(self) -> Mapping[str, str]:
        """Generated package of each installed module, by module name."""
        return {entry.name: entry.value for entry in entry_points(group=ENTRY_POINTS)}

    @cached_property
    def schemas(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Package and file of each schema, by schema name; several if several modules have one of that name."""
        found: dict[str, list[tuple[str, str]]] = {}
        for package in self.packages.values():
            if index := index_of(package):
                for name, file in index.SCHEMAS.items():
                    found.setdefault(name, []).append((package, file))
        return found

    def find(self, name: str) -> Source | None:
        """Return the schema of that name, or None if no installed module has it.

        Raises
        ------
        UnreadableSource: several modules have one, its file is missing, or a module can't be imported.
        """
        homes = self.schemas.get(name, ())
        if len(homes) != 1:
            if homes:
                raise UnreadableSource(f"it is in {' and in '.join(sorted(package for package, _ in homes))}")
            return None
        ((package, file),) = homes
        resource = files(package).joinpath(file)
        try:
            return Source(str(resource), resource.read_text(encoding="utf-8"), None)
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableSource(f"{package} is installed without its file {file}") from error


def index_of(package: str) -> ModuleType | None:
    """Return the generated index of a module, or None while it has none: a new module before it is first generated."""
    name = f"{package}.index"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            return None
        raise UnreadableSource(f"the installed package {package} can't be imported: {error}") from error
    except Exception as error:
        raise UnreadableSource(f"the installed package {package} can't be imported: {error}") from error


def beside(importer: Source) -> list[str]:
    """Names of the schemas in the folder of `importer`."""
    return [] if importer.folder is None else [path.stem for path in sorted(importer.folder.glob("*.yaml"))]


def find_source(name: str, importer: Source, installed: Installed) -> Source | None:
    """Return the schema that `importer` means by `name`, or None if it is neither beside it nor in an installed module."""
    if importer.folder is not None:
        path = importer.folder / f"{name}.yaml"
        if path.exists():
            return read_source(path)
    return installed.find(name)
