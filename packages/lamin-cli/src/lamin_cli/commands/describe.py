"""`lamin describe`"""

from typing import Literal

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("describe")
@rows.names_a_row
@click.option("--include", type=click.Choice(["comments"]), help="Show comments, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(
    application: Application,
    registry: str,
    uid: str | None,
    key: str | None,
    name: str | None,
    include: Literal["comments"] | None,
    as_json: bool,
) -> None:
    """Show one row of a REGISTRY, artifact by default, and what it is linked to.

    Without --uid, --key or --name, `branch` and `space` are the current ones.
    """
    record = rows.find(registry, uid, key, name, or_current=True)
    if as_json:
        application.json({column: getattr(record, column) for column in rows.columns(type(record))})
    else:
        application.data((record.describe(return_str=True, include=include) or "").splitlines())
