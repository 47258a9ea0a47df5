"""`lamin list`"""

import click

from lamin_cli import rows
from lamin_cli.application import Application
from lamin_cli.group import command

NOT_LISTED = frozenset({"id", "source_code"})
"""What says nothing outside of its database, and what has many lines."""

Row = dict[str, object]


@command("list")
@click.argument("registry", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many rows, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the ids of related rows.")
def run(application: Application, registry: str | None, limit: int, as_json: bool) -> None:
    """List the databases that this user knows, or the rows of a REGISTRY such as artifact or ulabel.

    Values are never shortened, whatever the width of the terminal. Columns in which no row has a value are left out of the
    table. Of artifacts, the reports and environments of runs are left out.
    """
    found = _databases() if registry is None else _rows(registry, limit, with_ids=as_json)
    if as_json:
        application.json(found)
    elif found:
        filled = [name for name in found[0] if any(row[name] not in (None, "") for row in found)]
        application.table(filled, [[row[name] for name in filled] for row in found])
    else:
        application.say("no database is known" if registry is None else f"no row in {registry}")


def _databases() -> list[Row]:
    import lamindb_setup

    return [
        {
            "database": known.slug,
            "default": is_default,
            "gone": known.is_gone,
            "storage": known.storage,
            "url": known.database,
            "folder": known.folder,
        }
        for known, is_default in lamindb_setup.known_instances()
    ]


def _rows(name: str, limit: int, *, with_ids: bool) -> list[Row]:
    registry = rows.registry_named(name)
    shown = [column for column in rows.columns(registry) if column not in NOT_LISTED]
    records = registry.filter()._listed().order_by("-id")[:limit].to_list()
    names = {} if with_ids else rows.related_names(registry, records)
    found = [
        {
            column.removesuffix("_id") if column in names else column: names.get(column, {}).get(value, value)
            for column in shown
            for value in (getattr(record, column),)
        }
        for record in records
    ]
    if registry.__name__.lower() in rows.CURRENT:
        return [{"current": rows.is_current(record), **row} for record, row in zip(records, found, strict=True)]
    return found
