"""Constructors with a spelled-out signature that still answer wrong calls with errors of ours."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, cast

from lamindb.errors import FieldValidationError, closest

P = ParamSpec("P")
S = TypeVar("S")


def named_errors(init: Callable[Concatenate[S, P], None]) -> Callable[Concatenate[S, P], None]:
    """Make an `__init__` raise FieldValidationError, with the names it knows, where Python would raise a bare TypeError."""
    parameters = list(inspect.signature(init).parameters.values())[1:]
    names = [parameter.name for parameter in parameters]
    positional = [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    required = [parameter.name for parameter in parameters if parameter.default is parameter.empty]

    @functools.wraps(init)
    def checked(self: S, *args: P.args, **given: P.kwargs) -> None:
        if problem := _problem(type(self).__name__, args, given, names, positional, required):
            raise FieldValidationError(problem)
        init(self, *args, **given)

    return cast(Callable[Concatenate[S, P], None], checked)


def _problem(
    kind: str, args: tuple[object, ...], given: dict[str, object], names: list[str], positional: list[str], required: list[str]
) -> str | None:
    if len(args) > len(positional):
        if not positional:
            return f"{kind} takes only keywords, got {len(args)} by position: write {kind}({names[0]}=…)"
        return f"{kind} takes only {', '.join(positional)} by position, got {len(args)}: pass the rest by keyword"
    made = f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"
    by_position = positional[: len(args)]
    if twice := [name for name in by_position if name in given]:
        return f"{kind} got {twice[0]} twice, by position and by keyword"
    unknown = [f"{name!r} is not an argument{closest(name, names)}" for name in given if name not in names]
    if unknown:
        return f"cannot make {made}: {'; '.join(unknown)} (arguments are {', '.join(names)})"
    missing = [name for name in required if name not in by_position and name not in given]
    return f"cannot make {made}: {', '.join(missing)} is required" if missing else None
