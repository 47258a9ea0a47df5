"""Second step of code generation: a `RawSchema` into a `SchemaModel`, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from lamin_codegen.compiling.compile import compile_schema
from lamin_codegen.model import Registry, SchemaModel
from lamin_codegen.presets import expand
from lamin_codegen.problems import SchemaError
from lamin_codegen.reading.raw import RawSchema
from lamin_codegen.rules import Facts, problems


def check(raw: RawSchema, previous: Sequence[Registry] | None = None) -> SchemaModel:
    """Return the model of the module, with presets expanded and inheritance resolved.

    Parameters
    ----------
    raw
        What `load` returned.
    previous
        Registries of the newest revision of the module, if there is one: then rules about changes apply, too.

    Raises
    ------
    SchemaError: anything is wrong. It holds all problems of all files, sorted by position.
    """
    if raw.problems and not raw.complete:
        raise SchemaError(raw.problems)
    compiled = compile_schema(expand(raw))
    if found := [*raw.problems, *problems(Facts(raw, compiled, previous))]:
        raise SchemaError(found)
    return compiled.model
