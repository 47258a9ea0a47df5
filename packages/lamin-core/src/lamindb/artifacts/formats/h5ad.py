"""AnnData in HDF5."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.artifacts.formats.registry import Format
from lamindb.dependencies import needed

if TYPE_CHECKING:
    from anndata import AnnData


def load_h5ad(path: Path, **options: Any) -> AnnData:
    """Read into memory, #observations × #variables; options as `anndata.read_h5ad`."""
    found: AnnData = needed("anndata", "anndata").read_h5ad(path, **options)
    return found


def open_h5ad(path: Path, **options: Any) -> AnnData:
    """Open with `X` left in the file; options as `anndata.read_h5ad`."""
    return load_h5ad(path, **{"backed": "r", **options})


def save_h5ad(data: AnnData, path: Path, **options: Any) -> None:
    """Write annotated data, which stays as it is; options as `AnnData.write_h5ad`."""
    if data.is_view or data.isbacked:
        data = data.to_memory() if data.isbacked else data.copy()
    obs, var = data.obs.copy(), data.var.copy()
    try:
        data.write_h5ad(path, **options)
    finally:  # writing turns texts into categories
        data.obs, data.var = obs, var


def count_h5ad(path: Path) -> int:
    """Return the number of observations, which is the length of their index."""
    with needed("h5py", "anndata").File(path, "r") as file:
        obs = file["obs"]
        if not hasattr(obs, "keys"):  # a compound dataset, as AnnData wrote it until 0.6
            return int(obs.shape[0])
        return int(obs[obs.attrs.get("_index", "_index")].shape[0])


H5AD = Format("AnnData", load_h5ad, open_h5ad, save_h5ad, count_h5ad, otype="AnnData")
