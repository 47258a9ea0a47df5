"""`lamin info`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("info")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, as_json: bool) -> None:
    """Show which database is used here, where it is, and who you are in it."""
    import lamindb_setup

    found = lamindb_setup.info()
    if as_json:
        application.json(found.to_dict())
    else:
        application.data(line.rstrip() for line in str(found).splitlines())
