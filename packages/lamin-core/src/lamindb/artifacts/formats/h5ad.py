"""AnnData in HDF5."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts.formats.dependencies import needed
from lamindb.artifacts.formats.registry import Format


def load_h5ad(path: Path, **options: Any) -> Any:
    """Read into memory, #observations × #variables; options as `anndata.read_h5ad`."""
    return needed("anndata", "anndata").read_h5ad(path, **options)


def open_h5ad(path: Path, **options: Any) -> Any:
    """Open with `X` left in the file; options as `anndata.read_h5ad`."""
    return load_h5ad(path, **{"backed": "r", **options})


H5AD = Format("AnnData", load_h5ad, open_h5ad)
