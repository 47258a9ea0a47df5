"""The questions that are asked of a set of records as a vocabulary: which values are names, and what do the others mean.

The database is asked first, in sets; a public source, if the registry has one, is asked for what is left. Names that differ in
case and synonyms count for the field that names records, in registries that keep synonyms.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lamindb import catalog
from lamindb.errors import FieldError, closest
from lamindb.naming.given import TAKES, Given, given
from lamindb.naming.inspection import InspectResult, listed
from lamindb.naming.stored import StoredTerms
from lamindb.naming.terms import Keep, PublicSource, check_keep, chosen
from lamindb.query import ordering
from lamindb.query.paths import fields, kind_of, name_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lamindb.query.queryset import QuerySet

log = logging.getLogger("lamindb")
SYNONYMS = "synonyms"
"""The column with synonyms, unless another one is named."""


class Vocabulary:
    """The names of the rows of a query set.

    Parameters
    ----------
    rows
        The query set.
    field
        The field with the names, as text or as attribute of the registry; by default the one that names records.
    public
        Gives the public source of the registry, asked for when something is not in the database; None if it has none.
    synonyms
        The field with synonyms.
    mute
        Say nothing.

    Raises
    ------
    FieldError: there is no such field, it belongs to another registry, or it holds neither text nor whole numbers.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        field: Any = None,
        *,
        public: Callable[[], PublicSource | None] = lambda: None,
        synonyms: str = SYNONYMS,
        mute: bool = False,
    ) -> None:
        self.rows = rows
        self.registry = rows.qualified
        self.name_field = catalog.entry(self.registry)["name_field"] or "uid"
        self.field = field_of(self.registry, field, self.name_field)
        self.kind = kind_of(self.registry, self.field)
        self.synonyms = _synonyms(self.registry, synonyms, self.field)
        self.stored = StoredTerms(rows, self.synonyms)
        self._public, self.mute = public, mute

    @property
    def label(self) -> str:
        """What is asked, for messages: `ULabel.name`."""
        return f"{name_of(self.registry)}.{self.field}"

    @property
    def knows_spellings(self) -> bool:
        """Whether values may mean a name that is spelled otherwise."""
        return self.field == self.name_field and self.synonyms is not None

    def given(self, values: object) -> Given:
        """Take in what was passed."""
        return given(values, self.kind, self.label)

    @cached_property
    def public(self) -> PublicSource | None:
        """The public source of the registry, asked for when it is first needed."""
        return self._public()

    def say(self, message: str, *values: object) -> None:
        """Tell people something, unless they do not want to hear it."""
        if not self.mute:
            log.warning(message, *values)

    # -- questions ----------------------------------------------------------------------------------------------------

    def validate(self, values: object) -> NDArray[np.bool_] | bool:
        """Return for each value whether some row has it, letter by letter."""
        found = self.given(values)
        known = self._known(found)
        if found.is_one:
            return bool(known)
        import numpy as np  # who wants a mask uses numpy; nothing else here needs it

        return np.fromiter(map(known.__contains__, found.values), dtype=bool, count=len(found.values))

    def inspect(self, values: object, *, from_source: bool = True) -> InspectResult:
        """Return which values are names, what the others mean, and how many there are of each; tells it, too."""
        found = self.given(values)
        known = self._known(found, tell=False)
        left = [name for name in found.names if name not in known]
        alike = self.stored.alike(left, self.field, self.field) if left and self.knows_spellings else {}
        unknown = [name for name in left if name not in alike]
        source = self.public if from_source and unknown else None
        result = InspectResult(
            name_of(self.registry),
            self.field,
            [name for name in found.names if name in known],
            left,
            {name: chosen(alike[name], "first") for name in left if name in alike},
            n_missing=(n_missing := found.n_missing),
            n_duplicates=len(found.values) - n_missing - len(found.names),
            public={} if source is None else self._of_source(source, unknown, self.field, "first", case_sensitive=False),
            names=found.names,
        )
        self._tell_inspection(result, source)
        return result

    def standardize(
        self,
        values: object,
        *,
        return_field: Any = None,
        return_mapper: bool = False,
        case_sensitive: bool = False,
        from_source: bool = True,
        keep: Keep = "first",
    ) -> Any:
        """Return the values with names in their stored spelling, or another field of the records that they mean."""
        check_keep(keep)
        answer = self.field if return_field is None else field_of(self.registry, return_field, self.name_field, to_return=True)
        found = self.given(values)
        mapper, left = self._exact(found.names, answer, keep)
        if left and self.knows_spellings:
            alike = self.stored.alike(left, self.field, answer, case_sensitive=case_sensitive)
            mapper |= {name: chosen(answers, keep) for name, answers in alike.items()}
            left = [name for name in left if name not in alike]
        if left and from_source and (source := self.public) is not None:
            public = self._of_source(source, left, answer, keep, case_sensitive=case_sensitive)
            self._tell_public(source, public)
            mapper |= public
        mapper = {name: mapper[name] for name in found.names if name in mapper and mapper[name] != name}
        if several := [name for name, answers in mapper.items() if isinstance(answers, list)]:
            self.say("%d names mean several records, and all are returned: %s", len(several), listed(several))
        if return_mapper:
            return mapper
        standardized = [mapper.get(value, value) for value in found.values] if mapper else list(found.values)
        return standardized[0] if found.is_one else standardized

    def taken(self, names: Sequence[str]) -> dict[str, str]:
        """Return those of some names that records have as name or synonym, letter by letter, with the name of such a record."""
        known = self.stored.known(names, self.field)
        alike = self.stored.alike(names, self.field, self.field, case_sensitive=True)
        return {name: name if name in known else alike[name][0] for name in names if name in known or name in alike}

    # -- inside -------------------------------------------------------------------------------------------------------

    def _known(self, found: Given, *, tell: bool = True) -> set[Any]:
        known = self.stored.known(found.names, self.field) if found.names else set()
        if not known and found.names and not self.mute and self.stored.is_empty():
            self.say("there is no %s yet, so none of the values is the name of one", name_of(self.registry))
        elif tell and not self.mute and len(known) < len(found.names):
            left = [name for name in found.names if name not in known]
            self.say("%d of %d values are no %s: %s", len(left), len(found.names), self.label, listed(left))
        return known

    def _exact(self, names: Sequence[Any], answer: str, keep: Keep) -> tuple[dict[Any, Any], list[Any]]:
        """Return what stands for names that are stored, and the names that something else may stand for."""
        if answer == self.field:
            if not self.knows_spellings and self.public is None:
                return {}, []  # nothing could make another value of any
            known = self.stored.known(names, self.field)
            return {}, [name for name in names if name not in known]
        answers = self.stored.exact(names, self.field, answer)
        return {name: chosen(found, keep) for name, found in answers.items()}, [name for name in names if name not in answers]

    def _of_source(
        self, source: PublicSource, names: list[Any], answer: str, keep: Keep, *, case_sensitive: bool
    ) -> dict[Any, Any]:
        """Return what a public source has for names."""
        exact = source.exact(names, self.field, answer)
        left = [name for name in names if name not in exact]
        alike = source.alike(left, self.field, answer, case_sensitive=case_sensitive) if left and self.knows_spellings else {}
        found = {**alike, **exact}
        return {name: chosen(found[name], keep) for name in names if found.get(name)}

    def _tell_inspection(self, result: InspectResult, source: PublicSource | None) -> None:
        if not result.non_validated:
            return
        lines = [str(result)]
        registry = result.registry
        if result.synonyms_mapper:
            lines.append(f"to use the names of the database: {registry}.standardize(…)")
        if result.public and source is not None:
            lines.append(f"to add what {source.label} knows: {registry}.from_values(…).save()")
        if len(result.non_validated) > len(result.synonyms_mapper) + len(result.public):
            lines.append(f"to make new records: {registry}.from_values(…, create=True).save()")
        self.say("%s", "\n  ".join(lines))

    def _tell_public(self, source: PublicSource, found: dict[Any, Any]) -> None:
        if found:
            self.say(
                "%d values are known to %s only; to add them: %s.from_values(…).save(): %s",
                len(found),
                source.label,
                name_of(self.registry),
                listed(list(found)),
            )


def field_of(registry: str, field: Any, default: str, *, to_return: bool = False) -> str:
    """Return the name of a field that has names in it, or, `to_return`, anything that can stand in their place.

    Raises
    ------
    FieldError: there is no such field, it belongs to another registry or to related rows, or it holds something else.
    """
    if field is None:
        return default
    name = field
    if not isinstance(field, str):
        owner = getattr(getattr(field, "class_", None), "__qualified__", None)
        name = getattr(field, "key", None)
        if owner is None or not isinstance(name, str):
            raise FieldError(f"field takes the name of a field of {name_of(registry)}, as {default!r}, not {field!r}")
        if owner != registry:
            raise FieldError(f"{name_of(owner)}.{name} is no field of {name_of(registry)}")
    path = ordering.field(registry, name)
    if not path.is_column:
        raise FieldError(f"this takes a field of {name_of(registry)} itself, not {name!r}")
    if path.kind == "json" or (path.kind not in TAKES and not to_return):
        raise FieldError(
            f"{name_of(registry)}.{name} holds {path.kind}, which is no name; choose a field of text or whole numbers"
        )
    return path.column


def _synonyms(registry: str, name: str, field: str) -> str | None:
    """Return the column with synonyms, None if the registry has none.

    Raises
    ------
    FieldError: there is no such field, or it is the one with the names.
    """
    columns = catalog.entry(registry)["columns"]
    if name == SYNONYMS and name not in columns:
        return None
    if name not in columns or kind_of(registry, name) != "text":
        raise FieldError(f"{name_of(registry)} has no field {name!r} with synonyms{closest(str(name), fields(registry))}")
    return None if name == SYNONYMS == field else _other_than(registry, name, field)


def _other_than(registry: str, name: str, field: str) -> str:
    if name == field:
        raise FieldError(f"{name_of(registry)}.{name} cannot hold both the names and their synonyms")
    return name
