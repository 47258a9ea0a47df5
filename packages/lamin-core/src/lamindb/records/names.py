"""Other names of a record: synonyms, which mean one record alone, and an abbreviation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import lamindb_setup

from lamindb.errors import CurrentInstanceNotConfigured, FieldValidationError, ValidationError
from lamindb.naming.given import given
from lamindb.naming.inspection import LISTED
from lamindb.naming.synonyms import check, joined, split
from lamindb.naming.vocabulary import Vocabulary
from lamindb.records import construction, identity

if TYPE_CHECKING:
    from lamindb_setup.databases import Database
    from sqlalchemy.orm import Mapped

    from lamindb.query.queryset import QuerySet
    from lamindb.records.record import BaseSQLRecord


CHANGED = ("abbr", "synonyms")
"""Columns that are changed here."""


class HasSynonyms:
    """Records with synonyms, kept in a text column separated by `|`, in the order in which they were added."""

    if TYPE_CHECKING:
        synonyms: Mapped[str | None]

    def add_synonym(self, synonym: str | Iterable[str], force: bool = False, save: bool | None = None) -> None:
        """Add other names under which the record is found.

        Missing values, the record's own name and what is a synonym already are left out. On an error nothing is changed.

        Parameters
        ----------
        synonym
            One name, or several.
        force
            Add it even if it is a name or synonym of another record.
        save
            Whether the record is saved at once; by default if it is stored already.

        Raises
        ------
        ValidationError: it has a bar in it, or means another record, which is named.
        WrongType: it is no text.
        LockedRecord, StaleRecord: as `save`.

        Examples
        --------
        >>> feature = ln.Feature("T cell", int).save()
        >>> feature.add_synonym(["T-cell", "T lymphocyte"])
        >>> feature.synonyms
        'T-cell|T lymphocyte'
        >>> ln.Feature.standardize(["t-cell"])
        ['T cell']
        """
        record = cast("BaseSQLRecord", self)
        new = _texts(record, synonym)
        if new:
            with _changing(record, save) as database:
                self.synonyms = self._with_synonyms(new, database, force)

    def remove_synonym(self, synonym: str | Iterable[str]) -> None:
        """Remove other names; those that it does not have are left out. Saved at once if the record is stored.

        Parameters
        ----------
        synonym
            One name, or several.

        Raises
        ------
        WrongType: it is no text.
        LockedRecord, StaleRecord: as `save`.

        Examples
        --------
        >>> feature = ln.Feature("T cell", int, synonyms="T-cell|T lymphocyte").save()
        >>> feature.remove_synonym("T-cell")
        >>> feature.synonyms
        'T lymphocyte'
        """
        record = cast("BaseSQLRecord", self)
        gone = set(given(synonym, "text", f"{type(record).__name__}.synonyms").names)
        present = split(self.synonyms)
        if not gone.isdisjoint(present):
            with _changing(record, None):
                self.synonyms = joined(one for one in present if one not in gone)

    def _rivals(self, database: Database) -> QuerySet[Any]:
        """Return the records of which no other may have the names and synonyms of this one: all that are seen."""
        record = cast("BaseSQLRecord", self)
        everything = type(record)._all(database)
        if record._database is None:
            return everything
        return everything._where(type(record).__table__.c.id != record.id)

    def _with_synonyms(self, new: list[str], database: Database | None, force: bool) -> str | None:
        """Return the synonyms together with new ones.

        Raises
        ------
        ValidationError: one means another record.
        """
        before = split(self.synonyms)
        added = [one for one in new if one not in before]
        if added and not force and database is not None and (taken := Vocabulary(self._rivals(database)).taken(added)):
            raise _taken(type(self).__name__, taken)
        return joined([*before, *added])


class HasAbbr:
    """Records with an abbreviation."""

    if TYPE_CHECKING:
        abbr: Mapped[str | None]

    def set_abbr(self, value: str) -> None:
        """Set the abbreviation, which becomes a synonym, too, in registries that have some.

        Saved at once if the record is stored. On an error nothing is changed.

        Parameters
        ----------
        value
            The short form of the name.

        Raises
        ------
        FieldValidationError: it is no text, empty, or too long.
        ValidationError: it has a bar in it, or means another record, which is named.

        Examples
        --------
        >>> project = ln.Project(name="Human Cell Atlas").save()
        >>> project.set_abbr("HCA")
        >>> ln.Project.get(abbr="HCA").name
        'Human Cell Atlas'
        """
        record = cast("BaseSQLRecord", self)
        if problem := construction.check_value(type(record).__table__.c.abbr, value) or _empty(value):
            raise FieldValidationError(f"cannot set the abbreviation of this {type(record).__name__}: {problem}")
        both: object = self  # a registry may have both mixins
        synonyms = both if isinstance(both, HasSynonyms) else None
        new = _texts(record, value) if synonyms is not None else []
        with _changing(record, None) as database:
            if synonyms is not None and new:
                synonyms.synonyms = synonyms._with_synonyms(new, database, force=False)
            self.abbr = value


def _empty(value: object) -> str | None:
    return None if value else "it is empty; to have none, assign None to abbr and save"


def _texts(record: BaseSQLRecord, synonym: object) -> list[str]:
    """Return what is to become a synonym of a record, whose own name is none."""
    kind = type(record)
    names = given(synonym, "text", f"{kind.__name__}.synonyms").names
    check(names)
    identity.resolve(record)  # a record that turns out to exist is not in its own way
    own = {value for value in (record._natural_key() or {}).values() if isinstance(value, str)}
    return [name for name in names if name not in own]


def _taken(kind: str, taken: Mapping[str, str]) -> ValidationError:
    told = [
        f"{one!r} is the name of another {kind}" if one == name else f"{one!r} is a synonym of {name!r}"
        for one, name in list(taken.items())[:LISTED]
    ]
    more = f" and {len(taken) - LISTED} more" if len(taken) > LISTED else ""
    return ValidationError(
        f"a name means one {kind} alone, but {', '.join(told)}{more}; to add it anyway, call add_synonym(…, force=True)"
    )


@contextmanager
def _changing(record: BaseSQLRecord, save: bool | None) -> Iterator[Database | None]:
    """Save what is changed in the block, if it is to be saved at once; if anything fails, the record is as it was before.

    Gives the database, None if there is none. Until the change is saved, nobody else gives names to records of the registry.
    """
    before = {name: getattr(record, name) for name in CHANGED if name in type(record).__table__.c}
    try:
        if record._database is not None if save is None else save:
            database = record._database or lamindb_setup.current()
            with database.writing():
                database.lock(f"{type(record).__table__.name} synonyms")
                yield database
                record.save()
        else:
            yield record._database or _current()
    except BaseException:
        for name, value in before.items():
            setattr(record, name, value)
        raise


def _current() -> Database | None:
    try:
        return lamindb_setup.current()
    except CurrentInstanceNotConfigured:
        return None
