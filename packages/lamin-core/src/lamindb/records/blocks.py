"""Notes: pieces of markdown that belong to a record."""

from __future__ import annotations


class BlockContent:
    """A versioned piece of markdown."""
