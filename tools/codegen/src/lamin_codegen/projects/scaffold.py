"""`lamin module create`: a new project with everything that an installable module needs."""

from __future__ import annotations

import keyword
import re
import shutil
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from lamin_codegen.generating import generate
from lamin_codegen.projects.project import Project, ProjectError
from lamin_codegen.reading.imports import Installed

TAKEN = ("base", "core", "lamin", "lamindb", "lamin_cli", "lamin_codegen", "lamindb_setup", "schema", "linkml", "tests")
FIRST = ("base", "core")


def create(name: str, folder: Path, imports: Sequence[str] = ()) -> Project:
    """Write a project, its generated code and its first revision; nothing of it stays if that fails.

    Parameters
    ----------
    name
        Of the module, its package and the prefix of its tables.
    folder
        The folder to make; it may be there if it is empty.
    imports
        Installed modules to build on besides the core.

    Raises
    ------
    ProjectError: the name can't be used, the folder has something, or an import is not installed.
    """
    packages = Installed()
    _check_name(name, packages)
    others = [_schema_of(one, packages) for one in imports]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(f"{folder} is there already and not empty; choose another place with --path")
    was_there = folder.exists()
    values = {"name": name, "imports": ", ".join(["linkml:types", *dict.fromkeys([*FIRST, *others])])}
    values["class"] = f"{name.capitalize()}Sample" if others else "Sample"  # schemas that import each other share the names
    values["requires"] = "".join(f'  "{one}",\n' for one in imports if one != "lamindb")
    try:
        for template in sorted(files("lamin_codegen.projects").joinpath("template").iterdir(), key=lambda one: one.name):
            text = template.read_text(encoding="utf-8")
            for key, value in values.items():
                text = text.replace(f"@{key}@", value)
            path = folder / template.name.removesuffix(".txt").removeprefix("dot").replace("--", "/").replace("NAME", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        project = Project(name, folder.absolute(), folder.absolute() / "src" / name / "_registries")
        generate(project.target)
    except BaseException:
        for path in folder.iterdir() if was_there else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return project


def _check_name(name: str, packages: Installed) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]{0,29}", name) or keyword.iskeyword(name):
        raise ProjectError(f"`{name}` can't be the name of a module: write up to 30 small letters and digits, as `toylab`")
    if name in TAKEN or name in packages.packages or name in packages.schemas:
        raise ProjectError(f"the name `{name}` is taken by something installed; choose another")


def _schema_of(module: str, packages: Installed) -> str:
    """Return the name of a module's main schema."""
    known = {package: name for name, package in packages.packages.items()}
    for schema, homes in packages.schemas.items():
        if any(known.get(package) == module and file == "_schema.yaml" for package, file in homes):
            return schema
    raise ProjectError(f"no installed package offers a module `{module}` with a schema; install it first")
