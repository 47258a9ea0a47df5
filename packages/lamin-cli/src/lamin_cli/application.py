"""The one object that prints and ends the process: data to standard output, talk and errors to standard error."""

import os
import sys
import traceback
import warnings
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import click

from lamin_cli import exits, tables


class Application:
    """What a command gets by `click.pass_obj`.

    Attributes
    ----------
    debug: whether an error shows its traceback.
    """

    def __init__(self) -> None:
        self.debug = False

    def run(self, command: click.Command, arguments: Sequence[str]) -> int:
        """Run a command line; return the exit code. No exception leaves this function."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = self._warn
                result = command.main(list(arguments), prog_name="lamin", obj=self, standalone_mode=False)
            if sys.stdout is not None:  # None where the process was started without one
                sys.stdout.flush()
        except BrokenPipeError:  # `lamin list artifact | head`: the reader has what it wanted
            _forsake_output()
            return 0
        except click.exceptions.Abort:
            self.say("lamin: interrupted")
            return exits.INTERRUPTED
        except click.UsageError as error:
            return self._refuse(error)
        except Exception as error:  # everything ends here, as one sentence
            _forsake_output()
            return self._fail(error)
        return result if isinstance(result, int) else 0

    def data(self, lines: Iterable[str]) -> None:
        """Print what was asked for."""
        for line in lines:
            click.echo(line)

    def json(self, value: object) -> None:
        """Print what was asked for, for programs: one JSON document, times in ISO 8601 with their offset."""
        import json

        click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_as_json))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows below the names of their columns, which stand out on a terminal."""
        header, *lines = tables.table(columns, rows)
        self.data([self.styled(header, sys.stdout, bold=True), *lines])

    def say(self, text: str) -> None:
        """Tell the person at the terminal what happened."""
        click.echo(text, err=True)

    def styled(self, text: str, stream: IO[str], *, bold: bool = False, color: str | None = None) -> str:
        """Return text with weight and colour, unless the stream is no terminal or NO_COLOR is set."""
        if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return text
        return click.style(text, bold=bold, fg=color)

    def _refuse(self, error: click.UsageError) -> int:
        """A command line that cannot be understood."""
        path = error.ctx.command_path if error.ctx else "lamin"
        said = error.format_message().replace("(Did you mean one of:", "did you mean").replace("?)", "?")
        parts = said.rstrip(".").replace("\n", " ").split(". ")
        sentence = "; ".join(part[:1].lower() + part[1:] for part in parts)
        self._error(f"{sentence}; see '{path} --help'")
        return exits.USAGE

    def _fail(self, error: Exception) -> int:
        """A command that could not do what it was asked to do."""
        if isinstance(error, click.ClickException):
            self._error(error.format_message())
            return exits.USAGE
        if self.debug:
            self.say("".join(traceback.format_exception(error)).rstrip())
        sentence = exits.sentence(error)
        if not exits.is_expected(error):
            hint = "" if self.debug else "; --debug shows where"
            sentence = f"this is a mistake in lamin: {type(error).__name__}: {sentence}{hint}"
        self._error(sentence)
        return exits.code(error)

    def _warn(self, message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        """A warning of Python, for people who do not read the source code: without file and line."""
        if issubclass(category, UserWarning) or self.debug:
            self.say(f"{self.styled('lamin:', sys.stderr, bold=True, color='yellow')} {message}")

    def _error(self, sentence: str) -> None:
        self.say(f"{self.styled('lamin:', sys.stderr, bold=True, color='red')} {sentence}")


def _forsake_output() -> None:
    """Drop data that cannot be written: Python would try again while it ends, and end with a status of its own."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _as_json(value: object) -> object:
    """What JSON has no form for: times as ISO 8601, anything else as its text."""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
