"""Registries whose columns are checked for more than type and length."""

from __future__ import annotations


class ValidateFields:
    """Records whose patterns (URLs, identifiers) are checked when they are made."""
