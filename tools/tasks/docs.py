"""Writes the pages of docs/ that are made from something else: docs/cli.md from the help texts of the command.

./hatchw run docs            writes what is not current
./hatchw run docs --check    exits 1, with a diff, where a page is not current
"""

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from lamin_cli.group import lamin

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 78
"""Click takes two columns less than the terminal has, and no more than these."""

PREFACE = """<!-- Generated from the help texts; edit those and run `./hatchw run docs`. -->

# The `lamin` command

What a command is asked for goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 wrong
usage, 3 not found, 4 conflict or locked, 5 no access. Errors are one sentence; `--debug` shows the traceback. Output has no
colour where it goes to a file or a pipe, or where `NO_COLOR` is set.
"""


def commands(command: click.Command, parent: click.Context | None = None) -> Iterator[click.Context]:
    """The context of every command, parents before children, set up as when it is called in a terminal of usual width."""
    context = click.Context(command, parent=parent, info_name=command.name, terminal_width=WIDTH, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from commands(child, context)


def command_page() -> str:
    """The reference of the command line: exactly what `--help` shows."""
    parts = [f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n" for context in commands(lamin)]
    return "\n".join([PREFACE, *parts])


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    pages = {ROOT / "docs" / "cli.md": command_page()}
    status = 0
    for path, text in pages.items():
        is_text = path.read_text(encoding="utf-8") if path.exists() else ""
        if is_text == text:
            continue
        if "--check" in arguments:
            name = str(path.relative_to(ROOT))
            sys.stdout.writelines(
                difflib.unified_diff(is_text.splitlines(True), text.splitlines(True), name, "from the help texts")
            )
            status = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
