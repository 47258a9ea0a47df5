"""Names that follow from names of classes."""

from __future__ import annotations

import re

IRREGULAR = {"sis": "ses", "series": "series", "species": "species"}
"""Endings and words whose plural has no rule; anything else is told by the annotation `plural`."""


def snake(name: str) -> str:
    """Return `cell_type` for `CellType` and `ulabel` for `ULabel`: words part where a small letter meets a capital."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def plural(name: str) -> str:
    """Return the plural of a name in snake case, as English makes it regularly."""
    for ending, many in IRREGULAR.items():
        if name.endswith(ending):
            return name[: -len(ending)] + many
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|z|ch|sh)$", name) else f"{name}s"
