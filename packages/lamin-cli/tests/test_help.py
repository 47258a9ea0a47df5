"""What `--help` shows, word by word: the page about the command line is made of it, and is the golden file."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from lamin_cli.group import Commands
from lamin_cli.group import lamin as root

PAGE = Path(__file__).resolve().parents[3] / "docs" / "cli.md"
SECTION = re.compile(r"^## (?P<path>[^\n]+)\n\n```text\n(?P<text>.*?)```$", re.MULTILINE | re.DOTALL)


def commands(command: click.Command = root, path: str = "lamin") -> dict[str, click.Command]:
    """All commands by the words that call them."""
    found = {path: command}
    if isinstance(command, Commands):
        for name in command.names:
            child = command.get_command(click.Context(command), name)
            assert child is not None
            found |= commands(child, f"{path} {name}")
    return found


def documented() -> dict[str, str]:
    return {found["path"]: found["text"] for found in SECTION.finditer(PAGE.read_text(encoding="utf-8"))}


def test_the_page_has_every_command_in_the_order_of_the_overview() -> None:
    assert list(documented()) == list(commands())


@pytest.mark.parametrize("path", commands())
def test_help_is_what_the_page_says(path: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from lamin_cli.application import Application

    monkeypatch.setenv("COLUMNS", "200")  # as wide as click makes it
    assert Application().run(root, [*path.split()[1:], "--help"]) == 0
    assert capfd.readouterr() == (documented()[path], ""), "the help texts changed: run `./hatchw run docs`"


def test_help_of_a_real_process_in_a_pipe() -> None:
    for arguments in (["--help"], ["-h"], ["--debug", "-h"], []):
        done = subprocess.run(
            [sys.executable, "-m", "lamin_cli", *arguments], capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, documented()["lamin"], "")


@pytest.mark.parametrize("path", commands())
def test_every_command_and_option_says_what_it_does(path: str) -> None:
    command = commands()[path]
    assert command.help
    nameless = [option.name for option in command.params if isinstance(option, click.Option) and not option.help]
    assert nameless == []


@pytest.mark.parametrize("path", [path for path, command in commands().items() if isinstance(command, Commands)])
def test_the_overview_keeps_the_order_of_sections_and_names_no_one_twice(path: str) -> None:
    group = commands()[path]
    assert isinstance(group, Commands)
    assert len(group.names) == len(set(group.names))
    folder = Path(__file__).parents[1] / "src" / Path(*group.home.split("."))
    files = {file.stem for file in folder.iterdir() if file.suffix == ".py" or (file / "__init__.py").exists()}
    assert files - {"__init__"} == set(group.names)


PROBE = """
import sys
from lamin_cli.application import Application
from lamin_cli.group import lamin
Application().run(lamin, sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules} | set(sys.modules)), file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    """The modules that a command line loads."""
    done = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True)
    return set(done.stderr.splitlines()[-1].split())


def test_the_overview_and_wrong_usage_load_click_alone() -> None:
    for arguments in (["--help"], ["migrate", "--help"], ["nope"], ["save", "--nope"]):
        assert (
            loaded(*arguments) & {"lamindb", "lamindb_setup", "sqlalchemy", "json", "sqlite3", "lamin_cli.commands.init"} == set()
        )


def test_info_reads_files_alone() -> None:
    assert loaded("info") & {"sqlalchemy", "lamindb", "pandas", "alembic"} == set()


def test_the_probe_sees_what_it_looks_for(database: object) -> None:
    assert {"lamindb_setup", "json"} <= loaded("info", "--json")
