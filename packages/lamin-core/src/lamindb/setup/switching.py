"""Switching: the branch or the space to which new records go from now on, in this process and in later ones."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import lamindb_setup
from lamindb_setup.instances.settings import choose

from lamindb import catalog
from lamindb.records import finding, making
from lamindb.records.open_branches import ENDED

if TYPE_CHECKING:
    from lamindb._registries.branch import Branch
    from lamindb._registries.space import Space

log = logging.getLogger("lamindb")


def switch(target: str | Branch | Space, *, space: bool = False, create: bool = False) -> None:
    """Let new records go to another branch from now on; queries then see that branch and main.

    It is noted in the project, or with the instance outside of projects, so that later processes go on there. While a run is
    tracked with a branch of its own, its records go there until it ends.

    Parameters
    ----------
    target
        Record, name or uid.
    space
        Switch the space instead of the branch.
    create
        Make it; it must not exist.

    Raises
    ------
    ObjectDoesNotExist: it does not exist; says how to make it.
    BranchAlreadyExists, UniqueViolation: it exists, and was to be made.
    InvalidArgument: it is the archive or the trash.

    Examples
    --------
    >>> ln.setup.switch("trial", create=True)
    >>> ln.setup.settings.branch
    'trial'
    """
    database = lamindb_setup.current()
    kind: finding.Kind = "Space" if space else "Branch"
    if create:
        making.make(catalog.registry(f"lamindb.{kind}"), target if isinstance(target, str) else target.name)
    found = finding.find(database, kind, target)
    choose(database, **{kind.lower(): found["name"]})
    if not space and (status := ENDED.get(found["_status_code"])) is not None:
        log.warning("the branch %r is %s: it can be looked at, but nothing new can be put on it", found["name"], status)
