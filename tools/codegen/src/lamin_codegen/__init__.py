"""Turn LinkML schemas into registries: classes, migrations, DDL, reference pages.

Three steps, each a pure function of the one before: `load` reads files, `check` returns the model or all that is wrong with them,
`render_all` returns the text of every generated file. `python -m lamin_codegen` does all three and writes.

>>> model = check(load([Path("schemas/base.yaml"), Path("schemas/core.yaml")]))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lamin_codegen.checking import check
    from lamin_codegen.generating import generate, render_all
    from lamin_codegen.loading import load
    from lamin_codegen.problems import Place, Problem, SchemaError

__all__ = ["Place", "Problem", "SchemaError", "check", "generate", "load", "render_all"]

_HOMES = {
    "Place": "problems",
    "Problem": "problems",
    "SchemaError": "problems",
    "check": "checking",
    "generate": "generating",
    "load": "loading",
    "render_all": "generating",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: LinkML alone takes a third of a second."""
    if (home := _HOMES.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
