"""Whether this client may read and write a database: installed modules against the revisions that the database is at."""

from __future__ import annotations

from collections.abc import Mapping

from lamindb_setup.errors import DatabaseTooNew, DatabaseTooOld
from lamindb_setup.modules import Module

from .bookkeeping import ModuleState, revision_number

MINOR_VERSIONS = 2
"""How many minor versions a database may be older or newer than the client."""


def why_read_only(slug: str, states: Mapping[str, ModuleState], installed: Mapping[str, Module]) -> str | None:
    """The reason why the database may only be read, None where it may be written, too.

    Modules that are not installed here do not count: their tables are left alone.

    Raises
    ------
    DatabaseTooNew, DatabaseTooOld: it may not even be read.
    """
    reasons = [
        reason for name, state in states.items() if name in installed and (reason := _of_module(slug, state, installed[name]))
    ]
    return "; ".join(reasons) or None


def _of_module(slug: str, state: ModuleState, module: Module) -> str | None:
    if state.revision == module.revision:
        return None
    if state.revision in module.revisions:
        return _older(slug, state, module)
    return _newer(slug, state, module)


def _older(slug: str, state: ModuleState, module: Module) -> str:
    fact = f"{slug!r} is at revision {state.revision}, while {module.distribution} {module.version} expects {module.revision}"
    if _minor_versions(state.version, module.version) > MINOR_VERSIONS:
        raise DatabaseTooOld(f"{fact}; run `lamin migrate deploy` to bring the database up to date")
    return f"{fact}; it is opened for reading, run `lamin migrate deploy` to write"


def _newer(slug: str, state: ModuleState, module: Module) -> str | None:
    mine = revision_number(module.revision)
    fact = (
        f"{slug!r} was migrated by {module.distribution} {state.version} to {state.revision}, "
        f"which {module.distribution} {module.version} does not know"
    )
    cure = f"run `pip install '{module.distribution}>={state.version}'`"
    if mine < revision_number(state.reads_since) or _minor_versions(state.version, module.version) > MINOR_VERSIONS:
        raise DatabaseTooNew(f"{fact}; {cure}")
    if mine < revision_number(state.writes_since):
        return f"{fact}; it is opened for reading, {cure} to write"
    return None


def _minor_versions(one: str, other: str) -> int:
    """How many minor versions lie between two versions; very many, if the major versions differ."""
    (major, minor), (other_major, other_minor) = _parsed(one), _parsed(other)
    return abs(minor - other_minor) if major == other_major else 1_000


def _parsed(version: str) -> tuple[int, int]:
    numbers = ["".join(c for c in part if c.isdigit()) or "0" for part in (*version.split("."), "0")[:2]]
    return int(numbers[0]), int(numbers[1])
