"""`lamin get`"""

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command


@command("get")
@rows.names_a_row
@click.option("--field", required=True, help="The column whose value is printed, as description or uid.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(
    application: Application, registry: str, uid: str | None, key: str | None, name: str | None, field: str, as_json: bool
) -> None:
    """Print one value of one row of a REGISTRY, artifact by default, and nothing else.

    Without --uid, --key or --name, `branch` and `space` are the current ones.
    """
    record = rows.find(registry, uid, key, name, or_current=True)
    known = [*rows.columns(type(record)), *(["path"] if registry.lower() == "artifact" else [])]
    if field not in known:
        raise click.UsageError(f"{registry} has no field {field!r}; its fields are {', '.join(known)}")
    value = getattr(record, field)
    if as_json:
        application.json(value)
    elif value is not None:
        application.data([str(value)])
