"""`lamin migrate deploy`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("deploy")
@click.option("--no-backup", is_flag=True, help="Do not copy an SQLite database first.")
def run(application: Application, no_backup: bool) -> None:
    """Apply the revisions that are missing.

    All are applied, or none: a failure leaves the database as it was. An SQLite database is copied first, to a file beside it
    whose name ends in .before- and the first revision.
    """
    import lamindb_setup

    applied = lamindb_setup.migrate.deploy(backup=not no_backup)
    application.data(applied)
    application.say(f"applied {len(applied)}; the database is up to date" if applied else "the database is up to date already")
