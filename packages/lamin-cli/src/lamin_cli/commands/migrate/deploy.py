"""`lamin migrate deploy`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("deploy")
@click.option("--no-backup", is_flag=True, help="Do not copy an SQLite database first.")
@click.option("--dry-run", is_flag=True, help="Print the revisions that would be applied, and change nothing.")
@click.option("--sql", is_flag=True, help="Print the statements that would be run, and change nothing.")
@click.option(
    "--lock-timeout",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a statement waits on Postgres for a table that others use.",
)
def run(application: Application, no_backup: bool, dry_run: bool, sql: bool, lock_timeout: float) -> None:
    """Apply the revisions that are missing.

    All are applied, or none: a failure leaves the database as it was. An SQLite database is copied first, to a file beside it
    whose name ends in .before- and the first revision.
    """
    import lamindb_setup

    if dry_run or sql:
        application.data(lamindb_setup.migrate.sql() if sql else lamindb_setup.migrate.plan())
        application.say("nothing was changed")
        return
    applied = lamindb_setup.migrate.deploy(backup=not no_backup, lock_timeout=lock_timeout)
    application.data(applied)
    application.say(f"applied {len(applied)}; the database is up to date" if applied else "the database is up to date already")
