"""`lamin migrate`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("migrate")
@click.argument("action", type=click.Choice(["deploy", "check"]))
@click.option("--no-backup", is_flag=True, help="Do not copy an SQLite database first.")
def run(application: Application, action: str, no_backup: bool) -> None:
    """Bring the tables of the current database up to date with the installed modules, or check whether they are."""
    import lamindb_setup

    if action == "check":
        missing = lamindb_setup.migrate.plan()
        application.data(missing)
        application.say(f"{len(missing)} revisions are missing; run `lamin migrate deploy`" if missing else "up to date")
        if missing:
            raise click.exceptions.Exit(1)
        return
    applied = lamindb_setup.migrate.deploy(backup=not no_backup)
    application.say(f"applied {', '.join(applied)}" if applied else "up to date, nothing to do")
