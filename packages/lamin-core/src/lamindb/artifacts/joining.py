"""Reading several artifacts as one: data frames and AnnData concatenated, tables opened as one dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lamindb.dependencies import needed
from lamindb.errors import InvalidArgument, closest

if TYPE_CHECKING:
    from lamindb.artifacts.artifact import ArtifactBehavior

JOINS = ("outer", "inner")
UID = "artifact_uid"
"""Column of a concatenated AnnData that tells which artifact an observation is from."""


def load(artifacts: Sequence[ArtifactBehavior], join: str, what: str) -> Any:
    """Load artifacts and concatenate them in their order.

    Parameters
    ----------
    what
        What they are in, for messages.

    Raises
    ------
    InvalidArgument: there are several formats, or one that cannot be concatenated, or the join is unknown.
    """
    if join not in JOINS:
        raise InvalidArgument(f"join is 'outer' or 'inner', not {join!r}{closest(str(join), JOINS)}")
    suffix = common_suffix(artifacts, what)
    found = [artifact.load(is_run_input=False) for artifact in artifacts]
    kinds = {type(one).__name__ for one in found}
    if kinds == {"DataFrame"}:
        import pandas as pd  # heavy

        return pd.concat(found, join=join)  # type: ignore[call-overload]  # one of the two
    if kinds == {"AnnData"}:
        return needed("anndata", "anndata").concat(found, join=join, label=UID, keys=[artifact.uid for artifact in artifacts])
    raise InvalidArgument(
        f"{suffix!r} files are read as {', '.join(sorted(kinds))}, which cannot be concatenated; load the artifacts one by one"
    )


def open_(artifacts: Sequence[ArtifactBehavior], engine: str, what: str) -> Any:
    """Open tables as one dataset; `what` as for `load`.

    Raises
    ------
    InvalidArgument: there are several formats, or one that is no table, or the engine is unknown.
    """
    if engine != "pyarrow":
        raise InvalidArgument(f"engine is 'pyarrow', not {engine!r}")
    suffix = common_suffix(artifacts, what)
    dataset = needed("pyarrow.dataset", "pyarrow")
    parts = [artifact.open(is_run_input=False) for artifact in artifacts]
    if not all(isinstance(part, dataset.Dataset) for part in parts):
        for part in parts:
            if callable(close := getattr(part, "close", None)):  # a file object
                close()
        raise InvalidArgument(f"{suffix!r} files are no tables that can be opened as one; open the artifacts one by one")
    return parts[0] if len(parts) == 1 else dataset.dataset(parts)


def common_suffix(artifacts: Sequence[ArtifactBehavior], what: str) -> str:
    """Return the suffix that all artifacts have; `what` as for `load`.

    Raises
    ------
    InvalidArgument: they have several, or there is no artifact.
    """
    if not artifacts:
        raise InvalidArgument(f"{what} has no artifacts, so there is nothing to read")
    suffixes = sorted({artifact.suffix for artifact in artifacts})
    if len(suffixes) > 1:
        raise InvalidArgument(
            f"the artifacts have several formats ({', '.join(map(repr, suffixes))}) and cannot be read as one; read each alone"
        )
    return suffixes[0]
