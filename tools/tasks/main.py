"""The first minute with lamin: makes a database in a fresh folder below .scratch and runs the quick start in it.

./hatchw run main
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(command: list[str], folder: Path) -> int:
    """Say the command, then run it in the folder with settings and cache of its own: a trial leaves no trace elsewhere."""
    shown = [
        Path(command[0]).name,
        *(os.path.relpath(part, folder) if part.startswith(str(ROOT)) else part for part in command[1:]),
    ]
    print(f"$ {shlex.join(shown)}", flush=True)
    own = {"LAMIN_SETTINGS_DIR": str(folder / "settings"), "LAMIN_CACHE_DIR": str(folder / "cache")}
    kept = {name: value for name, value in os.environ.items() if name != "LAMIN_CURRENT_INSTANCE"}
    return subprocess.run(command, cwd=folder, env={**kept, **own}).returncode


def main() -> int:
    """Run both commands; the status of the first that fails is ours."""
    scratch = ROOT / ".scratch"
    scratch.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="main-", dir=scratch))
    lamin = str(Path(sys.executable).with_name("lamin"))
    print(f"in {folder.relative_to(ROOT)}", flush=True)
    for command in ([lamin, "init", "--storage", "./mydir"], [sys.executable, str(ROOT / "examples" / "quickstart.py")]):
        if status := run(command, folder):
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
