"""`lamin merge`"""

from dataclasses import asdict

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("merge")
@click.argument("branch")
@click.option("--into", "target", help="The branch to merge into; by default the current one.")
@click.option("--dry-run", is_flag=True, help="Only show what would move and what is in the way.")
@click.option("--force", is_flag=True, help="Merge a branch that was merged or closed before.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, branch: str, target: str | None, dry_run: bool, force: bool, as_json: bool) -> None:
    """Move all rows of a BRANCH, a name or uid, to another one: all of them, or nothing.

    The branch stays with the status merged, and takes no new rows. A dry run that finds conflicts ends with 4.
    """
    import lamindb

    report = lamindb.setup.merge(branch, target=target, dry_run=dry_run, force=force)
    if as_json:
        application.json(asdict(report))
    else:
        application.data(str(report).splitlines())
    if report.conflicts:
        raise lamindb.errors.MergeConflict("rename, unlock or delete what is in the way, then merge")
