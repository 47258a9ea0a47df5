"""`lamin migrate create`"""

from pathlib import Path

import click

from lamin_cli import codegen
from lamin_cli.application import Application
from lamin_cli.group import command


@command("create")
@click.option("--module", "modules", multiple=True, metavar="NAME", help="A module; may be given several times.")
@click.option("-m", "--message", help="What the revision is for; by default what it does.")
@click.option("--allow-drop", is_flag=True, help="Drop tables and columns that are no longer declared, with their rows.")
def run(application: Application, modules: tuple[str, ...], message: str | None, allow_drop: bool) -> None:
    """Write a revision from an edited schema.

    Reads schema.yaml, writes the classes anew, and a revision if tables changed. Without --module: the project in which you
    are, or those in its folders. A thing renamed keeps its rows if it has the annotation previous_name. Changes no database.
    Needs lamin-codegen.
    """
    changed = False
    with codegen.refusals(application.say, "`lamin migrate create`"):
        from lamin_codegen.projects.changing import change
        from lamin_codegen.projects.project import here, in_order, named

        for project in in_order([named(one, Path.cwd()) for one in modules] if modules else here(Path.cwd())):
            done = change(project, message, allow_drop=allow_drop)
            changed = changed or bool(done.files)
            application.data([done.revision] if done.revision else [])
            for step in done.steps:
                application.say(f"  {step}")
            if done.files and not done.revision:
                application.say(f"{done.module}: wrote {len(done.files)} files; no table changed")
    application.say("to apply, run `lamin migrate deploy`" if changed else "nothing changed")
