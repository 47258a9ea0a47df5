"""Many processes that write to one database at once, some of which are killed, on each kind of database.

./hatchw run soak                  a minute each
./hatchw run soak --seconds 300    longer
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from offline import without_network

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the tests in tests/soak for as long as is asked for; their status is ours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long the processes write to each database (default 60)")
    seconds = parser.parse_args().seconds
    command = without_network([sys.executable, "-m", "pytest", "-s", "-q", "tests/soak"])
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "SOAK_SECONDS": str(seconds)}).returncode


if __name__ == "__main__":
    sys.exit(main())
