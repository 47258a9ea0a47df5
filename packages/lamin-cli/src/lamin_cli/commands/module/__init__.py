"""`lamin module`: one file a command, as in the folder above."""

from lamin_cli.group import Commands

run = Commands(
    "module",
    home=__name__,
    sections={
        "Commands": {
            "create": "Make the project of a new module.",
            "list": "List installed modules, and those of the database.",
            "show": "Show the registries of a module.",
            "check": "Tell everything that is wrong with a module.",
            "export": "Print a module in another format.",
        }
    },
    help="Make, show, check or export modules of registries.",
)
