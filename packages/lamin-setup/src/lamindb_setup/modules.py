"""Schema modules that are installed, found through the entry-point group `lamin.modules`.

`lamindb = "lamindb._registries"` in the entry points of a distribution: module `lamindb` has its generated code in that package.
Names are read from `*.dist-info/entry_points.txt` directly: asking importlib.metadata for every distribution takes 0.2 s.
"""

from __future__ import annotations

import ast
import configparser
import contextlib
import hashlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from lamindb_setup.errors import InvalidArgument, ModuleBroken, ModuleNotInstalled, closest

if TYPE_CHECKING:
    from lamindb_setup.identity import Profile
    from lamindb_setup.instances.instance import Instance
    from lamindb_setup.storage.root import StorageRoot

GROUP = "lamin.modules"


class Index(Protocol):
    """What `<package>.index` of a module offers: plain literals, generated."""

    MODULE: str
    REQUIRES: tuple[str, ...]
    REVISIONS: tuple[str, ...]
    SEED: str | None
    REGISTRIES: dict[str, dict[str, Any]]
    ELSEWHERE: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SeedContext:
    """What a module's `seed(connection, context)` may want to know.

    Parameters
    ----------
    profile: who makes the instance.
    instance: what is being made; its database is still invisible to others.
    storage: the default storage.
    """

    profile: Profile
    instance: Instance
    storage: StorageRoot


@dataclass(frozen=True)
class Module:
    """An installed module.

    Parameters
    ----------
    name: label of the module and prefix of its tables, as `bionty`.
    package: Python package with the generated code, as `bionty._registries`.
    distribution: what to install to get it, as `bionty`.
    version: of the distribution.
    """

    name: str
    package: str
    distribution: str
    version: str

    @cached_property
    def index(self) -> Index:
        """The generated index; imported when first asked for.

        Raises
        ------
        ModuleBroken: it cannot be imported.
        """
        try:
            return cast("Index", importlib.import_module(f"{self.package}.index"))
        except Exception as error:
            raise ModuleBroken(
                f"module {self.name!r} cannot be loaded ({error}); reinstall {self.distribution} {self.version}"
            ) from error

    @property
    def requires(self) -> tuple[str, ...]:
        """Modules that must be in a database before this one, nearest first."""
        return tuple(self.index.REQUIRES)

    @property
    def revisions(self) -> tuple[str, ...]:
        """Names of all revisions, oldest first."""
        return tuple(self.index.REVISIONS)

    @property
    def revision(self) -> str:
        """Name of the newest revision."""
        return self.revisions[-1]

    @cached_property
    def folder(self) -> Path:
        """Where the generated files lie."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModuleBroken(
                f"module {self.name!r} says its code is in {self.package!r}, which is no package; reinstall {self.distribution}"
            )
        return Path(next(iter(spec.submodule_search_locations)))

    def path(self, file: str) -> Path:
        """A generated file, as `ddl/sqlite.sql`."""
        return self.folder / file

    def checksum(self, revision: str, dialect: str) -> str:
        """What the files of a revision are, so that a database knows whether they were changed after it was applied."""
        digest = hashlib.sha256()
        for suffix in ("py", f"{dialect}.sql"):
            with contextlib.suppress(FileNotFoundError):  # one that has its statements in Python
                digest.update(self.path(f"revisions/{revision}.{suffix}").read_bytes())
        return digest.hexdigest()

    def message(self, revision: str) -> str:
        """What a revision is for, in one line."""
        try:
            return (ast.get_docstring(ast.parse(self.path(f"revisions/{revision}.py").read_bytes())) or "").partition("\n")[0]
        except (OSError, SyntaxError) as error:
            raise ModuleBroken(
                f"revision {revision} of module {self.name!r} cannot be read ({error}); reinstall {self.distribution}"
            ) from error

    @property
    def seed(self) -> Callable[..., None] | None:
        """The function that inserts the first rows: `seed(connection, context)`; None where a module has none."""
        if not self.index.SEED:
            return None
        home, _, name = self.index.SEED.partition(":")
        try:
            return cast("Callable[..., None]", getattr(importlib.import_module(home), name))
        except (ImportError, AttributeError) as error:
            raise ModuleBroken(
                f"module {self.name!r} names {self.index.SEED!r} for its first rows, which cannot be loaded: {error}"
            ) from error


def installed() -> dict[str, Module]:
    """All installed modules by name, in no particular order. Cached for an unchanged `sys.path`.

    Raises
    ------
    ModuleBroken: two distributions offer one name.
    """
    return _installed(tuple(sys.path))


def forget() -> None:
    """Look again at the next call, after something was installed."""
    _installed.cache_clear()


@lru_cache(maxsize=4)
def _installed(search_path: tuple[str, ...]) -> dict[str, Module]:
    found: dict[str, Module] = {}
    for module in _scan(search_path):
        other = found.setdefault(module.name, module)
        # The same distribution twice (an editable install beside an old one): Python itself takes the first as well.
        if other.distribution != module.distribution:
            raise ModuleBroken(
                f"{other.distribution!r} and {module.distribution!r} both offer a module named {module.name!r}; uninstall one"
            )
    return found


def _scan(search_path: Iterable[str]) -> Iterator[Module]:
    for folder in dict.fromkeys(search_path):
        try:
            names = sorted(entry.name for entry in os.scandir(folder or ".") if entry.name.endswith((".dist-info", ".egg-info")))
        except OSError:  # entries that are zip files or do not exist are common
            continue
        for name in names:
            try:
                text = (Path(folder) / name / "entry_points.txt").read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            if GROUP in text:
                yield from _entries(text, name)


def _entries(text: str, folder: str) -> Iterator[Module]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names are case-sensitive
    try:
        parser.read_string(text)
    except configparser.Error:  # somebody else's damaged metadata is no reason to stop
        return
    distribution, _, version = folder.rpartition(".")[0].partition("-")
    for name, package in parser.items(GROUP) if parser.has_section(GROUP) else ():
        yield Module(name, package.strip(), distribution.replace("_", "-"), version)


def get(name: str) -> Module:
    """The installed module of that name.

    Raises
    ------
    ModuleNotInstalled: with the nearest names.
    """
    known = installed()
    if name not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise ModuleNotInstalled(
            f"no installed package offers a module {name!r}{closest(name, known) or f'; installed are: {listed}'}"
        )
    return known[name]


def with_requirements(names: Iterable[str]) -> list[Module]:
    """The modules and everything that they require, each after what it needs.

    Raises
    ------
    ModuleNotInstalled: one of them is not installed.
    ModuleBroken: they require each other in a circle.
    """
    ordered: dict[str, Module] = {}

    def add(name: str, needed_by: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name in needed_by:
            raise ModuleBroken(f"modules require each other in a circle: {' -> '.join((*needed_by, name))}")
        module = get(name)
        for requirement in reversed(module.requires):
            add(requirement, (*needed_by, name))
        ordered[name] = module

    for name in names:
        add(name, ())
    return list(ordered.values())


def parse_names(modules: str | Iterable[str] | None) -> tuple[str, ...]:
    """Names out of `"bionty, wetlab"` or of any iterable of names, without repetitions, in the order given.

    >>> parse_names("bionty, wetlab,")
    ('bionty', 'wetlab')
    """
    if modules is None:
        return ()
    parts: list[object] = list(modules.split(",") if isinstance(modules, str) else modules)
    if wrong := [part for part in parts if not isinstance(part, str)]:
        raise InvalidArgument(f"modules are names, and {wrong[0]!r} is none; write modules='bionty,wetlab' or a list of texts")
    return tuple(dict.fromkeys(name for part in parts if (name := str(part).strip())))
