"""`lamin init`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("init")
@click.option("--storage", help="Folder that keeps the files; ./storage, or what the project's lamin.toml says.")
@click.option("--name", help="Name of the database; by default that of the folder.")
@click.option(
    "--db", metavar="URL", help="postgresql://… to keep the rows on a server; by default they are a file in the storage."
)
@click.option("--modules", metavar="NAMES", help="Modules to have besides the core, separated by commas.")
@click.option("--adopt", is_flag=True, help="Take over a database that LaminDB made, or that another folder made.")
def run(
    application: Application, storage: str | None, name: str | None, db: str | None, modules: str | None, adopt: bool
) -> None:
    """Make a database of datasets.

    The folder in which you are becomes a project: lamin.toml in it says which database it uses, so that the project can
    be moved, copied and put under version control. Where a database is already, it is connected and nothing in it changes.
    """
    import lamindb_setup

    outcome = lamindb_setup.init(storage=storage, name=name, db=db, modules=modules, adopt=adopt)
    before = "already initialised, " if outcome.action == "connected" else ""
    after = f"; modules: {', '.join(outcome.instance.modules)}" if modules and outcome.action != "connected" else ""
    application.say(f"{before}{outcome}{after}")
