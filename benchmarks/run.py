"""What we claim about speed, measured: `./hatchw run bench [GROUP …] [--runs N]`.

Absolute times depend on the machine; the ratios to the baselines of the same run are what counts.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from measuring import Figure, report

GROUPS = ("startup", "records", "names", "relations", "writing", "reading", "searching", "artifacts", "lineage", "schemas")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", default=GROUPS, help=f"{', '.join(GROUPS)}; all by default")
    parser.add_argument("--runs", type=int, default=9, help="how often whole processes are started (default 9)")
    chosen = parser.parse_args()
    figures: list[Figure] = []
    for group in chosen.groups:
        if group not in GROUPS:
            parser.error(f"there is no group {group!r}; choose from {', '.join(GROUPS)}")
        figures += importlib.import_module(group).figures(chosen.runs)
    print(report(figures))
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
