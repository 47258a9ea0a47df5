"""A module's project: a folder whose `pyproject.toml` has an entry point of the group `lamin.modules`, beside a `schema.yaml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import yaml

from lamin_codegen.generating import Target
from lamin_codegen.loading import ANY_NAME
from lamin_codegen.problems import listing
from lamin_codegen.reading.imports import ENTRY_POINTS, Installed

SCHEMA = f"{ANY_NAME}.yaml"


class ProjectError(ValueError):
    """There is no project of a module, or it does not fit together; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """A module that can be changed here."""

    name: str
    folder: Path
    package: Path
    """Folder of the generated package."""

    @property
    def schema(self) -> Path:
        return self.folder / SCHEMA

    @property
    def target(self) -> Target:
        """What `generate` needs; the schema as a person in the working directory would write it."""
        here = Path.cwd()
        shown = self.schema.relative_to(here) if self.schema.is_relative_to(here) else self.schema
        return Target((shown,), self.package, self.folder)

    def imports(self) -> list[str]:
        """Names of the schemas that it imports; none of a file that can't be parsed, which `check` reports."""
        try:
            data = yaml.safe_load(self.schema.read_text(encoding="utf-8"))
        except (yaml.YAMLError, OSError, UnicodeDecodeError):
            return []
        found = data.get("imports") if isinstance(data, dict) else None
        return [str(one) for one in found] if isinstance(found, list) else []


def read(folder: Path) -> Project | None:
    """Return the project in a folder; None where there is none.

    Raises
    ------
    ProjectError: its `pyproject.toml` can't be parsed, or offers several modules.
    """
    file = folder / "pyproject.toml"
    if not file.is_file() or not (folder / SCHEMA).is_file():
        return None
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{file} can't be parsed: {error}") from error
    offered = data.get("project", {}).get("entry-points", {}).get(ENTRY_POINTS, {})
    if len(offered) != 1:
        said = f"offers {listing(offered)}" if offered else "offers no module"
        raise ProjectError(
            f'{file} {said}; write one line NAME = "NAME._registries" under [project.entry-points."{ENTRY_POINTS}"]'
        )
    ((name, package),) = offered.items()
    path = Path(*str(package).split("."))
    source = folder / "src" if (folder / "src").is_dir() else folder
    return Project(name, folder, source / path)


def around(folder: Path) -> Project | None:
    """Return the project that a folder lies in."""
    folder = folder.absolute()
    return next((found for one in (folder, *folder.parents) if (found := read(one))), None)


def below(folder: Path) -> list[Project]:
    """Return the projects that are folders of a folder."""
    return [found for one in sorted(folder.absolute().iterdir()) if one.is_dir() and (found := read(one))]


def named(name: str, folder: Path) -> Project:
    """Return the project of a module: in the folder, above or below it, else where an editable installation comes from.

    Raises
    ------
    ProjectError: it is nowhere.
    """
    if Path(name).is_dir() and (found := around(Path(name))):
        return found
    candidates = [found for found in [around(folder), *below(folder), installed(name)] if found]
    for project in candidates:
        if project.name == name:
            return project
    seen = listing({project.name for project in candidates})
    hint = f"projects here are {seen}" if seen else f"run `lamin module create {name}`"
    raise ProjectError(f"there is no project of a module `{name}` here, and no installation of it that can be edited; {hint}")


def installed(name: str) -> Project | None:
    """Return the project from which a module is installed so that it can be edited; None for one that came as a wheel."""
    package = Installed().packages.get(name)
    spec = find_spec(package.partition(".")[0]) if package else None
    return around(Path(spec.origin).parent) if spec and spec.origin else None


def here(folder: Path) -> list[Project]:
    """Return the project that a folder lies in, else those that are folders of it.

    Raises
    ------
    ProjectError: there is none.
    """
    project = around(folder)
    if found := [project] if project else below(folder):
        return found
    raise ProjectError(
        f"neither {folder} nor a folder in it is the project of a module; name one, or run `lamin module create NAME`"
    )


def in_order(projects: Sequence[Project]) -> list[Project]:
    """Return the projects, each after those whose schemas it imports.

    Raises
    ------
    ProjectError: they import each other in a circle.
    """
    by_name = {project.name: project for project in projects}
    graph: dict[str, Iterable[str]] = {one.name: [name for name in one.imports() if name in by_name] for one in projects}
    try:
        return [by_name[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise ProjectError(f"modules import each other in a circle: {circle}; move what both need into a third one") from error
