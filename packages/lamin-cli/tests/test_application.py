"""How the command speaks and ends, whatever the command is: tried with small commands that fail in every way."""

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime

import click
import pytest
from lamindb_setup import errors

from lamin_cli import exits, tables
from lamin_cli.application import Application
from lamin_cli.group import Command, lamin


def failing(error: BaseException) -> click.Command:
    """A command that raises."""

    def callback() -> None:
        raise error

    return Command("try", callback=callback)


def outcome(command: click.Command, *arguments: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = Application().run(command, arguments)
    out, err = capfd.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (errors.LaminError("it did not work"), 1, "it did not work"),
        (errors.InvalidArgument("a name has no slash: 'a/b'"), 2, "a name has no slash: 'a/b'"),
        (errors.InstanceNotFoundError("no database called 'x'"), 3, "no database called 'x'"),
        (errors.DatabaseLocked("another process writes"), 4, "another process writes"),
        (errors.DatabaseReadOnly("the file is read-only"), 5, "the file is read-only"),
        (errors.LaminError("two\nlines"), 1, "two lines"),
        (FileNotFoundError(2, "No such file or directory", "a.csv"), 3, "[Errno 2] No such file or directory: 'a.csv'"),
        (PermissionError(13, "Permission denied", "a.csv"), 5, "[Errno 13] Permission denied: 'a.csv'"),
        (OSError(28, "No space left on device"), 1, "[Errno 28] No space left on device"),
        (ZeroDivisionError("by 0"), 1, "this is a mistake in lamin: ZeroDivisionError: by 0; --debug shows where"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_an_error_is_one_sentence_and_a_code(
    error: BaseException, code: int, sentence: str, capfd: pytest.CaptureFixture[str]
) -> None:
    status, out, err = outcome(failing(error), capfd=capfd)
    assert (status, out, err.lstrip("\n")) == (code, "", f"lamin: {sentence}\n")


def test_debug_shows_the_traceback_and_then_the_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = outcome(failing(errors.LaminError("it did not work")), "--debug", capfd=capfd)
    lines = err.splitlines()
    assert (status, out, lines[0], lines[-1]) == (1, "", "Traceback (most recent call last):", "lamin: it did not work")


def core_errors() -> dict[str, type[BaseException]]:
    from lamindb import errors as core

    return {name: kind for name, kind in vars(core).items() if isinstance(kind, type) and issubclass(kind, core.LaminError)}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ObjectDoesNotExist", 3),
        ("RegistryNotFound", 3),
        ("ArtifactMissing", 3),
        ("MultipleObjectsReturned", 4),
        ("ProtectedError", 4),
        ("LockedRecord", 4),
        ("StaleRecord", 4),
        ("NoWriteAccess", 5),
        ("FieldError", 2),
        ("UnsavedRecord", 2),
        ("ArtifactUnreadable", 1),
        ("UniqueViolation", 1),
        ("CurrentInstanceNotConfigured", 3),
        ("NotALaminDatabase", 4),
    ],
)
def test_the_code_follows_the_class(name: str, code: int) -> None:
    kind = core_errors()[name]
    assert exits.code(kind.__new__(kind)) == code


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nope"], "no command 'nope'; see 'lamin --help'"),
        (["discribe"], "no command 'discribe'; did you mean 'describe'?; see 'lamin --help'"),
        (["--nope"], "no such option '--nope'; see 'lamin --help'"),
        (["init", "--nope"], "no such option '--nope'; did you mean '--adopt', '--name'?; see 'lamin init --help'"),
        (["init", "--storage"], "option '--storage' requires an argument; see 'lamin init --help'"),
        (["init", "twice"], "got unexpected extra argument (twice); see 'lamin init --help'"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: list[str], sentence: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert outcome(lamin, *arguments, capfd=capfd) == (2, "", f"lamin: {sentence}\n")


def test_without_arguments_the_help_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    shown = outcome(lamin, capfd=capfd)
    assert shown == outcome(lamin, "--help", capfd=capfd)
    assert shown[0] == 0
    assert shown[1].startswith("Usage: lamin [OPTIONS] [COMMAND]")


def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = f"{sys.executable} -c 'from lamin_cli.application import Application as A; import click\n"
    command += 'A().run(click.Command("x", callback=lambda: A().data(map(str, range(100_000)))), [])\' | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("0\n", "")


def on_a_terminal(**environment: str) -> str:
    """What `lamin nope` writes when its standard error is a terminal."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    subprocess.run([sys.executable, "-m", "lamin_cli", "nope"], stderr=theirs, env={**kept, "TERM": "xterm", **environment})
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    return shown


def test_colours_are_for_terminals_that_want_them() -> None:
    plain = "lamin: no command 'nope'; see 'lamin --help'\r\n"
    assert on_a_terminal() == plain.replace("lamin:", "\x1b[31m\x1b[1mlamin:\x1b[0m", 1)
    assert on_a_terminal(NO_COLOR="1") == plain
    assert on_a_terminal(TERM="dumb") == plain


def test_a_table_leaves_out_and_shortens_nothing() -> None:
    rows = [("a" * 150, None, True, datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)), ("b", "two\nlines", False, 7)]
    assert tables.table(["name", "note", "is", "when"], rows) == [
        f"{'name':<150}  note       is   when",
        f"{'a' * 150}             yes  2026-01-02 03:04:05",
        f"{'b':<150}  two lines  no   7",
    ]


def test_json_is_one_document(capfd: pytest.CaptureFixture[str]) -> None:
    Application().json({"when": datetime(2026, 1, 2, tzinfo=UTC), "what": "Ähre", "none": None})
    assert capfd.readouterr().out == '{\n  "when": "2026-01-02T00:00:00+00:00",\n  "what": "Ähre",\n  "none": null\n}\n'
