"""Checked conditions to SQL.

The rule that everything here serves: conditions of one `filter` call on one relation speak of *the same* related row, where a row
without any related row has one that is all NULL (so that `ulabels__isnull=True` finds it). A relation is thus a variable
over related rows, bound as deep in the tree as that rule allows, and each binding becomes `IN (select …)`, or `EXISTS` where the
inner condition refers to rows outside. Rows are never duplicated. A negation binds its relations by itself.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import DatabaseMismatch, UnsavedRecord
from lamindb.query.comparisons import Comparisons, Expression, Operand
from lamindb.query.conditions import AllOf, AnyOf, Apart, Leaf, Node, Not, Raw
from lamindb.query.driving import Linked
from lamindb.query.membership import within
from lamindb.query.paths import VERSION, VERSION_LENGTH, Computed, Hop, Path, default_of, is_name, name_of, table
from lamindb.query.postgresql import PostgresComparisons
from lamindb.query.rows import RelatedRows, Rows, alias
from lamindb.query.scope import EVERYTHING, Scope, has_branches
from lamindb.query.sharing import Prefix, asked_by_name, connected, flat, found_by_index, named_rows, shared
from lamindb.query.sqlite import SQLiteComparisons
from lamindb.query.usual import usual
from lamindb.query.values import SupportsIds

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

DIALECTS: dict[str, Comparisons] = {"sqlite": SQLiteComparisons(), "postgresql": PostgresComparisons()}


Bindings: TypeAlias = dict[Prefix, Rows | None]
"""What each relation currently stands for; None is the row that is all NULL."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of SQL and the rows outside of it that it refers to. What is always or never true is one of two constants."""

    expression: Expression
    uses: frozenset[Prefix] = frozenset()
    linked: Linked | None = None
    """The same for a row of the registry itself that must be linked to one of some others, where these are found by an index."""
    conjuncts: tuple[Part, ...] = ()
    """The pieces that must hold together, where there are several."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Which related rows are seen: those of some branches, and over some relations all."""

    scope: Scope
    everywhere: frozenset[Prefix]


NEVER, ALWAYS = Part(sa.false()), Part(sa.true())


class Translation:
    """Translates conditions about one registry for one database.

    Parameters
    ----------
    related: what is seen of rows over to-many relations, unless some condition names them.
    nodes: all conditions of the set.
    """

    def __init__(self, database: Database, registry: str, related: Scope, nodes: tuple[Node, ...]) -> None:
        self.database = database
        self._sight = Sight(related, named_rows(nodes))
        self.comparisons = DIALECTS[database.dialect]
        self.table = table(registry)
        self.root = Rows(database, registry, self.table)
        self._aliases = itertools.count()
        self._by_name: set[Prefix] = set()

    def _rows_over(self, hop: Hop) -> RelatedRows:
        return RelatedRows(self.database, hop, next(self._aliases))

    def condition(self, node: Node, *, by_name: bool = False) -> Expression:
        """Return the condition for the WHERE clause of a select from the registry's table.

        Parameters
        ----------
        by_name
            Some other condition asks for rows by what names them.
        """
        return self.part(node, by_name=by_name).expression

    def part(self, node: Node, *, by_name: bool = False) -> Part:
        """Return the same with what is known of it; see `condition`."""
        self._by_name = asked_by_name(node) | ({()} if by_name else set())
        return self._part(node, {(): self.root})

    def value(self, path: Path) -> Operand:
        """Return what a field over to-one relations holds, as a column or a scalar subquery."""
        rows: Rows = self.root
        selected: sa.Select[Any] | None = None
        source: sa.FromClause | None = None
        for hop in path.hops:
            related = self._rows_over(hop)
            on = related.key == related.near(rows)
            if source is None:
                source, selected = related.source, sa.select(sa.literal_column("1")).where(on)
            else:
                source = source.join(related.source, on)
            rows = related
        column = self._end(rows, path)
        if selected is None or source is None:
            return column
        return selected.with_only_columns(column).select_from(source).correlate(self.root.source).scalar_subquery()

    def computed(self, wanted: Computed) -> Operand:
        """Return a number over related rows as a scalar subquery."""
        path, hops = wanted.of, wanted.of.hops
        end = max(number for number, hop in enumerate(hops) if hop.kind != "one") + 1
        rows, reached = self._reached(hops[:end])
        if wanted.function == "count" and path.column == "id" and len(hops) == end:
            return (
                rows.select(sa.func.count(rows.column("id").distinct())).where(*reached).correlate(self.table).scalar_subquery()
            )
        source, ends = rows.source, Rows(self.database, rows.registry, rows.source)
        if rows.link is not None:  # linked twice, it still counts once
            source = alias(rows.registry, next(self._aliases))
            ends = Rows(self.database, rows.registry, source)
            reached = [ends.column("id").in_(rows.select(rows.column("id")).where(*reached).correlate(self.table))]
        for hop in hops[end:]:
            related = self._rows_over(hop)
            source, ends = source.outerjoin(related.source, related.key == related.near(ends)), related
        number = self._number(wanted, self._end(ends, path))
        return sa.select(number).select_from(source).where(*reached).correlate(self.table).scalar_subquery()

    def _reached(self, hops: tuple[Hop, ...]) -> tuple[RelatedRows, list[Expression]]:
        """Return the rows at the end of some relations, and the conditions that the row of the set leads to them."""
        parent: Rows = self.root
        conditions: list[Expression] = []
        for number, hop in enumerate(hops, 1):
            rows = self._rows_over(hop)
            near = rows.near(parent)
            reached: Expression
            if isinstance(parent, RelatedRows):
                reached = rows.key.in_(parent.select(near).where(*conditions).correlate(self.table))
            else:
                reached = rows.key == near
            conditions = [reached, *self._seen(tuple(each.name for each in hops[:number]), rows.hop, rows)]
            parent = rows
        assert isinstance(parent, RelatedRows)
        return parent, conditions

    def _number(self, wanted: Computed, value: Operand) -> Operand:
        if wanted.of.kind == "text":
            value = self.comparisons.sortable(value)
        found: Operand = getattr(sa.func, wanted.function)(value.distinct() if wanted.distinct else value)
        if wanted.function in ("sum", "avg"):  # Postgres sums and averages whole numbers as decimals
            return sa.cast(found, sa.Float() if wanted.kind == "float" else sa.BigInteger())
        return found

    def related(self, hops: tuple[Hop, ...], paths: list[Path], ids: list[int]) -> sa.Select[Any]:
        """Return the select of the id of a row, the id of a related row over the last to-many relation, and what is at the end.

        Related rows come in the order in which they were linked.
        """
        source: sa.FromClause = self.table
        own: Operand = self.table.c.id
        rows: Rows = self.root
        order: list[Operand] = []
        seen: list[Expression] = []
        related_id: Operand = self.root.column("id")
        for number, hop in enumerate(hops):
            related = self._rows_over(hop)
            on = related.key == related.near(rows)
            optional = all(later.kind == "one" for later in hops[number:])
            if number == 0 and hop.kind != "one":
                # What is linked knows the id of the row: with the rows' own table in between, Postgres tends to read all links.
                own, source = related.key, related.joined_sources()
            elif related.link is None:
                source = source.join(related.source, on, isouter=optional)
            else:
                source = source.join(related.link.source, on).join(related.source, related.target_is_linked)
            if hop.kind != "one":
                related_id = related.source.c.id
                order.append(related.link.column("id") if related.link else related_id)
            seen += self._seen(tuple(each.name for each in hops[: number + 1]), related.hop, related)
            rows = related
        selected = sa.select(
            own.label("own_id"),
            related_id.label("related_id"),
            *(self._end(rows, path).label(f"c{number}") for number, path in enumerate(paths)),
        )
        return selected.select_from(source).where(within(own, ids, self.database.dialect), *seen).order_by(*order)

    def _part(self, node: Node, bindings: Bindings) -> Part:
        match node:
            case Leaf():
                return self._leaf(node, bindings)
            case Raw(expression):
                return Part(expression, frozenset({()}))
            case Not(inner):
                return _complement(self._part(inner, {(): self.root}))
            case AnyOf(nodes):
                return _any_of([self._part(inner, bindings) for inner in nodes])
            case AllOf(nodes):
                return self._all(flat(nodes), bindings)
            case Apart(nodes, scope):
                around, self._sight = self._sight, Sight(scope, named_rows(nodes))
                parts = [self._part(inner, {(): self.root}) for inner in nodes]
                self._sight = around
                return _all_of(parts)

    def _all(self, nodes: list[Node], bindings: Bindings) -> Part:
        parts: list[Part] = []
        while found := shared(nodes, bindings):
            group = connected(found[0], nodes, bindings)
            nodes = [node for node in nodes if node not in group]
            parts.append(self._related(*found, AllOf(tuple(group)), bindings))
        parts += [self._part(node, bindings) for node in nodes]
        return _all_of(parts)

    def _leaf(self, leaf: Leaf, bindings: Bindings) -> Part:
        prefix: Prefix = ()
        for hop in leaf.path.hops:
            prefix = (*prefix, hop.name)
            if prefix not in bindings:
                return self._related(prefix, hop, leaf, bindings)
            if bindings[prefix] is None:
                return ALWAYS if _matches_null(leaf) else NEVER
        rows = bindings[prefix]
        assert rows is not None
        if (
            not leaf.path.keys
            and leaf.path.computed is None
            and not rows.nullable(leaf.path.column)
            and (leaf.value is None or leaf.path.lookup == "isnull")
        ):
            return ALWAYS if leaf.value is False else NEVER
        if leaf.path.lookup == "in" and leaf.value == ():
            return NEVER
        column = self._end(rows, leaf.path)
        if self._is_usual(prefix, leaf):
            column = usual(column, self.database.dialect)
        return Part(self._compare(leaf, column), frozenset({prefix}))

    def _end(self, rows: Rows, path: Path) -> Operand:
        """Return the column at the end of a path, or what lies in it."""
        column = rows.column(path.column) if path.computed is None else self.computed(path.computed)
        if path.part == VERSION:
            first = (catalog.entry(path.registry)["uid_length"] or 0) - VERSION_LENGTH + 1
            return sa.func.coalesce(sa.func.nullif(column, ""), sa.func.substr(rows.column("uid"), first), type_=sa.Text())
        if path.part:
            return self.comparisons.part(column, path.part)
        return self.comparisons.inside(column, path.keys) if path.keys else column

    def _is_usual(self, prefix: Prefix, leaf: Leaf) -> bool:
        """Whether an index of the leaf's column would be a trap: see `lamindb.query.usual`."""
        path = leaf.path
        if prefix in self._by_name:
            return not is_name(path.registry, path.column)
        return path.kind == "boolean" and leaf.value is default_of(path.registry, path.column)

    def _related(self, prefix: Prefix, hop: Hop, node: Node, bindings: Bindings) -> Part:
        """Bind a relation: some related row meets the condition, or there is none and the row that is all NULL does."""
        parent = bindings[prefix[:-1]]
        assert parent is not None
        rows = self._rows_over(hop)
        found = self._some(prefix, rows, parent, self._part(node, bindings | {prefix: rows}), bindings)
        without = self._part(node, bindings | {prefix: None})
        if without is NEVER:
            return replace(found, linked=self._linked(prefix, rows, parent, node, bindings)) if found is not NEVER else found
        unrelated = self._rows_over(hop)
        some = self._some(prefix, unrelated, parent, ALWAYS, bindings)
        none = Part(rows.near(parent).is_(None), some.uses) if hop.kind == "one" else Part(sa.not_(some.expression), some.uses)
        return _any_of([found, _all_of([none, without])])

    def _linked(self, prefix: Prefix, rows: RelatedRows, parent: Rows, node: Node, bindings: Bindings) -> Linked | None:
        """Return the condition by the ids of the related rows, where these are few and easily found."""
        if rows.link is None or parent is not self.root or not found_by_index(node, prefix):
            return None
        target = Rows(self.database, rows.hop.target, alias(rows.hop.target, next(self._aliases)))
        inner = self._part(node, bindings | {prefix: target})
        if inner is NEVER or inner is ALWAYS or inner.uses - {prefix}:
            return None
        return Linked(
            rows.near(parent),
            rows.link.source,
            rows.key,
            rows.link.column(rows.hop.there),
            sa.select(target.column("id")).where(inner.expression, *self._seen(prefix, rows.hop, target)),
        )

    def _some(self, prefix: Prefix, rows: RelatedRows, parent: Rows, inner: Part, bindings: Bindings) -> Part:
        if inner is NEVER:
            return NEVER
        uses = inner.uses - {prefix}
        near = rows.near(parent)
        where = [*([] if inner is ALWAYS else [inner.expression]), *self._seen(prefix, rows.hop, rows)]
        if uses:
            outer = [source for bound in bindings.values() if bound is not None for source in bound.sources()]
            selected = rows.select(sa.literal_column("1")).where(rows.key == near, *where).correlate(*outer)
            expression: Expression = sa.exists(selected)
        else:
            if rows.hop.kind == "reverse" and rows.nullable(rows.hop.column):
                where.append(rows.key.is_not(None))  # NOT IN is never true where the list has a NULL
            expression = near.in_(rows.select(rows.key).where(*where).correlate(None))
        return Part(expression, uses | {prefix[:-1]})

    def _seen(self, prefix: Prefix, hop: Hop, rows: Rows) -> list[Expression]:
        """Return the condition that a related row is seen; what a row itself points to is, wherever it lives."""
        if hop.kind == "one" or not has_branches(rows.registry) or prefix in self._sight.everywhere:
            return []
        if self._sight.scope == EVERYTHING:
            return []
        condition = self._sight.scope.condition(rows.column("branch_id"), self.database)
        return [] if condition is None else [condition]

    def _compare(self, leaf: Leaf, column: Operand) -> Expression:
        path, value = leaf.path, leaf.value
        if path.target is None or path.lookup == "isnull" or value is None:
            return self.comparisons.compare(column, path.kind, path.lookup, value)
        if isinstance(value, SupportsIds):
            return column.in_(value._ids(self.database).correlate(None))
        several = tuple(self._by_name_or_as_it_is(path.target, item) for item in (value if path.lookup == "in" else (value,)))
        own = tuple(self._id(item) for item in several if not self._is_foreign(item))
        foreign = [self._uid(path.target, item) for item in several if self._is_foreign(item)]
        lookup, ids = ("exact", own[0]) if len(own) == 1 else ("in", own)
        found = [self.comparisons.compare(column, "relation", lookup, ids)]
        if foreign:
            far = alias(path.target, next(self._aliases))
            found.append(column.in_(sa.select(far.c.id).where(far.c.uid.in_(foreign)).correlate(None)))
        return sa.or_(sa.false(), *found)

    def _by_name_or_as_it_is(self, target: str, item: Any) -> Any:
        return catalog.registry(target)._id_of_name(self.database, item) if isinstance(item, str) else item

    def _is_foreign(self, item: Any) -> bool:
        """Whether a value is a record of another database, which is then found by its uid."""
        return item is not None and not isinstance(item, int) and self._database_of(item) is not self.database

    def _database_of(self, record: Any) -> object:
        if record.id is None or record.database is None:  # reading the id finds the row of a record that was only constructed
            raise UnsavedRecord(f"{record!r} is not saved yet, so no row refers to it; save it before filtering by it")
        return record.database

    def _id(self, item: Any) -> int | None:
        return item if item is None or isinstance(item, int) else item.id

    def _uid(self, target: str, record: Any) -> str:
        if (uid := getattr(record, "uid", None)) is None:
            raise DatabaseMismatch(
                f"{record!r} is in {record.database.slug}, not in {self.database.slug}, "
                f"and a {name_of(target)} has no uid to be found by"
            )
        return str(uid)


def _complement(part: Part) -> Part:
    """Return the complement, which is true also where the condition is NULL."""
    if part is ALWAYS or part is NEVER:
        return NEVER if part is ALWAYS else ALWAYS
    return Part(part.expression.is_not(sa.true()), part.uses)


def _all_of(parts: list[Part]) -> Part:
    return _joined(parts, NEVER, ALWAYS)


def _any_of(parts: list[Part]) -> Part:
    return _joined(parts, ALWAYS, NEVER)


def _joined(parts: list[Part], decisive: Part, neutral: Part) -> Part:
    """Join with AND or OR; constants are left out or decide, so that they never reach the database."""
    if decisive in parts:
        return decisive
    parts = [part for part in parts if part is not neutral]
    if len(parts) < 2:
        return parts[0] if parts else neutral
    connect = sa.and_ if neutral is ALWAYS else sa.or_
    conjuncts = tuple(one for part in parts for one in part.conjuncts or (part,)) if neutral is ALWAYS else ()
    return Part(connect(*(part.expression for part in parts)), frozenset().union(*(part.uses for part in parts)), None, conjuncts)


def _matches_null(leaf: Leaf) -> bool:
    """Whether the row that is all NULL meets a condition."""
    match leaf.path.lookup:
        case "isnull":
            return bool(leaf.value)
        case "in":
            return isinstance(leaf.value, tuple) and None in leaf.value
    return leaf.value is None
