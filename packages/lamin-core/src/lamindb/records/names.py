"""Other names of a record."""

from __future__ import annotations


class HasSynonyms:
    """Records with synonyms, kept in a text column separated by `|`."""


class HasAbbr:
    """Records with an abbreviation."""
