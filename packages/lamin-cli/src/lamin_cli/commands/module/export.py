"""`lamin module export`"""

import click

from lamin_cli import codegen
from lamin_cli.application import Application
from lamin_cli.group import command


@command("export")
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json-schema", "linkml", "sql", "mermaid"]),
    default="json-schema",
    help="What to print.",
)
@click.option("--dialect", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", help="Of --format sql.")
def run(application: Application, name: str, form: str, dialect: str) -> None:
    """Print an installed module in another format. Needs lamin-codegen."""
    with codegen.refusals(application.say, "`lamin module export`"):
        from lamin_codegen.projects.exporting import export

        text = export(name, form, dialect)
    application.data(text.splitlines())
