"""Setting up instances: all of `lamindb_setup`, and what needs registries beside it.

This room knows records and the set-up package. Nothing in the core imports it but the package's own door.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import lamindb_setup

_HOMES = {"merge": "lamindb.records.merging", "settings": "lamindb._settings", "switch": "lamindb.setup.switching"}
"""Where the names live that `lamindb_setup` lacks, or has without knowing registries."""

if TYPE_CHECKING:
    from lamindb_setup import connect as connect
    from lamindb_setup import current as current
    from lamindb_setup import disconnect as disconnect
    from lamindb_setup import errors as errors
    from lamindb_setup import info as info
    from lamindb_setup import init as init
    from lamindb_setup import login as login
    from lamindb_setup import logout as logout
    from lamindb_setup import migrate as migrate

    from lamindb._settings import settings as settings
    from lamindb.records.merging import merge as merge
    from lamindb.setup.switching import switch as switch


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        return getattr(lamindb_setup, name)
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*dir(lamindb_setup), *_HOMES})
