"""Runs: one execution of a transform."""

from __future__ import annotations

from typing import ClassVar

from lamindb._registries.columns.run import RunColumns


class RunBehavior(RunColumns):
    """An execution of a transform, with its start, end, parameters and status."""

    __abstract__ = True
    _positional: ClassVar[tuple[str, ...]] = ("transform",)
