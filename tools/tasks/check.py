"""Everything about the code that needs no database: lint, format, types, generated code, the rules of the house.

./hatchw run check        runs all of them, then says which failed
./hatchw run check types  runs the ones named
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def checks() -> dict[str, list[str]]:
    """The commands, by name, in the order in which they run."""
    python = [sys.executable, "-m"]
    sources = sorted(str(path.relative_to(ROOT)) for folder in ("packages", "tools") for path in ROOT.glob(f"{folder}/*/src"))
    return {
        "lint": [*python, "ruff", "check", "."],
        "format": [*python, "ruff", "format", "--check", "."],
        "types": [*python, "mypy", "--strict", *sources, "tools/tasks", "examples"],
        "generated": [*python, "lamin_codegen", "--check"],
        "house": [*python, "pytest", "-q", "tests/house"],
    }


def main(names: list[str]) -> int:
    """Run the checks named, or all; 1 when one failed, 2 when a name is unknown."""
    known = checks()
    if unknown := [name for name in names if name not in known]:
        print(f"no check named {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or known:
        print(f"== {name}: {' '.join(known[name][2:])}", flush=True)
        if subprocess.run(known[name], cwd=ROOT).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
