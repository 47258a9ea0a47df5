"""`lamin module check`"""

from pathlib import Path

import click

from lamin_cli import codegen
from lamin_cli.application import Application
from lamin_cli.group import command


@command("check")
@click.argument("module", required=False, metavar="[NAME|PATH]")
def run(application: Application, module: str | None) -> None:
    """Tell everything that is wrong with a module; writes nothing.

    Each mistake has file, line, cause and cure. Without a name: the project in which you are, or those in its folders. Exit
    code 1 if anything is wrong. Needs lamin-codegen.
    """
    with codegen.refusals(lambda line: application.data([line]), "`lamin module check`"):
        from lamin_codegen.projects.checks import checked
        from lamin_codegen.projects.project import here, in_order, named

        found = [named(module, Path.cwd())] if module else in_order(here(Path.cwd()))
        for project in found:
            checked(project)
    application.say(f"nothing is wrong with {', '.join(project.name for project in found)}")
