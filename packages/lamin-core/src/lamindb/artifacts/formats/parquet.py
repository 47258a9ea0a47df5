"""Parquet tables, as pandas data frames or pyarrow datasets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.artifacts.formats.dependencies import needed
from lamindb.artifacts.formats.registry import Format

if TYPE_CHECKING:
    import pandas as pd


def load_parquet(path: Path, **options: Any) -> pd.DataFrame:
    """Read a table; options as `pandas.read_parquet`."""
    import pandas as pd  # heavy

    needed("pyarrow", "pyarrow")
    return pd.read_parquet(path, **options)


def open_parquet(path: Path, **options: Any) -> Any:
    """Open as a `pyarrow.dataset.Dataset`; options as `pyarrow.dataset.dataset`."""
    return needed("pyarrow.dataset", "pyarrow").dataset(path, **{"format": "parquet", **options})


PARQUET = Format("Parquet", load_parquet, open_parquet)
