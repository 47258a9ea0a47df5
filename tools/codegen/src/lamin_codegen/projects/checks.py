"""What is wrong with a module's project beyond its schema: clashes with other modules, and revisions that reach into them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from lamin_codegen.checking import check
from lamin_codegen.compiling.compile import compile_schema
from lamin_codegen.history import read_history
from lamin_codegen.loading import load
from lamin_codegen.model import Registry, SchemaModel
from lamin_codegen.presets import expand
from lamin_codegen.problems import Place, Problem, SchemaError
from lamin_codegen.projects.project import Project
from lamin_codegen.reading.imports import Installed, index_of
from lamin_codegen.reading.raw import RawSchema

SHARED = {"id", "uid"}
"""Columns of another module's table that never change."""
TOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|\"(?P<quoted>[^\"]+)\"|(?P<plain>[A-Za-z_]\w*)")


def checked(project: Project) -> tuple[RawSchema, SchemaModel]:
    """Read and check a project.

    Raises
    ------
    SchemaError: anything is wrong. It holds all problems.
    HistoryError: an earlier revision can't be read.
    """
    raw = load(project.target.schemas)
    model = check(raw, previous=read_history(project.package).registries)
    problems = [*_module_name(raw, project), *_claimed_elsewhere(raw, model), *_revisions(project, model)]
    if problems:
        raise SchemaError(problems)
    return raw, model


def _module_name(raw: RawSchema, project: Project) -> Iterator[Problem]:
    if raw.module != project.name:
        message = f"the schema is that of the module `{raw.module}`, but pyproject.toml offers `{project.name}`"
        place = raw.documents[raw.main].tree.value(("annotations", "module"))
        yield Problem.at(place, "other-module", message, f"write `module: {project.name}`")


def _claimed_elsewhere(raw: RawSchema, model: SchemaModel) -> Iterator[Problem]:
    """Relations on registries of others that an installed module adds, too, which the schema does not import."""
    taken: dict[tuple[str, str], str] = {}
    for module, package in Installed().packages.items():
        if module != model.module and module not in model.requires and (index := index_of(package)):
            taken |= {(host, name): module for host, relations in index.ELSEWHERE.items() for name in relations}
    for added in compile_schema(expand(raw)).added:
        host = f"{added.host.module}.{added.host.name}"
        if added.module == model.module and (other := taken.get((host, added.relation.name))):
            message = f"the relation `{added.relation.name}` of `{host}` is added by the installed module `{other}`, too"
            hint = "give it another name with the annotation `reverse`, or rename the class"
            yield Problem.at(added.place, "relation-name", message, hint)


def _revisions(project: Project, model: SchemaModel) -> Iterator[Problem]:
    """Revisions outlive the versions of other modules: of those they may use a table's name, `id` and `uid`."""
    others = {registry.table: registry for registry in model.known.values()}
    earlier = [registry for snapshot in read_history(project.package).snapshots for registry in snapshot.registries]
    own = {column.name for registry in (*model.registries, *earlier) for column in registry.columns}
    for path in sorted((project.package / "revisions").glob("*.sql")):
        for line, statement in _statements(path.read_text(encoding="utf-8")):
            yield from _reaching(path, line, statement, others, own)
    for path in sorted((project.package / "revisions").glob("*.py")):
        yield from _python(path, others, own, {package.partition(".")[0] for package in model.packages.values()})


def _python(path: Path, others: dict[str, Registry], own: set[str], packages: set[str]) -> Iterator[Problem]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        place = Place(str(path), error.lineno or 1, error.offset or 1)
        yield Problem.at(place, "revision", f"the revision is no Python ({error.msg})", "correct it")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _reaching(path, node.lineno, node.value, others, own)
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            if name.partition(".")[0] in packages:
                message = f"the revision imports `{name}`, whose classes change while a revision must not"
                yield Problem.at(Place(str(path), node.lineno, 1), "revision", message, "write SQL instead")  # type: ignore[attr-defined]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for statement in text.split(";\n"):
        yield line + len(statement) - len(statement.lstrip("\n")), statement
        line += statement.count("\n") + 1


def _reaching(path: Path, line: int, statement: str, others: dict[str, Registry], own: set[str]) -> Iterator[Problem]:
    words = {found["quoted"] or found["plain"] for found in TOKEN.finditer(statement)} - {None}
    for table in sorted(words & others.keys()):
        qualified = {found[1] for found in re.finditer(rf'\b{table}"?\s*\.\s*"?(\w+)', statement)}
        columns = {column.name for column in others[table].columns}
        used = ((words - own) | qualified) & columns - SHARED
        for column in sorted(used):
            message = (
                f"the revision uses `{table}.{column}`, a column of the module `{others[table].module}`, which may change it"
            )
            yield Problem.at(
                Place(str(path), line, 1), "revision", message, "use no more of its table than its name, `id` and `uid`"
            )
