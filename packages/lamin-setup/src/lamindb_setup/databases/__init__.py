"""Opening, reading and writing a database, translating its errors, making its tables and keeping account of their versions.

Knows SQL, the two drivers and the bookkeeping tables. Does not know registries, and not how an instance is found.
"""

from __future__ import annotations

from .database import Database
from .transaction import Transaction

__all__ = ["Database", "Transaction"]
