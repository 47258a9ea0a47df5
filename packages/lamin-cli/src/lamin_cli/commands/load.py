"""`lamin load`"""

import shutil
from pathlib import Path
from typing import Any

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("load")
@rows.names_a_row
@click.option("--to", type=click.Path(path_type=Path), help="Copy the file or folder here; what exists is not replaced.")
def run(application: Application, registry: str, uid: str | None, key: str | None, name: str | None, to: Path | None) -> None:
    """Print where the file or folder of an artifact is, or copy it; of a collection all of them.

    Of a transform, the source code is written to a file. What is printed of an artifact belongs to the storage: read it, and pass
    --to for a copy that you may change.
    """
    record: Any = rows.find(registry, uid, key, name)
    kind = type(record).__name__
    if kind == "Transform":
        _write_source(application, record, to)
    elif kind == "Artifact":
        application.data([str(_loaded(record, to))])
    elif kind == "Collection":
        if to is not None and not to.is_dir():
            raise click.UsageError(f"{str(to)!r} is no folder; the files of a collection are copied into one that exists")
        artifacts = list(record.ordered_artifacts)
        for artifact in artifacts if to is not None else []:
            _check_free(_target(artifact, to))
        application.data([str(_loaded(artifact, to)) for artifact in artifacts])
    else:
        raise click.UsageError(f"{registry} rows have no file; load takes artifact, collection or transform")


def _loaded(artifact: Any, to: Path | None) -> Path:
    """Return where the bytes are, or where they were copied to."""
    path = Path(str(artifact.cache(is_run_input=False)))
    if to is None:
        return path
    target = _target(artifact, to)
    _check_free(target)
    if path.is_dir():
        shutil.copytree(path, target)
    else:
        shutil.copyfile(path, target)
    return target


def _target(artifact: Any, to: Path | None) -> Path:
    to = to or Path()
    return to / Path(artifact.key or str(artifact.path)).name if to.is_dir() else to


def _write_source(application: Application, transform: Any, to: Path | None) -> None:
    source, key = transform.source_code, Path(transform.key or transform.uid)
    if source is None:
        raise click.UsageError(f"the source code of {str(key)!r} was never stored")
    target = Path(key.name) if to is None else to / key.name if to.is_dir() else to
    _check_free(target)
    target.write_text(source, encoding="utf-8")
    application.data([str(target)])


def _check_free(target: Path) -> None:
    if target.exists():
        raise click.UsageError(f"{str(target)!r} exists and is not replaced; pass another place with --to")
