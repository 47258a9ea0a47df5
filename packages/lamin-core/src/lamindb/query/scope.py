"""Which branches a query set sees when nothing in it asks for particular ones: the current branch and main.

The current branch is that of the tracked run, where `track(branch=…)` named one; that of the settings is then seen, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import lamindb_setup
import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import ObjectDoesNotExist
from lamindb.query.paths import table
from lamindb.query.usual import usual

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

MAIN_NAME, MAIN, TRASH = "main", 1, -1
WIDENING = frozenset({"branch", "branch_id", "id", "uid", "hash"})
"""Fields that name particular rows or branches."""


def has_branches(registry: str) -> bool:
    """Whether the rows of a registry live on branches, rather than merely refer to one."""
    columns = catalog.entry(registry)["columns"]
    return "branch_id" in columns and "created_on_id" in columns


@dataclass(frozen=True, slots=True)
class Scope:
    """The branches whose rows are seen, by name; None is every branch."""

    branches: tuple[str, ...] | None = None
    """The current branch first."""
    others: tuple[int, ...] = ()
    """Ids of further branches."""
    trash: bool = True
    """Whether every branch includes the trash."""

    @classmethod
    def default(cls, database: Database) -> Scope:
        """Return the branches that are seen, on databases other than the current one main alone."""
        names = seen(database)
        if len(names) == 1 or not _is_current(database):
            return ONLY_MAIN
        return cls(names)

    def including(self, branch_id: int) -> Scope:
        """Return the scope with one more branch."""
        if self.branches is None or branch_id in self.others:
            return replace(self, trash=self.trash or branch_id == TRASH)
        return replace(self, others=(*self.others, branch_id))

    def ids(self, database: Database) -> list[int] | None:
        """Return the ids of the branches in a database, None for every branch.

        Raises
        ------
        ObjectDoesNotExist: the database has no branch of this name.
        """
        if self.branches is None:
            return None
        return list(dict.fromkeys([*(branch_id(database, name) for name in self.branches), *self.others]))

    def condition(self, column: sa.ColumnElement[int], database: Database) -> sa.ColumnElement[bool] | None:
        """Return the condition that a row lives on one of the branches; None where it always does."""
        branches = self.ids(database)
        if branches is not None:
            return on_usual_branches(column, branches, database.dialect)
        return None if self.trash else column != TRASH


EVERYTHING = Scope()
EVERYTHING_BUT_TRASH = Scope(trash=False)
ONLY_MAIN = Scope((MAIN_NAME,))


def _is_current(database: Database) -> bool:
    try:
        return lamindb_setup.current() is database
    except lamindb_setup.errors.CurrentInstanceNotConfigured:
        return False


def rename_of_run(database: Database, before: str, name: str) -> None:
    """Go on under a new name with the branch of the tracked run."""
    if _of_run.get(database) == before:
        _of_run[database] = name


def seen_ids(registry: str, database: Database) -> list[int] | None:
    """Return the ids of the branches whose rows of a registry are seen; None where all are."""
    return Scope.default(database).ids(database) if has_branches(registry) else None


def on_branches(column: sa.ColumnElement[int], branches: Sequence[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a row lives on one of some branches."""
    return column == branches[0] if len(branches) == 1 else column.in_(branches)


def on_usual_branches(column: sa.ColumnElement[int], branches: Sequence[int], dialect: str) -> sa.ColumnElement[bool]:
    """Return the condition that a row lives on one of some branches, among them main, where something else leads to the rows."""
    if dialect == "sqlite":
        return on_branches(usual(column, dialect), branches)
    # No index serves IS NOT DISTINCT FROM, but statistics do, other than for `+branch_id`.
    return sa.or_(*(column.is_not_distinct_from(branch) for branch in branches))


_ids: WeakKeyDictionary[Any, dict[str, int]] = WeakKeyDictionary()
_of_run: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def current(database: Database) -> str:
    """Return the name of the branch that new records go to: that of the tracked run, else that of the settings."""
    return _of_run.get(database) or database.instance.branch


def seen(database: Database) -> tuple[str, ...]:
    """Return the names of the branches that queries see and on which a name counts: the current one first, main last.

    While a run has a branch of its own, that of the settings stays visible: what was there before the run can still be found.
    """
    names = dict.fromkeys((current(database), database.instance.branch))
    names.pop(MAIN_NAME, None)
    return (*names, MAIN_NAME)


def set_of_run(database: Database, name: str | None) -> None:
    """Let new records of this process go to a branch while a run is tracked; None goes back to the settings."""
    if name is None:
        _of_run.pop(database, None)
    else:
        _of_run[database] = name


def branch_id(database: Database, name: str) -> int:
    """Return the id of a branch; asked for once per database.

    Raises
    ------
    ObjectDoesNotExist: the database has no branch of this name.
    """
    if name == MAIN_NAME:
        return MAIN
    known = _ids.setdefault(database, {})
    if name not in known:
        branches = table("lamindb.Branch")
        with database.reading() as connection:
            found = connection.execute(sa.select(branches.c.id).where(branches.c.name == name)).scalar_one_or_none()
        if found is None:
            raise ObjectDoesNotExist(
                f"{database.slug} has no branch {name!r} any more, which is set as the current one; "
                "to go back to main, run `lamin switch main`"
            )
        known[name] = found
    return known[name]


def forget_branches(database: Database) -> None:
    """Drop the remembered ids of a database: a branch was renamed or deleted."""
    _ids.pop(database, None)
