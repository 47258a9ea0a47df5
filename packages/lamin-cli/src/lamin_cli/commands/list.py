"""`lamin list`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("list")
@click.argument("registry", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many rows, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(application: Application, registry: str | None, limit: int, as_json: bool) -> None:
    """List the databases that this user knows, or the rows of a REGISTRY such as artifact or ulabel."""
    rows = _databases() if registry is None else _rows(registry, limit)
    if as_json:
        application.json(rows)
        return
    columns = [name for name in (rows[0] if rows else {}) if any(row[name] not in (None, "") for row in rows)]
    if rows:
        application.table(columns, [[row[name] for name in columns] for row in rows])
    else:
        application.say("no database is known" if registry is None else f"no row in {registry}")


def _databases() -> list[dict[str, object]]:
    import lamindb_setup

    return [
        {
            "database": known.slug,
            "default": "yes" if is_default else None,
            "state": "gone" if known.is_gone else None,
            "storage": known.storage,
            "url": known.database,
            "folder": known.folder,
        }
        for known, is_default in lamindb_setup.known_instances()
    ]


def _rows(registry: str, limit: int) -> list[dict[str, object]]:
    from lamindb import catalog

    found = catalog.registry(catalog.find(registry))
    shown = [column for column in catalog.entry(found.__qualified__)["columns"] if not column.startswith("_")]
    return [
        {column: getattr(record, column) for column in shown if column not in ("id", "source_code")}
        for record in found.filter().order_by("-id")[:limit]
    ]
