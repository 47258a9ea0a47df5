"""The names of a query set as attributes, for completion by the tab key: `cells = ln.ULabel.lookup(); cells.t_cell`."""

from __future__ import annotations

import hashlib
import keyword
import re
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias

from lamindb import catalog
from lamindb.errors import FieldError, InvalidArgument, closest
from lamindb.query import ordering
from lamindb.query.narrowing import T
from lamindb.query.paths import name_of

if TYPE_CHECKING:
    from lamindb.query.queryset import QuerySet

Keep = Literal["first", "last", False]
NO_LETTERS = re.compile(r"[^0-9A-Za-z]+")
Names: TypeAlias = "dict[str, str]"
"""Names as they are written, by attribute."""
Alike: TypeAlias = "dict[str, list[str]]"
"""Attributes of names that would be written alike, by what they would be written."""
Found: TypeAlias = "dict[str, Any]"
RESERVED = frozenset({"dict"})
"""Attributes of the lookup itself."""


class Lookup(Generic[T]):
    """Gives a record for each name of a query set, as attribute, by `[name]`, or all of them by `dict()`.

    Attributes are names in lower case with `_` for what is no letter or digit. Where several names would be written alike, as
    `CD8+` and `CD8-`, each gets an ending of its own. Names are read when first needed, a record when it is asked for.
    """

    def __init__(self, rows: QuerySet[T], field: str, return_field: str | None, keep: Keep) -> None:
        self._lookup_rows, self._lookup_field, self._lookup_return, self._lookup_keep = rows, field, return_field, keep
        self._lookup_names: Names | None = None
        self._lookup_alike: Alike = {}

    def dict(self) -> Found:
        """Return what there is for each name, by the names as they are written; reads all rows."""
        found: Found = {}
        for row in self._lookup_rows:
            if isinstance(name := getattr(row, self._lookup_field), str) and name:
                found.setdefault(name, []).append(row)
        return {name: self._lookup_pick(rows) for name, rows in found.items()}

    def __getitem__(self, name: str) -> Any:
        """Return what there is for a name as it is written.

        Raises
        ------
        KeyError: there is no such name.
        """
        rows = self._lookup_rows.filter(**{self._lookup_field: name}).to_list() if name else []
        if not rows:
            raise KeyError(name)
        return self._lookup_pick(rows)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):  # what notebooks and pickle ask for
            raise AttributeError(attribute)
        names = self._lookup_read()
        if attribute in names:
            return self[names[attribute]]
        if attribute in self._lookup_alike:
            alike = self._lookup_alike[attribute]
            written = ", ".join(f"{names[one]!r} as .{one}" for one in alike)
            raise AttributeError(f"several names are written {attribute!r}; ask for {written}")
        raise AttributeError(f"no name is written {attribute!r}{closest(attribute, names)}")

    def __dir__(self) -> list[str]:
        return sorted([*self._lookup_read(), *RESERVED])

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._lookup_read().values())

    def __len__(self) -> int:
        return len(self._lookup_read())

    def __repr__(self) -> str:
        return f"<Lookup of {len(self):,} {name_of(self._lookup_rows.qualified)} names: press tab after a dot>"

    def _lookup_read(self) -> Names:
        """Return the names by attribute."""
        if self._lookup_names is None:
            names = [name for name in self._lookup_rows.distinct().to_list(self._lookup_field) if isinstance(name, str) and name]
            self._lookup_names, self._lookup_alike = attributes(names)
        return self._lookup_names

    def _lookup_pick(self, rows: list[T]) -> Any:
        found = rows if self._lookup_return is None else [getattr(row, self._lookup_return) for row in rows]
        if self._lookup_keep is False and len(found) > 1:
            return found
        return found[-1 if self._lookup_keep == "last" else 0]


def lookup(rows: QuerySet[T], field: str | None, return_field: str | None, keep: Keep) -> Lookup[T]:
    """Return the lookup of a query set; see `QuerySet.lookup`."""
    entry = catalog.entry(rows.qualified)
    field = field or entry["name_field"] or "uid"
    for name in (field, *([return_field] if return_field else [])):
        path = ordering.field(rows.qualified, name)
        if not path.is_column:
            raise FieldError(f"lookup takes a field of {name_of(rows.qualified)} itself, not {name!r}")
        if name == field and path.kind != "text":
            raise FieldError(f"lookup needs names, but {name_of(rows.qualified)}.{name} holds {path.kind}; choose a text field")
    if keep not in ("first", "last") and keep is not False:
        raise InvalidArgument(f"keep is 'first', 'last' or False, not {keep!r}")
    return Lookup(rows, field, return_field, keep)


def attributes(names: list[str]) -> tuple[Names, Alike]:
    """Return names by attribute, and the attributes of those that would be written alike, by what they would be written."""
    found: dict[str, str] = {}
    clashes: dict[str, list[str]] = {}
    for name in names:
        attribute = attribute_of(name)
        if attribute in found:
            clashes.setdefault(attribute, [found[attribute]]).append(name)
        else:
            found[attribute] = name
    alike: dict[str, list[str]] = {}
    for attribute, several in clashes.items():
        del found[attribute]
        alike[attribute] = [f"{attribute.rstrip('_')}__{_ending(name)}" for name in several]
    for attribute, endings in alike.items():
        found |= dict(zip(endings, clashes[attribute], strict=True))
    return found, alike


def attribute_of(name: str) -> str:
    """Return how a name is written as an attribute."""
    found = NO_LETTERS.sub("_", name).lower()
    if not found[:1].isalpha():
        found = f"ln_{found.lstrip('_')}"
    return f"{found}_" if keyword.iskeyword(found) or found in RESERVED else found


def _ending(name: str) -> str:
    """Tell a name from those that are written alike; the same whatever other names there are."""
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:6]
