"""`lamin delete`"""

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("delete")
@rows.names_a_row
@click.option("--permanent", is_flag=True, help="Delete for good, with the bytes of an artifact that lie in our storage.")
def run(application: Application, registry: str, uid: str | None, key: str | None, name: str | None, permanent: bool) -> None:
    """Move one row of a REGISTRY, artifact by default, to the trash; what is in the trash can be restored."""
    record = rows.find(registry, uid, key, name)
    shown = getattr(record, "uid", None) or record.id
    record.delete(permanent=True if permanent else None)
    application.say(f"deleted {registry} {shown} for good" if permanent else f"moved {registry} {shown} to the trash")
