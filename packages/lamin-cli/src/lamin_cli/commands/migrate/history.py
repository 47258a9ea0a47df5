"""`lamin migrate history`"""

from dataclasses import asdict

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("history")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, as_json: bool) -> None:
    """List the revisions of the modules of the database, oldest first, with when they were applied."""
    import lamindb_setup

    found = lamindb_setup.migrate.history()
    if as_json:
        application.json([asdict(one) for one in found])
        return
    rows = [(one.name, one.applied_at or "before this was noted" if one.applied else "missing", one.message) for one in found]
    application.table(("revision", "applied", "message"), rows)
