"""Parquet tables, as pandas data frames or pyarrow datasets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.artifacts.formats.datasets import open_dataset
from lamindb.artifacts.formats.registry import Format
from lamindb.dependencies import needed

if TYPE_CHECKING:
    import pandas as pd


def load_parquet(path: Path, **options: Any) -> pd.DataFrame:
    """Read a table; options as `pandas.read_parquet`."""
    import pandas as pd  # heavy

    needed("pyarrow", "pyarrow")
    return pd.read_parquet(path, **options)


def open_parquet(path: Path, **options: Any) -> Any:
    """Open as a `pyarrow.dataset.Dataset`; options as `pyarrow.dataset.dataset`."""
    return open_dataset(path, **{"format": "parquet", **options})


def save_parquet(table: pd.DataFrame, path: Path, **options: Any) -> None:
    """Write a table; options as `pandas.DataFrame.to_parquet`."""
    needed("pyarrow", "pyarrow")
    table.to_parquet(path, **options)


def count_parquet(path: Path) -> int:
    """Return the number of rows, which the footers of the files say."""
    found: int = open_parquet(path).count_rows()
    return found


PARQUET = Format("Parquet", load_parquet, open_parquet, save_parquet, count_parquet, otype="DataFrame", takes_folders=True)
