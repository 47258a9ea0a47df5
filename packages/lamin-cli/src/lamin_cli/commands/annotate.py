"""`lamin annotate`"""

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("annotate")
@rows.names_a_row
@click.option("--ulabel", "ulabels", multiple=True, help="Name or uid of a label; may be given several times.")
@click.option("--project", "projects", multiple=True, help="Name or uid of a project; may be given several times.")
@click.option("--description", help="Replace the description.")
def run(
    application: Application,
    registry: str,
    uid: str | None,
    key: str | None,
    name: str | None,
    ulabels: tuple[str, ...],
    projects: tuple[str, ...],
    description: str | None,
) -> None:
    """Label one row of a REGISTRY, artifact by default: all that is asked for, or nothing.

    Labels and projects must exist.
    """
    if not (ulabels or projects or description is not None):
        raise click.UsageError("say what to add: --ulabel, --project or --description")
    record = rows.find(registry, uid, key, name, or_current=True)
    wanted = {relation: names for relation, names in (("ulabels", ulabels), ("projects", projects)) if names}
    if missing := [relation for relation in wanted if not hasattr(type(record), relation)]:
        raise click.UsageError(f"{registry} rows have no {missing[0]}")
    import lamindb

    with lamindb.transaction():
        for relation, names in wanted.items():
            target = lamindb.ULabel if relation == "ulabels" else lamindb.Project
            getattr(record, relation).add(*(target.filter(lamindb.Q(name=one) | lamindb.Q(uid=one)).one() for one in names))
        if description is not None:
            record.description = description
            record.save()
    application.say(f"annotated {registry} {getattr(record, 'uid', record.id)}")
