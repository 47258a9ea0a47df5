"""`lamin migrate check`"""

import click

from lamin_cli import exits
from lamin_cli.application import Application
from lamin_cli.group import command


@command("check")
def run(application: Application) -> None:
    """Tell whether revisions are missing.

    Prints the revisions of the installed modules that the current database does not have, in the order in which `lamin
    migrate deploy` would apply them. Exit code 1 if there are any, or if one was changed after it was applied; 0 otherwise.
    """
    import lamindb_setup

    missing = [] if lamindb_setup.migrate.check() else lamindb_setup.migrate.plan()
    application.data(missing)
    if missing:
        application.say(f"{len(missing)} missing; to apply, run `lamin migrate deploy`")
        raise click.exceptions.Exit(exits.FAILED)
    application.say("the database is up to date")
