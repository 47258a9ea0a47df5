"""IPython, where the code runs in it, and notebooks, to which more than text can be shown."""

from __future__ import annotations

import sys
from typing import Any


def shell() -> Any:
    """Return the shell of IPython, None if this is plain Python."""
    found = sys.modules.get("IPython")
    return found.get_ipython() if found is not None else None


def is_kernel() -> bool:
    """Whether the code runs in the kernel of a notebook."""
    return getattr(shell(), "kernel", None) is not None


def publish(shown: dict[str, str]) -> None:
    """Show the same thing by media type below the cell that runs; the notebook takes the best that it knows."""
    shell().display_pub.publish(shown)
