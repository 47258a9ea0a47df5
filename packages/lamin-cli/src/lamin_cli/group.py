"""The commands by name, each loaded when it is called: `lamin --help` imports click and nothing else."""

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from lamin_cli.application import Application

# Name of a command and of its file below `commands`, and the line that the overview shows for it.
SECTIONS: dict[str, dict[str, str]] = {
    "Databases": {
        "init": "Make a database of datasets.",
        "connect": "Use a database from now on.",
        "disconnect": "Use no database any more.",
        "info": "Show which database is used, and where it is.",
        "migrate": "Bring the tables of a database up to date.",
        "module": "Make, show, check or export modules of registries.",
    },
    "Datasets": {
        "save": "Register a file.",
        "load": "Show where the file of an artifact is, or copy it.",
        "annotate": "Label one row.",
        "delete": "Move one row to the trash, or delete it.",
        "list": "List databases, or the rows of a registry.",
        "describe": "Show one row and what it is linked to.",
        "get": "Print one value of one row.",
        "update": "Change or move one row.",
    },
    "Branches and spaces": {
        "create": "Make a branch, a space, a project or a label.",
        "switch": "Choose the branch or the space to which new rows go.",
        "merge": "Move all that lives on a branch to another one.",
    },
    "You and this machine": {
        "login": "Choose or make the profile that new rows name as their creator.",
        "logout": "Go back to the profile of your login name.",
        "settings": "Show or change settings of this machine.",
    },
}


def _set_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Application).debug = True


def debug_option() -> click.Option:
    """Return the option that every command and the group have, so that it may stand anywhere."""
    return click.Option(
        ["--debug"], is_flag=True, expose_value=False, callback=_set_debug, help="Show the traceback of an error."
    )


class Command(click.Command):
    """A command of `lamin`: one more option, `--debug`."""

    def __init__(self, name: str | None, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.params.append(debug_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; what is wrong with them is said of this command, not of the group."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = ctx
            raise


class Commands(click.Group):
    """A group whose commands are files that nobody reads before they are called.

    Parameters
    ----------
    home: the package that has a module per command, with the command as `run`.
    sections: name and line of each command, below the headings of the overview.
    """

    def __init__(self, name: str, *, home: str, sections: dict[str, dict[str, str]], **attributes: Any) -> None:
        super().__init__(name, invoke_without_command=True, **attributes)
        self.home, self.sections = home, sections
        self.names = [name for section in sections.values() for name in section]
        self.params.append(debug_option())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the overview."""
        return self.names

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in self.names:
            return None
        found: click.Command = import_module(f"{self.home}.{cmd_name}").run
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names."""
        if args[0] not in self.names and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(args[0], self.names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is named, or show the overview if none is."""
        if not ctx.args and not ctx._protected_args:
            click.echo(ctx.get_help())
            return None
        return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview from the table, without loading what it lists."""
        for section, commands in self.sections.items():
            with formatter.section(section):
                formatter.write_dl(list(commands.items()))


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from importlib.metadata import version

    names = ("lamin-cli", "lamin-core", "lamin-setup")
    context.ensure_object(Application).data(f"{name} {version(name)}" for name in names)
    context.exit()


lamin = Commands(
    "lamin",
    home="lamin_cli.commands",
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""A database of datasets, where they came from and what they mean.

    Data is written to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage,
    3 not found, 4 conflict or locked, 5 no access.
    """,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_show_version,
            help="Show the installed versions.",
        )
    ],
)


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of a function that takes the application first; its docstring is the help."""

    def decorate(function: Callable[..., None]) -> click.Command:
        return click.command(name, cls=Command)(click.pass_obj(function))

    return decorate
