"""LaminDB in the same environment: its packages have the same import names as ours, so that one shadows the other."""

from __future__ import annotations

import os
import sys

from lamindb_setup.errors import PeerInstalled

DISTRIBUTIONS = ("lamindb-", "lamindb_setup-", "lamindb_core-")
"""How the `*.dist-info` folders of LaminDB's own distributions begin."""


def refuse_peer() -> None:
    """Raise if LaminDB is installed beside us.

    Raises
    ------
    PeerInstalled: naming the distribution and how to remove it.
    """
    for folder in dict.fromkeys(sys.path):
        try:
            names = [entry.name for entry in os.scandir(folder or ".") if entry.name.endswith(".dist-info")]
        except OSError:  # entries that are zip files or do not exist are common
            continue
        for name in names:
            if name.lower().startswith(DISTRIBUTIONS):
                found = name.removesuffix(".dist-info").replace("-", " ")
                raise PeerInstalled(
                    f"LaminDB ({found}) is installed in this environment and has the same import name as lamin-core; "
                    f"uninstall it with `pip uninstall {found.split()[0]}`, then reinstall lamin-core, or use another environment"
                )
