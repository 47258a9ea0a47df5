"""`lamin module list`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, as_json: bool) -> None:
    """List installed modules, and those of the database that is used here."""
    from lamindb_setup import errors, migrate, modules

    try:
        applied = migrate.applied_revisions()
    except errors.CurrentInstanceNotConfigured:
        applied = {}
    known = modules.installed()
    rows = []
    for name in sorted({*known, *applied}):
        module, revision = known.get(name), applied.get(name)
        newest = module.revision if module else None
        rows.append((name, module.version if module else None, newest, revision, _state(newest, revision)))
    columns = ("name", "version", "newest", "applied", "state")
    if as_json:
        application.json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        application.table(columns, rows)


def _state(newest: str | None, applied: str | None) -> str:
    if newest is None:
        return "not installed"
    if applied is None:
        return "not in database"
    if newest == applied:
        return "current"
    return "behind" if applied.rpartition("_")[2] < newest.rpartition("_")[2] else "newer than installed"
