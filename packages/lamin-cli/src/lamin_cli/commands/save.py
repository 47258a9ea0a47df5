"""`lamin save`"""

from pathlib import Path

import click

from lamin_cli.application import Application
from lamin_cli.group import command

SOURCES = (".py", ".ipynb", ".R", ".qmd", ".Rmd", ".sh")
"""Suffixes of files that are transforms unless --registry says otherwise."""


@command("save")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--key", help="The key under which it is found again, as plates/2024/a.csv.")
@click.option("--description", help="What is in it.")
@click.option("--kind", help="What it is for: dataset, model, plan or any other word; of source code script or notebook.")
@click.option("--registry", type=click.Choice(["artifact", "transform"]), help="By default told by the suffix.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(
    application: Application,
    path: Path,
    key: str | None,
    description: str | None,
    kind: str | None,
    registry: str | None,
    as_json: bool,
) -> None:
    """Register a file or a folder.

    Data becomes an artifact: it is copied into the storage of the current database; what lies in the storage already stays where
    it is. A folder is one artifact. Source code (.py .ipynb .R .qmd .Rmd .sh) becomes a transform; where its text tracks with a
    uid, as in ln.track("…"), it is a version of that transform, otherwise of the one that has its place as key.

    Other content under a KEY that exists is its next version, the same content is not stored again.
    """
    is_source = registry == "transform" or (registry is None and path.is_file() and path.suffix in SOURCES)
    save = _save_source if is_source else _save_data
    save(application, path, key, description, kind, as_json)


def _save_data(
    application: Application, path: Path, key: str | None, description: str | None, kind: str | None, as_json: bool
) -> None:
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


def _save_source(
    application: Application, path: Path, key: str | None, description: str | None, kind: str | None, as_json: bool
) -> None:
    import lamindb

    if path.is_dir():
        raise click.UsageError(f"{str(path)!r} is a folder; source code is saved file by file")
    transform = lamindb.Transform.from_path(path, key=key, kind=kind, description=description)
    if as_json:
        application.json({"uid": transform.uid, "key": transform.key, "kind": transform.kind, "version": transform.version})
        return
    application.say(f"this {transform.kind} is version {transform.version}")
    application.data([f"{transform.uid}  {transform.key}"])


def _is_inside(path: Path) -> bool:
    """Whether the file lies in the storage of the current database, so that its place is its key."""
    import lamindb_setup

    root = lamindb_setup.settings.storage.path
    return root is not None and path.resolve().is_relative_to(root)
