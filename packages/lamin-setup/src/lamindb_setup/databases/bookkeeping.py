"""The tables in which a database says whose it is and what it has: `lamin_instance`, `lamin_module` and two more.

`lamin_revision` is Alembic's version table, one row a module. `lamin_module` says the same, and what a client must know to read
and to write: it is written in the transaction of each revision, so that a client without the revision can still decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lamindb_setup import modules

if TYPE_CHECKING:
    import sqlalchemy as sa

    from .url import Dialect

VERSION_TABLE = "lamin_revision"
APPLIED_TABLE = "lamin_applied"


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A row of `lamin_module`.

    Parameters
    ----------
    version: of the distribution that brought the revision.
    revision: name of the newest revision applied, as `lamindb_0001`.
    reads_since, writes_since: the oldest revision that a client must know to read and to write this database.
    """

    name: str
    version: str
    revision: str
    reads_since: str
    writes_since: str

    @property
    def number(self) -> int:
        return revision_number(self.revision)


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """The row of `lamin_instance`."""

    uid: str
    uuid: str
    owner: str
    name: str
    storage_uid: str
    storage_root: str


@dataclass(frozen=True)
class Contents:
    """What a database has, as read when it was opened."""

    row: InstanceRow
    modules: Mapping[str, ModuleState]
    is_ours: bool = True
    """False for a database of LaminDB that has no bookkeeping of ours."""

    @cached_property
    def _present(self) -> dict[str, Mapping[str, int]]:
        """Per table the revision that added each column, for modules that are both installed and in the database."""
        found: dict[str, Mapping[str, int]] = {}
        for name, module in modules.installed().items():
            if name not in self.modules:
                continue
            number = self.modules[name].number
            for registry in module.index.REGISTRIES.values():
                if registry["since"] <= number:
                    found[registry["table"]] = {column: since for column, since in registry["columns"].items() if since <= number}
        return found

    def has_table(self, table: str) -> bool:
        return table in self._present

    def has_column(self, table: str, column: str) -> bool:
        return column in self._present.get(table, ())


def revision_number(revision: str) -> int:
    """The number of a revision: 7 for `lamindb_0007`."""
    return int(revision.rpartition("_")[2])


def statements(dialect: Dialect) -> list[str]:
    """The DDL of these tables, which no module owns."""
    moment = "datetime" if dialect == "sqlite" else "timestamp with time zone"
    now = "(STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))" if dialect == "sqlite" else "CURRENT_TIMESTAMP"
    return [
        f"""CREATE TABLE "lamin_instance" (
    "uid" varchar(12) NOT NULL PRIMARY KEY,
    "uuid" varchar(32) NOT NULL,
    "owner" varchar(30) NOT NULL,
    "name" varchar(150) NOT NULL,
    "storage_uid" varchar(12) NOT NULL,
    "storage_root" text NOT NULL,
    "created_at" {moment} DEFAULT {now} NOT NULL
)""",
        f"""CREATE TABLE "lamin_module" (
    "name" varchar(64) NOT NULL PRIMARY KEY,
    "version" varchar(30) NOT NULL,
    "revision" varchar(100) NOT NULL,
    "reads_since" varchar(100) NOT NULL,
    "writes_since" varchar(100) NOT NULL,
    "applied_at" {moment} DEFAULT {now} NOT NULL
)""",
        f'CREATE TABLE "{VERSION_TABLE}" ("version_num" varchar(100) NOT NULL PRIMARY KEY)',
        applied_table(dialect),
    ]


def applied_table(dialect: Dialect) -> str:
    """The DDL of the table that says what each revision was when it was applied; databases of earlier versions lack it."""
    moment = "datetime" if dialect == "sqlite" else "timestamp with time zone"
    now = "(STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))" if dialect == "sqlite" else "CURRENT_TIMESTAMP"
    return f"""CREATE TABLE IF NOT EXISTS "{APPLIED_TABLE}" (
    "revision" varchar(100) NOT NULL PRIMARY KEY,
    "checksum" varchar(64) NOT NULL,
    "applied_at" {moment} DEFAULT {now} NOT NULL
)"""


def insert_instance(connection: sa.Connection, row: InstanceRow) -> None:
    """Write the one row of `lamin_instance`."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    connection.exec_driver_sql(
        f"INSERT INTO lamin_instance (uid, uuid, owner, name, storage_uid, storage_root) VALUES ({', '.join([mark] * 6)})",
        (row.uid, row.uuid, row.owner, row.name, row.storage_uid, row.storage_root),
    )


def stamp(connection: sa.Connection, module: modules.Module, revision: str | None = None) -> None:
    """Say in both tables that the database has a module at a revision, the newest unless told otherwise."""
    revision = revision or module.revision
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    connection.exec_driver_sql(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES ({mark})", (revision,))
    note(connection, module, revision, module.revisions[: module.revisions.index(revision) + 1])


def note(connection: sa.Connection, module: modules.Module, revision: str, applied: tuple[str, ...] = ()) -> None:
    """Write the row of `lamin_module` for a revision that Alembic's table has already, and what the applied ones were."""
    values = (module.name, module.version, revision, *compatible_since(module, revision))
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    connection.exec_driver_sql(f"DELETE FROM lamin_module WHERE name = {mark}", (module.name,))
    connection.exec_driver_sql(
        f"INSERT INTO lamin_module (name, version, revision, reads_since, writes_since) VALUES ({', '.join([mark] * 5)})", values
    )
    dialect: Dialect = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    rows = [(name, module.checksum(name, dialect)) for name in applied or (revision,)]
    connection.exec_driver_sql(
        f"INSERT INTO {APPLIED_TABLE} (revision, checksum) VALUES {', '.join([f'({mark}, {mark})'] * len(rows))}",
        tuple(value for row in rows for value in row),
    )


def compatible_since(module: modules.Module, revision: str) -> tuple[str, str]:
    """The oldest revisions that a client must know to read and to write a database at `revision`.

    Revisions are additive, so that it is the first one unless the module's index says otherwise in READS_SINCE and WRITES_SINCE
    (`{revision: oldest revision}`).
    """
    answer = []
    for name in ("READS_SINCE", "WRITES_SINCE"):
        limits: Mapping[str, str] = getattr(module.index, name, {})
        known = [
            limits[earlier]
            for earlier in module.revisions
            if earlier in limits and revision_number(earlier) <= revision_number(revision)
        ]
        answer.append(known[-1] if known else module.revisions[0])
    return answer[0], answer[1]


def applied(connection: sa.Connection) -> dict[str, tuple[str, str]]:
    """Checksum and time of each revision that is known to be applied; nothing for a database of an earlier version."""
    import sqlalchemy as sa

    if not sa.inspect(connection).has_table(APPLIED_TABLE):
        return {}
    rows = connection.exec_driver_sql(f"SELECT revision, checksum, applied_at FROM {APPLIED_TABLE}").all()
    return {name: (checksum, str(moment)[:19]) for name, checksum, moment in rows}


def read(connection: sa.Connection) -> Contents | None:
    """What the database has, in one query; None where `lamin_instance` is there but empty.

    Raises
    ------
    SchemaMismatch: the database has no such tables.
    """
    rows = connection.exec_driver_sql(
        "SELECT i.uid, i.uuid, i.owner, i.name, i.storage_uid, i.storage_root,"
        " m.name, m.version, m.revision, m.reads_since, m.writes_since"
        " FROM lamin_instance i LEFT JOIN lamin_module m ON 1 = 1"
    ).all()
    if not rows:
        return None
    states = {row[6]: ModuleState(*row[6:]) for row in rows if row[6] is not None}
    return Contents(InstanceRow(*rows[0][:6]), states)
