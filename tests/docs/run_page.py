"""Runs the blocks of a page in one process, in their order; called with a JSON list of [place, language, text]."""

import json
import shlex
import subprocess
import sys
from typing import Any


def console(place: str, text: str) -> None:
    """Run each line that begins with `$ `; lines below it, if any, are the output that it must have."""
    commands: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append([line[2:]])
        else:
            commands[-1].append(line)
    for command, *expected in commands:
        done = subprocess.run(shlex.split(command, comments=True), stdout=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"{place}: {command} ended with {done.returncode}")
        if expected and done.stdout.splitlines() != expected:
            sys.exit(f"{place}: {command} printed\n{done.stdout}")


def main() -> None:
    """Run the blocks given as the first argument."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for place, language, text in json.loads(sys.argv[1]):
        if language == "console":
            console(place, text)
        else:
            exec(compile(text, place, "exec"), names)


if __name__ == "__main__":
    main()
