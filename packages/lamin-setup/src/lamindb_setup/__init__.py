"""Instances, identity, databases, migrations and storage locations of lamin; without registries, accounts or servers.

Importing this package loads neither SQLAlchemy nor anything else that is heavy: every name below is loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "3.0.0"

_HOMES = {
    "Database": "databases.database",
    "Instance": "instances.instance",
    "Outcome": "instances.connection",
    "Profile": "identity",
    "SeedContext": "modules",
    "StorageRoot": "storage.root",
    "Transaction": "databases.transaction",
    "connect": "instances.connection",
    "current": "instances.connection",
    "disconnect": "instances.connection",
    "info": "instances.information",
    "init": "instances.creation",
    "known_instances": "instances.known",
    "login": "identity",
    "logout": "identity",
    "open_database": "instances.connection",
    "settings": "instances.settings",
    **dict.fromkeys(("databases", "errors", "identity", "instances", "migrate", "modules", "storage", "uids"), ""),
}
"""Where each public name lives, below this package; modules of ours have an empty home."""

__all__ = [*_HOMES, "__version__"]  # all are strings

if TYPE_CHECKING:
    from lamindb_setup import databases as databases
    from lamindb_setup import errors as errors
    from lamindb_setup import identity as identity
    from lamindb_setup import instances as instances
    from lamindb_setup import migrate as migrate
    from lamindb_setup import modules as modules
    from lamindb_setup import storage as storage
    from lamindb_setup import uids as uids
    from lamindb_setup.databases.database import Database as Database
    from lamindb_setup.databases.transaction import Transaction as Transaction
    from lamindb_setup.identity import Profile as Profile
    from lamindb_setup.identity import login as login
    from lamindb_setup.identity import logout as logout
    from lamindb_setup.instances.connection import Outcome as Outcome
    from lamindb_setup.instances.connection import connect as connect
    from lamindb_setup.instances.connection import current as current
    from lamindb_setup.instances.connection import disconnect as disconnect
    from lamindb_setup.instances.connection import open_database as open_database
    from lamindb_setup.instances.creation import init as init
    from lamindb_setup.instances.information import info as info
    from lamindb_setup.instances.instance import Instance as Instance
    from lamindb_setup.instances.known import known_instances as known_instances
    from lamindb_setup.instances.settings import settings as settings
    from lamindb_setup.modules import SeedContext as SeedContext
    from lamindb_setup.storage.root import StorageRoot as StorageRoot


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        from lamindb_setup.errors import closest

        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{closest(name, _HOMES)}")
    home = _HOMES[name]
    value = getattr(import_module(f"{__name__}.{home}"), name) if home else import_module(f"{__name__}.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
