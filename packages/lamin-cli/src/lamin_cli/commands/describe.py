"""`lamin describe`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("describe")
@click.argument("registry", default="artifact")
@click.option("--uid", help="The uid of the row, or how it begins.")
@click.option("--key", help="Its key; of several versions the latest is shown.")
@click.option("--name", help="Its name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, registry: str, uid: str | None, key: str | None, name: str | None, as_json: bool) -> None:
    """Show one row of a REGISTRY, artifact by default, and what it is linked to."""
    given = {option: value for option, value in (("uid", uid), ("key", key), ("name", name)) if value is not None}
    if len(given) != 1:
        raise click.UsageError("say which row by one of --uid, --key, --name")
    from lamindb import catalog

    found = catalog.registry(catalog.find(registry))
    record = found.get(uid) if uid is not None else found.get(**given)
    if as_json:
        columns = catalog.entry(found.__qualified__)["columns"]
        application.json({column: getattr(record, column) for column in columns if not column.startswith("_")})
    else:
        application.data((record.describe(return_str=True) or "").splitlines())
