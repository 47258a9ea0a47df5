"""`lamin save`"""

from pathlib import Path

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("save")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--key", help="The key under which the file is found again, as plates/2024/a.csv.")
@click.option("--description", help="What is in the file.")
@click.option("--kind", help="What it is for: dataset, model, plan or any other word.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, path: Path, key: str | None, description: str | None, kind: str | None, as_json: bool) -> None:
    """Register a file.

    It is copied into the storage of the current database; a file that lies in the storage already stays where it is. Other
    content under a KEY that exists is its next version, the same content is not stored again.
    """
    import lamindb

    if key is None and description is None and not _is_inside(path):
        raise click.UsageError("say how to find the file again: pass --key or --description")
    artifact = lamindb.Artifact(path, key=key, description=description, kind=kind)
    existed = artifact.database is not None
    artifact.save()
    if as_json:
        application.json({"uid": artifact.uid, "key": artifact.key, "path": str(artifact.path), "existed": existed})
        return
    application.say("the same content is registered already" if existed else f"saved as version {artifact.version}")
    application.data([f"{artifact.uid}  {artifact.key or artifact.description}  {artifact.path}"])


def _is_inside(path: Path) -> bool:
    """Whether the file lies in the storage of the current database, so that its place is its key."""
    import lamindb_setup

    root = lamindb_setup.settings.storage.path
    return root is not None and path.resolve().is_relative_to(root)
