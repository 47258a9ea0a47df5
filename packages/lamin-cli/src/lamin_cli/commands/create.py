"""`lamin create`"""

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command

MADE = ("branch", "space", "project", "ulabel")
"""Registries whose rows are made by a name alone."""


@command("create")
@click.argument("registry", type=click.Choice(MADE, case_sensitive=False))
@click.argument("name")
@click.option("--description", help="What it is for.")
def run(application: Application, registry: str, name: str, description: str | None) -> None:
    """Make a row of a REGISTRY that has no row of that NAME yet; print its uid.

    To go on with a new branch at once, use `lamin switch --create NAME`.
    """
    from lamindb.records import making

    record = making.make(rows.registry_named(registry), name, description=description)
    application.data([str(getattr(record, "uid", record.id))])
    application.say(f"created {registry} {name!r}")
