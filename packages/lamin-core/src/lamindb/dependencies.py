"""Optional packages, imported when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lamindb.errors import MissingDependency


def needed(module: str, package: str) -> Any:
    """Import a module of an optional package.

    Raises
    ------
    MissingDependency: the package is not installed, or cannot be loaded.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingDependency(
            f"this needs the package {package!r} ({error}); install it with `pip install {package}`"
        ) from error
