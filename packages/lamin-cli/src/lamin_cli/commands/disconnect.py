"""`lamin disconnect`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("disconnect")
@click.option("--here", is_flag=True, help="Delete the lamin.toml of the project in which you are; nothing else.")
def run(application: Application, here: bool) -> None:
    """Use no database any more. Rows and files stay where they are."""
    import lamindb_setup

    application.say(str(lamindb_setup.disconnect(here=here)))
