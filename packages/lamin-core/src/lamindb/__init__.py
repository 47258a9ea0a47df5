"""An open database of datasets: what they are, where they came from and what they mean.

Importing connects to nothing and loads nothing heavy: every name below is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lamindb_setup.peers import refuse_peer

refuse_peer()

__version__ = "3.0.0"

REGISTRIES = (
    *("Artifact", "Branch", "Collection", "Feature", "Project", "Record", "Reference"),
    *("Run", "Schema", "Space", "Storage", "Transform", "ULabel", "User"),
)
_HOMES = {
    **{name: f"lamindb._registries.{name.lower()}" for name in REGISTRIES},
    "DB": "lamindb.databases",
    "Q": "lamindb.query.q",
    **dict.fromkeys(("Avg", "Count", "Max", "Min", "Sum"), "lamindb.query.aggregates"),
    "save": "lamindb.records.bulk",
    "transaction": "lamindb.records.transaction",
    "connect": "lamindb_setup",
    "context": "lamindb.lineage.context",
    "finish": "lamindb.lineage.tracking",
    "flow": "lamindb.lineage.functions",
    "settings": "lamindb._settings",
    "step": "lamindb.lineage.functions",
    "track": "lamindb.lineage.tracking",
    "view": "lamindb.viewing",
    **dict.fromkeys(("errors", "setup", "models"), ""),
}
"""Where each public name lives; modules of ours have an empty home."""

__all__ = [*_HOMES, "__version__"]  # all are strings

if TYPE_CHECKING:
    from lamindb_setup import connect as connect

    from lamindb import errors as errors
    from lamindb import models as models
    from lamindb import setup as setup
    from lamindb._registries.artifact import Artifact as Artifact
    from lamindb._registries.branch import Branch as Branch
    from lamindb._registries.collection import Collection as Collection
    from lamindb._registries.feature import Feature as Feature
    from lamindb._registries.project import Project as Project
    from lamindb._registries.record import Record as Record
    from lamindb._registries.reference import Reference as Reference
    from lamindb._registries.run import Run as Run
    from lamindb._registries.schema import Schema as Schema
    from lamindb._registries.space import Space as Space
    from lamindb._registries.storage import Storage as Storage
    from lamindb._registries.transform import Transform as Transform
    from lamindb._registries.ulabel import ULabel as ULabel
    from lamindb._registries.user import User as User
    from lamindb._settings import settings as settings
    from lamindb.databases import DB as DB
    from lamindb.lineage.context import context as context
    from lamindb.lineage.functions import flow as flow
    from lamindb.lineage.functions import step as step
    from lamindb.lineage.tracking import finish as finish
    from lamindb.lineage.tracking import track as track
    from lamindb.query.aggregates import Avg as Avg
    from lamindb.query.aggregates import Count as Count
    from lamindb.query.aggregates import Max as Max
    from lamindb.query.aggregates import Min as Min
    from lamindb.query.aggregates import Sum as Sum
    from lamindb.query.q import Q as Q
    from lamindb.records.bulk import save as save
    from lamindb.records.transaction import transaction as transaction
    from lamindb.viewing import view as view


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        from lamindb_setup.errors import closest

        raise AttributeError(f"module 'lamindb' has no attribute {name!r}{closest(name, _HOMES)}")
    home = _HOMES[name]
    value = getattr(import_module(home), name) if home else import_module(f"lamindb.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
