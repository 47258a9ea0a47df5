"""`lamin update`"""

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("update")
@rows.names_a_row
@click.option("--rename", metavar="NAME", help="Give it another name.")
@click.option("--description", help="Replace the description.")
@click.option("--status", help="Set the status of a branch or project.")
@click.option("--branch", help="Name or uid of the branch to move it to.")
@click.option("--space", help="Name or uid of the space to move it to.")
def run(application: Application, registry: str, uid: str | None, key: str | None, name: str | None, **given: str | None) -> None:
    """Change one row of a REGISTRY, artifact by default: all that is asked for, or nothing.

    Without --uid, --key or --name, `branch` and `space` are the current ones.
    """
    changes = {field: value for field, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError("say what to change: --rename, --description, --status, --branch or --space")
    record = rows.find(registry, uid, key, name, or_current=True)
    for option, value in changes.items():
        field = "name" if option == "rename" else option
        if field not in {*rows.fields(type(record)), "status"} or not hasattr(type(record), field):
            raise click.UsageError(f"{registry} rows have no {field}")
        setattr(record, field, value)
    record.save()
    application.say(f"updated {registry} {getattr(record, 'uid', record.id)}: {', '.join(changes)}")
