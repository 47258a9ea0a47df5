"""Going on with an earlier run of the same code, where the user asks for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import RunInProgress
from lamindb.lineage import processes
from lamindb.lineage.execution import PROCESS
from lamindb.lineage.status import GOING_ON, Status, move
from lamindb.records import context, identity

if TYPE_CHECKING:
    from lamindb_setup.databases import Transaction

    from lamindb._registries.run import Run
    from lamindb.lineage.transforms import TransformBehavior


def restart(transaction: Transaction, transform: TransformBehavior, columns: dict[str, Any]) -> Run | None:
    """Restart the last run of a transform by the current user, None if there is none; its outputs stay its outputs.

    Raises
    ------
    RunInProgress: a living process is executing it.
    """
    database, registry = transform.database, catalog.registry("lamindb.Run")
    assert database is not None  # the transform is saved
    table = registry.__table__
    query = sa.select(*identity.columns_in(database, registry)).where(
        table.c.transform_id == transform.id,
        table.c.created_by_id == context.current_user_id(database),
        table.c._status_code != Status.scheduled.value,
        table.c.branch_id != context.TRASH,
    )
    row = transaction.connection.execute(query.order_by(table.c.started_at.desc(), table.c.id.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    aux = row["_aux"] or {}
    if row["_status_code"] in GOING_ON and PROCESS in aux and not processes.is_dead(aux[PROCESS]):
        raise RunInProgress(f"run {row['uid']} is going on in another process; leave new_run=False out to begin another run")
    given = {name: value for name, value in columns.items() if value is not None}
    given["_aux"] = {**aux, PROCESS: processes.identity()}
    now = datetime.now(UTC)
    move(transaction.connection, table, [row["id"]], Status.restarted, now, **given)
    changed = {**row, **given, "_status_code": Status.restarted.value, "started_at": now, "finished_at": None}
    run: Run = registry._load_rows(database, [changed])[0]  # type: ignore[assignment]  # by name
    return run
