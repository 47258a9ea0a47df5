"""Merging a branch: all that lives on it moves to another one, in one transaction, by as many statements for 10 rows as for 9999.

Nothing is copied and nothing compared: branches keep new records apart, not versions of the same row. What keeps the rows from
moving is looked for first; the latest versions are settled by the one function that keeps heads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import lamindb_setup
import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import BranchEnded, InvalidArgument, MergeConflict, ObjectDoesNotExist, ProtectedError
from lamindb.records import branch_rows, clashes, context, families, finding, open_branches, saving, strangers
from lamindb.records.clashes import Clash
from lamindb.records.open_branches import ENDED, MERGED_INTO, STATUSES

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.branch import Branch
    from lamindb.records.record import BaseSQLRecord

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge moved, or would move.

    Parameters
    ----------
    source, target: names of the branches.
    moved: number of rows by registry, those of other modules with the module; empty if there was nothing.
    conflicts: what keeps the rows from moving; a merge that was done has none.
    is_dry_run: whether nothing was written.
    """

    source: str
    target: str
    moved: Mapping[str, int]
    conflicts: tuple[Clash, ...] = ()
    is_dry_run: bool = False

    @property
    def total(self) -> int:
        """Number of rows in all."""
        return sum(self.moved.values())

    def __str__(self) -> str:
        rows = "1 row" if self.total == 1 else f"{self.total} rows"
        if self.source == self.target:
            return f"{self.source!r} is the branch to merge into, so there is nothing to merge"
        if not self.is_dry_run:
            said = f"merged branch {self.source!r} into {self.target!r}: {rows} moved"
        elif not self.conflicts:
            said = f"branch {self.source!r} can be merged into {self.target!r}: {rows} to move"
        else:
            number = "1 conflict" if len(self.conflicts) == 1 else f"{len(self.conflicts)} conflicts"
            said = f"branch {self.source!r} cannot be merged into {self.target!r}: {number} among {rows}"
        width = max((len(str(count)) for count in self.moved.values()), default=0)
        counts = [f"  {count:>{width}} {name}" for name, count in self.moved.items()]
        return "\n".join([said, *counts, *(f"  ! {one}" for one in self.conflicts)])

    def _repr_html_(self) -> str:
        said = str(self).partition("\n")[0]
        cells = "".join(
            f'<tr><th style="text-align:left">{escape(name)}</th><td>{count}</td></tr>' for name, count in self.moved.items()
        )
        problems = "".join(f"<li>{escape(str(one))}</li>" for one in self.conflicts)
        return f"<div><div><b>{escape(said)}</b></div><table>{cells}</table><ul>{problems}</ul></div>"


def merge(branch: str | Branch, *, target: str | Branch | None = None, dry_run: bool = False, force: bool = False) -> MergeReport:
    """Move everything that lives on a branch to another one: all of it, or nothing.

    The branch stays, with the status merged: nothing new can be put on it. Where records were made stays known by `created_on`.
    Of each family of versions the newest one that is on the target then is the latest.

    Parameters
    ----------
    branch
        Record, name or uid. Merging a branch into itself does nothing.
    target
        Record, name or uid of the branch to merge into; by default the current one.
    dry_run
        Only report what would move and what is in the way.
    force
        Merge a branch that was merged or closed before, with what came to it since.

    Returns
    -------
    What was moved.

    Raises
    ------
    ObjectDoesNotExist: a branch is not there.
    InvalidArgument: the branch is main, the archive or the trash, or the target is the archive or the trash.
    BranchEnded: the branch, or the target, was merged or closed.
    MergeConflict: names or keys are taken on the target or on main, or rows are locked; lists them.
    ProtectedError: rows of a module that is not installed here live on the branch.

    Examples
    --------
    >>> ln.setup.switch("trial", create=True)
    >>> ln.ULabel(name="new label").save()
    >>> ln.setup.switch("main")
    >>> print(ln.setup.merge("trial", dry_run=True))
    branch 'trial' can be merged into 'main': 1 row to move
      1 ULabel
    """
    database = lamindb_setup.current()
    wanted = database.instance.branch if target is None else target
    source, into = finding.find_all(database, "Branch", [branch, wanted])
    if source["id"] == into["id"]:
        return MergeReport(source["name"], into["name"], {}, is_dry_run=dry_run)
    _check_ends(source, into)
    if dry_run:
        with database.reading() as connection:
            return _looked_at(connection, database, source, into, force=force)[0]
    context.check_writable(database)
    with database.writing() as transaction:
        return _merge(transaction, database, source, into, force=force)


def _check_ends(source: Row, into: Row) -> None:
    if source["id"] <= context.MAIN:
        raise InvalidArgument(f"{source['name']} is part of every database and is not merged into other branches")
    if into["id"] < context.MAIN:
        raise InvalidArgument(f"nothing is merged into the {into['name']}; name a target, such as main")


def _merge(transaction: Transaction, database: Database, source: Row, into: Row, *, force: bool) -> MergeReport:
    """Move everything within a transaction. Locks come first, and in the order in which whoever saves takes them."""
    connection = transaction.connection
    source, into = _held(connection, database, source, into)
    report, counts = _looked_at(connection, database, source, into, force=force, alone=True)
    if report.conflicts:
        raise MergeConflict(
            f"branch {source['name']!r} cannot be merged into {into['name']!r}, and nothing was moved: "
            f"{clashes.listed(report.conflicts)}; rename, unlock or delete what is in the way"
        )
    moved = {}
    for registry in counts:
        moved[branch_rows.short(registry)] = _move(connection, database, registry, source["id"], into["id"])
    branches = catalog.registry("lamindb.Branch").__table__
    aux = {**(source["_aux"] or {}), MERGED_INTO: into["id"]}
    connection.execute(sa.update(branches).where(branches.c.id == source["id"]).values(_status_code=STATUSES["merged"], _aux=aux))
    open_branches.release(transaction)
    return MergeReport(source["name"], into["name"], moved)


def _held(connection: sa.Connection, database: Database, source: Row, into: Row) -> tuple[Row, Row]:
    """Lock both branches, the one with the lower id first, and return them as they are now."""
    rows: dict[int, Row] = {}
    for one in sorted((source, into), key=lambda row: int(row["id"])):
        if one["id"] > context.MAIN:  # main is never merged, and everybody who saves needs it
            rows |= open_branches.locked(connection, database, [one["id"]], alone=one is source)
        else:
            rows[one["id"]] = one
    for one in (source, into):
        if one["id"] not in rows:
            raise ObjectDoesNotExist(f"the branch {one['name']!r} was deleted in the meantime")
    return rows[source["id"]], rows[into["id"]]


def _looked_at(
    connection: sa.Connection, database: Database, source: Row, into: Row, *, force: bool, alone: bool = False
) -> tuple[MergeReport, dict[type[BaseSQLRecord], int]]:
    """Return what would move and what is in the way; with `alone`, nobody else takes a name or key until the transaction ends."""
    for one in (into,) if force else (source, into):
        if (status := ENDED.get(one["_status_code"])) is not None:
            hint = "; to merge what came to it since, use force" if one is source else "; choose another target"
            raise BranchEnded(f"the branch {one['name']!r} is {status}, so nothing was moved{hint}")
    if strange := strangers.count_references(connection, database, {"lamindb.Branch": {source["id"]}}, "branch_id"):
        raise ProtectedError(
            f"branch {source['name']!r} cannot be merged: {branch_rows.listed((name, n) for name, n in strange.items())} rows "
            "live on it, of a module that is not installed here; install the module"
        )
    counts = branch_rows.count(connection, database, source["id"])
    known = [registry for registry in counts if registry._known_by() or "is_latest" in registry.__table__.c]
    if alone:
        database.lock(*(registry.__table__.name for registry in known))
    moving = {registry: registry.__table__.c.branch_id == source["id"] for registry in counts}
    found = clashes.find(connection, database, moving, sorted({into["id"], context.MAIN}))
    numbers = {branch_rows.short(registry): number for registry, number in counts.items()}
    return MergeReport(source["name"], into["name"], numbers, tuple(found), is_dry_run=True), counts


def _move(connection: sa.Connection, database: Database, registry: type[BaseSQLRecord], source_id: int, into_id: int) -> int:
    """Move the rows of a registry and settle the heads of their families; returns the number of rows."""
    table = registry.__table__
    values: dict[str, Any] = {"branch_id": into_id}
    if "updated_at" in table.c:
        values["updated_at"] = saving.now()
    statement = sa.update(table).where(table.c.branch_id == source_id).values(values)
    if "is_latest" not in table.c:
        return connection.execute(statement).rowcount
    uids = connection.execute(statement.returning(table.c.uid)).scalars().all()
    families.keep_heads(connection, database, registry, uids)
    return len(uids)
