"""The uid by which source code tracks itself, read without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lamindb.lineage.source import Source

UID = re.compile(r"[0-9A-Za-z]{12}(?:[0-9A-Za-z]{4})?")
R_CALL = re.compile(r"""^[^#\n]*\btrack\(\s*(?:transform\s*=\s*)?["']([0-9A-Za-z]{12,16})["']""", re.MULTILINE)


def tracked_uid(source: Source) -> str | None:
    """Return the uid in the first call of `track` that names one; None where none does. Comments do not count."""
    if source.code is None or source.path is None or source.path.suffix == ".sh":
        return None
    text = source.code.text
    if source.path.suffix in (".py", ".ipynb"):
        return next(_in_python(text), None)
    return next((found for found in R_CALL.findall(text) if UID.fullmatch(found)), None)


def _in_python(text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):  # nothing that could run tracks itself
        return
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
        given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "transform")]
        for value in given if name == "track" else []:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and UID.fullmatch(value.value):
                yield value.value
