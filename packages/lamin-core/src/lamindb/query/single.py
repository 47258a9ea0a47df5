"""The one row that was asked for: by id, by the beginning of a uid, by conditions; and what to say when it is not one row.

On versioned registries the newest version is preferred, and among those of several branches that of the current branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from lamindb import catalog
from lamindb.errors import InvalidArgument, MultipleObjectsReturned, closest
from lamindb.query import conditions
from lamindb.query.conditions import AllOf, Leaf, Node
from lamindb.query.paths import VERSION_LENGTH, is_versioned, name_of, resolve
from lamindb.query.scope import MAIN, TRASH, has_branches
from lamindb.query.values import checked

if TYPE_CHECKING:
    from lamindb.query.statements import Statements
    from lamindb.records.record import BaseSQLRecord

Row: TypeAlias = "dict[str, Any]"
ENOUGH = 21
"""Rows that are read to find the best one: more than one family among them is already too many."""
NAMES = 1000
"""Names that are compared to suggest one."""


def by_idlike(registry: str, idlike: object) -> Leaf:
    """Return the condition for an id, a uid or the beginning of one.

    Raises
    ------
    InvalidArgument: it is neither, or empty.
    """
    if isinstance(idlike, str):
        length = catalog.entry(registry)["uid_length"]
        if not idlike or length is None:
            raise InvalidArgument(
                f"get({idlike!r}) names no {name_of(registry)}: pass an id, "
                f"{'the beginning of a uid, ' if length else ''}or conditions, as get(name='x')"
            )
        keyword = "uid" if len(idlike) == length else "uid__startswith"
        return _leaf(registry, keyword, idlike)
    if isinstance(idlike, bool) or not hasattr(idlike, "__index__"):
        raise InvalidArgument(
            f"get takes an id, a uid or conditions, got {idlike!r}; for several records, use filter(id__in=[…])"
        )
    return _leaf(registry, "id", idlike)


def _leaf(registry: str, keyword: str, value: object) -> Leaf:
    path = resolve(registry, keyword)
    return Leaf(path, checked(registry, path, value))


def find(statements: Statements, registry: type[BaseSQLRecord], idlike: object) -> Row:
    """Return the one row of a set, or the best version of the one family.

    Raises
    ------
    ObjectDoesNotExist: there is none.
    MultipleObjectsReturned: there are several, or versions of several families.
    """
    qualified = registry.__qualified__
    named = set().union(*map(conditions.named, statements.description.conditions))
    if not is_versioned(qualified) or "is_latest" in named or (isinstance(idlike, str) and len(idlike) > _stem(registry)):
        return only(statements, registry, idlike)
    return _best_version(statements, registry, idlike)


def only(statements: Statements, registry: type[BaseSQLRecord], idlike: object = None) -> Row:
    """Return the one row of a set.

    Raises
    ------
    ObjectDoesNotExist: there is none.
    MultipleObjectsReturned: there are several.
    """
    rows = _read(statements, statements.some(statements.everything(), limit=2))
    if not rows:
        raise missing(statements, registry, idlike)
    if len(rows) > 1:
        raise several(statements, registry)
    return rows[0]


def _best_version(statements: Statements, registry: type[BaseSQLRecord], idlike: object) -> Row:
    columns = statements.table.c
    order = [columns.is_latest.desc()]
    if has_branches(registry.__qualified__):
        scope = statements.description.scope.ids(statements.database) or [MAIN]
        order += [(columns.branch_id == branch).desc() for branch in dict.fromkeys([*scope, MAIN])]
        order.append((columns.branch_id > MAIN).desc())  # the archive and the trash come last
    order += [columns.created_at.desc(), columns.id.desc()]
    rows = _read(statements, statements.unsorted(statements.everything(), limit=ENOUGH).order_by(*order))
    if not rows:
        raise missing(statements, registry, idlike)
    heads = [row for row in rows if row["is_latest"]]
    by_stem = isinstance(idlike, str)
    more = [columns.is_latest] if heads else []
    if (heads or by_stem) and _several_families(statements, registry, heads or rows, more):
        raise several(statements, registry, *more)
    return rows[0]


def _stem(registry: type[BaseSQLRecord]) -> int:
    """Return how many letters of a uid the versions of a family share."""
    return (catalog.entry(registry.__qualified__)["uid_length"] or 0) - VERSION_LENGTH


def _several_families(
    statements: Statements, registry: type[BaseSQLRecord], rows: list[Row], more: Sequence[sa.ColumnElement[bool]]
) -> bool:
    """Whether rows are of several families; where not all were read, the database is asked."""
    stem = _stem(registry)
    read = {row["uid"][:stem] for row in rows}
    if len(read) > 1 or len(rows) < ENOUGH:
        return len(read) > 1
    families = sa.func.count(sa.distinct(sa.func.substr(statements.table.c.uid, 1, stem)))
    with statements.database.reading() as connection:
        count: int = connection.execute(statements.unsorted(sa.select(families)).where(*more)).scalar_one()
    return count > 1


def _read(statements: Statements, select: sa.Select[Any]) -> list[Row]:
    with statements.database.reading() as connection:
        result = connection.execute(select)
        names = tuple(result.keys())
        return [dict(zip(names, row, strict=True)) for row in result]


def several(statements: Statements, registry: type[BaseSQLRecord], *more: sa.ColumnElement[bool]) -> MultipleObjectsReturned:
    """Return the error that says how many rows there are."""
    with statements.database.reading() as connection:
        total = connection.execute(statements.unsorted(sa.select(sa.func.count())).where(*more)).scalar_one()
    count = statements.description.size(total)
    return MultipleObjectsReturned(
        f"{count} {registry.__name__} records match {_asked(statements)}, not one; narrow it down, or read them all with filter()"
    )


def missing(statements: Statements, registry: type[BaseSQLRecord], idlike: object = None) -> Exception:
    """Return the error that says what was looked for, where, and what may have been meant."""
    hint = ""
    name_field = catalog.entry(registry.__qualified__)["name_field"]
    if isinstance(idlike, str) and name_field is not None:
        hint = f"; if {idlike!r} is no uid, write {registry.__name__}.get({name_field}={idlike!r})"
    elif name_field is not None:
        hint = _nearest(statements, name_field)
    scope = statements.description.effective_scope
    names = [*(scope.branches or ()), *(["trash"] if scope.branches and TRASH in scope.others else [])]
    where = f" on branch {' or '.join(names)}" if names and has_branches(registry.__qualified__) else ""
    return registry.DoesNotExist(
        f"no {registry.__name__} matches {_asked(statements)}{where} in {statements.database.slug}{hint}"
    )


def _asked(statements: Statements) -> str:
    asked = ", ".join(filter(None, map(conditions.text, statements.description.conditions)))
    return asked or "no condition at all"


def _nearest(statements: Statements, name_field: str) -> str:
    """Return a hint with the name most like the one that was asked for."""
    for leaf in _leaves(statements.description.conditions):
        path, value = leaf.path, leaf.value
        if path.text == name_field and path.lookup == "exact" and isinstance(value, str) and value:
            column = statements.table.c[name_field]
            begins = statements.translation.comparisons.istartswith(column, value[0])
            with statements.database.reading() as connection:
                names = connection.execute(sa.select(column).where(begins).limit(NAMES)).scalars().all()
            if value in names:
                return "; there is one outside of these branches or conditions, to be seen with branch=None"
            return closest(value, names)
    return ""


def _leaves(nodes: tuple[Node, ...]) -> list[Leaf]:
    found: list[Leaf] = []
    for node in nodes:
        if isinstance(node, Leaf):
            found.append(node)
        elif isinstance(node, AllOf):
            found += _leaves(node.nodes)
    return found
