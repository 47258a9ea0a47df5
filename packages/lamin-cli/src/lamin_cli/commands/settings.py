"""`lamin settings`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command
from lamin_cli.tables import pairs

NAMES = ("branch", "space", "cache-dir")


@command("settings")
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.argument("value", required=False)
@click.option("--unset", is_flag=True, help="Go back to the default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, name: str | None, value: str | None, unset: bool, as_json: bool) -> None:
    """Show or change settings.

    branch and space are where new records go, per project; cache-dir is where copies of remote files are kept. With a NAME
    alone its value is printed, with a VALUE it is set.
    """
    if unset and (name is None or value is not None):
        raise click.UsageError("--unset takes the name of a setting and no value")
    if value is not None or unset:
        application.say(f"{name} is now {_set(str(name), value)}")
        return
    values: dict[str, object] = _values() if name is None else {name: _get(name)}
    if as_json:
        application.json(values)
    else:
        application.data(pairs(values) if name is None else [str(values[name])])


def _values() -> dict[str, object]:
    from lamindb_setup.errors import CurrentInstanceNotConfigured

    values: dict[str, object] = {}
    for name in NAMES:
        try:
            values[name] = _get(name)
        except CurrentInstanceNotConfigured:  # without a database only some settings have a value
            values[name] = None
    return values


def _get(name: str) -> str:
    import lamindb_setup

    return str(getattr(lamindb_setup.settings, name.replace("-", "_")))


def _set(name: str, value: str | None) -> str:
    import lamindb_setup

    if name == "cache-dir":
        lamindb_setup.settings.cache_dir = value
    else:
        chosen = value or {"branch": "main", "space": "all"}[name]
        _check_exists(name, chosen)
        setattr(lamindb_setup.settings, name, chosen)
    return _get(name)


def _check_exists(name: str, value: str) -> None:
    """Raise unless the database has a branch or space of that name."""
    import lamindb

    registry = lamindb.Branch if name == "branch" else lamindb.Space
    registry.filter(name=value).one()
