"""`lamin delete`"""

import sys

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("delete")
@rows.names_a_row
@click.argument("called", metavar="[NAME]", required=False)
@click.option("--permanent", is_flag=True, help="Delete for good, with the bytes of an artifact that lie in our storage.")
def run(
    application: Application,
    registry: str,
    called: str | None,
    uid: str | None,
    key: str | None,
    name: str | None,
    permanent: bool,
) -> None:
    """Move one row of a REGISTRY, artifact by default, to the trash; what is in the trash can be restored.

    NAME is short for --name NAME, or --key NAME of rows with keys. Branches and spaces have no trash: to delete one for good,
    pass --permanent, or answer the question at a terminal. Those that hold rows are kept.
    """
    from lamindb.records import deleting

    if called is not None:
        if not (uid is key is name is None):
            raise click.UsageError(f"say which row once: {called!r}, or an option")
        key, name = (called, None) if rows.has_keys(registry) else (None, called)
    record = rows.find(registry, uid, key, name)
    shown = getattr(record, "uid", None) or record.id
    has_trash = deleting.has_trash(type(record))
    if not (permanent or has_trash or _is_wanted(registry)):
        application.say("nothing was deleted")
        return
    is_permanent = permanent or not has_trash
    record.delete(permanent=True if is_permanent else None)
    application.say(f"deleted {registry} {shown} for good" if is_permanent else f"moved {registry} {shown} to the trash")


def _is_wanted(registry: str) -> bool:
    """Whether the person at the terminal wants a row deleted for good; where there is none, it has to be an option."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError(f"{registry} rows have no trash; to delete this one for good, pass --permanent")
    return click.confirm(f"{registry} rows have no trash; delete this one for good?", err=True)
