"""`lamin load`"""

import shutil
from pathlib import Path

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("load")
@rows.names_a_row
@click.option("--to", type=click.Path(path_type=Path), help="Copy the file here; an existing file is not replaced.")
def run(application: Application, registry: str, uid: str | None, key: str | None, name: str | None, to: Path | None) -> None:
    """Print where the file of an artifact is, or copy it; write the source code of a transform to a file.

    The printed file belongs to the storage: read it, and pass --to for a copy that you may change.
    """
    record = rows.find(registry, uid, key, name)
    if type(record).__name__ == "Transform":
        _write_source(application, record, to)
        return
    if type(record).__name__ != "Artifact":
        raise click.UsageError(f"{registry} rows have no file; load takes artifact or transform")
    path = Path(str(record.cache(is_run_input=False)))  # type: ignore[attr-defined]  # an artifact, by its name
    if to is not None:
        target = to / Path(record.key or path.name).name if to.is_dir() else to  # type: ignore[attr-defined]  # as above
        _check_free(target)
        shutil.copyfile(path, target)
        path = target
    application.data([str(path)])


def _write_source(application: Application, transform: object, to: Path | None) -> None:
    source, key = getattr(transform, "source_code", None), Path(str(getattr(transform, "key", "")))
    if source is None:
        raise click.UsageError(f"the source code of {str(key)!r} was never stored")
    target = Path(key.name) if to is None else to / key.name if to.is_dir() else to
    _check_free(target)
    target.write_text(source, encoding="utf-8")
    application.data([str(target)])


def _check_free(target: Path) -> None:
    if target.exists():
        raise click.UsageError(f"{str(target)!r} exists and is not replaced; pass another place with --to")
