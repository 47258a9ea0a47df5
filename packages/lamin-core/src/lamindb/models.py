"""All registries of the core, link registries included, and the classes they are made of; loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lamindb import catalog
from lamindb.errors import closest

_HOMES = {
    "BaseSQLRecord": "lamindb.records.record",
    "SQLRecord": "lamindb.records.record",
    "SQLRecordList": "lamindb.records.lists",
    "InspectResult": "lamindb.naming.inspection",
    "Registry": "lamindb.records.registry",
    "IsLink": "lamindb.records.links",
    "IsVersioned": "lamindb.records.versions",
    "HasType": "lamindb.records.types",
    "HasParents": "lamindb.records.parents",
    "CanCurate": "lamindb.records.curation",
    "HasSynonyms": "lamindb.records.names",
    "HasAbbr": "lamindb.records.names",
    "TracksRun": "lamindb.records.tracking",
    "TracksUpdates": "lamindb.records.tracking",
    "ValidateFields": "lamindb.records.validation",
    "QuerySet": "lamindb.query.queryset",
    "RelatedManager": "lamindb.records.related",
}


def __getattr__(name: str) -> Any:
    qualified = f"lamindb.{name}"
    if name in _HOMES:
        value: Any = getattr(import_module(_HOMES[name]), name)
    elif not name.startswith("_") and qualified in catalog.entries():
        value = catalog.registry(qualified)
    else:
        raise AttributeError(f"module 'lamindb.models' has no attribute {name!r}{closest(name, __dir__())}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*_HOMES, *(known.removeprefix("lamindb.") for known in catalog.entries() if known.startswith("lamindb."))])
