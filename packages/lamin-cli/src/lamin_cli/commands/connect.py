"""`lamin connect`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("connect")
@click.argument("database")
@click.option("--here", is_flag=True, help="Make the folder in which you are a project of this database.")
def run(application: Application, database: str, here: bool) -> None:
    """Use a database from now on.

    DATABASE is a name, owner/name, the path of a project, storage folder or database file, or a URL. Projects keep using
    what their lamin.toml says.
    """
    import lamindb_setup

    lamindb_setup.connect(database, here=here, remember=not here)
    application.say(f"connected {lamindb_setup.current().slug}{' in this folder' if here else ''}")
