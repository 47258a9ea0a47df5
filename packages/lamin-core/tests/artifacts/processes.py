"""Other processes that save an artifact, to race with and to be killed."""

import os
import subprocess
import sys
from pathlib import Path

SAVE = """
import sys
import lamindb_setup
lamindb_setup.connect(sys.argv[1])
import lamindb as ln
artifact = ln.Artifact(sys.argv[2], key=sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
print(artifact.save().uid, flush=True)
"""
HOLD = SAVE.replace(
    "print(artifact.save().uid, flush=True)",
    """
with ln.transaction():
    artifact.save()
    print("held", flush=True)
    sys.stdin.readline()
""",
)
"""Stops when the row is written and the bytes have their name, and nothing is committed."""


class Saver:
    """A process that has made an artifact and saves it when told to.

    Parameters
    ----------
    folder: of the project.
    path, key: of the artifact.
    script: what it does.
    """

    def __init__(self, folder: Path | None, path: Path, key: str, script: str = SAVE) -> None:
        command = [sys.executable, "-c", script, str(folder), str(path), key]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=os.environ)
        if (said := self.line()) != "ready":
            raise AssertionError(f"{said} {self._process.communicate()[1]}")

    def line(self) -> str:
        """What it says next."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def go(self) -> None:
        """Let it save."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def result(self) -> str:
        """The uid of what was saved, or what went wrong."""
        said, error = self._process.communicate()
        return said.strip() if self._process.returncode == 0 else error

    def kill(self) -> str:
        """End it as if the power was cut; gives the uid if it was through already."""
        self._process.kill()
        return self._process.communicate()[0].strip()
