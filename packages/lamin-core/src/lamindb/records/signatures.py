"""Constructors with a spelled-out signature that answer wrong calls as all others do: all problems at once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from lamindb.records import construction

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

P = ParamSpec("P")
S = TypeVar("S", bound="BaseSQLRecord")
CHECKED_LATER = ("Any", "Mapping", "PathLike")
"""Annotations of arguments that are not yet what a column holds."""


def named_errors(init: Callable[Concatenate[S, P], None]) -> Callable[Concatenate[S, P], None]:
    """Make an `__init__` raise FieldValidationError, with the names it knows, where Python would raise a bare TypeError."""
    parameters = list(inspect.signature(init).parameters.values())[1:]
    names = [parameter.name for parameter in parameters]
    positional = [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    required = [parameter.name for parameter in parameters if parameter.default is parameter.empty]
    plain = {one.name for one in parameters if not any(word in str(one.annotation) for word in CHECKED_LATER)}

    @functools.wraps(init)
    def checked(self: S, *args: P.args, **given: P.kwargs) -> None:
        registry = type(self)
        values = construction.by_position(registry, positional, args, given)
        missing = [name for name in required if name not in values]
        problems = construction.missing_problems(missing) + construction.unknown_problems(values, names)
        if problems:
            known = {name: value for name, value in values.items() if name in plain}
            raise construction.refused(registry, problems + construction.value_problems(registry, known))
        init(self, *args, **given)

    return cast(Callable[Concatenate[S, P], None], checked)
