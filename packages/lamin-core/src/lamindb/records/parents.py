"""Registries whose records form a hierarchy of parents and children."""

from __future__ import annotations


class HasParents:
    """Records with any number of `parents` and `children`."""
