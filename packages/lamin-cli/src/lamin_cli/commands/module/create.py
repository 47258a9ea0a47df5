"""`lamin module create`"""

from pathlib import Path

import click

from lamin_cli import codegen
from lamin_cli.application import Application
from lamin_cli.group import command


@command("create")
@click.argument("name")
@click.option("--path", metavar="DIR", type=click.Path(path_type=Path), help="Folder to make; by default ./NAME.")
@click.option("--imports", metavar="NAMES", help="Installed modules to build on besides the core, separated by commas.")
def run(application: Application, name: str, path: Path | None, imports: str | None) -> None:
    """Make the project of a new module.

    Writes a package that can be installed: schema.yaml, which declares the registries, the code and the first revision made
    from it, a test and a README. Needs lamin-codegen.
    """
    with codegen.refusals(application.say, "`lamin module create`"):
        from lamin_codegen.projects.scaffold import create
        from lamindb_setup.modules import parse_names

        project = create(name, path or Path(name), parse_names(imports))
    application.data([str(project.folder)])
    application.say(f"created module {name}; next: pip install -e {path or name}, then lamin init --modules {name}")
