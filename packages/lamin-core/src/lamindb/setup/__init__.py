"""Setting up instances: all of `lamindb_setup`, and what needs registries beside it.

This room knows records and the set-up package. Nothing in the core imports it but the package's own door.
"""

from lamindb_setup import *  # noqa: F403
