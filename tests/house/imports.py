"""Who may import whom: between packages, between the rooms of the core, and never in a circle."""

from collections.abc import Iterable

from .source import Module

# What each package may import of the others. None imports the code generator while it is loaded: only a function may, late.
ALLOWED: dict[str, set[str]] = {
    "lamindb_setup": set(),
    "lamindb": {"lamindb_setup"},
    "bionty": {"lamindb", "lamindb_setup"},
    "wetlab": {"lamindb", "lamindb_setup", "bionty"},
    "lamin_cli": {"lamindb", "lamindb_setup"},
    "lamin_codegen": set(),
}

# What a room of the core must not know about.
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "lamindb.query": (
        "lamindb.records",
        "lamindb.artifacts",
        "lamindb.features",
        "lamindb.curation",
        "lamindb.lineage",
        "lamindb._registries",
    ),
    "lamindb.graphs": (
        "lamindb.query",
        "lamindb.records",
        "lamindb.artifacts",
        "lamindb.features",
        "lamindb.curation",
        "lamindb.lineage",
        "lamindb._registries",
    ),
    "lamindb.naming": (
        "lamindb.records",
        "lamindb.artifacts",
        "lamindb.features",
        "lamindb.curation",
        "lamindb.lineage",
        "lamindb._registries",
    ),
    "lamindb.records": ("lamindb.artifacts", "lamindb.features", "lamindb.curation", "lamindb.lineage"),
}


def within(name: str, room: str) -> bool:
    """Whether a dotted name is the room or lies in it."""
    return name == room or name.startswith(f"{room}.")


def against_direction(modules: Iterable[Module]) -> list[str]:
    """Imports between packages that point the wrong way."""
    problems = []
    for module in modules:
        for found in module.imports:
            target = found.name.split(".")[0]
            if target not in ALLOWED or target == module.package or target in ALLOWED[module.package]:
                continue
            if target == "lamin_codegen" and found.in_function:
                continue
            problems.append(f"{module.path}:{found.line}: {module.package} must not import {found.name}")
    return problems


def across_rooms(modules: Iterable[Module]) -> list[str]:
    """Imports between rooms of the core that the rooms must not make."""
    return [
        f"{module.path}:{found.line}: {room} must not import {found.name}"
        for module in modules
        for room, forbidden in FORBIDDEN.items()
        if within(module.name, room)
        for found in module.imports
        if any(within(found.name, other) for other in forbidden)
    ]


def cycles(modules: Iterable[Module]) -> list[str]:
    """Circles of imports, those made by functions included."""
    known = {module.name: module for module in modules}
    graph = {name: {_module_of(found.name, known) for found in module.imports} - {"", name} for name, module in known.items()}
    return [" -> ".join(circle) for circle in _circles(graph)]


def _module_of(name: str, known: dict[str, Module]) -> str:
    """The module that an imported name stands for or comes from; empty for what is not ours."""
    if name in known:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in known else ""


def _circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """One circle for each module that is the first one found to be on one."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in sorted(graph):
        if start in done:
            continue
        if circle := _way_back(graph, start):
            found.append(circle)
            done.update(circle)
    return found


def _way_back(graph: dict[str, set[str]], start: str) -> list[str]:
    """The shortest way from a module to itself, empty where there is none."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        for target in sorted(graph[here]):
            if target == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if target not in came_from:
                came_from[target] = here
                waiting.append(target)
    return []
