"""How the command speaks and ends, whatever the command is: tried with small commands that fail in every way."""

import os
import pty
import shlex
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

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
        (FileNotFoundError(2, "No such file or directory", "a.csv"), 3, "no such file or directory: 'a.csv'"),
        (PermissionError(13, "Permission denied", Path("a.csv")), 5, "permission denied: 'a.csv'"),
        (OSError(28, "No space left on device"), 1, "no space left on device"),
        (TimeoutError("it takes too long"), 1, "it takes too long"),
        (click.ClickException("a file of click's"), 2, "a file of click's"),
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


def test_debug_shows_where_a_mistake_of_ours_is(capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = outcome(failing(ZeroDivisionError("by 0")), "--debug", capfd=capfd)
    assert (status, out, err.splitlines()[-1]) == (1, "", "lamin: this is a mistake in lamin: ZeroDivisionError: by 0")
    assert "in callback\n" in err


def test_warnings_for_users_are_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    def callback() -> None:
        warnings.warn("only 20 rows are shown", stacklevel=1)
        warnings.warn("use another function", DeprecationWarning, stacklevel=1)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert outcome(Command("try", callback=callback), capfd=capfd) == (0, "", "lamin: only 20 rows are shown\n")


def core_errors() -> dict[str, type[errors.LaminError]]:
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
        ("UniqueViolation", 4),
        ("CurrentInstanceNotConfigured", 3),
        ("NotALaminDatabase", 4),
    ],
)
def test_the_code_follows_the_class(name: str, code: int) -> None:
    kind = core_errors()[name]
    assert exits.code(kind.__new__(kind)) == code


def test_every_error_of_ours_has_a_code_of_the_list() -> None:
    kinds = core_errors()
    assert len(kinds) > 50
    assert {name: exits.code(kind.__new__(kind)) for name, kind in kinds.items() if kind.exit_code not in (1, 2, 3, 4, 5)} == {}
    assert {exits.code(kind.__new__(kind)) for kind in kinds.values()} == {1, 2, 3, 4, 5}


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


def process(code: str, redirect: str = "", **environment: str) -> tuple[int, str, str]:
    """Run the command with a callback, with the streams that the shell makes of them."""
    program = f"""import lamin_cli.__main__ as main, click
main.lamin = click.Command("x", callback=lambda: main.Application().data([{code}]))
main.main()"""
    command = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(program)} {redirect}"
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}  # as users have it: what is left is written when Python ends
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env={**buffered, **environment})
    return done.returncode, done.stdout, done.stderr


def test_streams_that_are_closed_full_or_of_another_alphabet() -> None:
    assert process("'a'") == (0, "a\n", "")
    assert process("'a'", ">&-") == (0, "", "")
    for unbuffered in ("", "1"):
        assert process("'a'", ">/dev/full", PYTHONUNBUFFERED=unbuffered) == (1, "", "lamin: no space left on device\n")
    assert process("'\\u4e2d'", PYTHONIOENCODING="latin-1") == (0, "\\u4e2d\n", "")
    assert process("'name of no alphabet \\udcff'", PYTHONIOENCODING="utf-8") == (0, "name of no alphabet \\udcff\n", "")


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
