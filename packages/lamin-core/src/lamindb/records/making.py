"""Making a record that must not be there yet: where a second one of the name would be a mistake, and not the same one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lamindb_setup

from lamindb.errors import BranchAlreadyExists, UniqueViolation
from lamindb.records import context, identity, open_branches

if TYPE_CHECKING:
    from lamindb.records.record import BaseSQLRecord


def make(registry: type[BaseSQLRecord], name: str, **values: Any) -> BaseSQLRecord:
    """Save a new record and return it.

    Parameters
    ----------
    registry
        One whose rows are known by name.
    values
        Further arguments of its constructor, None where not passed.

    Raises
    ------
    BranchAlreadyExists, UniqueViolation: there is one of that name, or with that uid.
    """
    database = lamindb_setup.current()
    context.check_writable(database)
    record = registry(name=name, **{key: value for key, value in values.items() if value is not None})
    with database.writing() as transaction:
        open_branches.hold_for(transaction, database, [record])
        database.lock(registry.__table__.name)
        if any(identity.find_row(transaction.connection, database, record, {key: name}) for key in ("name", "uid")):
            kind = registry.__qualified__.removeprefix("lamindb.")
            error = BranchAlreadyExists if kind == "Branch" else UniqueViolation
            hint = f"; to use it, run `lamin switch {'--space ' if kind == 'Space' else ''}{name}`"
            raise error(f"{database.slug} has a {kind} {name!r} already{hint if kind in ('Branch', 'Space') else ''}")
        record.save()
    return record
