"""Association registries: rows that link two records, queryable as `record.links_…`."""

from __future__ import annotations

from lamindb.records.record import BaseSQLRecord


class IsLink(BaseSQLRecord):
    """A row that relates two records; hidden from listings of registries."""

    __abstract__ = True
