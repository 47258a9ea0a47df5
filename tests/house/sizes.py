"""How long files and functions may be. Generated files are as long as what they are generated from."""

from collections.abc import Iterable

from .source import Module, body_lines

MODULE = 650
FUNCTION = 70
SHORT = 30
SHARE_OF_SHORT = 0.9


def long_modules(modules: Iterable[Module]) -> list[str]:
    """Every hand-written module longer than it may be."""
    lengths = ((module, len(module.text.splitlines())) for module in modules if not module.is_generated)
    return [f"{module.path}: {lines} lines, at most {MODULE}" for module, lines in lengths if lines > MODULE]


def long_functions(modules: Iterable[Module]) -> list[str]:
    """Every hand-written function that is longer than it may be, docstring included."""
    problems = []
    for module in modules:
        for function in () if module.is_generated else module.functions:
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > FUNCTION:
                problems.append(f"{module.path}:{function.lineno}: {function.name} has {lines} lines, at most {FUNCTION}")
    return problems


def too_few_short_functions(modules: Iterable[Module]) -> list[str]:
    """The functions that are not short, where they are too many in their package."""
    long: dict[str, list[str]] = {}
    count: dict[str, int] = {}
    for module in modules:
        for function in () if module.is_generated else module.functions:
            count[module.package] = count.get(module.package, 0) + 1
            if (lines := body_lines(function)) > SHORT:
                long.setdefault(module.package, []).append(f"{module.path}:{function.lineno}: {function.name} {lines} lines")
    return [
        f"{package}: {len(found)} of {count[package]} functions have more than {SHORT} lines: {'; '.join(found)}"
        for package, found in long.items()
        if len(found) > (1 - SHARE_OF_SHORT) * count[package]
    ]
