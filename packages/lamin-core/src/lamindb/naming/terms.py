"""What is asked for names: the rows of a registry in a database, and public sources, by the same questions in sets.

A registry tells its public source by `_public_source`, so that a package of ontologies needs no more of the core than this
protocol.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from lamindb.errors import InvalidArgument

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord

Keep = Literal["first", "last", False]
Answers = Mapping[Any, Sequence[Any]]
"""What is answered for a name, once each, in the order of the table; names without an answer are left out."""


class Terms(Protocol):
    """A table of terms with names, and maybe synonyms."""

    def exact(self, names: Sequence[Any], field: str, answer: str) -> Answers:
        """Return the values of the field `answer` of the terms whose `field` is one of the names, letter by letter."""

    def alike(self, names: Sequence[str], field: str, answer: str, *, case_sensitive: bool = False) -> Answers:
        """Return the values of the field `answer` of the terms that a name means by another spelling.

        Names that differ in case only come before synonyms; `case_sensitive` leaves synonyms, letter by letter.
        """


class PublicSource(Terms, Protocol):
    """A public table of terms, as one version of an ontology, from which records can be made.

    Examples
    --------
    A registry of a module has one by overriding its hook:

    >>> class TermBehavior(CellTypeColumns):  # doctest: +SKIP
    ...     @classmethod
    ...     def _public_source(cls, database, organism, source):
    ...         return CellOntology(version="2024-02-13")
    """

    @property
    def label(self) -> str:
        """What the source is called in messages, as `Cell Ontology 2024-02-13`."""

    def records(self, names: Sequence[Any], field: str) -> Mapping[Any, Sequence[BaseSQLRecord]]:
        """Return new records, not saved, of the terms that names or their synonyms mean, by name."""


def check_keep(keep: object) -> None:
    """Check which of several answers is wanted.

    Raises
    ------
    InvalidArgument: it is none of 'first', 'last' and False.
    """
    if keep not in ("first", "last") and keep is not False:
        raise InvalidArgument(f"keep is 'first', 'last' or False for a list of all, not {keep!r}")


def chosen(answers: Sequence[Any], keep: Keep) -> Any:
    """Return one of several answers, or, if all are wanted and there are several, the list of them."""
    if keep is False and len(answers) > 1:
        return list(answers)
    return answers[-1 if keep == "last" else 0]
