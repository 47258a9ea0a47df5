"""`lamin annotate`"""

from pathlib import Path
from typing import Literal

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("annotate")
@rows.names_a_row
@click.option("--ulabel", "ulabels", multiple=True, help="Name or uid of a label; may be given several times.")
@click.option("--project", "projects", multiple=True, help="Name or uid of a project; may be given several times.")
@click.option("--description", help="Replace the description.")
@click.option(
    "--readme", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with the next readme, Markdown."
)
@click.option("--comment", help="Text of a comment, Markdown.")
def run(
    application: Application,
    registry: str,
    uid: str | None,
    key: str | None,
    name: str | None,
    ulabels: tuple[str, ...],
    projects: tuple[str, ...],
    description: str | None,
    **texts: Path | str | None,
) -> None:
    """Label one row of a REGISTRY, artifact by default, or write about it: all that is asked for, or nothing.

    Labels and projects must exist. Without --uid, --key or --name, `branch` and `space` are the current ones.
    """
    if not (ulabels or projects or any(one is not None for one in (description, *texts.values()))):
        raise click.UsageError("say what to add: --ulabel, --project, --description, --readme or --comment")
    written = _written(**texts)
    record = rows.find(registry, uid, key, name, or_current=True)
    wanted = {relation: names for relation, names in (("ulabels", ulabels), ("projects", projects)) if names}
    if missing := [relation for relation in wanted if not hasattr(type(record), relation)]:
        raise click.UsageError(f"{registry} rows have no {missing[0]}")
    import lamindb
    from lamindb.records import notes

    if written and not isinstance(record, notes.HasNotes):
        raise click.UsageError(f"{registry} rows have no readmes and comments")
    with lamindb.transaction():
        for relation, names in wanted.items():
            target = lamindb.ULabel if relation == "ulabels" else lamindb.Project
            getattr(record, relation).add(*(target.filter(lamindb.Q(name=one) | lamindb.Q(uid=one)).one() for one in names))
        if description is not None:
            record.description = description
            record.save()
        for kind, content in written.items():
            notes.attach(record, kind, content)
    application.say(f"annotated {registry} {getattr(record, 'uid', record.id)}")


def _written(**texts: Path | str | None) -> dict[Literal["readme", "comment"], str]:
    """What is to be written about the row, by kind."""
    found: dict[Literal["readme", "comment"], str] = {}
    for kind in ("readme", "comment"):
        text = texts[kind]
        try:
            found |= {kind: text.read_text(encoding="utf-8") if isinstance(text, Path) else text} if text is not None else {}
        except UnicodeDecodeError:
            raise click.UsageError(f"the {kind} {text} is no text in UTF-8") from None
    if empty := [kind for kind, content in found.items() if not content.strip()]:
        raise click.UsageError(f"the {empty[0]} is empty")
    return found
