"""Code generation: reading, checking and rendering the schema of the core."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from measuring import Figure, in_turns, process

ROOT = Path(__file__).parents[1]
BASELINE = 'python -c "import linkml_runtime.utils.schemaview"'


def figures(runs: int) -> Iterator[Figure]:
    samples = in_turns(
        lambda _: process([sys.executable, "-m", "lamin_codegen", "--check"], ROOT),
        lambda _: process([sys.executable, "-c", "import linkml_runtime.utils.schemaview"], ROOT),
        max(3, runs // 2),
    )
    yield Figure(
        "codegen: load, check and render the core",
        samples.seconds,
        BASELINE,
        samples.baseline_seconds,
        "≤ 3 s",
        samples.seconds <= 3,
    )
