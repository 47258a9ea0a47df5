"""Several writes as one: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import lamindb_setup

if TYPE_CHECKING:
    from lamindb_setup.databases import Database


@contextmanager
def transaction(database: Database | None = None) -> Iterator[None]:
    """Write everything inside the block at its end, or nothing if it fails.

    Inside of another one, it is a part that can fail alone: if its exception is caught, the rest is still written.

    Parameters
    ----------
    database
        The database to write to, the current one if None.

    Examples
    --------
    >>> with ln.transaction():
    ...     batch = ln.ULabel(name="batch 1").save()
    ...     artifact.ulabels.add(batch)
    """
    database = database or lamindb_setup.current()
    if (outer := database.transaction()) is not None:
        with outer.savepoint():
            yield
        return
    with database.writing():
        yield
