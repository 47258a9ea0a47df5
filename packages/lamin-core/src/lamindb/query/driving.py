"""Which of several conditions over links leads, and how the others are checked.

Databases know how often a label is used on average, not how often this one is, and SQLite not even that. So they are asked
first: the links of each label are counted up to `FEW`. The rarest one leads, its rows are read by their ids, and the other
conditions are looked at for each of these. Where all labels are frequent and the first rows by id are wanted, rows are walked in
their order until there are enough, provided that a short walk says there soon will be. Otherwise all conditions are lists of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lamindb.query.comparisons import Expression, Operand
from lamindb.query.usual import not_by_index

if TYPE_CHECKING:
    from lamindb_setup.databases import Database


FEW = 2_000
"""Links that a label may have to lead: reading their rows by id takes some milliseconds."""
ENOUGH, AT_MOST, WALK = 10, 10_000, 50_000
"""The short walk: it ends with `ENOUGH` rows, has `AT_MOST` steps, and promises that the whole one has about `WALK`."""
NOTHING: Operand = sa.literal_column("1")
UP_TO: Operand = sa.literal_column(str(FEW + 1))


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """The condition that a row is linked to one of some rows that are found by an index.

    Parameters
    ----------
    near: the id of the row.
    link: the table of links.
    key: the column of the link that equals the id of the row.
    there: the column of the link that has the id of the linked row.
    targets: a select of the ids of the linked rows.
    """

    near: Operand
    link: sa.FromClause
    key: Operand
    there: Operand
    targets: sa.Select[Any]

    def leading(self, dialect: str) -> Expression:
        """Return the condition as a list of ids, for few links."""
        keys = sa.select(self.key).where(self._linked(dialect)).correlate(None)
        return _among(self.near, keys, dialect)

    def following(self, dialect: str) -> Expression:
        """Return the condition so that each row looks at its own links, whatever else the database would prefer."""
        target = not_by_index(self.there).in_(self.targets).is_(sa.true())
        own = sa.select(NOTHING).select_from(self.link).where(self.key == self.near, target).correlate(self.near.table)
        # Postgres would otherwise make a join of it.
        return sa.exists(own.offset(sa.literal_column("0")) if dialect == "postgresql" else own)

    def number(self, dialect: str) -> Operand:
        """Return how many links there are, counted no further than `FEW` and one."""
        some = self._each() if dialect == "postgresql" else sa.select(NOTHING.label("one")).where(self._linked(dialect))
        return sa.select(sa.func.count()).select_from(some.limit(UP_TO).subquery()).scalar_subquery()

    def _each(self) -> sa.Select[Any]:
        """Return one for each link, so that Postgres reads no more of its index than are counted.

        For `=` it expects the links of an average label, and thus reads all of them and sorts. For a comparison of rows it
        expects a ninth of the table, whatever it knows of it, and reads one after the other until there are enough.
        """
        target = self.targets.subquery()
        (label,) = target.c
        own = sa.tuple_(self.there, self.there) >= sa.tuple_(label, label), self.there <= label
        links = sa.select(NOTHING.label("one")).select_from(self.link).where(*own).order_by(self.there).limit(UP_TO).lateral()
        return sa.select(links.c.one).select_from(target.join(links, sa.true()))

    def _linked(self, dialect: str) -> Expression:
        return _among(self.there, self.targets, dialect)


def _among(column: Operand, ids: sa.Select[Any], dialect: str) -> Expression:
    """Return `column IN (select …)`; on Postgres so that the select comes first and the column is looked up by its index."""
    if dialect == "sqlite":
        return column.in_(ids)
    return column == sa.any_(sa.func.array(ids.scalar_subquery()))


@dataclass(frozen=True, slots=True)
class First:
    """The first or last rows by id that are wanted."""

    rows: int
    backwards: bool


def conditions(
    database: Database,
    table: sa.Table,
    linked: Sequence[tuple[Linked, Expression]],
    others: Sequence[Expression],
    first: First | None,
) -> list[Expression]:
    """Return all conditions, in the forms that suit what the database holds; asks it once.

    Parameters
    ----------
    linked: conditions over links, each with the form that does not depend on what the database holds.
    others: all other conditions.
    first: the rows that are wanted, if not all.
    """
    dialect = database.dialect
    numbers = [one.number(dialect) for one, _ in linked]
    following = [one.following(dialect) for one, _ in linked]
    # Materialized, as the numbers would otherwise be counted once more for the walk.
    counted = sa.select(*(each.label(f"n{number}") for number, each in enumerate(numbers))).cte("counted")
    counted = counted.prefix_with("MATERIALIZED")
    asked: list[Operand] = list(counted.c)
    if first is not None and first.rows > 0:
        asked.append(_soon(table, list(counted.c), [*following, *others], first))
    with database.reading() as connection:
        answers: list[Any] = list(connection.execute(sa.select(*asked)).one())
    counts, soon = answers[: len(linked)], answers[len(linked) :]
    rarest = min(range(len(counts)), key=counts.__getitem__)
    if counts[rarest] <= FEW:
        following[rarest] = linked[rarest][0].leading(dialect)
        return [*following, *others]
    walks = first is not None and bool(soon) and soon[0] >= min(ENOUGH, first.rows)
    return [*(following if walks else [plain for _, plain in linked]), *others]


def _soon(table: sa.Table, numbers: list[Operand], conditions: list[Expression], first: First) -> Operand:
    """Return how many rows a short walk finds, where no label is rare."""
    enough = min(ENOUGH, first.rows)
    steps = max(1, min(AT_MOST, WALK * enough // first.rows))
    end = sa.select((sa.func.max if first.backwards else sa.func.min)(table.c.id)).correlate(None).scalar_subquery()
    near_end = table.c.id > end - steps if first.backwards else table.c.id < end + steps
    found = sa.select(NOTHING.label("one")).select_from(table).where(near_end, *conditions).limit(sa.literal_column(str(enough)))
    counted = sa.select(sa.func.count()).select_from(found.subquery()).scalar_subquery()
    return sa.case((sa.and_(*(number > FEW for number in numbers)), counted))
