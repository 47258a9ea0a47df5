"""Setting up instances: all of `lamindb_setup`, and what needs registries beside it.

This room knows records and the set-up package. Nothing in the core imports it but the package's own door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lamindb_setup

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
    from lamindb_setup import settings as settings


def __getattr__(name: str) -> Any:
    return getattr(lamindb_setup, name)


def __dir__() -> list[str]:
    return dir(lamindb_setup)
