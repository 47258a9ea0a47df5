"""`lamin module show`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command
from lamin_cli.tables import pairs


@command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, name: str, as_json: bool) -> None:
    """Show the registries of an installed module, their relations, and whether the database here has it."""
    from lamindb_setup import errors, migrate, modules

    module = modules.get(name)
    try:
        applied = migrate.applied_revisions().get(name)
    except errors.CurrentInstanceNotConfigured:
        applied = None
    about: dict[str, object] = {"name": name, "version": module.version, "package": module.package}
    about |= {"requires": list(module.requires), "newest": module.revision, "applied": applied}
    registries = {one: entry for one, entry in module.index.REGISTRIES.items() if not entry["link"]}
    if as_json:
        application.json({**about, "registries": registries, "adds": module.index.ELSEWHERE})
        return
    application.data(pairs(about | {"requires": ", ".join(module.requires)}))
    application.data([""])
    rows = [
        (one, entry["table"], ", ".join(entry["columns"]), ", ".join(sorted(entry["relations"])))
        for one, entry in registries.items()
    ]
    application.table(("registry", "table", "columns", "relations"), rows)
    if module.index.ELSEWHERE:
        application.data([""])
        application.table(("adds to", "relations"), [(host, ", ".join(added)) for host, added in module.index.ELSEWHERE.items()])
