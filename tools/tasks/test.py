"""Runs the whole suite, or what the arguments name; they are pytest's.

./hatchw run test                          ./hatchw run test packages/lamin-cli -k save
"""

import subprocess
import sys
from pathlib import Path

from offline import without_network

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Run pytest on two processes and without network; its status is ours."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    isolated = without_network(command)
    if isolated == command:
        print("no network namespace can be made here: tests run with the network there is", file=sys.stderr)
    return subprocess.run(isolated, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
