"""`lamin settings`"""

import os

import click

from lamin_cli.application import Application
from lamin_cli.group import command
from lamin_cli.tables import pairs

DEFAULTS: dict[str, str | None] = {"branch": "main", "space": "all", "cache-dir": None}
"""What can be changed, and what it is when nobody has changed it; None is up to the operating system."""
ELSEWHERE = {
    "dev-dir": "a project is made by `lamin init` or `lamin connect --here`, and ended by `lamin disconnect --here`",
    "modules": "modules are set together, and none is taken from a database",
}
"""What is shown only, and how it comes about."""


@command("settings")
@click.argument("name", type=click.Choice([*DEFAULTS, *ELSEWHERE]), required=False)
@click.argument("action", type=click.Choice(["get", "set", "unset"]), default="get")
@click.argument("value", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, name: str | None, action: str, value: str | None, as_json: bool) -> None:
    """Show or change settings.

    branch and space are where new rows go, per project, or per database outside of projects; cache-dir is where copies of
    remote files are kept on this machine. dev-dir, the folder of the project, is shown only. `modules set a,b` adds the tables
    of those that the database lacks; none is removed. `unset` goes back to the default.
    """
    if (action == "set") != (value is not None):
        raise click.UsageError("`set` takes a value" if value is None else f"`{action}` takes no value")
    if action != "get":
        application.say(_change(str(name), value))
        return
    values = _values() if name is None else {name: _value(name)}
    if as_json:
        application.json(values)
    elif name is None:
        application.data(pairs({key: _shown(found) for key, found in values.items()}))
    else:
        application.data([_shown(values[name])])


def _values() -> dict[str, object]:
    """All settings, told from files; those of a database are None where none is connected."""
    import lamindb_setup

    told = lamindb_setup.info()
    return {
        "branch": told.branch,
        "space": told.space,
        "cache-dir": told.cache_dir,
        "dev-dir": told.folder,
        "modules": list(told.modules),
    }


def _value(name: str) -> object:
    import lamindb_setup

    if name == "cache-dir":  # the only one that has a value without a database
        return str(lamindb_setup.settings.cache_dir)
    lamindb_setup.current()
    return _values()[name]


def _shown(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _change(name: str, value: str | None) -> str:
    """Change a setting, or go back to its default, and say what it is now."""
    if name == "modules" and value is not None:
        return _set_modules(value)
    if name in ELSEWHERE:
        raise click.UsageError(f"{name} is not set here: {ELSEWHERE[name]}")
    before = _value(name)
    _set(name, DEFAULTS[name] if value is None else value)
    now = _value(name)
    if name == "cache-dir" and os.environ.get("LAMIN_CACHE_DIR"):
        return f"{name} is noted, but LAMIN_CACHE_DIR is set and wins: {now}"
    return f"{name} is now {now}" if now == before else f"{name} is now {now}, before {before}"


def _set_modules(value: str) -> str:
    """Add modules to the database; refuse to remove any."""
    import lamindb_setup
    from lamindb_setup import errors, modules

    before = list(lamindb_setup.current().instance.modules)
    wanted = [module.name for module in modules.with_requirements(modules.parse_names(value))]
    if left_out := [name for name in before if name not in wanted]:
        raise errors.ModuleInUse(
            f"the database has tables of {', '.join(left_out)}, and no module is removed from a database; "
            f"write `lamin settings modules set {','.join(dict.fromkeys([*before, *wanted]))}`"
        )
    if wanted_new := [name for name in wanted if name not in before]:
        folder = lamindb_setup.info().folder
        if folder is None:
            raise errors.InvalidArgument("modules are added in the folder of a project; go there, or run `lamin connect --here`")
        lamindb_setup.init(modules=wanted, folder=folder)
        return f"added {', '.join(wanted_new)}"
    return f"modules are {', '.join(before)} already"


def _set(name: str, value: str | None) -> None:
    import lamindb_setup

    if name == "cache-dir":
        lamindb_setup.settings.cache_dir = value
        return
    import lamindb

    setattr(lamindb.settings, name, value)
